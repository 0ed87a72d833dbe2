"""Rows by UTC day, in order of time, of which days that are no longer needed keep their first and last row only."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

DAY = 86_400 * 10**9
Rows = npt.NDArray[Any]
"""Structured rows with a ``time`` (UTC ns), in order of it, each time once."""
Test = Callable[[Rows], npt.NDArray[np.bool_]]
"""Which rows count."""


def everything(rows: Rows) -> npt.NDArray[np.bool_]:
    """Every row counts."""
    return np.ones(len(rows), bool)


class ByDay:
    """Rows of one kind. counts: which of them are looked for; the others are kept beside them."""

    def __init__(self, dtype: Any, counts: Test = everything) -> None:
        self._none, self._counts = np.empty(0, dtype), counts
        self._days: dict[int, Rows] = {}
        self._order: list[int] = []
        self._thinned: set[int] = set()

    @property
    def days(self) -> list[int]:
        """The days with rows (UTC ns // DAY), in order."""
        return self._order

    def get(self, day: int) -> Rows:
        """The rows of a day."""
        return self._days.get(day, self._none)

    def put(self, day: int, rows: Rows) -> None:
        """Replace the rows of a day."""
        if day not in self._days:
            insort(self._order, day)
        self._days[day] = rows

    def thin(self, day: int) -> None:
        """Let go of the rows between the first and the last one of a day that count."""
        if day in self._thinned:
            return
        rows = self._days[day]
        counts = self._counts(rows)
        keep = ~counts
        keep[np.flatnonzero(counts)[[0, -1] if counts.any() else []]] = True
        self._days[day] = rows[keep]
        self._thinned.add(day)

    def thinned(self, day: int) -> bool:
        """Whether a day has let go of rows."""
        return day in self._thinned

    def between(self, first: int, after: int) -> list[int]:
        """The days with rows from *first* to *after*, which is not among them."""
        return self._order[bisect_left(self._order, first) : bisect_left(self._order, after)]

    def first(self) -> int | None:
        """The time of the first row that counts."""
        return next((int(rows["time"][0]) for rows in self._some(self._order)), None)

    def around(self, begin: int, end: int) -> Rows:
        """The rows that count from the last at or before *begin* to the first after *end*."""
        first, last = bisect_left(self._order, begin // DAY), bisect_right(self._order, end // DAY)
        parts = [*self._some(self._order[first:last])]
        if not parts or parts[0]["time"][0] > begin:
            parts[:0] = [rows[-1:] for rows in self._one(reversed(self._order[:first]))]
        if not parts or parts[-1]["time"][-1] <= end:
            parts += [rows[:1] for rows in self._one(iter(self._order[last:]))]
        if not parts:
            return self._none
        rows = np.concatenate(parts) if len(parts) > 1 else parts[0]
        time = rows["time"]
        a = max(int(np.searchsorted(time, begin, "right")) - 1, 0)
        return rows[a : int(np.searchsorted(time, end, "right")) + 1]

    def _some(self, days: list[int]) -> Iterator[Rows]:
        """The rows that count of days that have any."""
        for day in days:
            rows = self._days[day]
            counts = self._counts(rows)
            if counts.all() and len(rows):
                yield rows
            elif counts.any():
                yield rows[counts]

    def _one(self, days: Iterator[int]) -> list[Rows]:
        """The first of some days with rows that count, in the order given."""
        return next(([rows] for day in days for rows in self._some([day])), [])
