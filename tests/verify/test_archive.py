"""Hostile zips: each is refused, or what is odd about it is named; nothing is written and nothing huge is inflated."""

from __future__ import annotations

import io
import random
import resource
import struct
import zipfile

import pytest

from verify.formats import archive
from verify.formats.findings import NotAPack


def zipped(*entries: tuple[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", how) as made:
        for name, data in entries:
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, compress_type=how)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name",
    ["../summary.json", "/etc/passwd", "a/b", "c:\\x", "..", ".hidden", "x" * 65, "", "ü.json", "a\nb", "a/"],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(NotAPack):
        archive.read(zipped((name, b"x")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused() -> None:
    with pytest.raises(NotAPack, match="twice"):
        archive.read(zipped(("a.json", b"1"), ("a.json", b"2")))


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    bomb = zipped(("summary.json", bytes(300 << 20)), how=zipfile.ZIP_DEFLATED)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(NotAPack, match="grows"):
        archive.read(bomb)
    # A bomb that lies about its size: what comes out is bounded by what the archive says.
    lying = bytearray(bomb)
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = lying.rindex(mark) if mark == b"PK\x01\x02" else 0
        lying[start + at : start + at + 4] = struct.pack("<I", 1000)
    with pytest.raises(NotAPack):
        archive.read(bytes(lying))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def test_many_entries_and_huge_sums_are_refused() -> None:
    with pytest.raises(NotAPack, match="more or larger"):
        archive.read(zipped(*((f"f{number}", b"") for number in range(257))))


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"no zip at all", bytes(100_000)])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    if data.startswith(b"PK\x05\x06"):
        assert archive.read(data).files == {}
    else:
        with pytest.raises(NotAPack):
            archive.read(data)


def test_bytes_that_belong_to_no_entry_are_named() -> None:
    plain = zipped(("a", b"1"), ("b", b"22"))
    assert archive.read(plain).oddities == []
    assert archive.read(b"hidden" + plain).oddities
    assert archive.read(zipped(("a", bytes(1000)), how=zipfile.ZIP_DEFLATED)).oddities
    with_comment = io.BytesIO(plain)
    with zipfile.ZipFile(with_comment, "a") as made:
        made.comment = b"note"
    assert archive.read(with_comment.getvalue()).oddities


def test_no_damage_of_a_zip_escapes_as_another_error() -> None:
    chance = random.Random(7)
    plain = zipped(("manifest.json", b"{}" * 40), ("ledger.seg", bytes(range(256))))
    squeezed = zipped(("manifest.json", b"{}" * 400), how=zipfile.ZIP_DEFLATED)
    refused = 0
    for source in (plain, squeezed):
        for _ in range(4000):
            data = bytearray(source)
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            if chance.random() < 0.2:
                del data[chance.randrange(len(data)) :]
            try:
                archive.read(bytes(data))
            except NotAPack:
                refused += 1
    assert 1000 < refused < 8000
