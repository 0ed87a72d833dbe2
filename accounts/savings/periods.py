"""Periods, the interval of a table's rows, and which rows a period lacks."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise

from accounts.savings.table import Table
from accounts.savings.table_messages import EndsBeforeBegin, IrregularRows, NoPeriod, OneRow, TimeTwice
from contract.errors import BadInput

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
_DAY = timedelta(days=1)


class Interval(Enum):
    """What one row covers."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """Local dates, both included. A row belongs to the period in which its time lies."""

    first: date
    last: date

    @classmethod
    def parse(cls, text: str) -> Period:
        """`A..B` of dates, or of months (then from A's first day to B's last). BadInput."""
        ends = [part.strip() for part in text.split("..")]
        try:
            first, last = ends
            if _MONTH.fullmatch(first) and _MONTH.fullmatch(last):
                end = date.fromisoformat(f"{last}-01")
                found = cls(date.fromisoformat(f"{first}-01"), _in_month(end.year, end.month, 31))
            else:
                found = cls(date.fromisoformat(first), date.fromisoformat(last))
        except ValueError:
            raise BadInput(NoPeriod(text)) from None
        if found.last < found.first:
            raise BadInput(EndsBeforeBegin(text))
        return found

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def months(self) -> int:
        """Whole months that fit into the period, counted from its first day."""
        after = self.last + _DAY
        whole = (after.year - self.first.year) * 12 + after.month - self.first.month
        return whole - (after.day < self.first.day)


@dataclass(frozen=True)
class Grid:
    """The equal intervals on which rows stand. day: the day of the month of monthly rows (31: its last)."""

    interval: Interval
    day: int = 1

    def expected(self, period: Period) -> list[date]:
        """The times at which a complete period has rows."""
        if self.interval is Interval.DAY:
            return [period.first + i * _DAY for i in range((period.last - period.first).days + 1)]
        first, last = _month(period.first), _month(period.last)
        stamps = (_in_month(k // 12, k % 12 + 1, self.day) for k in range(first, last + 1))
        return [stamp for stamp in stamps if stamp in period]

    def follows(self, earlier: date, later: date) -> bool:
        """Whether no row can stand between the two."""
        if self.interval is Interval.DAY:
            return later - earlier == _DAY
        return _month(later) - _month(earlier) == 1


def grid(table: Table) -> Grid:
    """The interval of the rows of a table. BadInput for a time that is there twice and for unequal intervals."""
    order = sorted(range(len(table.times)), key=lambda row: (table.times[row], row))
    times = [table.times[row] for row in order]
    where = [table.where[row] for row in order]
    for i in range(1, len(times)):
        if times[i] == times[i - 1]:
            raise BadInput(TimeTwice(where[i], times[i].isoformat(), where[i - 1]))
    if len(times) < 2:
        raise BadInput(OneRow())
    day = max(t.day for t in times)
    months = {_month(t) for t in times}
    if len(months) == len(times) and all(t == _in_month(t.year, t.month, day) for t in times):
        return Grid(Interval.MONTH, day)
    steps = [(later - earlier).days for earlier, later in pairwise(times)]
    if 2 * steps.count(1) >= len(steps):
        return Grid(Interval.DAY)
    usual = max(set(steps), key=steps.count)
    odd = next((i for i, step in enumerate(steps) if step != usual and not 28 <= step <= 31), 0)
    raise BadInput(IrregularRows(where[odd + 1], times[odd + 1].isoformat(), steps[odd]))


def runs(missing: Sequence[date], on: Grid, shown: int = 5) -> tuple[str, int]:
    """Missing times as text: runs with both ends; beyond *shown* runs only their number."""
    found: list[tuple[date, date]] = []
    for stamp in missing:
        if found and on.follows(found[-1][1], stamp):
            found[-1] = (found[-1][0], stamp)
        else:
            found.append((stamp, stamp))
    texts = [a.isoformat() if a == b else f"{a.isoformat()}..{b.isoformat()}" for a, b in found[:shown]]
    return ", ".join(texts), max(len(found) - shown, 0)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
