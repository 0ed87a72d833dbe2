"""Sentences about what a reader of a saving must know; each begins with its kind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from accounts.savings.choose import Candidate
from accounts.savings.fit import Fit, lag_correlation
from accounts.savings.parts import Part, Parts
from accounts.savings.periods import Grid, Interval
from accounts.savings.table import Floats
from accounts.savings.uncertainty import SIGNIFICANT, Band, effective_rows, rounding, significant

YEAR = 12
WEEK = 7
FEW = 60
"""Below this many baseline rows rho is often missed; docs/methods-savings.md has the coverage that was counted."""


def of_gaps(report: Part) -> list[str]:
    """Missing reporting rows refuse: a saving must not grow because data vanished."""
    if not report.lacking:
        return []
    return [f"gap: the reporting period lacks {report.lacking}; nothing is claimed over missing rows"]


def of_data(data: Parts) -> list[str]:
    """Gaps of the baseline, short periods, rows out of order or in neither period."""
    found = []
    base, report = data.base.period, data.report.period
    if data.base.lacking:
        found.append(f"gap: the baseline lacks {data.base.lacking}; the model is of the rows that are there")
    if base.months < YEAR:
        found.append(f"short baseline: {base} holds {base.months} whole months, at least {YEAR} are usual")
    elif base.months % YEAR:
        found.append(f"part cycle: {base} is not whole years, some seasons weigh more than others")
    if not data.in_order:
        found.append("order: the rows are not in order of time; they were sorted")
    if data.outside:
        found.append(f"outside: {data.outside} rows lie in neither period and were not used")
    if report.first < base.first:
        found.append("backcast: the reporting period lies before the baseline")
    return found


def of_ranges(fit: Fit, base: Mapping[str, Floats], report: Mapping[str, Floats]) -> list[str]:
    """Single reporting rows outside what the baseline has seen."""
    found = []
    for name in fit.drivers:
        low, high = float(base[name].min()), float(base[name].max())
        out = report[name][(report[name] < low) | (report[name] > high)]
        if len(out):
            values = ", ".join(f"{value:g}" for value in out[:5]) + (" ..." if len(out) > 5 else "")
            rows = "row" if len(out) == 1 else "rows"
            found.append(
                f"extrapolation: {name} of {len(out)} reporting {rows} outside {low:g}..{high:g}: {values}"
            )
    return found


def of_model(fit: Fit, follows: NDArray[np.bool_], on: Grid) -> list[str]:
    """What the interval takes for granted and the residuals contradict."""
    if fit.exact:
        return ["exact: the model fits every baseline row to the last digit; is the energy measured?"]
    found = []
    rho = fit.rho
    if rho is None:
        found.append(
            "autocorrelation: too few rows follow each other directly; rho is unknown, not corrected"
        )
    elif significant(fit) and rho < 0:
        found.append(f"autocorrelation: rho {rho:.3f} is negative; the interval is not narrowed for it")
    elif significant(fit) and effective_rows(fit) <= fit.p + 1:
        found.append(
            f"autocorrelation: rho {rho:.3f} leaves {effective_rows(fit):.1f} effective rows for {fit.p} parameters"
        )
    if fit.n < FEW:
        found.append(
            f"few rows: {fit.n} rows show autocorrelation too rarely; where it is there the interval is too narrow"
        )
    if on.interval is Interval.DAY and fit.n > 2 * WEEK:
        weekly = lag_correlation(fit.residuals, follows, WEEK)
        explained = max(rho or 0.0, 0.0) ** WEEK
        if weekly is not None and weekly - explained > SIGNIFICANT / math.sqrt(fit.n):
            found.append(
                f"weekly pattern: residuals seven days apart correlate by {weekly:.2f}, which the interval does not "
                "cover; a driver for the day of the week is missing"
            )
    return found


def of_claim(band: Band, avoided: float, adjusted: float) -> list[str]:
    """Why an accepted model may still claim nothing."""
    if rounding(avoided, adjusted):
        return ["not significant: the saving is below a billionth of the use, which is rounding"]
    if band.high < 0:
        return [f"more used: use rose by {-avoided:.6g}; the interval lies below 0"]
    if band.low <= 0:
        return ["not significant: the interval holds 0, so the saving cannot be told from chance"]
    return []


def of_selection(tried: Sequence[Candidate]) -> list[str]:
    """The price of having looked for the model in the same data."""
    if not tried:
        return []
    chosen = ", ".join(tried[0].drivers)
    return [
        f"selection: {chosen} chosen out of {len(tried)} models by AICc; the interval does not cover the choice"
    ]
