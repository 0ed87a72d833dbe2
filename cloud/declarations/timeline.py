"""Which intervals of a point and quantity are taken: no two may overlap."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction

from contract import units
from contract.imported import Row


@dataclass
class Taken:
    """An interval that has a value. line: of the file that is being read; None while only the ledger has it."""

    row: Row
    line: int | None

    @property
    def end(self) -> int:
        """The first ns behind it; a sample takes one."""
        return self.row.from_ + 1 if self.row.to is None else self.row.to


class Timeline:
    """The taken intervals of one point and quantity, by their begin."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._taken: list[Taken] = []

    def meets(self, row: Row) -> Taken | None:
        """What is taken of the row's time, if anything."""
        at = bisect_right(self._starts, row.from_)
        end = Taken(row, None).end
        for taken in self._taken[max(at - 1, 0) : at + 1]:
            if taken.row.from_ < end and row.from_ < taken.end:
                return taken
        return None

    def add(self, row: Row, line: int | None) -> None:
        """Take the time of a row that meets nothing."""
        at = bisect_right(self._starts, row.from_)
        self._starts.insert(at, row.from_)
        self._taken.insert(at, Taken(row, line))


def same_time(a: Row, b: Row) -> bool:
    """Whether two rows are of one interval, or samples of one moment."""
    return (a.from_, a.to) == (b.from_, b.to)


def same_value(a: Row, b: Row) -> bool:
    """Whether two rows say the same, be it in other units."""
    if units.dimension(a.unit) != units.dimension(b.unit):
        return False
    return Fraction(a.value) * units.factor(a.unit, b.unit) == Fraction(b.value)
