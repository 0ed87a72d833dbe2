"""The emission twin of a saving: what it is in tonnes of CO2."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from accounts.figure import carbon
from accounts.figure.factors import Factor


def emission_twin(avoided: float | Decimal, factor: Factor, unit: str = "kW.h") -> Decimal:
    """t of CO2 that *avoided* energy (in *unit*) stands for, three decimals, half-even.

    One factor, in kg{CO2}/kW.h, weighs the baseline and the reporting period alike: a grid that became cleaner in
    between is no saving of the plant. BadInput when *unit* is no unit of energy or the factor has another unit.
    """
    return carbon.published(carbon.of_electricity(Fraction(avoided), unit, factor))
