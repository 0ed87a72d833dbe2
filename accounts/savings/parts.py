"""The rows of the baseline and of the reporting period, and what the table holds beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from accounts.savings.messages import MissingRows, MissingRowsAndMore
from accounts.savings.periods import Grid, Period, grid, runs
from accounts.savings.table import ENERGY, Floats, Table
from accounts.savings.table_messages import (
    Baseline,
    EmptyCell,
    NoRowInPeriod,
    PeriodsOverlap,
    ReportingPeriod,
    UnusableCell,
)
from contract.errors import BadInput
from contract.message import Message


@dataclass(frozen=True)
class Part:
    """The rows of one period in order of time.

    follows: for each row but the first, whether it comes directly after the one before. lacking: which rows the
    period lacks, as text; empty when it is complete.
    """

    period: Period
    columns: Mapping[str, Floats]
    follows: NDArray[np.bool_]
    lacking: Message | None

    @property
    def energy(self) -> Floats:
        return self.columns[ENERGY]

    def of(self, drivers: Sequence[str]) -> list[Floats]:
        """The columns of those drivers."""
        return [self.columns[name] for name in drivers]


@dataclass(frozen=True)
class Parts:
    """Both periods. outside: rows in neither. in_order: whether the table was in order of time."""

    base: Part
    report: Part
    on: Grid
    outside: int
    in_order: bool


def split(table: Table, baseline: Period, reporting: Period, names: Sequence[str]) -> Parts:
    """The rows of both periods. BadInput: overlap, unequal intervals, a time twice, a cell that is no number."""
    if baseline.first <= reporting.last and reporting.first <= baseline.last:
        raise BadInput(PeriodsOverlap(str(baseline), str(reporting)))
    on = grid(table)
    outside = sum(1 for t in table.times if t not in baseline and t not in reporting)
    base = _part(table, baseline, Baseline(), names, on)
    report = _part(table, reporting, ReportingPeriod(), names, on)
    return Parts(base, report, on, outside, list(table.times) == sorted(table.times))


def _part(table: Table, period: Period, title: Message, names: Sequence[str], on: Grid) -> Part:
    rows = sorted((r for r, t in enumerate(table.times) if t in period), key=lambda r: table.times[r])
    if not rows:
        span = f"{min(table.times).isoformat()}..{max(table.times).isoformat()}"
        raise BadInput(NoRowInPeriod(title, str(period), span))
    used = (ENERGY, *names)
    for row, name in ((row, name) for row in rows for name in used if (row, name) in table.bad):
        cell = table.bad[row, name]
        where = table.where[row]
        raise BadInput(UnusableCell(where, name, cell) if cell else EmptyCell(where, name))
    times = [table.times[row] for row in rows]
    have, expected = set(times), on.expected(period)
    missing = [stamp for stamp in expected if stamp not in have]
    lacking = _lacking(missing, len(expected), on) if missing else None
    follows = np.array([on.follows(a, b) for a, b in pairwise(times)], dtype=np.bool_)
    return Part(period, {name: table.columns[name][rows] for name in used}, follows, lacking)


def _lacking(missing: Sequence[date], expected: int, on: Grid) -> Message:
    spans, more = runs(missing, on)
    count, interval = len(missing), on.interval.value
    if not more:
        return MissingRows(count, expected, interval, spans)
    return MissingRowsAndMore(count, expected, interval, spans, more)
