"""Packs that a former commit made are verified as they were then, and a changed byte of them is still found."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from verify.check import VERIFIED, verify
from verify.keys.trust import trusted

FOLDER = Path(__file__).parent / "golden"
PACKS = sorted(FOLDER.glob("*.zip"))


def key(pack: Path) -> str:
    """The fingerprint of the key of its cloud."""
    return trusted(str(pack.with_suffix(".pub")))


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_a_pack_of_before_verifies(pack: Path) -> None:
    found = verify(pack.read_bytes(), {key(pack)})
    assert [check for check in found.findings.checks if not check.ok] == []
    assert found.verdict == VERIFIED and found.figures


def test_they_hold_what_they_were_made_for() -> None:
    """Figures of meters, refusals, warnings and certificates are in them."""
    bodies = {pack.stem: body(pack, "summary.json") for pack in PACKS}
    assert bodies.keys() == {"full", "summary", "savings", "replacement", "refused-replacement"}
    assert b'"depth":"full"' in body(FOLDER / "full.zip", "manifest.json")
    assert b'"why":"no tariff is valid on 2023-01-01"' in bodies["savings"]
    assert b'"warnings":["short baseline' in bodies["savings"]
    assert b'"kind":"irr"' in body(FOLDER / "replacement.zip", "certificate-1.json")
    assert b'"why":"no yearly saving"' in body(FOLDER / "refused-replacement.zip", "certificate-1.json")


def body(pack: Path, name: str) -> bytes:
    with zipfile.ZipFile(pack) as archive:
        return archive.read(name)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.stem)
def test_one_changed_byte_is_found(pack: Path) -> None:
    """In the middle of each file of the pack in turn."""
    data = pack.read_bytes()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        middles = {
            info.filename: info.header_offset + 30 + len(info.filename) + info.file_size // 2
            for info in archive.infolist()
        }
    for name, at in middles.items():
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        assert verify(changed, {key(pack)}).verdict != VERIFIED, name
