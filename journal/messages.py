"""What can be wrong with files: journals, keys, secrets."""

from __future__ import annotations

from contract.message import Message


class PathError(Message, text="{path}: {text}"):
    """What the operating system said of a path."""

    path: str
    text: str


class NoWholeRecord(Message, text="no whole record here"):
    """Bytes of a segment that are damaged."""


class KeyIsThere(Message, text="{path} is there already; a node keeps its key, so nothing was changed"):
    """A key that would be overwritten."""

    path: str


class NoKeyHere(Message, text="{path}: no key here; make one with the init command"):
    """A private key that is absent."""

    path: str


class NoFileHere(Message, text="{path}: no such file"):
    """A secret that is absent."""

    path: str


class HasPassphrase(
    Message, text="{path}: the key has a passphrase; a node starts without anybody to type it"
):
    """A private key that can't be used."""

    path: str


class NotPrivateKey(Message, text="{path}: not a private key in PEM form"):
    """Another file."""

    path: str


class NotPublicKey(Message, text="{path}: not a public key in PEM form"):
    """Another file."""

    path: str


class NotEd25519(Message, text="{path}: not an Ed25519 key"):
    """A key of another kind."""

    path: str


class NotText(Message, text="{path}: not text in UTF-8"):
    """Another file."""

    path: str


class KeyReadable(Message, text="{path}: mode {mode} lets others read the key; chmod 600 it"):
    """A private key that is not private."""

    path: str
    mode: str


class SecretReadable(Message, text="{path}: mode {mode} lets others read the secret; chmod 600 it"):
    """A password or token that is not private."""

    path: str
    mode: str
