"""Keys that the reader trusts: fingerprints, or files that hold a public key."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

MOST_BYTES = 1 << 16


class NoKey(ValueError):
    """What was given to trust is neither a fingerprint nor a key file."""


def trusted(given: str) -> str:
    """The fingerprint (64 lower-case hex digits) that a person means; raises NoKey.

    given: a fingerprint, with or without colons and spaces, or a file with an Ed25519 public key: PEM, or 64 hex digits
    of the raw key's fingerprint.
    """
    bare = re.sub(r"[\s:]", "", given).lower()
    if re.fullmatch(r"[0-9a-f]{64}", bare):
        return bare
    try:
        with Path(given).open("rb") as source:
            data = source.read(MOST_BYTES)
    except (OSError, ValueError) as error:
        raise NoKey(f"{given[:120]}: neither a fingerprint nor a file that can be read") from error
    text = re.sub(rb"[\s:]", b"", data).lower()
    if re.fullmatch(rb"[0-9a-f]{64}", text):
        return text.decode()
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NoKey(f"{given[:120]}: holds no public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NoKey(f"{given[:120]}: holds no Ed25519 key")
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()
