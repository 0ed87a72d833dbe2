"""The PDFs of a pack: that the signer made them of the certificates beside them. What they show is not read."""

from __future__ import annotations

import hashlib
from typing import Any

from verify.evidence.envelope import opened
from verify.evidence.messages import OtherSignedHash, ViewOfOtherFile
from verify.formats.findings import Bad, Findings
from verify.formats.shape import members

CHECK = "certificates"


def check(
    views: dict[str, Any], files: dict[str, bytes], summary: dict[str, Any], findings: Findings
) -> None:
    """views: signed statements about PDFs, as parsed, by the name of their file."""
    for name, envelope in views.items():
        number = name.removesuffix(".view.json")
        try:
            body = opened(envelope, summary, name)
            members(body, f"{name}: body", "type format file sha256 of")
            if (body["type"], body["format"], body["file"]) != ("view", "steelyard-view/1", f"{number}.pdf"):
                raise Bad(ViewOfOtherFile(), f"{name}: body")
            for key, file in (("sha256", f"{number}.pdf"), ("of", f"{number}.json")):
                if body[key] != hashlib.sha256(files.get(file, b"")).hexdigest():
                    raise Bad(OtherSignedHash(name), file)
        except Bad as bad:
            findings.bad(CHECK, bad.where or name, bad.why)
