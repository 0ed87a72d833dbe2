"""How a saving came about: row by row of the reporting period, cumulated, with the interval that each sum has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accounts.savings.fit import Fit, design, fit
from accounts.savings.model_messages import NoLine
from accounts.savings.parts import Part, split
from accounts.savings.periods import Period
from accounts.savings.result import Result
from accounts.savings.table import Floats, Table
from accounts.savings.uncertainty import band
from contract.errors import BadInput

METHOD = "steelyard/cusum/1"
"""How a course is made: docs/methods-savings.md, "Course of a saving"."""


@dataclass(frozen=True)
class Course:
    """One entry a reporting row, in the unit of the energy: measured, expected (the baseline model), and the
    cumulated saving (CUSUM) with its interval. The last entry is the avoided energy of the whole period.
    """

    times: tuple[date, ...]
    measured: Floats
    expected: Floats
    saved: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Line:
    """A straight line through rows of one period: energy = at_rest + slope * driver, over the driver's span there."""

    drivers: Floats
    energy: Floats
    times: tuple[date, ...]
    at_rest: float
    slope: float

    def at(self, driver: float) -> float | None:
        """The energy at a driver; None beyond the rows that the line was drawn through."""
        if not self.drivers.min() <= driver <= self.drivers.max():
            return None
        return float(self.at_rest + self.slope * driver)


def course(table: Table, result: Result) -> Course:
    """The course of an evaluated saving. BadInput as `evaluate`."""
    names, parts = result.fit.drivers, _parts(table, result, result.fit.drivers)
    x = design(parts[1].of(names), len(parts[1].energy))
    expected = x @ result.fit.b
    saved = np.cumsum(expected - parts[1].energy)
    bands = [
        band(result.fit, x[: k + 1], float(saved[k]), result.confidence, result.band.form)
        for k in range(len(x))
    ]
    low, high = (np.array([getattr(one, end) for one in bands]) for end in ("low", "high"))
    return Course(_times(table, parts[1]), parts[1].energy, expected, saved, low, high)


def lines(table: Table, result: Result, driver: str) -> tuple[Line, Line]:
    """Energy against one driver before and after, each with its own regression line. BadInput where there is none."""
    before, after = _parts(table, result, (driver,))
    return _line(table, before, driver), _line(table, after, driver)


def _parts(table: Table, result: Result, names: Sequence[str]) -> tuple[Part, Part]:
    found = split(table, Period.parse(result.baseline), Period.parse(result.reporting), names)
    return found.base, found.report


def _line(table: Table, part: Part, driver: str) -> Line:
    column = part.columns[driver]
    try:
        made: Fit = fit(part.energy, [column], [driver], part.follows)
    except BadInput as error:
        raise BadInput(NoLine(str(part.period), error.message)) from None
    return Line(column, part.energy, _times(table, part), float(made.b[0]), float(made.b[1]))


def _times(table: Table, part: Part) -> tuple[date, ...]:
    return tuple(sorted(t for t in table.times if t in part.period))
