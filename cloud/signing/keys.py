"""Keys of the nodes that live in the cloud's own folder: desks and accounts."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud.settings import Settings
from cloud.signing.messages import OtherHalf, PrivateHalfMissing
from contract.errors import BadInput
from journal.files import REAL
from journal.keyfiles import load_key, load_public, make_key


@contextmanager
def turn(settings: Settings, node: str) -> Iterator[Ed25519PrivateKey]:
    """The node's key, for as long as no other process writes as this node; waits for one that does.

    The key is made where there is none, and its public half listed in the trust folder. Raises BadInput, OSError.
    """
    folder = settings.folder / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / f"{node}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield _key(folder, settings.trust_folder, node)
    finally:
        os.close(lock)


def present(settings: Settings, node: str) -> Ed25519PrivateKey:
    """The node's key without waiting for a turn: for a writer that tries again when another was before it."""
    folder = settings.folder / "keys"
    if (folder / f"{node}.key").exists():
        return _key(folder, settings.trust_folder, node)
    with turn(settings, node) as key:
        return key


def _key(folder: Path, trust: Path, node: str) -> Ed25519PrivateKey:
    private, public = folder / f"{node}.key", trust / f"{node}.pub"
    trust.mkdir(parents=True, exist_ok=True)
    if not private.exists():
        if public.exists():
            raise BadInput(PrivateHalfMissing(str(public), str(private)))
        partial = folder / f"{node}.new"
        partial.unlink(missing_ok=True)  # of a run that was killed; it has signed nothing
        make_key(partial, folder / f"{node}.new.pub")
        os.replace(partial, private)
        (folder / f"{node}.new.pub").unlink()
    key = load_key(private)
    pem = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    if not public.exists():
        REAL.replace(public, pem)
    elif load_public(public) != key.public_key():
        raise BadInput(OtherHalf(str(public), str(private)))
    return key
