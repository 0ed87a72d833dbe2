"""Energy a unit of output from rows, as a ratio of sums with its interval (docs/methods-replacement.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from verify.reasons.reason import InsufficientData, rounded
from verify.reasons.savings.project_messages import NoOutput, TooFewEffectivePairs, TooFewPairs
from verify.savings.distributions import t_quantile
from verify.savings.regress import neighbours

FEWEST = 3
EXACT = Fraction(1, 10**24)
"""Below this part of the squares of the energy, what is left over is rounding."""


@dataclass(frozen=True)
class Pair:
    """One row. order: number of its day or month; energy in kW.h; output in its own unit."""

    order: int
    energy: Fraction
    output: Fraction


@dataclass(frozen=True)
class Sums:
    """Both sums over the rows of a period, and the rows."""

    pairs: tuple[Pair, ...]

    @property
    def energy(self) -> Fraction:
        return sum((pair.energy for pair in self.pairs), Fraction(0))

    @property
    def output(self) -> Fraction:
        return sum((pair.output for pair in self.pairs), Fraction(0))

    def interval(self, confidence: float) -> tuple[Fraction, Fraction]:
        """The two ends around the ratio, by steelyard/ratio-interval/1; raises InsufficientData.

        confidence: 0 to 1.
        """
        n, output = len(self.pairs), self.output
        if output <= 0:
            raise InsufficientData(NoOutput())
        if n < FEWEST:
            raise InsufficientData(TooFewPairs(FEWEST, n))
        ratio = self.energy / output
        off = [pair.energy - ratio * pair.output for pair in self.pairs]
        square = sum((one * one for one in off), Fraction(0))
        exact = square <= EXACT * sum((pair.energy**2 for pair in self.pairs), Fraction(0))
        order = [pair.order for pair in self.pairs]
        rho = None if exact else neighbours(order, np.array([float(one) for one in off]))
        counted = n * (1 - rho) / (1 + rho) if rho is not None and rho > 0 else float(n)
        if counted < FEWEST:
            numbers = rounded(counted, ".1f"), rounded(rho or 0.0, ".3f")
            raise InsufficientData(TooFewEffectivePairs(FEWEST, *numbers))
        spread = math.sqrt(square / (n - 1))
        half = Fraction(t_quantile(confidence, n - 1) * spread / (float(output / n) * math.sqrt(counted)))
        return ratio - half, ratio + half
