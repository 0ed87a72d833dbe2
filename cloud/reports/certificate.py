"""The certificate of a machine replacement: its figures, what they were declared from, and the tree head, signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud.figures.certificate_figures import figures
from cloud.messages.certificate_words import CONFORMITY, NOT_PROVEN
from cloud.reference.factors import shipped
from cloud.reports import envelope

Json = dict[str, Any]
FORMAT = "steelyard-certificate/1"
SHARED = ("site", "names", "tz", "day_start", "as_of", "tree", "signer")
"""Fields that a certificate has as the summary of the same tree has them."""


@dataclass(frozen=True)
class Certificate:
    """A certificate: the bytes of its file and its body."""

    data: bytes
    body: Json

    @property
    def hash(self) -> str:
        """SHA-256 of the file, in hex."""
        return envelope.digest(self.data)


def make(summary: Json, declaration: Json, found: Json, key: Ed25519PrivateKey) -> Certificate:
    """The certificate of a project, of the same tree as a summary's body.

    declaration: the fields of its statement, but those of every statement; found: the answer of
    cloud.figures.replacements. The same of all give the same bytes.
    """
    made = figures(found)
    used = {name for item in made for name in item["factors"]}
    records = [factor.record() for factor in shipped() if factor.id in used]
    body = {
        "type": "certificate",
        "format": FORMAT,
        **{name: summary[name] for name in SHARED},
        "project": declaration["id"],
        "statement": found["statement"],
        "from": found["from"],
        "to": found["to"],
        "declared": declaration,
        "figures": made,
        "refused": sorted(found["refused"], key=lambda item: (item["kind"], item["code"], item["message"])),
        "factors": sorted(records, key=lambda record: str(record["id"])),
        "conformity": {"zh": CONFORMITY.zh, "en": CONFORMITY.en},
        "not_proven": {"zh": NOT_PROVEN.zh, "en": NOT_PROVEN.en},
    }
    return Certificate(envelope.sign(body, key), body)


def view(certificate: bytes, pdf: bytes, number: int, key: Ed25519PrivateKey) -> bytes:
    """The signed statement that a PDF is the view of a certificate; without it the PDF could be replaced unseen."""
    body = {
        "type": "view",
        "format": "steelyard-view/1",
        "file": f"certificate-{number}.pdf",
        "sha256": envelope.digest(pdf),
        "of": envelope.digest(certificate),
    }
    return envelope.sign(body, key)
