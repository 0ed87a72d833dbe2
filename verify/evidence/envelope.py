"""Signed files beside the summary, by the same signer."""

from __future__ import annotations

from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.evidence.messages import FalseSignerSignature, OtherFingerprint
from verify.evidence.summary import fingerprint
from verify.formats import canonical_json
from verify.formats.findings import Bad
from verify.formats.messages import NotAnObject
from verify.formats.shape import members, text


def opened(envelope: Any, summary: dict[str, Any], name: str) -> dict[str, Any]:
    """The body, once its signature is that of the summary's signer; raises Bad."""
    members(envelope, name, "body key sig")
    body = envelope["body"]
    if not isinstance(body, dict):
        raise Bad(NotAnObject(), f"{name}: body")
    raw = bytes.fromhex(summary["signer"])
    try:
        signature = bytes.fromhex(text(envelope["sig"], f"{name}: sig"))
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, canonical_json.dump(body))
    except (InvalidSignature, ValueError):
        raise Bad(FalseSignerSignature(), f"{name}: sig") from None
    if envelope["key"] != fingerprint(raw):
        raise Bad(OtherFingerprint(), f"{name}: key")
    return body
