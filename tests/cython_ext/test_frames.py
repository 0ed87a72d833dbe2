"""The frames kernel against its twin: whatever the layout, the damage and the chunks; and by itself."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cython_ext import frames
from tests.cython_ext.frame_twin import BITS, Answer, Sum, Twin, decode

SUMS: dict[str, Any] = {
    "crc16-ccitt-false": (16, 0x1021, 0xFFFF, 0, False, 0x29B1),
    "crc16-modbus": (16, 0x8005, 0xFFFF, 0, True, 0x4B37),
    "crc16-xmodem": (16, 0x1021, 0, 0, False, 0x31C3),
    "crc32": (32, 0x04C11DB7, 0xFFFFFFFF, 0xFFFFFFFF, True, 0xCBF43926),
}
"""Parameters of each, and its published check value of the text 123456789."""


def kernel(twin: Twin, chunks: Iterable[bytes]) -> tuple[Answer, list[frames.Frames]]:
    """The answer of the kernel, and each of its calls."""
    decoder = frames.Decoder(*twin.arguments)
    assert decoder.size == twin.size
    calls = [*(decoder.feed(chunk) for chunk in chunks), decoder.finish()]
    values = np.concatenate([call.samples for call in calls])
    whole = values.view(np.uint32) if values.dtype == np.float32 else values
    return Answer(
        [int(number) for call in calls for number in call.sequences],
        [int(value) for value in whole.reshape(-1)],
        sum(call.bad for call in calls),
        sum(call.lost for call in calls),
        sum(call.restarts for call in calls),
    ), calls


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    ends = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[a:b] for a, b in pairwise(ends)]


@st.composite
def layouts(draw: st.DrawFn) -> Twin:
    """Small layouts; sync words of few different bytes, so that they often begin inside of frames."""
    sync = draw(st.lists(st.sampled_from([0, 1, 0xAA]), min_size=1, max_size=8).map(bytes))
    size, between = draw(st.sampled_from([1, 2, 4])), draw(st.integers(4, 9))
    place = len(sync) + draw(st.integers(0, between - size))
    form, big = draw(st.sampled_from(list(BITS))), draw(st.booleans())
    payload = (len(sync) + between, draw(st.integers(1, 5)), draw(st.integers(1, 4)), form, big)
    bare = Twin(sync, (place, size, draw(st.booleans())), payload, None)
    name = draw(st.sampled_from([None, None, *SUMS, "other"]))
    if name is None:
        return bare
    end = draw(st.integers(1, bare.payload_end))
    width, *rest = SUMS.get(name, (16, draw(st.integers(0, 65535)), 0x1D0F, 0x8001, draw(st.booleans()), 0))[
        :5
    ]
    summed = Sum(draw(st.integers(0, end - 1)), end, width, draw(st.booleans()), *rest)
    return Twin(bare.sync, bare.sequence, bare.payload, summed)


def damaged(twin: Twin, seed: int, count: int) -> bytes:
    """Frames of a counter that wraps, jumps and goes back, among them flipped, missing, foreign and doubled bytes."""
    rng = random.Random(seed)
    pool = bytes([0, 1, 0xAA, *rng.randbytes(2)]) if rng.random() < 0.5 else bytes(range(256))
    number, out = rng.choice([0, 250, 2**16 - 3, 2**32 - 2]), bytearray()
    for _ in range(count):
        number += rng.choice([1, 1, 1, 2, 5, 200, -3])
        between = bytes(rng.choices(pool, k=twin.payload[0] - len(twin.sync)))
        frame = bytearray(
            twin.frame(number, between, bytes(rng.choices(pool, k=twin.payload_end - twin.payload[0])))
        )
        at = rng.randrange(len(frame))
        kind = rng.random()
        if kind < 0.15:
            frame[at] ^= 1 << rng.randrange(8)
        elif kind < 0.3:
            del frame[at : at + rng.randrange(1, 5)]
        elif kind < 0.4:
            frame[at:at] = bytes(rng.choices(pool, k=rng.randrange(1, 9)))
        out += frame
    return bytes(out[: len(out) - rng.choice([0, 0, rng.randrange(twin.size)])])


@given(layouts(), st.integers(0, 2**32), st.integers(0, 30), st.lists(st.integers(0, 2**16), max_size=40))
def test_frames_samples_and_counts_are_the_twins(
    twin: Twin, seed: int, count: int, places: list[int]
) -> None:
    data = damaged(twin, seed, count)
    want = decode(twin, data)
    for chunks in ([data], cut(data, places), cut(data, range(len(data)))):
        assert kernel(twin, chunks)[0] == want


@given(
    layouts(), st.lists(st.sampled_from([0, 1, 0xAA]), max_size=300).map(bytes), st.lists(st.integers(0, 300))
)
def test_noise_of_sync_bytes_gives_what_the_twin_says(twin: Twin, data: bytes, places: list[int]) -> None:
    assert kernel(twin, cut(data, places))[0] == decode(twin, data)


def vibration(form: str = "int24", channels: int = 8, samples: int = 64) -> Twin:
    """A usual layout: four bytes of sync, a counter of 16 bits, CRC-32 over all."""
    bare = Twin(b"\xeb\x90\x5a\xa5", (6, 2, True), (8, samples, channels, form, True), None)
    return Twin(
        bare.sync, bare.sequence, bare.payload, Sum(0, bare.payload_end, 32, True, *SUMS["crc32"][1:5])
    )


def stream(twin: Twin, count: int, seed: int = 0) -> list[bytes]:
    rng = random.Random(seed)
    return [twin.frame(65530 + i, b"head", rng.randbytes(twin.payload_end - 8)) for i in range(count)]


@pytest.mark.parametrize("form", list(BITS))
def test_a_broken_frame_costs_itself_only(form: str) -> None:
    twin, rng = vibration(form), random.Random(form)
    whole = stream(twin, 40)
    sent, broken = list(whole), {3, 4, 11, 20, 39}
    for i in broken:
        at = rng.randrange(4, twin.size)
        sent[i] = whole[i][:at] + bytes([whole[i][at] ^ 0x10]) + whole[i][at + 1 :]
    want = [twin.numbers(frame) for i, frame in enumerate(whole) if i not in broken]
    found = kernel(twin, cut(b"".join(sent), range(0, 10**6, 999)))[0]
    assert found.values == [value for frame in want for value in frame]
    assert (found.bad, found.lost, found.restarts) == (5, 4, 0), (
        "nothing after the last tells that it is missing"
    )


@pytest.mark.parametrize(
    "twin", [vibration(), Twin(b"\xeb\x90\x5a\xa5", (6, 2, True), (8, 64, 8, "int24", True), None)]
)
@pytest.mark.parametrize("missing", [1, 500, 1500])
def test_a_good_frame_that_begins_inside_a_broken_one_is_found(twin: Twin, missing: int) -> None:
    sent = stream(twin, 5)
    sent[2] = sent[2][: twin.size - missing]
    found = kernel(twin, [b"".join(sent)])[0]
    assert found.sequences == [65530, 65531, 65533, 65534]
    assert (found.bad, found.lost) == (1, 1)


def test_a_damaged_sync_word_costs_its_own_frame_without_a_checksum() -> None:
    twin = Twin(b"\xeb\x90\x5a\xa5", (6, 2, True), (8, 64, 8, "int24", True), None)
    sent = stream(twin, 5)
    sent[2] = b"\xeb\x90\x5a\xa4" + sent[2][4:]
    found = kernel(twin, [b"".join(sent)])[0]
    assert found.sequences == [65530, 65531, 65533, 65534] and (found.bad, found.lost) == (0, 1)


def test_the_counter_wraps_and_a_restart_is_no_loss() -> None:
    twin = Twin(
        b"\xaa", (1, 1, True), (2, 1, 1, "int16", True), Sum(0, 4, 16, True, *SUMS["crc16-xmodem"][1:5])
    )
    numbers = [254, 255, 0, 3, 3, 130, 1, 129]
    found = kernel(twin, [b"".join(twin.frame(n, b"\0", b"\1\2") for n in numbers)])[0]
    assert found.sequences == numbers
    assert (found.lost, found.restarts) == (2 + 126 + 126 + 127, 1)


@pytest.mark.parametrize("name", list(SUMS))
def test_checksums_have_their_published_check_values(name: str) -> None:
    width, *parameters, check = SUMS[name]
    frame = b"\xaa\x01" + b"123456789\0" + check.to_bytes(width // 8, "big")
    decoder = frames.Decoder(
        b"\xaa", (1, 1, True), (2, 5, 1, "int16", True), (2, 11, width, True, *parameters)
    )
    assert decoder.feed(frame).frames == 1
    assert decoder.feed(frame[:-1] + bytes([frame[-1] ^ 1])).frames == 0


@pytest.mark.parametrize(
    ("form", "big", "wire", "values", "dtype"),
    [
        ("int16", True, "8000 7fff", [-32768, 32767], np.int16),
        ("int16", False, "0080 ff7f", [-32768, 32767], np.int16),
        ("uint16", True, "8000 ffff", [32768, 65535], np.int32),
        ("int12", True, "80 07 ff", [-2048, 2047], np.int16),
        ("int12", False, "00 f8 7f", [-2048, 2047], np.int16),
        ("uint12", True, "ab cd ef", [0xABC, 0xDEF], np.int16),
        ("uint12", False, "ab cd ef", [0xDAB, 0xEFC], np.int16),
        ("int24", True, "800000 7fffff", [-(2**23), 2**23 - 1], np.int32),
        ("int24", False, "000080 ffff7f", [-(2**23), 2**23 - 1], np.int32),
        ("int32", True, "80000000 7fffffff", [-(2**31), 2**31 - 1], np.int32),
        ("int32", False, "00000080 ffffff7f", [-(2**31), 2**31 - 1], np.int32),
        ("float32", True, "3fc00000 ff800000", [1.5, -np.inf], np.float32),
        ("float32", False, "0000c03f 000080ff", [1.5, -np.inf], np.float32),
    ],
)  # fmt: skip
def test_each_format_has_its_values(form: str, big: bool, wire: str, values: list[Any], dtype: type) -> None:
    decoder = frames.Decoder(b"\xaa", (1, 1, True), (2, 1, 2, form, big))
    decoder.feed(b"\xaa\x07" + bytes.fromhex(wire))
    found = decoder.finish()
    assert found.samples.dtype == dtype and found.samples.flags.c_contiguous
    assert found.samples.tolist() == [values] and found.sequences.tolist() == [7]


def test_the_largest_frame_comes_in_small_chunks() -> None:
    twin = Twin(b"\xaa\x55", (2, 4, False), (6, 4096, 64, "float32", False), None)
    body = np.arange(4096 * 64, dtype="<f4")
    data = b"".join(twin.frame(i, bytes(4), body.tobytes()) for i in range(2))
    found, calls = kernel(twin, cut(data, range(0, len(data), 7001)))
    assert found.sequences == [0, 1]
    assert found.values == [value for _ in range(2) for value in body.view("<u4").tolist()]
    assert sum(call.samples.nbytes for call in calls) == 2 * body.nbytes


def test_a_stream_that_breaks_goes_on_with_its_counter() -> None:
    twin = vibration()
    sent, decoder = stream(twin, 4), frames.Decoder(*vibration().arguments)
    first = decoder.feed(sent[0] + sent[1][:300])
    broken = decoder.finish()
    after = decoder.feed(sent[2] + sent[3])
    assert (first.frames, broken.frames, broken.bad, after.frames, after.lost) == (1, 0, 1, 2, 1)


GOOD: dict[str, Any] = {"sync": b"\xaa\x55", "sequence": (2, 2, True), "payload": (4, 2, 3, "int16", True)}
SUM = (0, 16, 16, True, 0x1021, 0, 0, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sync": b""}, {"sync": bytes(9)}, {"sequence": (1, 2, True)}, {"sequence": (3, 2, True)},
        {"sequence": (2, 3, True)}, {"sequence": (-1, 2, True)}, {"payload": (1, 2, 3, "int16", True)},
        {"payload": (10**9, 2, 3, "int16", True)}, {"payload": (4, 0, 3, "int16", True)},
        {"payload": (4, 4097, 3, "int16", True)}, {"payload": (4, 2, 65, "int16", True)},
        {"payload": (4, 2**64, 1, "int16", True)}, {"payload": (4, 2, 3, "int13", True)},
        {"checksum": (0, 17, *SUM[2:])}, {"checksum": (16, 16, *SUM[2:])}, {"checksum": (-1, 16, *SUM[2:])},
        {"checksum": (0, 16, 24, *SUM[3:])}, {"checksum": (*SUM[:4], 0x11021, 0, 0, False)},
        {"checksum": (*SUM[:5], -1, 0, False)},
    ],
)  # fmt: skip
def test_a_layout_out_of_bounds_is_refused(wrong: dict[str, Any]) -> None:
    assert frames.Decoder(**GOOD, checksum=SUM).size == 18
    with pytest.raises(ValueError):
        frames.Decoder(**{**GOOD, **wrong})


def test_crc32_is_that_of_zlib_at_every_length() -> None:
    data = random.Random(1).randbytes(40)
    for length in range(2, 40):
        frame = b"\xaa\x01" + data[:length] + struct.pack("<I", zlib.crc32(data[:length]))
        checksum = (2, 2 + length, 32, False, *SUMS["crc32"][1:5])
        if length % 2 == 0:
            decoder = frames.Decoder(b"\xaa", (1, 1, True), (2, length // 2, 1, "int16", True), checksum)
            assert decoder.feed(frame).frames == 1
