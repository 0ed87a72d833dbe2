"""Bytes that changed on the disk: only the records they touch are lost, and the damage is named."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.messages import NoWholeRecord
from journal.records import MARK, Damage, Record, pack, walk
from journal.segments import Segments
from journal.simulated import SimulatedFiles

FOLDER = Path("/journal")
TRIALS = 120_000
PER_SEED = 60


class Segment:
    """Records of one segment, and what is left of them after changes."""

    def __init__(self, chance: random.Random, count: int) -> None:
        self.items = [(chance.getrandbits(63), content(chance)) for _ in range(count)]
        packed = [pack(stamp, data) for stamp, data in self.items]
        self.data = b"".join(packed)
        self.edges = [0]
        for record in packed:
            self.edges.append(self.edges[-1] + len(record))

    def span(self, i: int) -> tuple[int, int]:
        return self.edges[i], self.edges[i + 1]

    def expected(self, changed: bytes) -> tuple[list[tuple[int, int, bytes]], list[tuple[int, int]]]:
        """Records (offset, stamp, data) and damaged spans, when bytes were changed in place or cut off the end."""
        intact = [changed[a:b] == self.data[a:b] for a, b in pairwise(self.edges)]
        left = [(self.edges[i], *self.items[i]) for i, good in enumerate(intact) if good]
        spans: list[tuple[int, int]] = []
        for i, good in enumerate(intact):
            a, b = self.edges[i], min(self.edges[i + 1], len(changed))
            if good or a >= b:
                continue
            if spans and spans[-1][1] == a:
                spans[-1] = (spans[-1][0], b)
            else:
                spans.append((a, b))
        return left, spans


def content(chance: random.Random) -> bytes:
    """Data of a record: random, empty, zeros, or full of marks and of heads that promise more than there is."""
    return chance.choice(
        [
            b"",
            chance.randbytes(chance.randrange(60)),
            bytes(chance.randrange(40)),
            MARK * chance.randrange(9),
            (MARK + b"\x10\0\0\0") * chance.randrange(5),
            pack(1, b"a record inside")[:-1],
        ]
    )


def found(data: bytes, number: int = 0) -> tuple[list[tuple[int, int, bytes]], list[tuple[int, int]]]:
    items = list(walk(data, number))
    records = [(r.position & 0xFFFFFFFF, r.stamp, r.data) for r in items if isinstance(r, Record)]
    return records, [(d.offset, d.end) for d in items if isinstance(d, Damage)]


def changed(data: bytes, chance: random.Random) -> bytes:
    """One or two changes in place, or a cut: what disks and power cuts do."""
    out = bytearray(data)
    for _ in range(chance.choice([1, 1, 2])):
        at = chance.randrange(len(out))
        how = chance.randrange(6)
        if how <= 2:
            out[at] ^= 1 << chance.randrange(8)
        elif how == 3:
            out[at] = chance.randrange(256)
        elif how == 4:
            size = min(chance.randrange(1, 80), len(out) - at)
            out[at : at + size] = chance.choice([bytes(size), b"\xff" * size, chance.randbytes(size)])
        else:
            del out[max(at, 1) :]
    return bytes(out)


def test_random_damage_costs_only_what_it_touches() -> None:
    """Seeds 0 … 1999 with 60 changes each: in every trial exactly the untouched records are found, at their place."""
    for seed in range(TRIALS // PER_SEED):
        chance = random.Random(seed)
        segment = Segment(chance, chance.randrange(1, 8))
        for _ in range(PER_SEED):
            after = changed(segment.data, chance)
            assert found(after) == segment.expected(after), (seed, after.hex())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=30), min_size=1, max_size=5), st.data())
def test_any_single_byte_is_reported(datas: list[bytes], draw: st.DataObject) -> None:
    """Shrinks to the smallest segment, if one is ever found that hides a changed byte."""
    packed = [pack(i, data) for i, data in enumerate(datas)]
    whole = b"".join(packed)
    at = draw.draw(st.integers(0, len(whole) - 1))
    mask = draw.draw(st.integers(1, 255))
    after = whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :]
    records, spans = found(after)
    ends = [sum(map(len, packed[: i + 1])) for i in range(len(packed))]
    hit = next(i for i, end in enumerate(ends) if at < end)
    assert spans == [(ends[hit] - len(packed[hit]), ends[hit])]
    assert [stamp for _, stamp, _ in records] == [i for i in range(len(datas)) if i != hit]


def test_bytes_put_in_or_taken_out() -> None:
    """What moved is found where it is now; its neighbours are not lost, and nothing appears that was not there.

    Bytes taken out can happen to be those that come next: then the record before is whole, at the cost of the next.
    """
    for seed in range(3000):
        chance = random.Random(seed)
        segment = Segment(chance, 6)
        at = chance.randrange(len(segment.data))
        size = chance.randrange(1, 30)
        if chance.random() < 0.5:
            after = segment.data[:at] + chance.randbytes(size) + segment.data[at:]
            whole = [i for i in range(6) if not segment.span(i)[0] < at < segment.span(i)[1]]
        else:
            after = segment.data[:at] + segment.data[at + size :]
            whole = [i for i in range(6) if segment.span(i)[1] <= at or segment.span(i)[0] >= at + size]
        records, spans = found(after)
        read = [(stamp, data) for _, stamp, data in records]
        assert [item for item in segment.items if item in read] == read, seed
        assert len(read) >= len(whole), seed
        covered = sum(len(pack(stamp, data)) for stamp, data in read) + sum(b - a for a, b in spans)
        assert covered == len(after)


def test_random_bytes_hold_no_record() -> None:
    chance = random.Random(0)
    for _ in range(2000):
        data = (chance.choice([b"", MARK]) + chance.randbytes(chance.randrange(1, 80))) * 3
        assert found(data) == ([], [(0, len(data))])
    assert found(b"") == ([], [])


# --- opening a folder that was damaged


def folder_of(segment: Segment, split: int) -> SimulatedFiles:
    """A folder of two segments on a disk in memory; the second is the one being written."""
    files = SimulatedFiles(0)
    files.durable[FOLDER / "00000000.seg"] = segment.data[: segment.edges[split]]
    files.durable[FOLDER / "00000001.seg"] = segment.data[segment.edges[split] :]
    return files


def test_every_flipped_byte_of_a_folder_is_named_or_put_aside() -> None:
    segment = Segment(random.Random(11), 7)
    for at in range(len(segment.data)):
        files = folder_of(segment, 3)
        hit = next(i for i in range(7) if at < segment.edges[i + 1])
        path = FOLDER / f"{int(hit >= 3):08d}.seg"
        shift = segment.edges[3] if hit >= 3 else 0
        data = bytearray(files.durable[path])
        data[at - shift] ^= 0x40
        files.durable[path] = bytes(data)
        segments = Segments(FOLDER, files)
        span = (segment.edges[hit] - shift, segment.edges[hit + 1] - shift)
        assert [r.data for r in segments.scan()] == [d for i, (_, d) in enumerate(segment.items) if i != hit]
        cut = [p for p in files.durable if p.suffix == ".cut"]
        if hit == 6:  # the last record may be one that the power cut tore
            assert segments.damage == []
            assert [p.name for p in cut] == [f"00000001.{span[0]}.cut"]
            assert files.durable[path] + files.durable[cut[0]] == bytes(data)
        else:
            assert [(d.segment, d.offset, d.end) for d in segments.damage] == [(path.name, *span)]
            assert cut == []
            assert files.durable[path] == bytes(data)
        segments.append(5, b"goes on")
        again = Segments(FOLDER, files)
        assert [d.offset for d in again.damage] == [d.offset for d in segments.damage]
        assert [r.data for r in again.scan()][-1] == b"goes on"


def test_every_torn_end_is_cut_and_put_aside() -> None:
    segment = Segment(random.Random(12), 5)
    last = segment.data[segment.edges[2] :]
    for size in range(len(last) + 1):
        files = folder_of(segment, 2)
        path = FOLDER / "00000001.seg"
        files.durable[path] = last[:size]
        segments = Segments(FOLDER, files)
        whole = [i for i in range(5) if i < 2 or segment.edges[i + 1] - segment.edges[2] <= size]
        kept = segment.edges[whole[-1] + 1] - segment.edges[2]
        assert [r.data for r in segments.scan()] == [segment.items[i][1] for i in whole]
        assert segments.damage == []
        assert segments.end == 1 << 32 | kept
        cut = {p.name: data for p, data in files.durable.items() if p.suffix == ".cut"}
        assert cut == ({} if kept == size else {f"00000001.{kept}.cut": last[kept:size]})
        assert files.durable[path] == last[:kept]


def test_what_was_put_aside_before_stays(tmp_path: Path) -> None:
    """Two power cuts that tear at the same place: neither's bytes are overwritten."""
    path = tmp_path / "00000000.seg"
    for rest in (b"first", b"second", b"third"):
        path.write_bytes(pack(1, b"whole") + rest)
        segments = Segments(tmp_path)
        assert [record.data for record in segments.scan()] == [b"whole"]
        segments.close()
    aside = {p.name: p.read_bytes() for p in tmp_path.glob("*.cut")}
    assert aside == {
        "00000000.25.cut": b"first",
        "00000000.25.1.cut": b"second",
        "00000000.25.2.cut": b"third",
    }


def test_a_folder_of_damage_only(tmp_path: Path) -> None:
    (tmp_path / "00000000.seg").write_bytes(b"\0" * 500)
    segments = Segments(tmp_path)
    assert list(segments.scan()) == []
    assert segments.end == 0
    assert (tmp_path / "00000000.0.cut").read_bytes() == b"\0" * 500
    segments.append(1, b"a")
    assert [record.data for record in Segments.read(tmp_path)] == [b"a"]
    segments.close()


@pytest.mark.parametrize("offset", [0, 4, 8, 12, 20])
def test_the_damage_names_segment_and_offset(tmp_path: Path, offset: int) -> None:
    """Mark, length, checksum, stamp, data: wherever the byte is, the record is named by its beginning."""
    segments = Segments(tmp_path, limit=1)
    for number in range(4):
        segments.append(number, b"data")
    segments.close()
    path = tmp_path / "00000002.seg"
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(bytes(data))
    reader = Segments.read(tmp_path)
    assert [record.stamp for record in reader] == [0, 1, 3]
    assert reader.damage == [Damage("00000002.seg", 0, 24, NoWholeRecord())]
