"""Keys that the reader trusts: fingerprints, or files that hold a public key."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from verify.formats.message import Message
from verify.formats.messages import At
from verify.keys.messages import (
    EmptyKeyFile,
    KeyFileUnreadable,
    NoEd25519KeyFile,
    NoPemKey,
    NoSuchKeyFile,
    NothingGiven,
    ShortFingerprint,
)

MOST_BYTES = 1 << 16


class NoKey(ValueError):
    """What was given to trust is neither a fingerprint nor a key file, and why."""

    def __init__(self, given: str, why: Message) -> None:
        named = re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", given if len(given) <= 120 else given[:117] + "…")
        self.why = At(named, why)
        super().__init__(str(self.why))


def trusted(given: str) -> str:
    """The fingerprint (64 lower-case hex digits) that a person means; raises NoKey.

    given: a fingerprint, with or without colons and spaces, or a file with an Ed25519 public key: PEM, or 64 hex digits
    of the raw key's fingerprint.
    """
    bare = re.sub(r"[\s:]", "", given).lower()
    if re.fullmatch(r"[0-9a-f]{64}", bare):
        return bare
    data = _read(given)
    text = re.sub(rb"[\s:]", b"", data).lower()
    if not text:
        raise NoKey(given, EmptyKeyFile())
    if re.fullmatch(rb"[0-9a-f]{64}", text):
        return text.decode()
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NoKey(given, NoPemKey()) from error
    if not isinstance(key, Ed25519PublicKey):
        raise NoKey(given, NoEd25519KeyFile())
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _read(given: str) -> bytes:
    """The head of a key file; raises NoKey."""
    if not given.strip():
        raise NoKey("''", NothingGiven())
    try:
        with Path(given).open("rb") as source:
            return source.read(MOST_BYTES)
    except FileNotFoundError as error:
        bare = re.sub(r"[\s:]", "", given)
        if re.fullmatch(r"[0-9a-fA-F]{16,}", bare):
            raise NoKey(given, ShortFingerprint(len(bare))) from error
        raise NoKey(given, NoSuchKeyFile()) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NoKey(given, KeyFileUnreadable(why)) from error
