"""Segments: what was appended is read back, at its position, through rolls, drops and reopening."""

from __future__ import annotations

import random
import resource
import struct
import tempfile
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.files import REAL, Files
from journal.records import MARK, MAX_RECORD, Record, pack, walk
from journal.segments import Segments
from journal.simulated import SimulatedFiles

FOLDER = Path("/journal")
LIMIT = 200
OPERATIONS = st.lists(
    st.tuples(st.just("append"), st.integers(0, 120), st.integers(-(2**63), 2**63 - 1))
    | st.tuples(st.sampled_from(["sync", "roll", "reopen", "drop"]), st.just(0), st.just(0)),
    max_size=40,
)


def page_record(stamp: int, data: bytes) -> bytes:
    """A record as docs/block-format.md lays it out."""
    behind = struct.pack("<q", stamp) + data
    return b"\xa7\x53\x59\x01" + struct.pack("<II", len(data), zlib.crc32(behind)) + behind


def content(size: int, seed: int) -> bytes:
    """Data that is at times full of marks and of heads that promise more."""
    chance = random.Random(seed)
    piece = chance.choice([b"\0", MARK, MARK + b"\x05\0\0\0", chance.randbytes(7), b"x"])
    return (piece * (size // len(piece) + 1))[:size]


def test_the_record_of_the_page() -> None:
    assert pack(-2, b"abc").hex() == "a7535901" + "03000000" + "6e988796" + "feffffffffffffff" + "616263"
    assert pack(-2, b"abc") == page_record(-2, b"abc")
    assert list(walk(page_record(7, b""), 3)) == [Record(3 << 32, 3 << 32 | 20, 7, b"")]


def play(operations: list[tuple[str, int, int]], folder: Path, files: Files) -> None:
    """Segments and a plain list of what they must hold, side by side."""
    segments = Segments(folder, files, LIMIT)
    held: list[tuple[int, int, bytes]] = []  # position, stamp, data
    for name, size, stamp in operations:
        before = segments.end
        if name == "append":
            data = content(size, stamp)
            held.append((segments.append(stamp, data), stamp, data))
            assert held[-1][0] >= before
        elif name == "sync":
            segments.sync()
        elif name == "roll":
            segments.roll()
        elif name == "reopen":
            segments.close()
            segments = Segments(folder, files, LIMIT)
            assert segments.damage == []
        else:
            old = [number for number in segments.numbers() if number != segments.end >> 32]
            if old:
                segments.drop(old[0])
                held = [item for item in held if item[0] >> 32 != old[0]]
        assert segments.end >= before
        compare(segments, held)
    segments.close()


def compare(segments: Segments, held: list[tuple[int, int, bytes]]) -> None:
    found = list(segments.scan())
    assert [(r.position, r.stamp, r.data) for r in found] == held
    if held:
        middle = held[len(held) // 2][0]
        assert [r.position for r in segments.scan(middle)] == [p for p, _, _ in held if p >= middle]
        assert [r.position for r in segments.scan(middle + 1)] == [p for p, _, _ in held if p > middle]
    for position, _, data in held[-3:]:
        assert segments.get(position, len(data)) == data
        assert segments.get(position, len(data) + 1) is None
        assert segments.get(position + 1, len(data)) is None


@settings(max_examples=150, deadline=None)
@given(OPERATIONS)
def test_segments_hold_what_was_appended(operations: list[tuple[str, int, int]]) -> None:
    play(operations, FOLDER, SimulatedFiles(0))


@settings(max_examples=25, deadline=None)
@given(OPERATIONS)
def test_segments_on_a_real_disk(operations: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        play(operations, Path(folder), REAL)


def test_files_are_records_without_anything_between(tmp_path: Path) -> None:
    segments = Segments(tmp_path, limit=60)
    items = [(i, content(i, i)) for i in range(10)]
    for stamp, data in items:
        segments.append(stamp, data)
    segments.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"{i:08d}.seg" for i in range(len(names))]
    assert len(names) > 2
    together = b"".join((tmp_path / name).read_bytes() for name in names)
    assert together == b"".join(page_record(stamp, data) for stamp, data in items)


def test_what_was_synced_survives_a_power_cut() -> None:
    for seed in range(300):
        chance = random.Random(seed)
        files = SimulatedFiles(seed)
        segments, synced, written = Segments(FOLDER, files, 2000), 0, []
        for number in range(chance.randrange(1, 40)):
            written.append(content(chance.randrange(300), seed * 100 + number))
            segments.append(number, written[-1])
            if chance.random() < 0.3:
                segments.sync()
                synced = len(written)
        after = Segments(FOLDER, files.cut(), 2000)
        found = [(record.stamp, record.data) for record in after.scan()]
        assert found[:synced] == list(enumerate(written[:synced]))
        assert set(found) <= set(enumerate(written))
        after.append(-1, b"life goes on")
        assert [record.data for record in after.scan()][-1] == b"life goes on"


def test_positions_go_on_when_all_older_segments_are_gone(tmp_path: Path) -> None:
    segments = Segments(tmp_path, limit=LIMIT)
    first = segments.append(1, b"a")
    segments.roll()
    segments.drop(0)
    assert segments.get(first, 1) is None
    end = segments.end
    segments.close()
    again = Segments(tmp_path, limit=LIMIT)
    assert again.end == end > first
    assert again.append(2, b"b") == end
    again.close()


def test_the_segment_being_written_is_not_dropped(tmp_path: Path) -> None:
    segments = Segments(tmp_path)
    segments.append(1, b"a")
    with pytest.raises(ValueError, match="written"):
        segments.drop(0)
    assert [record.data for record in segments.scan()] == [b"a"]
    segments.close()


def test_a_record_too_large_is_refused_and_nothing_written(tmp_path: Path) -> None:
    segments = Segments(tmp_path)
    with pytest.raises(ValueError, match="limit"):
        segments.append(1, bytes(MAX_RECORD + 1))
    assert segments.end == 0
    assert segments.append(1, bytes(MAX_RECORD)) == 0
    assert len(next(iter(segments.scan())).data) == MAX_RECORD
    segments.close()


@contextmanager
def full_disk_after(size: int) -> Iterator[None]:
    """No file may grow beyond *size* bytes: the kernel writes what fits, then refuses."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_no_half_record(tmp_path: Path) -> None:
    segments = Segments(tmp_path, limit=150)
    segments.append(1, b"a" * 60)
    with full_disk_after(100), pytest.raises(OSError, match="large"):
        segments.append(2, b"b" * 60)
    assert (tmp_path / "00000000.seg").read_bytes() == page_record(1, b"a" * 60)
    segments.append(3, b"c")
    segments.append(4, b"d" * 60)
    segments.append(5, b"e")
    assert [record.stamp for record in segments.scan()] == [1, 3, 4, 5]
    segments.close()
    reader = Segments.read(tmp_path)
    assert [record.stamp for record in reader] == [1, 3, 4, 5]
    assert reader.damage == []


# --- reading a folder that is being written


def test_a_reader_beside_the_writer_sees_a_prefix_and_no_damage(tmp_path: Path) -> None:
    total, done = 3000, threading.Event()

    def write() -> None:
        segments = Segments(tmp_path, limit=4000)
        for number in range(total):
            segments.append(number, content(number % 90, number))
            if number % 100 == 0:
                segments.sync()
        segments.close()
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    passes, seen = 0, 0
    while not done.is_set() or passes == 0:
        reader = Segments.read(tmp_path)
        stamps = [record.stamp for record in reader]
        assert stamps == list(range(len(stamps)))
        assert len(stamps) >= seen
        assert reader.damage == []
        passes, seen = passes + 1, len(stamps)
    writer.join()
    everything = [(record.stamp, record.data) for record in Segments.read(tmp_path)]
    assert everything == [(number, content(number % 90, number)) for number in range(total)]


@pytest.mark.parametrize("size", range(1, 20 + 12))
def test_a_record_that_is_half_written_is_no_damage(tmp_path: Path, size: int) -> None:
    whole, half = page_record(1, b"whole"), page_record(2, b"half written")[:size]
    path = tmp_path / "00000000.seg"
    path.write_bytes(whole + half)
    reader = Segments.read(tmp_path)
    assert [record.data for record in reader] == [b"whole"]
    assert reader.damage == []
    assert path.read_bytes() == whole + half
    (tmp_path / "00000001.seg").write_bytes(whole)
    assert [record.data for record in reader] == [b"whole", b"whole"]
    assert [(d.segment, d.offset, d.end) for d in reader.damage] == [
        ("00000000.seg", len(whole), len(whole) + size)
    ]


@pytest.mark.parametrize(
    "rest", [b"\0", b"\0" * 40, b"\xa7S\0", MARK + b"\xff" * 16, page_record(1, b"x")[:-1] + b"y"]
)
def test_an_end_that_no_writer_leaves_is_damage(tmp_path: Path, rest: bytes) -> None:
    (tmp_path / "00000000.seg").write_bytes(page_record(1, b"whole") + rest)
    reader = Segments.read(tmp_path)
    assert len(list(reader)) == 1
    assert [(d.offset, d.end) for d in reader.damage] == [(25, 25 + len(rest))]


def test_a_reader_goes_on_from_a_position(tmp_path: Path) -> None:
    segments = Segments(tmp_path, limit=100)
    for number in range(20):
        segments.append(number, b"x" * number)
    segments.close()
    records = list(Segments.read(tmp_path))
    assert records == list(segments.scan())
    for i, record in enumerate(records):
        assert [r.stamp for r in Segments.read(tmp_path, record.position)] == list(range(i, 20))
        assert [r.stamp for r in Segments.read(tmp_path, record.next)] == list(range(i + 1, 20))


def test_a_segment_freed_under_a_reader_is_passed_over(tmp_path: Path) -> None:
    segments = Segments(tmp_path, limit=30)
    for number in range(3):
        segments.append(number, b"x" * 20)
    reading = iter(Segments.read(tmp_path))
    assert next(reading).stamp == 0
    segments.drop(1)
    assert [record.stamp for record in reading] == [2]
    segments.close()


def test_nothing_there_is_nothing_read(tmp_path: Path) -> None:
    assert list(Segments.read(tmp_path / "absent")) == []
    assert not (tmp_path / "absent").exists()
    (tmp_path / "00000000.seg").touch()
    (tmp_path / "notes.seg").write_bytes(b"not ours")
    reader = Segments.read(tmp_path)
    assert list(reader) == []
    assert reader.damage == []
