"""A group's answers -> one row, by the compiled kernel."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from contract.errors import Malformed
from contract.quality import Quality
from contract.tags import TYPES, Rows
from cython_ext import registers
from cython_ext.registers import Kind
from drivers.modbus.messages import ClockOutOfRange, KernelRefuses, RegisterBytes
from drivers.modbus.plan import ModbusGroup, Plan, Point, plan
from drivers.modbus.types import FORMS, code

ALL_BITS = -1
"""The kernel's first bit of a bool that is a whole register."""


def fields(rows: Iterable[tuple[int, Point, int]]) -> npt.NDArray[np.int32]:
    """The kernel's table of (first byte of the answers, point, first byte in the row)."""
    return np.array([_field(*row) for row in rows], np.int32).reshape(-1, 7)


def _field(source: int, point: Point, target: int) -> tuple[int, ...]:
    form = FORMS[point.type]
    kind, first, last = form.kind, ALL_BITS, ALL_BITS
    if point.bits is not None:
        first, last = point.bits
        kind = Kind.BOOL if kind is Kind.BOOL else Kind.BITS
    return source, kind, code(point.order), target, form.registers, first, last - first + 1


def decoded(answer: bytes, point: Point) -> int | float | None:
    """The raw value of *point* in its own registers; None where they hold nothing of its type."""
    cell, bad = np.zeros(1, TYPES[FORMS[point.type].raw]), bytearray(1)
    if registers.decode(answer, fields([(0, point, 0)]), cell.view(np.uint8), bad) != -1:
        raise Malformed(KernelRefuses())
    return None if bad[0] else cell[0].item()


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
        self._fields = fields((at, point, target) for point, at, target in placed)
        self._size = row.itemsize + 8 * self._clock

    def rows(self, answers: bytes, now_ns: int) -> Rows:
        """One row from the registers of all answers, end to end. Raises Malformed for what makes no row.

        Its time is *now_ns* (UTC ns), or the device's own. A value whose registers hold nothing of its type is 0 with
        the status bad.
        """
        if len(answers) != self.plan.size:
            raise Malformed(RegisterBytes(len(answers), self.plan.size))
        row, bad = bytearray(self._size), np.zeros(len(self._fields), np.uint8)
        if registers.decode(answers, self._fields, row, bad) != -1:
            raise Malformed(KernelRefuses())
        data = np.frombuffer(row, self.group.row, 1)
        time = (
            np.frombuffer(row, "<i8", 1, self.group.row.itemsize)
            if self._clock
            else np.array([now_ns], "<i8")
        )
        if time[0] <= 0:
            raise Malformed(ClockOutOfRange())
        status = bad[None, : len(self.group.tags)] * np.uint8(Quality.BAD)
        return Rows(self.group, time, data, status if bad.any() else None)
