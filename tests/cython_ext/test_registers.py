"""The registers kernel against a slow plain twin, published examples, and its refusals at every edge."""

from __future__ import annotations

import ast
import enum
import inspect
import struct
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cython_ext import registers
from cython_ext.registers import Kind
from tests.cython_ext.register_twin import EPOCH, SIZES, Case, code, expected, orders

FORMS = [(kind, n, order) for kind, sizes in SIZES.items() for n in sizes for order in orders(kind, n)]

LETTERS = "AZaz09 ~é߿ࠀ电퟿\ue000�𐀀\U0010ffff\x1b\x7f\x9f\xa0\0"
"""Characters at the edges of each length of UTF-8, and such as are no text."""


def words(low: int, high: int) -> st.SearchStrategy[bytes]:
    return st.integers(low, high).map(lambda word: struct.pack(">h" if low < 0 else ">H", word))


def several(part: st.SearchStrategy[bytes], size: int) -> st.SearchStrategy[bytes]:
    return st.lists(part, min_size=size, max_size=size).map(b"".join)


def packed(*ranges: tuple[int, int]) -> st.SearchStrategy[bytes]:
    return st.tuples(*(st.integers(*each) for each in ranges)).map(bytes)


def likely(kind: str, size: int) -> st.SearchStrategy[bytes]:
    """Content that is often a value of its kind, and often just outside."""
    day, clock = ((0, 13), (0, 32)), ((0, 24), (0, 60), (0, 60))
    if kind == "bcd":
        return several(st.sampled_from([bytes([16 * a + b]) for a in range(11) for b in range(10)]), 2 * size)
    if kind == "mod10k":
        return several(words(0, 10_000), size)
    if kind == "signed_mod10k":
        return several(words(0, 10_000), size) | several(words(-10_000, 0), size)
    if kind == "text":
        return st.text(LETTERS, max_size=size).map(lambda t: t.encode()[: 2 * size].ljust(2 * size, b"\0"))
    if kind == "time_iec":
        return st.tuples(words(0, 130), packed((0, 13), (0, 255)), packed((0, 24), (0, 61)), words(0, 60_100)).map(
            b"".join
        )  # fmt: skip
    if kind == "time_powerlogic":
        return packed(*day, (0, 201), *clock)
    if kind == "time_cet":
        return st.tuples(packed((0, 101), *day, *clock), words(0, 1001)).map(
            lambda t: b"".join(t)[: 2 * size]
        )
    if kind == "time_registers":
        parts = [words(1997, 2101), *(words(low, high) for low, high in (*day, *clock)), words(0, 101)]
        return st.tuples(*parts).map(lambda t: b"".join(t)[: 2 * size])
    if kind == "time_sicam":
        parts = [words(0, 60_100), packed((0, 24), (0, 60)), packed(*day), packed((0, 49), (0, 255))]
        return st.tuples(*parts).map(b"".join)
    return st.binary(min_size=2 * size, max_size=2 * size)


@st.composite
def fields(draw: st.DrawFn) -> tuple[Case, bytes]:
    """A field and its registers as sent."""
    kind, size, order = draw(st.sampled_from(FORMS))
    first, count = -1, 0
    if kind == "bits":
        first = draw(st.integers(0, 16 * size - 1))
        count = draw(st.integers(1, 16 * size - first))
    elif kind == "bool":
        first = draw(st.integers(-1, 15))
    case = Case(kind, size, order, first, count)
    plain = draw(likely(kind, size) | st.binary(min_size=2 * size, max_size=2 * size))
    return case, case.sent(plain)


def field(case: Case, source: int, target: int) -> list[int]:
    kind = Kind[case.kind.upper()]
    return [source, kind, code(case.order), target, case.registers, case.first, case.count]


def decode_one(case: Case, wire: bytes) -> bytes | None:
    row, bad = bytearray(case.room), bytearray(1)
    assert registers.decode(wire, np.array([field(case, 0, 0)], np.int32), row, bad) == -1
    return None if bad[0] else bytes(row)


@given(st.lists(st.tuples(fields(), st.integers(0, 3)), min_size=1, max_size=12))
def test_whole_responses_equal_the_twin(items: list[tuple[tuple[Case, bytes], int]]) -> None:
    data, row, table, want = b"", b"", [], []
    for (case, wire), gap in items:
        table.append(field(case, len(data), len(row) + gap))
        value = expected(case, wire)
        want.append(value is None)
        data, row = data + wire, row + b"\x5a" * gap + (bytes(case.room) if value is None else value)
    got, bad = bytearray(b"\x5a" * len(row)), bytearray(b"\x77" * len(items))
    assert registers.decode(data, np.array(table, np.int32), got, bad) == -1
    assert bytes(got) == row and [bool(each) for each in bad] == want and max(bad) <= 1


@pytest.mark.parametrize(("kind", "size", "order"), FORMS)
@settings(max_examples=25)
@given(st.data())
def test_every_kind_and_order_equals_the_twin(kind: str, size: int, order: str, data: st.DataObject) -> None:
    case = Case(kind, size, order, 3 if kind == "bits" else -1, 9 if kind == "bits" else 0)
    wire = data.draw(st.binary(min_size=2 * size, max_size=2 * size) | likely(kind, size).map(case.sent))
    assert decode_one(case, wire) == expected(case, wire)


def value(kind: str, order: str, sent: str, first: int = -1, count: int = 0) -> Any:
    """The value of registers in hex, as Python has it; None for what is none."""
    wire = bytes.fromhex(sent)
    row = decode_one(Case(kind, len(wire) // 2, order, first, count), wire)
    if row is None or kind == "text":
        return row if row is None else row.rstrip(b"\0").decode()
    return int.from_bytes(row, "little", signed="mod10k" in kind or kind.startswith("time"))


def ms(*parts: int) -> int:
    return round((datetime(*parts, tzinfo=EPOCH.tzinfo) - EPOCH).total_seconds() * 1000)  # type: ignore[misc,arg-type]


PUBLISHED = [
    # Basler DECS-250 manual 9440300990, 28-9: 95,800 with the low register first
    ("number", "CDAB", "76380001", 95_800),
    ("number", "CDAB", "1c0047bb", 0x47BB1C00),
    # Schneider Electric FAQ FA233789 (ION meters): registers 18 and 39792; 0x7d and 0x19c2
    ("number", "ABCD", f"{18:04x}{39792:04x}", 1_219_440),
    ("number", "ABCD", "007d19c2", 8_198_594),
    # Saia-Burgess PCD7.H104D manual: counter high 13, low 60383
    ("number", "ABCD", f"{13:04x}{60383:04x}", 912_351),
    # Schneider Electric FAQ FA146443: registers 1700 to 1703 are 4567, 0123, 0000, 0000
    ("mod10k", "GHEFCDAB", f"{4567:04x}{123:04x}00000000", 1_234_567),
    ("signed_mod10k", "GHEFCDAB", f"{4567:04x}{123:04x}00000000", 1_234_567),
    # Schneider Electric FAQ FA296948 (PM800): 0119 640B 063B is 01/25/2000 at 11:06:59
    ("time_powerlogic", "ABCDEF", "0119640b063b", ms(2000, 1, 25, 11, 6, 59)),
    # a BCD register of 42 is 0x0042
    ("bcd", "AB", "0042", 42),
]
BY_HAND = [
    ("bcd", "ABCDEFGH", "9999999999999999", 9_999_999_999_999_999),
    ("bcd", "CDAB", "56781234", 12_345_678),
    ("bcd", "AB", "000a", None),
    ("bcd", "AB", "a000", None),
    ("mod10k", "CDAB", "270f270f", 99_999_999),
    ("mod10k", "CDAB", "27100000", None),
    ("mod10k", "CDAB", "0000ffff", None),
    ("signed_mod10k", "CDAB", "fffeffff", -10_002),
    ("signed_mod10k", "CDAB", "fffe0000", -2),
    ("signed_mod10k", "CDAB", "d8f1d8f1", -99_999_999),
    ("signed_mod10k", "CDAB", "0001ffff", None),
    ("signed_mod10k", "CDAB", "8000ffff", None),
    ("time_iec", "ABCDEFGH", "00180b1a170b2327", ms(2024, 11, 26, 23, 11, 8) + 999),
    ("time_iec", "GHEFCDAB", "2327170b0b1a0018", ms(2024, 11, 26, 23, 11, 8) + 999),
    ("time_iec", "ABCDEFGH", "00180b5a970b2327", ms(2024, 11, 26, 23, 11, 8) + 999),  # weekday, summer time
    ("time_iec", "ABCDEFGH", "00180b1a178b2327", None),  # the meter says: not valid
    ("time_iec", "ABCDEFGH", "0018021e170b2327", None),  # 30 February
    ("time_iec", "ABCDEFGH", "0018021d170b2327", ms(2024, 2, 29, 23, 11, 8) + 999),
    ("time_iec", "ABCDEFGH", "0019021d170b2327", None),  # 2025 has no 29 February
    ("time_iec", "ABCDEFGH", "0064021d170b2327", None),  # nor has 2100
    ("time_iec", "ABCDEFGH", "00780b1a170b2327", ms(2120, 11, 26, 23, 11, 8) + 999),
    ("time_iec", "ABCDEFGH", "20180b1a170b2327", None),  # bits that the layout does not have
    ("time_iec", "ABCDEFGH", "00180b1a170bea60", None),  # 60 s
    ("time_cet", "ABCDEFGH", "180b1a17103b03e7", ms(2024, 11, 26, 23, 16, 59) + 999),
    ("time_cet", "ABCDEFGH", "180b1a17103b03e8", None),
    ("time_cet", "ABCDEF", "180b1a18103b", None),
    ("time_registers", "swapped", "e8070b001a0017000b0025006300", ms(2024, 11, 26, 23, 11, 37) + 990),
    ("time_registers", "plain", "07e8000b001a0017000b0025", ms(2024, 11, 26, 23, 11, 37)),
    ("time_registers", "plain", "07e8000d001a0017000b0025", None),
    ("time_sicam", "ABCDEFGH", "2327170b0b1a107c", ms(2024, 11, 26, 23, 11, 8) + 999),  # summer time
    ("time_sicam", "ABCDEFGH", "2327170b0b1a207c", None),  # the meter says: wrong
    ("text", "plain", "504d3535363000000000", "PM5560"),
    ("text", "swapped", "4d503535303620202020", "PM5560"),
    ("text", "plain", "e794b5e8a1a80000", "电表"),
    ("text", "plain", "e794b5e8a100", None),  # cut inside a character
    ("text", "plain", "41004200", None),  # a letter behind the end
    ("text", "plain", "00000000", ""),
    ("text", "plain", "410a", None),
]


@pytest.mark.parametrize(("kind", "order", "sent", "want"), [*PUBLISHED, *BY_HAND])
def test_known_values(kind: str, order: str, sent: str, want: Any) -> None:
    assert value(kind, order, sent) == want


@pytest.mark.parametrize(("first", "count", "want"), [(0, 1, 1), (4, 4, 0xD), (0, 16, 0xABD1), (15, 1, 1)])
def test_bits_are_counted_from_the_lowest(first: int, count: int, want: int) -> None:
    assert value("bits", "AB", "abd1", first, count) == want
    assert value("bits", "BA", "d1ab", first, count) == want
    assert value("bool", "AB", "abd1", first) == want & 1


@given(st.sampled_from([2, 4]), st.binary(min_size=8, max_size=8))
@example(2, bytes.fromhex("7fa0000100000000"))
def test_payloads_of_nan_stay_bit_for_bit(size: int, wire: bytes) -> None:
    assert (
        decode_one(Case("number", size, "ABCDEFGH"[: 2 * size]), wire[: 2 * size]) == wire[: 2 * size][::-1]
    )


WILD = st.integers(-(2**31), 2**31 - 1) | st.integers(-9, 20)


def room(kind: int, order: int, size: int, first: int, count: int) -> int:
    """Bytes in the row by the words of the kernel's docstring; 0 for a field that can't be."""
    name = {each.value: each.name.lower() for each in Kind}.get(kind, "")
    allowed = range(1, 126) if name == "text" else SIZES.get(name, ())
    if size not in allowed or order not in [code(each) for each in orders(name, size)]:
        return 0
    bits = {"bits": first >= 0 and 0 < count <= 16 * size - first, "bool": -1 <= first <= 15}
    return Case(name, size, "AB").room if bits.get(name, True) else 0


@given(
    st.binary(max_size=30),
    st.integers(0, 24),
    st.lists(st.tuples(WILD, st.integers(-1, 12) | WILD, WILD, WILD, WILD, WILD, WILD), max_size=4),
)
def test_no_field_reaches_outside(data: bytes, size: int, table: list[tuple[int, ...]]) -> None:
    guard = np.full(size + 64, 0x5A, np.uint8)
    marks = np.full(len(table) + 2, 0x5A, np.uint8)
    row, bad = guard[32 : 32 + size], marks[1 : len(table) + 1]
    stopped = registers.decode(data, np.array(table, np.int32).reshape(-1, 7), row, bad)

    def fits(field: tuple[int, ...]) -> bool:
        at, kind, order, target, count, first, bits = field
        width = room(kind, order, count, first, bits)
        return width > 0 and 0 <= at <= len(data) - 2 * count and 0 <= target <= size - width

    assert stopped == next((i for i, each in enumerate(table) if not fits(each)), -1)
    assert (guard[:32] == 0x5A).all() and (guard[32 + size :] == 0x5A).all()
    assert marks[0] == marks[-1] == 0x5A


def test_threads_decode_side_by_side() -> None:
    cases = [Case("bcd", 4, order) for order in orders("bcd", 4)] * 20
    wires = [np.random.default_rng(i).integers(0, 256, 8, np.uint8).tobytes() for i in range(len(cases))]
    want = [expected(case, wire) for case, wire in zip(cases, wires, strict=True)]

    def run(_: int) -> list[bytes | None]:
        return [decode_one(case, wire) for case, wire in zip(cases, wires, strict=True)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(16))) == [want] * 16


FIELD = np.array([[0, 0, 0, 0, 1, 0, 0]], np.int32)


@pytest.mark.parametrize(
    ("data", "fields", "row", "bad"),
    [
        (None, FIELD, bytearray(8), bytearray(1)),
        (b"12", None, bytearray(8), bytearray(1)),
        (b"12", FIELD, None, bytearray(1)),
        (b"12", FIELD, bytearray(8), None),
        (b"12", FIELD, bytearray(8), bytearray(0)),
        (b"12", FIELD.astype(np.int64), bytearray(8), bytearray(1)),
        (b"12", FIELD[:, :6].copy(), bytearray(8), bytearray(1)),
        (b"12", np.zeros((4, 1), np.int32).T[:, :0], bytearray(8), bytearray(1)),
        (b"12", np.zeros((14, 14), np.int32)[::2, ::2], bytearray(8), bytearray(7)),
        (b"12", np.zeros(7, np.int32), bytearray(8), bytearray(1)),
        (b"12", FIELD, b"12345678", bytearray(1)),
        (b"12", FIELD, bytearray(8), b"1"),
        ([1, 2], FIELD, bytearray(8), bytearray(1)),
    ],
)
def test_other_buffers_are_refused(data: Any, fields: Any, row: Any, bad: Any) -> None:
    with pytest.raises((TypeError, ValueError, BufferError)):
        registers.decode(data, fields, row, bad)


def test_the_stub_matches_the_built_module() -> None:
    source = Path(registers.__file__).with_name("registers.pyi").read_text("utf-8")
    stub = {
        node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
    built = {name for name, value in vars(registers).items() if callable(value) and not name.startswith("_")}
    assert set(stub) == built
    for name, node in stub.items():
        if isinstance(node, ast.ClassDef):
            members = {line.targets[0].id: ast.literal_eval(line.value) for line in node.body}  # type: ignore[attr-defined]
            assert issubclass(Kind, enum.IntEnum) and members == {each.name: each.value for each in Kind}
            continue
        parameters = inspect.signature(getattr(registers, name)).parameters
        assert [argument.arg for argument in node.args.args] == list(parameters)
        assert node.returns is not None and all(argument.annotation for argument in node.args.args)
