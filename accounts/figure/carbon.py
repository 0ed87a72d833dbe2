"""CO2 of an amount by a cited factor: the one place where it is worked out, and where it is rounded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from accounts.figure.factors import Coefficient, Factor, Record
from accounts.figure.messages import FactorOfOtherUnit, NoFactorDeclared
from accounts.figure.rounding import Energy, NoFigure, rounded
from contract import units
from contract.errors import BadInput
from contract.message import Message

DIGITS = 3
"""Digits after the point of published tonnes, rounded once, half-even."""
UNIT = "t{CO2}"
GRID_UNIT = "kg{CO2}/kW.h"
_OF_CARBON = Fraction(44, 12)
"""Mass of CO2 for a mass of carbon."""


@dataclass(frozen=True)
class Carbon:
    """tCO2 as they are published, and the factor they were made with."""

    value: Decimal
    factor: Factor
    unit: str = "t"


def tonnes(amount: Fraction, record: Record) -> Fraction:
    """t of CO2, exact, of an amount in the unit that the record is for: kW.h for a grid factor."""
    return amount * _tonnes_for_one(record)


def of_electricity(amount: Fraction, unit: str, factor: Factor) -> Fraction:
    """t of CO2, exact, of an amount of electricity in any unit of energy.

    Raises BadInput when *unit* is none, or the factor is for something else than electricity.
    """
    if factor.unit != GRID_UNIT:
        raise BadInput(FactorOfOtherUnit(factor.id, factor.unit, GRID_UNIT))
    return tonnes(amount * units.factor(unit, "kW.h"), factor)


def published(exact: Fraction) -> Decimal:
    """Tonnes as they are published."""
    return rounded(exact, DIGITS)


def carbon(amount: Energy, carrier: str | None, factor: Factor | Message) -> Carbon | NoFigure:
    """tCO2 of what a meter counted; none for another carrier, or with the reason that stands in the factor's place."""
    if carrier != "electricity":
        return NoFigure(NoFactorDeclared())
    if isinstance(factor, Message):
        return NoFigure(factor)
    try:
        return Carbon(published(of_electricity(Fraction(amount.value), amount.unit, factor)), factor)
    except BadInput as error:
        return NoFigure(error.message)


def _tonnes_for_one(record: Record) -> Fraction:
    if isinstance(record, Factor):
        return Fraction(record.value) / 1000
    return _burnt(record) if record.terms is not None else Fraction(record.value)


def _burnt(record: Coefficient) -> Fraction:
    """Calorific value, carbon in it, the part of that which is oxidised, and its oxygen."""
    terms = record.terms
    assert terms is not None
    energy = Fraction(terms.ncv) / Fraction(terms.per)
    return energy * Fraction(terms.cc) * Fraction(terms.of) * _OF_CARBON
