"""The codec of columns gives back every bit, as a plain decoder reads it, and no bytes do it harm."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cython_ext import columns
from scripts import priors
from tests.cython_ext import plain_columns

TYPES = ("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1")
SPECIAL = (math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308)
SIGNALLING = 0x7FF0_0000_DEAD_BEEF
Column = np.ndarray[Any, Any]


def same(found: list[Column], given: list[Column]) -> bool:
    """Whether two lists of columns are alike, bit for bit."""
    return [(a.dtype, a.tobytes()) for a in found] == [(b.dtype, b.tobytes()) for b in given]


def bytes_of(columns_: list[Column]) -> list[bytes]:
    """The bytes of each column."""
    return [each.tobytes() for each in columns_]


def readings(given: list[Column]) -> Iterator[list[bytes]]:
    """What each reader gets of encoded columns: the kernel with and without known counts, the plain decoder."""
    counts, dtypes = [len(each) for each in given], [each.dtype for each in given]
    blob = columns.encode(given, {"counts": counts})
    yield bytes_of(columns.decode(blob, dtypes, {"counts": counts}))
    yield bytes_of(columns.decode(columns.encode(given), dtypes))
    if blob[:1] < b"\xfc":
        yield plain_columns.decode(blob, [each.str[1:] for each in dtypes], counts)


@st.composite
def column(draw: st.DrawFn) -> Column:
    """A column like those of machines: steps, few values, decimals, multiples, bits of any kind."""
    code, count = draw(st.sampled_from(TYPES)), draw(st.integers(0, 70))
    form = draw(st.sampled_from(["bits", "walk", "few", "decimal", "step", "wave"]))
    chance = np.random.default_rng(draw(st.integers(0, 2**32)))
    if form == "bits":
        return np.frombuffer(chance.bytes(count * int(code[1])), f"<{code}").copy()
    walk = np.cumsum(chance.integers(-draw(st.integers(1, 500)), 500, count))
    if form == "few":
        walk = chance.choice(walk[:5], count) if count else walk
    if form == "wave":
        walk = np.rint(9000 * np.sin(np.arange(count) * draw(st.floats(0.01, 1))) + walk)
    scale = {"decimal": 10.0 ** -draw(st.integers(0, 6)), "step": draw(st.floats(1e-6, 1e3))}.get(form, 1)
    found = (walk * scale).astype(f"<{code}") if code[0] == "f" else walk.astype("<i8").astype(f"<{code}")
    if code == "f8" and count and draw(st.booleans()):
        found[chance.integers(0, count, 3)] = draw(st.sampled_from(SPECIAL))
    return found


@given(st.lists(column(), max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_columns_come_back_bit_for_bit_and_the_plain_decoder_agrees(given: list[Column]) -> None:
    assert all(read == bytes_of(given) for read in readings(given))


@pytest.mark.parametrize("code", TYPES)
def test_the_ends_of_each_type(code: str) -> None:
    dtype = np.dtype(f"<{code}")
    info: Any = np.finfo(dtype) if dtype.kind == "f" else np.iinfo(dtype)
    ends = np.array([info.min, info.max, 0, info.max, info.min, info.max - 1, 1], dtype)
    given = [ends, ends[:1], ends[:0], np.repeat(ends, 9)]
    assert all(read == bytes_of(given) for read in readings(given))


def test_payloads_of_nan_and_both_zeros_stay() -> None:
    bits = np.array([SIGNALLING, SIGNALLING | 1 << 63, 0, 1 << 63, 1, (1 << 63) + 1] * 9, "<u8")
    few = np.tile(np.array([20.5, 20.6, 20.4], "<f8"), 30)
    few[40] = bits.view("<f8")[0]
    single = np.array([0x7F80_0001, 0xFFC0_1234, 0x8000_0000, 1], "<u4").view("<f4")
    given = [bits.view("<f8"), few, single]
    assert all(read == bytes_of(given) for read in readings(given))


def test_what_does_not_shrink_costs_a_byte() -> None:
    noise = np.frombuffer(np.random.default_rng(1).bytes(8 * 1000), "<f8").copy()
    hints = {"counts": [1000]}
    assert len(columns.encode([noise], hints)) <= 8001
    assert len(columns.encode([noise])) <= 8005


def test_a_changed_stream_gives_other_values_and_both_decoders_the_same() -> None:
    walk = np.cumsum(np.random.default_rng(2).integers(-3, 4, 60)) / 10
    hints, blob = {"counts": [60]}, bytearray(columns.encode([walk], {"counts": [60]}))
    blob[len(blob) // 2] ^= 4
    (read,) = columns.decode(bytes(blob), ["<f8"], hints)
    assert read.tobytes() != walk.tobytes()
    assert plain_columns.decode(bytes(blob), ["f8"], [60]) == [read.tobytes()]


@given(st.binary(max_size=200), st.lists(st.tuples(st.sampled_from(TYPES), st.integers(0, 40)), max_size=5))
@settings(max_examples=500, deadline=None)
def test_any_bytes_give_columns_or_one_error(blob: bytes, asked: list[tuple[str, int]]) -> None:
    dtypes, counts = [code for code, _ in asked], [count for _, count in asked]
    try:
        read = columns.decode(blob, dtypes, {"counts": counts})
    except columns.BadStream:
        return
    assert [len(each) for each in read] == counts
    if blob[:1] < b"\xfc":
        assert plain_columns.decode(blob, dtypes, counts) == [each.tobytes() for each in read]


def streams() -> Iterator[bytes]:
    """Streams that carry their counts, and such with a changed byte or a cut."""
    chance = np.random.default_rng(3)
    whole = columns.encode([np.cumsum(chance.integers(-9, 9, 50)), chance.normal(size=20).round(2)])
    for at in range(len(whole)):
        yield whole[:at]
        yield whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]


def test_damaged_streams_allocate_no_more_than_the_largest_columns() -> None:
    for blob in streams():
        try:
            read = columns.decode(blob, ["<i8", "<f8"])
        except columns.BadStream:
            continue
        assert all(len(each) <= 65_536 for each in read)


@pytest.mark.parametrize(
    ("given", "hints", "tier"),
    [
        ([np.zeros(3, ">f8")], None, "auto"),
        ([np.zeros(3, "c16")], None, "auto"),
        ([np.zeros((3, 3))], None, "auto"),
        ([np.zeros(65_537)], None, "auto"),
        ([np.zeros(3)], {"counts": [4]}, "auto"),
        ([np.zeros(3)], {"rows": 3}, "auto"),
        ([np.zeros(3)], None, "best"),
    ],
)
def test_other_columns_hints_and_tiers_are_refused(given: list[Column], hints: Any, tier: str) -> None:
    with pytest.raises(ValueError):
        columns.encode(given, hints, tier)


def test_threads_do_not_disturb_each_other() -> None:
    def turn(seed: int) -> bool:
        chance = np.random.default_rng(seed)
        given = [np.cumsum(chance.integers(-9, 9, 5000)) / 100, chance.integers(0, 3, 5000).astype("u1")]
        return same(columns.decode(columns.encode(given), ["<f8", "u1"]), given)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(turn, range(40)))


def test_the_largest_columns() -> None:
    time = np.arange(65_536) * 1_000_000
    (read,) = columns.decode(columns.encode([time]), ["<i8"])
    assert read.tobytes() == time.tobytes()
    assert len(columns.encode([time])) < 40


def test_the_table_of_priors_is_the_one_that_its_script_makes() -> None:
    assert priors.FILE.read_text(encoding="utf-8") == priors.text()
