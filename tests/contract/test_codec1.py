"""Codec 1: lossless, never larger than its values by more than a byte, decimals found exactly, fast on noise."""

from __future__ import annotations

import struct
import time
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract import codec1
from contract.errors import Malformed
from contract.tags import TYPES
from tests.contract import made, plain_reader

ROOM = 1024
NAMES = {dtype: name for name, dtype in TYPES.items()}


def round_trip(columns: list[npt.NDArray[Any]]) -> bytes:
    """Encode; both readers must find the bits again."""
    data = codec1.encode(columns)
    back = codec1.decode(data, [(c.dtype, len(c)) for c in columns])
    assert [c.dtype for c in back] == [c.dtype for c in columns]
    assert [c.tobytes() for c in back] == [c.tobytes() for c in columns]
    plain = plain_reader.read_codec1(data, [(NAMES[c.dtype], len(c)) for c in columns])
    assert plain == [c.view(f"<u{c.dtype.itemsize}").tolist() for c in columns]
    return data


def mode(values: Any) -> int:
    """The mode in which a column is written, taken from bytes that were made to shrink by zeros beside it."""
    data = round_trip([np.asarray(values), np.zeros(10_000, "<u8")])
    assert data[0] == 1
    return data[1]


@st.composite
def columns(draw: st.DrawFn) -> list[npt.NDArray[Any]]:
    made_ = []
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(sorted(TYPES)))
        chance = np.random.default_rng(draw(st.integers(0, 2**32)))
        count = draw(st.sampled_from([0, 1, 2, 23, 24, 25, 49, 200]))
        made_.append(np.array(made.column(TYPES[kind], count, chance, kind == "bool")))
    return made_


@settings(max_examples=200, deadline=None)
@given(columns())
def test_lossless_and_never_much_larger(given_: list[npt.NDArray[Any]]) -> None:
    data = round_trip(given_)
    assert len(data) <= sum(c.nbytes for c in given_) + ROOM


@pytest.mark.parametrize("low, high", [(-1, 1), (0.1, 1), (0, 9e6), (-8388608, 8388608), (0, 3.4e38)])
@pytest.mark.parametrize("digits", [None, 0, 2, 4])
def test_noise_of_float32_does_not_grow(low: float, high: float, digits: int | None) -> None:
    """Decimals take eight bytes a word: for noise of four-byte floats that must not be the choice."""
    values = np.random.default_rng(5).uniform(low, high, 16_000)
    values = (values if digits is None else np.round(values, digits)).astype("<f4")
    data = codec1.encode([values])
    assert len(data) <= values.nbytes + 1
    assert codec1.decode(data, [(values.dtype, len(values))])[0].tobytes() == values.tobytes()


def test_random_bytes_of_every_type_and_many_columns() -> None:
    chance = np.random.default_rng(7)
    for dtype in TYPES.values():
        for count, width in ((1, 4000), (4000, 1), (17, 1000)):
            given_ = [np.frombuffer(chance.bytes(count * dtype.itemsize), dtype) for _ in range(width)]
            assert len(codec1.encode(given_)) <= count * width * dtype.itemsize + 1


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 9),
    st.lists(st.integers(-(2**50), 2**50), min_size=1, max_size=60),
)
@example(9, [2**50])
@example(0, [-(2**50)])
def test_decimals_are_found(exponent: int, integers: list[int]) -> None:
    """Doubles next to k / 10^e are stored as k, with e or a smaller exponent."""
    values = np.array([float(Decimal(k).scaleb(-exponent)) for k in integers])
    if np.signbit(values[values == 0]).any():
        return
    found = mode(values)
    assert 16 <= found <= 16 + exponent


def test_float32_decimals_are_found() -> None:
    values = np.array([21.53, -0.07, 1234.56, 0.0], "<f4")
    assert mode(values) == 16 + 2
    assert mode(np.arange(50, dtype="<f4")) == 16


@pytest.mark.parametrize(
    "odd",
    [-0.0, float("nan"), float("inf"), -float("inf"), 2.0**53, -(2.0**53), 1e300, 5e-324, 0.1 + 2**-55 * 3],
)
@pytest.mark.parametrize("place", [0, 1, 98])
def test_one_odd_value_makes_the_column_plain(odd: float, place: int) -> None:
    """Also where the probe does not look: what is not a decimal to the bit is not written as one."""
    values = np.round(np.arange(100) * 0.25, 2)
    assert mode(values) == 16 + 2
    values[place] = odd
    assert mode(values) == 0


def test_borders_of_whole_numbers() -> None:
    assert mode(np.array([2.0**53 - 1, 1.0])) == 16
    assert mode(np.array([2.0**53, 1.0])) == 0
    assert mode(np.array([2.0**24 - 1, 1.0], "<f4")) == 16
    assert mode(np.array([2.0**24, 1.0], "<f4")) == 0
    assert mode(np.array([], "<f8")) == 16


@pytest.mark.parametrize("bits", [0x7FF8000000000001, 0x7FF0000000000001, 0xFFF8DEADBEEF0001])
def test_nan_payloads_stay(bits: int) -> None:
    quiet = np.array([bits, 0, bits], "<u8").view("<f8")
    round_trip([quiet])
    narrow = np.array([0x7F800001, 0x7FC0BEEF], "<u4").view("<f4")
    round_trip([narrow])


def test_every_mode_of_a_foreign_writer_is_read_alike() -> None:
    """Words that our encoder never writes: sums that wrap, integers beyond 2^53."""
    chance = np.random.default_rng(3)
    for kind in ("float32", "float64", "int64", "uint16"):
        for number in [0, 1, *range(16, 26)]:
            width = 8 if number >= 16 else plain_reader.WIDTHS[kind]
            data = bytes([1, number]) + made.zlib_of(chance.bytes(width * 40))
            shapes = [(TYPES[kind], 40)]
            if number >= 16 and not kind.startswith("float"):
                with pytest.raises(Malformed):
                    codec1.decode(data, shapes)
                with pytest.raises(plain_reader.Refused):
                    plain_reader.read_codec1(data, [(kind, 40)])
                continue
            ours = codec1.decode(data, shapes)[0]
            plain = plain_reader.read_codec1(data, [(kind, 40)])[0]
            assert ours.view(f"<u{ours.dtype.itemsize}").tolist() == plain


def test_columns_can_be_written_to() -> None:
    """A column of one value is a copy like any other, not a view of the bytes it came from."""
    for values in (np.array([0.1]), np.array([0.1, 0.7, 1 / 3]), np.array([7], "<u1")):
        column = codec1.decode(codec1.encode([values]), [(values.dtype, len(values))])[0]
        column[0] = 1
        assert column[0] == 1
        assert column[1:].tolist() == values[1:].tolist()


@pytest.mark.parametrize(
    "data, why",
    [
        (b"", "no columns"),
        (b"\x02\x00", "form"),
        (b"\x01", "modes"),
        (b"\x01\x02", "mode 2"),
        (b"\x01\x1a", "mode 26"),
        (b"\x00" + bytes(7), "7 bytes"),
        (b"\x00" + bytes(9), "9 bytes"),
        (b"\x01\x00" + bytes(8), "inflate"),
        (b"\x01\x00", "end where"),
    ],
)
def test_what_is_no_column_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        codec1.decode(data, [(np.dtype("<f8"), 1)])
    with pytest.raises(plain_reader.Refused):
        plain_reader.read_codec1(data, [("float64", 1)])


def test_streams_must_end_where_the_part_ends() -> None:
    whole = made.zlib_of(struct.pack("<d", 1.5))
    shapes = [(np.dtype("<f8"), 1)]
    assert codec1.decode(b"\x01\x00" + whole, shapes)[0].tolist() == [1.5]
    for planes in (whole + b"\x00", whole[:-1], made.zlib_of(bytes(9)), made.zlib_of(bytes(7))):
        with pytest.raises(Malformed):
            codec1.decode(b"\x01\x00" + planes, shapes)


def test_noise_fails_fast() -> None:
    """Probing 100,000 noisy floats costs less than four looks at all of them; ten exponents would be ten."""
    noise = np.random.default_rng(1).normal(size=100_000)

    def cost(work: Any) -> float:
        spent = []
        for _ in range(5):
            begun = time.perf_counter()
            work()
            spent.append(time.perf_counter() - begun)
        return min(spent)

    one_look = cost(lambda: np.rint(noise * 100.0) / 100.0 == noise)
    assert cost(lambda: codec1._decimal(noise)) < 4 * one_look
