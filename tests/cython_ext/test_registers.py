"""The registers kernel against a slow plain twin, and its refusals at every edge."""

from __future__ import annotations

import ast
import inspect
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cython_ext import registers

FORMATS = {
    "int16": "h", "uint16": "H", "int32": "i", "uint32": "I", "int64": "q", "uint64": "Q", "float32": "f",
    "float64": "d",
}  # fmt: skip
ORDERS = {
    2: ("AB", "", "BA"),
    4: ("ABCD", "CDAB", "BADC", "DCBA"),
    8: ("ABCDEFGH", "GHEFCDAB", "BADCFEHG", "HGFEDCBA"),
}
CASES = [
    (type_, code)
    for type_, form in FORMATS.items()
    for code, o in enumerate(ORDERS[struct.calcsize(form)])
    if o
]


def twin(wire: bytes, type_: str, code: int) -> Any:
    """The number, by the letters of its order: A is the most significant byte, the first letter goes first."""
    if type_ == "bool":
        return int(any(wire))
    size = struct.calcsize(FORMATS[type_])
    at = dict(zip(ORDERS[size][code], wire, strict=True))
    return struct.unpack(">" + FORMATS[type_], bytes(at[letter] for letter in sorted(at)))[0]


def size(type_: str) -> int:
    return 1 if type_ == "bool" else struct.calcsize(FORMATS[type_])


@st.composite
def responses(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, str, int]]]:
    """Up to 125 registers, and values of any type and order anywhere in them."""
    data = draw(st.binary(min_size=8, max_size=250).map(lambda b: b[: len(b) // 2 * 2]))
    fields = []
    for type_, code in draw(st.lists(st.sampled_from([*CASES, ("bool", 0)]), min_size=1, max_size=60)):
        last = len(data) - max(size(type_), 2)
        fields.append((draw(st.integers(0, last)), type_, code))
    return data, fields


@given(responses())
def test_whole_responses_equal_the_twin(case: tuple[bytes, list[tuple[int, str, int]]]) -> None:
    data, fields = case
    names = [f"f{i}" for i in range(len(fields))]
    row = np.dtype(
        [
            (n, "u1" if t == "bool" else "<" + np.dtype(t).str[1:])
            for n, (_, t, _) in zip(names, fields, strict=True)
        ]
    )
    targets = [row.fields[n][1] for n in names]  # type: ignore[index]
    table = [(at, size(t), code, to) for to, (at, t, code) in zip(targets, fields, strict=True)]
    out = bytearray(row.itemsize)
    assert registers.decode(data, np.array(table, np.int32), out) == -1
    got = np.frombuffer(out, row)[0]
    for name, (at, type_, code) in zip(names, fields, strict=True):
        want = twin(data[at : at + max(size(type_), 2)], type_, code)
        if type_.startswith("float"):
            kept = got[name].tobytes()
            assert kept == struct.pack("<" + FORMATS[type_], want) or (np.isnan(want) and np.isnan(got[name]))
        else:
            assert got[name] == want


@given(st.sampled_from(["float32", "float64"]), st.binary(min_size=8, max_size=8))
def test_payloads_of_nan_stay_bit_for_bit(type_: str, wire: bytes) -> None:
    width = size(type_)
    out = bytearray(width)
    assert registers.decode(wire, np.array([[0, width, 0, 0]], np.int32), out) == -1
    assert bytes(out) == wire[:width][::-1]


WILD = st.integers(-(2**31), 2**31 - 1) | st.integers(-9, 20)


@given(st.binary(max_size=12), st.integers(0, 12), st.lists(st.tuples(WILD, WILD, WILD, WILD), max_size=4))
def test_no_field_reaches_outside(data: bytes, room: int, fields: list[tuple[int, int, int, int]]) -> None:
    guard = np.full(room + 64, 0x5A, np.uint8)
    row = guard[32 : 32 + room]
    bad = registers.decode(data, np.array(fields, np.int32).reshape(-1, 4), row)

    def good(field: tuple[int, int, int, int]) -> bool:
        at, kind, order, target = field
        width = max(kind, 2)
        whole = 0 <= at <= len(data) - width and 0 <= target <= room - kind
        return kind in (1, 2, 4, 8) and 0 <= order <= 3 and whole

    assert bad == next((i for i, field in enumerate(fields) if not good(field)), -1)
    assert (guard[:32] == 0x5A).all() and (guard[32 + room :] == 0x5A).all()


@pytest.mark.parametrize(
    ("data", "fields", "row"),
    [
        (None, np.zeros((1, 4), np.int32), bytearray(8)),
        (b"12", None, bytearray(8)),
        (b"12", np.zeros((1, 4), np.int32), None),
        (b"12", np.zeros((1, 4), np.int64), bytearray(8)),
        (b"12", np.zeros((1, 3), np.int32), bytearray(8)),
        (b"12", np.zeros((4, 1), np.int32).T[:, :0], bytearray(8)),
        (b"12", np.zeros((8, 8), np.int32)[::2, ::2], bytearray(8)),
        (b"12", np.zeros(4, np.int32), bytearray(8)),
        (b"12", np.zeros((1, 4), np.int32), b"12345678"),
        ([1, 2], np.zeros((1, 4), np.int32), bytearray(8)),
    ],
)
def test_other_buffers_are_refused(data: Any, fields: Any, row: Any) -> None:
    with pytest.raises((TypeError, ValueError, BufferError)):
        registers.decode(data, fields, row)


def test_the_stub_matches_the_built_module() -> None:
    source = Path(registers.__file__).with_name("registers.pyi").read_text("utf-8")
    stub = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    built = {name for name, value in vars(registers).items() if callable(value) and not name.startswith("_")}
    assert set(stub) == built
    for name, node in stub.items():
        parameters = inspect.signature(getattr(registers, name)).parameters
        assert [argument.arg for argument in node.args.args] == list(parameters)
        assert node.returns is not None and all(argument.annotation for argument in node.args.args)
