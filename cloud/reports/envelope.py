"""The signed form of a summary: canonical JSON {"body", "key", "sig"} of any length."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.errors import BadSignature, Malformed
from contract.seal import fingerprint
from contract.statement import canonical


def sign(body: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    """The envelope of a body; the same body and key give the same bytes. Raises Malformed for floats and the like."""
    signature = key.sign(canonical(body)).hex()
    return canonical({"body": body, "key": fingerprint(key.public_key()), "sig": signature})


def open_(data: bytes, key: Ed25519PublicKey) -> dict[str, Any]:
    """The body of an envelope that *key* signed. Raises Malformed or BadSignature."""
    try:
        envelope = json.loads(data)
        same = canonical(envelope) == data
        body, name, signature = envelope["body"], envelope["key"], bytes.fromhex(envelope["sig"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Malformed(f"not a signed summary: {error}") from error
    if not same or not isinstance(body, dict):
        raise Malformed("the summary is not in canonical form (RFC 8785)")
    if name != fingerprint(key):
        raise BadSignature("the summary is signed by another key")
    try:
        key.verify(signature, canonical(body))
    except InvalidSignature:
        raise BadSignature("the signature does not fit the summary") from None
    return body


def digest(data: bytes) -> str:
    """The hash of a summary: SHA-256 of its file, in hex."""
    return hashlib.sha256(data).hexdigest()
