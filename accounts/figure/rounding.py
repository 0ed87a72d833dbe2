"""Published figures: decimals with declared digits, rounded once, half-even; or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction

from contract.message import Message

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


def energy(steps: int, scale: str, unit: str) -> Energy:
    """The amount of *steps* register steps of *scale* units each, exactly."""
    return Energy(_EXACT.multiply(Decimal(steps), Decimal(scale)), unit)


def rounded(value: Fraction, digits: int) -> Decimal:
    """A fraction as a decimal with that many digits after the point, half-even."""
    return Decimal(round(value * 10**digits)).scaleb(-digits)


def plain(value: Decimal) -> str:
    """A decimal as text without an exponent."""
    return f"{value:f}"


def share(covered: Fraction) -> str:
    """A completeness, 0 to 1, with four digits; rounded down, so that only what is whole shows as 1."""
    return f"{Decimal(int(covered * 10**4)).scaleb(-4):f}"
