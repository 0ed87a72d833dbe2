"""What follows from the two ends of the avoided energy: intervals of the money (docs/methods-replacement.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from verify.reasons.reason import InsufficientData
from verify.replacement import invest
from verify.replacement.terms import Number, Terms, money, six

T = TypeVar("T")
YEAR = 365
End = Fraction | None
"""An end of an interval; None: it does not exist."""


@dataclass(frozen=True)
class Avoided:
    """Avoided energy as it was published, in kW.h of the reporting period; days: of that period."""

    value: Fraction
    low: Fraction
    high: Fraction
    days: int

    @property
    def yearly(self) -> Fraction:
        """kW.h a year."""
        return self.value * YEAR / self.days

    def distance(self, price: Fraction) -> tuple[Fraction, Fraction]:
        """How far the effect at a price lies below and above its value at the two ends, lowest first."""
        each = sorted((end - self.value) * YEAR / self.days * price for end in (self.low, self.high))
        return each[0], each[1]


@dataclass(frozen=True)
class Flows:
    """What the money is made of beside the yearly saving; None: nobody gave it."""

    investment: Number
    residual: Number
    years: Number
    rate: Number

    def of(self, saving: Fraction) -> list[Fraction] | None:
        """The cash flows with a yearly saving, None where they can't be laid out."""
        if self.investment is None or self.residual is None or self.years is None:
            return None
        return [-self.investment, *[saving] * (int(self.years) - 1), saving + self.residual]


def spread(terms: Terms, flows: Flows, low: Fraction, high: Fraction) -> None:
    """Add the interval of every figure that follows from the yearly saving; low, high: its two ends."""

    def present(saving: Fraction) -> Fraction:
        return invest.present_value(_required(flows.of(saving)), _required(flows.rate))

    def paid(saving: Fraction) -> Fraction:
        return invest.payback(_required(flows.investment), saving)

    def recovered(saving: Fraction) -> Fraction:
        return invest.recovered(_required(flows.of(saving)), _required(flows.rate), _required(flows.residual))

    def percent(saving: Fraction) -> Fraction:
        return invest.rate_of_return(_required(flows.of(saving))) * 100

    terms.widen("yearly_saving", [low, high], money)
    terms.widen("npv", _ends(present, low, high), money)
    terms.widen("irr", _ends(percent, low, high), six, loose=True)
    terms.widen("payback_years", _ends(paid, high, low), six)
    terms.widen("discounted_payback_years", _ends(recovered, high, low), six)


def _required(value: T | None) -> T:
    """A number that is there; raises InsufficientData."""
    if value is None:
        raise InsufficientData("an input is not given")
    return value


def _ends(make: Callable[[Fraction], Fraction], first: Fraction, second: Fraction) -> list[End]:
    """The function at two savings, lowest first where both exist."""
    found = [_end(make, saving) for saving in (first, second)]
    there = sorted(end for end in found if end is not None)
    return list(there) if len(there) == len(found) else found


def _end(make: Callable[[Fraction], Fraction], saving: Fraction) -> End:
    try:
        return make(saving)
    except InsufficientData:
        return None
