"""Key files: private means private, nothing is overwritten, and what is wrong is said in one line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contract.errors import BadInput
from journal import keyfiles

PEM, PKCS8 = Encoding.PEM, PrivateFormat.PKCS8
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
PRIVATE = KEY.private_bytes(PEM, PKCS8, NoEncryption())
PUBLIC = KEY.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo)
CURVE = ec.generate_private_key(ec.SECP256R1())
EXCHANGE = x25519.X25519PrivateKey.generate()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def put(path: Path, data: bytes, mode_: int = 0o600) -> Path:
    path.write_bytes(data)
    path.chmod(mode_)
    return path


def message(work: Callable[[Path], object], path: Path) -> str:
    """The one line of BadInput, which must name the file."""
    with pytest.raises(BadInput) as refused:
        work(path)
    text = str(refused.value)
    assert "\n" not in text
    assert text.startswith(f"{path}: ")
    assert len(text) < len(str(path)) + 120
    return text


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_a_new_key_is_for_its_owner_only(tmp_path: Path, umask: int) -> None:
    private, public = tmp_path / "edge" / "node.key", tmp_path / "edge" / "node.pub"
    before = os.umask(umask)
    try:
        made = keyfiles.make_key(private, public)
    finally:
        os.umask(before)
    assert mode(private) == 0o600
    assert private.read_bytes().startswith(b"-----BEGIN PRIVATE KEY-----\n")
    assert public.read_bytes().startswith(b"-----BEGIN PUBLIC KEY-----\n")
    loaded = keyfiles.load_key(private)
    assert loaded.private_bytes_raw() == made.private_bytes_raw()
    keyfiles.load_public(public).verify(loaded.sign(b"text"), b"text")


def test_other_programs_read_the_files(tmp_path: Path) -> None:
    private, public = tmp_path / "node.key", tmp_path / "node.pub"
    keyfiles.make_key(private, public)
    key = load_pem_private_key(private.read_bytes(), None)
    assert isinstance(key, ed25519.Ed25519PrivateKey)
    assert key.public_key() == load_pem_public_key(public.read_bytes())


@pytest.mark.parametrize("held", [PRIVATE, b"", b"something else"])
def test_a_key_is_never_overwritten(tmp_path: Path, held: bytes) -> None:
    private, public = put(tmp_path / "node.key", held), put(tmp_path / "node.pub", b"public")
    with pytest.raises(BadInput, match="nothing was changed") as refused:
        keyfiles.make_key(private, public)
    assert "\n" not in str(refused.value)
    assert (private.read_bytes(), public.read_bytes()) == (held, b"public")


def test_a_link_is_not_followed_to_a_new_key(tmp_path: Path) -> None:
    (tmp_path / "node.key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(BadInput):
        keyfiles.make_key(tmp_path / "node.key", tmp_path / "node.pub")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("mode_", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o660, 0o777])
def test_a_key_that_others_may_read_is_refused(tmp_path: Path, mode_: int) -> None:
    path = put(tmp_path / "node.key", PRIVATE, mode_)
    assert f"mode {mode_:04o}" in message(keyfiles.load_key, path)
    path = put(tmp_path / "password", b"secret", mode_)
    text = message(keyfiles.load_secret, path)
    assert f"mode {mode_:04o}" in text
    assert "secret\n" not in text


@pytest.mark.parametrize("mode_", [0o600, 0o400, 0o700])
def test_a_key_of_its_owner_is_read(tmp_path: Path, mode_: int) -> None:
    path = put(tmp_path / "node.key", PRIVATE, mode_)
    assert keyfiles.load_key(path).private_bytes_raw() == bytes(32)


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "not a private key in PEM form"),
        (b"\0\xff" * 50, "not a private key in PEM form"),
        (b"a line\nanother line\n", "not a private key in PEM form"),
        (PRIVATE[:60], "not a private key in PEM form"),
        (PRIVATE.replace(b"M", b"N", 1), "not a private key in PEM form"),
        (PUBLIC, "not a private key in PEM form"),
        (KEY.private_bytes(PEM, PKCS8, BestAvailableEncryption(b"x")), "passphrase"),
        (CURVE.private_bytes(PEM, PKCS8, NoEncryption()), "not an Ed25519 key"),
        (EXCHANGE.private_bytes(PEM, PKCS8, NoEncryption()), "not an Ed25519 key"),
    ],
    ids=["empty", "bytes", "text", "cut", "changed", "public", "passphrase", "curve", "exchange"],
)
def test_private_keys_that_are_none(tmp_path: Path, data: bytes, why: str) -> None:
    assert why in message(keyfiles.load_key, put(tmp_path / "node.key", data))


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "not a public key in PEM form"),
        (b"a line\nanother line\n", "not a public key in PEM form"),
        (PUBLIC[:50], "not a public key in PEM form"),
        (PRIVATE, "not a public key in PEM form"),
        (CURVE.public_key().public_bytes(PEM, PublicFormat.SubjectPublicKeyInfo), "not an Ed25519 key"),
    ],
    ids=["empty", "text", "cut", "private", "curve"],
)
def test_public_keys_that_are_none(tmp_path: Path, data: bytes, why: str) -> None:
    assert why in message(keyfiles.load_public, put(tmp_path / "cloud.pub", data))


def test_files_that_are_not_there_or_no_files(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    assert "init" in message(keyfiles.load_key, absent)
    assert "no such file" in message(keyfiles.load_secret, absent).lower()
    assert "no such file" in message(keyfiles.load_public, absent).lower()
    for work in (keyfiles.load_key, keyfiles.load_secret, keyfiles.load_public):
        assert "directory" in message(work, tmp_path).lower()


def test_the_trust_folder_names_whom_it_trusts(tmp_path: Path) -> None:
    assert keyfiles.load_trust(tmp_path / "absent") == {}
    put(tmp_path / "mill-edge.pub", PUBLIC)
    put(tmp_path / "notes.txt", b"not a key")
    assert keyfiles.load_trust(tmp_path) == {"mill-edge": KEY.public_key()}
    bad = put(tmp_path / "other.pub", b"not a key")
    with pytest.raises(BadInput, match=r"other\.pub"):
        keyfiles.load_trust(tmp_path)
    bad.unlink()


def test_secrets_are_text_without_the_last_line_end(tmp_path: Path) -> None:
    assert keyfiles.load_secret(put(tmp_path / "a", "pässword 密\n".encode())) == "pässword 密"
    assert "UTF-8" in message(keyfiles.load_secret, put(tmp_path / "b", b"\xff\xfe"))
