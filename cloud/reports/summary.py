"""The summary of a site and period: figures, factors, tree head and chain heads in one signed body."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from accounts.inputs.inputs import Declared
from cloud.messages.words import NOT_PROVEN
from cloud.reports import chains, envelope
from cloud.reports.chains import Survey
from cloud.reports.messages import LedgerChanged, NoKeyOfNode
from cloud.settings import Settings
from contract.errors import CannotBeDone
from journal.keyfiles import load_key, load_trust

Json = dict[str, Any]
FORMAT = "steelyard-summary/1"


@dataclass(frozen=True)
class Period:
    """Local dates of a site, as text; *to* does not belong to it."""

    from_: str
    to: str


@dataclass(frozen=True)
class Book:
    """What the accounts say of a site and period.

    names: {zh, en} of the site. points: {id, zh, en} of those that figures name. factors: full records of all that are
    named by figures, in any order. size: how many blocks it was made from, where that is known. declared: what the
    figures were made from, where certificates are wanted.
    """

    names: Json
    tz: str
    day_start: str
    figures: list[Json]
    refused: list[Json]
    factors: list[Json]
    points: list[Json] = field(default_factory=list)
    size: int | None = None
    declared: Declared | None = None


Keeper = Callable[[int], Book]
"""The book of the blocks before a position of the ledger."""


@dataclass(frozen=True)
class Summary:
    """A summary: the bytes of its file, its body, the ledger as it saw it, and what the site had declared."""

    data: bytes
    body: Json
    survey: Survey
    declared: Declared | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of the file, in hex."""
        return envelope.digest(self.data)

    @property
    def key(self) -> str:
        """The fingerprint of the signer's key."""
        return hashlib.sha256(bytes.fromhex(self.body["signer"])).hexdigest()


def make(settings: Settings, site: str, period: Period, keep: Keeper, size: int | None = None) -> Summary:
    """The signed summary over the first *size* blocks of the ledger, by default all that are there now.

    The same ledger, size, site and period give the same bytes. Raises BadInput, CannotBeDone.
    """
    key = load_key(settings.key_file)
    found = chains.survey(settings.ledger_folder, size)
    mine = found.of(site)
    book = keep(found.end)
    if book.size is not None and book.size != len(found.tree):
        raise CannotBeDone(LedgerChanged(len(found.tree), book.size))
    body: Json = {
        "type": "summary",
        "format": FORMAT,
        "site": site,
        "names": book.names,
        "tz": book.tz,
        "day_start": book.day_start,
        "from": period.from_,
        "to": period.to,
        "as_of": str(found.as_of),
        "tree": {"size": len(found.tree), "root": found.tree.root().hex()},
        "signer": key.public_key().public_bytes_raw().hex(),
        "keys": _keys(load_trust(settings.trust_folder), sorted({name for name, _, _ in mine})),
        "heads": [chain.head() for chain in mine.values()],
        "not_taken": chains.not_taken(settings.ledger_folder, mine),
        "points": sorted(book.points, key=lambda point: str(point["id"])),
        "figures": book.figures,
        "refused": book.refused,
        "factors": sorted(book.factors, key=lambda factor: str(factor["id"])),
        "not_proven": {"zh": NOT_PROVEN.zh, "en": NOT_PROVEN.en},
    }
    return Summary(envelope.sign(body, key), body, found, book.declared)


def _keys(trust: dict[str, Ed25519PublicKey], nodes: list[str]) -> dict[str, str]:
    for node in nodes:
        if node not in trust:
            raise CannotBeDone(NoKeyOfNode(node))
    return {node: trust[node].public_bytes_raw().hex() for node in nodes}
