"""Published figures: decimals with declared digits, rounded once, half-even; or a refusal that says why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from accounts.figure.factors import Factor
from accounts.figure.messages import NoFactorDeclared
from contract import units
from contract.errors import BadInput
from contract.message import Message

CARBON_DIGITS = 3
_EXACT = Context(prec=80)


@dataclass(frozen=True)
class NoFigure:
    """No figure, and why."""

    why: Message


@dataclass(frozen=True)
class Energy:
    """An amount that a meter counted; *value* is exact in the meter's own unit."""

    value: Decimal
    unit: str


@dataclass(frozen=True)
class Carbon:
    """tCO2 with three decimals, and the factor it was made with."""

    value: Decimal
    factor: Factor
    unit: str = "t"


def energy(steps: int, scale: str, unit: str) -> Energy:
    """The amount of *steps* register steps of *scale* units each, exactly."""
    return Energy(_EXACT.multiply(Decimal(steps), Decimal(scale)), unit)


def carbon(amount: Energy, carrier: str | None, factor: Factor | Message) -> Carbon | NoFigure:
    """tCO2 of an amount of electricity by a factor in kg{CO2}/kW.h.

    A refusal for another carrier, or with the reason why there is no factor.
    """
    if carrier != "electricity":
        return NoFigure(NoFactorDeclared())
    if isinstance(factor, Message):
        return NoFigure(factor)
    try:
        kwh = Fraction(amount.value) * units.factor(amount.unit, "kW.h")
    except BadInput as error:
        return NoFigure(error.message)
    return Carbon(rounded(kwh * Fraction(factor.value) / 1000, CARBON_DIGITS), factor)


def rounded(value: Fraction, digits: int) -> Decimal:
    """A fraction as a decimal with that many digits after the point, half-even."""
    return Decimal(round(value * 10**digits)).scaleb(-digits)


def plain(value: Decimal) -> str:
    """A decimal as text without an exponent."""
    return f"{value:f}"


def share(covered: Fraction) -> str:
    """A completeness, 0 to 1, with four digits; rounded down, so that only what is whole shows as 1."""
    return f"{Decimal(int(covered * 10**4)).scaleb(-4):f}"
