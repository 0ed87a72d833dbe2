"""Messages about what a reader of a saving must know; each begins with its kind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from accounts.savings.choose import Candidate
from accounts.savings.fit import Fit, lag_correlation
from accounts.savings.messages import (
    Backcast,
    BaselineGap,
    BelowRounding,
    ExactFit,
    Extrapolation,
    FewEffectiveRows,
    FewRows,
    MoreUsed,
    NotInOrder,
    NotSignificant,
    OutsidePeriods,
    PartCycle,
    ReportingGap,
    RhoNegative,
    RhoUnknown,
    Selection,
    ShortBaseline,
    WeeklyPattern,
)
from accounts.savings.parts import Part, Parts
from accounts.savings.periods import Grid, Interval
from accounts.savings.table import Floats
from accounts.savings.uncertainty import SIGNIFICANT, Band, effective_rows, rounding, significant
from contract.message import Message

YEAR = 12
WEEK = 7
FEW = 60
"""Below this many baseline rows rho is often missed; docs/methods-savings.md has the coverage that was counted."""


def of_gaps(report: Part) -> list[Message]:
    """Missing reporting rows refuse: a saving must not grow because data vanished."""
    if not report.lacking:
        return []
    return [ReportingGap(report.lacking)]


def of_data(data: Parts) -> list[Message]:
    """Gaps of the baseline, short periods, rows out of order or in neither period."""
    found: list[Message] = []
    base, report = data.base.period, data.report.period
    if data.base.lacking:
        found.append(BaselineGap(data.base.lacking))
    if base.months < YEAR:
        found.append(ShortBaseline(str(base), base.months, YEAR))
    elif base.months % YEAR:
        found.append(PartCycle(str(base)))
    if not data.in_order:
        found.append(NotInOrder())
    if data.outside:
        found.append(OutsidePeriods(data.outside))
    if report.first < base.first:
        found.append(Backcast())
    return found


def of_ranges(fit: Fit, base: Mapping[str, Floats], report: Mapping[str, Floats]) -> list[Message]:
    """Single reporting rows outside what the baseline has seen."""
    found: list[Message] = []
    for name in fit.drivers:
        low, high = float(base[name].min()), float(base[name].max())
        out = report[name][(report[name] < low) | (report[name] > high)]
        if len(out):
            values = ", ".join(f"{value:g}" for value in out[:5]) + (" ..." if len(out) > 5 else "")
            found.append(Extrapolation(name, len(out), f"{low:g}", f"{high:g}", values))
    return found


def of_model(fit: Fit, follows: NDArray[np.bool_], on: Grid) -> list[Message]:
    """What the interval takes for granted and the residuals contradict."""
    if fit.exact:
        return [ExactFit()]
    found: list[Message] = []
    rho = fit.rho
    if rho is None:
        found.append(RhoUnknown())
    elif significant(fit) and rho < 0:
        found.append(RhoNegative(f"{rho:.3f}"))
    elif significant(fit) and effective_rows(fit) <= fit.p + 1:
        found.append(FewEffectiveRows(f"{rho:.3f}", f"{effective_rows(fit):.1f}", fit.p))
    if fit.n < FEW:
        found.append(FewRows(fit.n))
    if on.interval is Interval.DAY and fit.n > 2 * WEEK:
        weekly = lag_correlation(fit.residuals, follows, WEEK)
        explained = max(rho or 0.0, 0.0) ** WEEK
        if weekly is not None and weekly - explained > SIGNIFICANT / math.sqrt(fit.n):
            found.append(WeeklyPattern(f"{weekly:.2f}"))
    return found


def of_claim(band: Band, avoided: float, adjusted: float) -> list[Message]:
    """Why an accepted model may still claim nothing."""
    if rounding(avoided, adjusted):
        return [BelowRounding()]
    if band.high < 0:
        return [MoreUsed(f"{-avoided:.6g}")]
    if band.low <= 0:
        return [NotSignificant()]
    return []


def of_selection(tried: Sequence[Candidate]) -> list[Message]:
    """The price of having looked for the model in the same data."""
    if not tried:
        return []
    return [Selection(tried[0].drivers, len(tried))]
