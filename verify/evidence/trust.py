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
    """What was given to trust is neither a fingerprint nor a key file: why, in English and in Chinese."""

    def __init__(self, given: str, en: str, zh: str) -> None:
        named = re.sub(r"[\x00-\x1f\x7f-\x9f]", "?", given if len(given) <= 120 else given[:117] + "…")
        super().__init__(f"{named}: {en}")
        self.said = {"en": f"{named}: {en}", "zh": f"{named}：{zh}"}


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
        raise NoKey(
            given,
            "the file is empty; a fingerprint or a public key in PEM should be in it",
            "文件为空；其中应有指纹或 PEM 公钥",
        )
    if re.fullmatch(rb"[0-9a-f]{64}", text):
        return text.decode()
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise NoKey(given, "holds no public key in PEM", "其中没有 PEM 公钥") from error
    if not isinstance(key, Ed25519PublicKey):
        raise NoKey(given, "holds no Ed25519 key", "其中没有 Ed25519 密钥")
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _read(given: str) -> bytes:
    """The head of a key file; raises NoKey."""
    if not given.strip():
        raise NoKey(
            "''",
            "nothing was given; a fingerprint of 64 hex digits or a key file is wanted",
            "没有给出；应为 64 位十六进制指纹或密钥文件",
        )
    try:
        with Path(given).open("rb") as source:
            return source.read(MOST_BYTES)
    except FileNotFoundError as error:
        bare = re.sub(r"[\s:]", "", given)
        if re.fullmatch(r"[0-9a-fA-F]{16,}", bare):
            count = len(bare)
            raise NoKey(
                given, f"{count} hex digits; a fingerprint has 64", f"{count} 位十六进制；指纹为 64 位"
            ) from error
        raise NoKey(given, "no fingerprint, and no such file", "不是指纹，也没有这个文件") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise NoKey(
            given, f"no fingerprint, and no file that can be read: {why}", f"不是指纹，文件也无法读取：{why}"
        ) from error
