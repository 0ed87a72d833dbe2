"""A ratio of sums, such as energy over output, with the interval of its mean: steelyard/ratio-interval/1.

Formula and limits: docs/methods-replacement.md, "Interval of a ratio".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np

from accounts.figure.rounding import NoFigure
from accounts.savings.distributions import t_quantile
from accounts.savings.fit import EXACT, lag_correlation
from accounts.savings.periods import Period, grid
from accounts.savings.project_messages import NoOutput, TooFewEffectivePairs, TooFewPairs
from accounts.savings.table import ENERGY, Table

LEAST = 3
"""Fewest rows, and fewest effective rows, that have an interval."""


@dataclass(frozen=True)
class Pairs:
    """The rows of one period in which both cells are there, in order of time, energy in kW.h.

    follows: for each row but the first, whether it comes directly after the one before. lacking: rows of the period
    in which one of the two is missing.
    """

    energy: tuple[Fraction, ...]
    output: tuple[Fraction, ...]
    follows: tuple[bool, ...]
    lacking: int

    @property
    def sums(self) -> tuple[Fraction, Fraction]:
        """Energy and output of all rows."""
        return sum(self.energy, Fraction(0)), sum(self.output, Fraction(0))


@dataclass(frozen=True)
class Spread:
    """The interval of a ratio. n: rows; effective: rows that count after their correlation."""

    low: float
    high: float
    n: int
    effective: float


def pairs(table: Table, period: Period, column: str, kwh: Fraction = Fraction(1)) -> Pairs:
    """The rows of *period* with energy and *column*; kwh: kW.h in the unit of the energy.

    BadInput for rows at unequal intervals and for a time that is there twice.
    """
    on = grid(table)
    inside = sorted((row for row, t in enumerate(table.times) if t in period), key=table.times.__getitem__)
    kept = [row for row in inside if not any((row, name) in table.bad for name in (ENERGY, column))]
    times = [table.times[row] for row in kept]
    return Pairs(
        tuple(_exact(table.columns[ENERGY][row]) * kwh for row in kept),
        tuple(_exact(table.columns[column][row]) for row in kept),
        tuple(on.follows(a, b) for a, b in pairwise(times)),
        len(set(on.expected(period)) - set(times)),
    )


def spread(found: Pairs, confidence: float) -> Spread | NoFigure:
    """The two-sided interval of the sum of the energy over that of the output."""
    (energy, output), n = found.sums, len(found.energy)
    if output <= 0:
        return NoFigure(NoOutput())
    if n < LEAST:
        return NoFigure(TooFewPairs(LEAST, n))
    ratio = float(energy / output)
    used, made = (np.array([float(one) for one in column]) for column in (found.energy, found.output))
    away = used - ratio * made
    square = math.fsum(away**2)
    exact = square <= EXACT * math.fsum(used**2)
    rho = None if exact else lag_correlation(away, np.array(found.follows, dtype=np.bool_))
    effective = n * (1.0 - rho) / (1.0 + rho) if rho is not None and rho > 0 else float(n)
    if effective < LEAST:
        return NoFigure(TooFewEffectivePairs(LEAST, f"{effective:.1f}", f"{rho:.3f}"))
    error = math.sqrt(square / (n - 1)) / (float(output) / n * math.sqrt(effective))
    half = t_quantile(confidence, n - 1) * error
    return Spread(ratio - half, ratio + half, n, effective)


def _exact(value: float) -> Fraction:
    """The shortest decimal that is this double: what a person wrote."""
    return Fraction(repr(float(value)))
