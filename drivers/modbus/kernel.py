"""A group's answers -> one row, by the compiled kernel; and the known-answer test of the kernel."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from contract.errors import CannotBeDone, Malformed
from contract.tags import TYPES, Rows
from cython_ext import registers
from drivers.modbus.messages import ClockOutOfRange, KernelFails, KernelRefuses, RegisterBytes
from drivers.modbus.plan import ORDERS, ModbusGroup, Plan, plan

_BOOL = 1
_CODES = {order: code for n, orders in ORDERS.items() if n > 1 for code, order in enumerate(orders)} | {
    "AB": 0,
    "BA": 2,
}
"""The kernel's number of a byte order: bit 0 = words reversed, bit 1 = bytes swapped within each word."""

_KNOWN = (
    # (kind, order, bytes on the wire, bytes in the row), worked out by hand
    (2, "AB", "f102", "02f1"),
    (2, "BA", "f102", "f102"),
    (4, "ABCD", "f102e304", "04e302f1"),
    (4, "CDAB", "f102e304", "02f104e3"),
    (4, "BADC", "f102e304", "e304f102"),
    (4, "DCBA", "f102e304", "f102e304"),
    (8, "ABCDEFGH", "f102e304d506c708", "08c706d504e302f1"),
    (8, "GHEFCDAB", "f102e304d506c708", "02f104e306d508c7"),
    (8, "BADCFEHG", "f102e304d506c708", "c708d506e304f102"),
    (8, "HGFEDCBA", "f102e304d506c708", "f102e304d506c708"),
    (1, "AB", "0000", "00"),
    (1, "AB", "0001", "01"),
    (1, "AB", "8000", "01"),
)


def fields(rows: Iterable[tuple[int, str, str, int]]) -> npt.NDArray[np.int32]:
    """The kernel's table of (first byte of the answers, type, order, first byte in the row)."""
    kinds = {type_: _BOOL if type_ == "bool" else dtype.itemsize for type_, dtype in TYPES.items()}
    table = [(source, kinds[type_], _CODES[order], target) for source, type_, order, target in rows]
    return np.array(table, np.int32).reshape(-1, 4)


class Decoder:
    """Turns the answers of one group into its row. plan: what to ask for."""

    def __init__(self, group: ModbusGroup, max_gap: int) -> None:
        points = (*group.points, *([group.clock] if group.clock else []))
        self.group = group.group
        self.plan: Plan = plan(points, max_gap)
        self._clock = group.clock is not None
        row = self.group.row
        targets = [row.fields[name][1] for name in row.names or ()] if row.fields else []
        placed = zip(points, self.plan.offsets, [*targets, row.itemsize], strict=False)
        self._fields = fields((at, point.type, point.order, target) for point, at, target in placed)
        self._size = row.itemsize + 8 * self._clock

    def rows(self, answers: bytes, now_ns: int) -> Rows:
        """One row from the registers of all answers, end to end. Raises Malformed for what makes no row.

        Its time is *now_ns* (UTC ns), or the device's own.
        """
        if len(answers) != self.plan.size:
            raise Malformed(RegisterBytes(len(answers), self.plan.size))
        row = bytearray(self._size)
        if registers.decode(answers, self._fields, row) != -1:
            raise Malformed(KernelRefuses())
        data = np.frombuffer(row, self.group.row, 1)
        time = (
            np.frombuffer(row, "<i8", 1, self.group.row.itemsize)
            if self._clock
            else np.array([now_ns], "<i8")
        )
        if time[0] <= 0:
            raise Malformed(ClockOutOfRange())
        return Rows(self.group, time, data)


def self_test() -> None:
    """Known-answer test of the kernel; raises CannotBeDone when it does not decode as written down above."""
    wire, want, table = b"\x5a", b"", []
    for kind, order, sent, row in _KNOWN:
        table.append((len(wire), kind, _CODES[order], len(want)))
        wire, want = wire + bytes.fromhex(sent), want + bytes.fromhex(row)
    got = bytearray(len(want))
    answer = registers.decode(wire, np.array(table, np.int32), got)
    outside = [(len(wire) - 1, 2, 0, 0), (0, 8, 0, len(want) - 7), (-1, 2, 0, 0), (0, 2, 0, -1), (0, 3, 0, 0)]
    refused = [registers.decode(wire, np.array([field], np.int32), bytearray(len(want))) for field in outside]
    if answer != -1 or bytes(got) != want or any(index != 0 for index in refused):
        raise CannotBeDone(KernelFails())
