"""The emission twin of a saving: what it is in tonnes of CO2."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from accounts.figure.factors import Factor
from accounts.savings.model_messages import FactorOfOtherUnit
from contract import units
from contract.errors import BadInput

DIGITS = 3
UNIT = "kg{CO2}/kW.h"


def emission_twin(avoided: float | Decimal, factor: Factor, unit: str = "kW.h") -> Decimal:
    """t of CO2 that *avoided* energy (in *unit*) stands for, three decimals, half-even.

    One factor, in kg{CO2}/kW.h, weighs the baseline and the reporting period alike: a grid that became cleaner in
    between is no saving of the plant. BadInput when *unit* is no unit of energy or the factor has another unit.
    """
    if factor.unit != UNIT:
        raise BadInput(FactorOfOtherUnit(factor.id, factor.unit, UNIT))
    kwh = Fraction(avoided) * units.factor(unit, "kW.h")
    return Decimal(round(kwh * Fraction(factor.value) * 10**DIGITS / 1000)).scaleb(-DIGITS)
