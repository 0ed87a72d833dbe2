"""Known-answer test of the compiled kernel: nothing is read with one that decodes otherwise."""

from __future__ import annotations

import numpy as np

from contract.errors import CannotBeDone
from cython_ext import registers
from cython_ext.registers import Kind
from drivers.modbus.messages import KernelFails

_ALL, _SENT = -1, "f102e304d506c708"
_KNOWN = (
    # (kind, first byte sent, registers, first bit, bits, on the wire, in the row or None), worked out by hand
    (Kind.NUMBER, 0, 1, 0, 0, "f102", "02f1"),
    (Kind.NUMBER, 1, 1, 0, 0, "f102", "f102"),
    (Kind.NUMBER, 0, 2, 0, 0, "f102e304", "04e302f1"),
    (Kind.NUMBER, 2, 2, 0, 0, "f102e304", "02f104e3"),
    (Kind.NUMBER, 1, 2, 0, 0, "f102e304", "e304f102"),
    (Kind.NUMBER, 3, 2, 0, 0, "f102e304", "f102e304"),
    (Kind.NUMBER, 0, 4, 0, 0, _SENT, "08c706d504e302f1"),
    (Kind.NUMBER, 6, 4, 0, 0, _SENT, "02f104e306d508c7"),
    (Kind.NUMBER, 1, 4, 0, 0, _SENT, "c708d506e304f102"),
    (Kind.NUMBER, 7, 4, 0, 0, _SENT, "f102e304d506c708"),
    (Kind.NUMBER, 2, 4, 0, 0, _SENT, "06d508c702f104e3"),
    (Kind.NUMBER, 4, 4, 0, 0, _SENT, "04e302f108c706d5"),
    (Kind.BOOL, 0, 1, _ALL, 0, "0000", "00"),
    (Kind.BOOL, 0, 1, _ALL, 0, "0001", "01"),
    (Kind.BOOL, 0, 1, _ALL, 0, "8000", "01"),
    (Kind.BOOL, 0, 1, 15, 1, "8000", "01"),
    (Kind.BOOL, 0, 1, 14, 1, "8000", "00"),
    (Kind.BITS, 0, 1, 4, 5, "f1e2", "1e00"),
    (Kind.BCD, 0, 2, 0, 0, "12345678", "4e61bc00"),
    (Kind.BCD, 0, 1, 0, 0, "123a", None),
    (Kind.MOD10K, 4, 3, 0, 0, "11d7007b0000", "87d6120000000000"),
    (Kind.MOD10K, 0, 2, 0, 0, "00012710", None),
    (Kind.SIGNED_MOD10K, 0, 2, 0, 0, "fffffffe", "eed8ffffffffffff"),
    (Kind.SIGNED_MOD10K, 0, 2, 0, 0, "ffff0002", None),
    (Kind.TEXT, 0, 2, 0, 0, "4d332000", "4d330000"),
    (Kind.TEXT, 1, 1, 0, 0, "1b41", None),
    (Kind.TIME_POWERLOGIC, 0, 3, 0, 0, "0119640b063b", "38f0cae8dc000000"),
    (Kind.TIME_POWERLOGIC, 0, 3, 0, 0, "0d19640b063b", None),
)
_OUTSIDE = (
    (1, 0, 0, 0, 1),
    (0, 0, 0, 7, 1),
    (-1, 0, 0, 0, 1),
    (0, 0, 0, -1, 1),
    (0, 0, 0, 0, 3),
    (0, 99, 0, 0, 1),
)
"""Fields of (first byte, kind, order, first byte in the row, registers) that do not fit in 2 bytes and 8 of row."""


def self_test() -> None:
    """Raises CannotBeDone when the kernel does not decode as written down above."""
    if not (_decodes() and _refuses()):
        raise CannotBeDone(KernelFails())


def _decodes() -> bool:
    wire, want, table = b"\x5a", b"", []
    for kind, order, count, first, bits, sent, row in _KNOWN:
        table.append((len(wire), kind, order, len(want), count, first, bits))
        wire, want = wire + bytes.fromhex(sent), want + bytes.fromhex(row or _EMPTY[kind, count])
    got, bad = bytearray(len(want)), bytearray(len(table))
    answer = registers.decode(wire, np.array(table, np.int32), got, bad)
    return answer == -1 and bytes(got) == want and [not each for each in bad] == [bool(k[-1]) for k in _KNOWN]


_EMPTY = {
    (Kind.BCD, 1): "0000", (Kind.MOD10K, 2): "00" * 8, (Kind.SIGNED_MOD10K, 2): "00" * 8, (Kind.TEXT, 1): "0000",
    (Kind.TIME_POWERLOGIC, 3): "00" * 8,
}  # fmt: skip
"""The row of a value that is none."""


def _refuses() -> bool:
    tables = (np.array([[*field, 0, 0]], np.int32) for field in _OUTSIDE)
    return all(registers.decode(bytes(2), table, bytearray(8), bytearray(1)) == 0 for table in tables)
