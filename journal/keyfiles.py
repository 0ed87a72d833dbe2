"""Ed25519 keys in files: a private key that only its owner reads, and a trust folder of public keys."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contract.errors import BadInput
from contract.message import Message
from journal.messages import (
    HasPassphrase,
    KeyIsThere,
    KeyReadable,
    NoFileHere,
    NoKeyHere,
    NotEd25519,
    NotPrivateKey,
    NotPublicKey,
    NotText,
    PathError,
    SecretReadable,
)


def make_key(private: Path, public: Path) -> Ed25519PrivateKey:
    """Make a key pair: *private* PKCS #8 PEM with mode 0600, *public* PEM. Refuses to overwrite a private key."""
    key = Ed25519PrivateKey.generate()
    private.parent.mkdir(parents=True, exist_ok=True)
    try:
        fd = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput(KeyIsThere(str(private))) from None
    with os.fdopen(fd, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return key


def load_key(private: Path) -> Ed25519PrivateKey:
    """Read a private key. Raises BadInput when it is absent, of another kind, or readable by others."""
    data = _own(private, NoKeyHere, KeyReadable)
    try:
        key = load_pem_private_key(data, None)
    except TypeError:
        raise BadInput(HasPassphrase(str(private))) from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadInput(NotPrivateKey(str(private))) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadInput(NotEd25519(str(private)))
    return key


def load_public(path: Path) -> Ed25519PublicKey:
    """Read a public key; raises BadInput naming the file."""
    try:
        key = load_pem_public_key(path.read_bytes())
    except OSError as error:
        raise BadInput(PathError(str(path), str(error.strerror))) from None
    except (ValueError, UnsupportedAlgorithm):
        raise BadInput(NotPublicKey(str(path))) from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadInput(NotEd25519(str(path)))
    return key


def load_trust(folder: Path) -> dict[str, Ed25519PublicKey]:
    """Public keys of a trust folder by the file's stem; an absent folder trusts nobody."""
    if not folder.is_dir():
        return {}
    return {path.stem: load_public(path) for path in sorted(folder.glob("*.pub"))}


def load_secret(path: Path) -> str:
    """A password or token from a file that only its owner reads. Raises BadInput."""
    data = _own(path, NoFileHere, SecretReadable)
    try:
        return data.decode().strip()
    except UnicodeDecodeError:
        raise BadInput(NotText(str(path))) from None


def _own(path: Path, absent: Callable[[str], Message], readable: Callable[[str, str], Message]) -> bytes:
    """The bytes of a file that nobody but its owner may read; else BadInput with the message of the case."""
    try:
        mode = path.stat().st_mode & 0o777
        data = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(absent(str(path))) from None
    except OSError as error:
        raise BadInput(PathError(str(path), str(error.strerror))) from None
    if mode & 0o077:
        raise BadInput(readable(str(path), f"{mode:04o}"))
    return data
