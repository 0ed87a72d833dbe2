"""Intervals of the money: the same functions at the two ends of the avoided energy's interval.

They hold the uncertainty of the avoided energy only; every other number of a project was declared, and nothing that
was declared has a spread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.figure.rounding import NoFigure
from accounts.replacement import investment
from accounts.replacement.avoided import Avoided
from accounts.replacement.investment import money
from accounts.replacement.money_messages import NoEnd, OnlyAvoidedEnergy
from accounts.replacement.project import Money
from accounts.replacement.quantity import significant
from accounts.replacement.rates import irr
from accounts.replacement.results import Results

NONE: dict[str, Any] = dict.fromkeys(
    ("payback_interval", "discounted_payback_interval", "npv_interval", "irr_percent_interval")
)
"""The intervals beside that of the yearly saving, where nothing measured has a spread."""


@dataclass(frozen=True)
class Ends:
    """The yearly saving at the low and the high end."""

    low: Fraction
    high: Fraction


def ends(saving: Fraction | None, avoided: object, price: object) -> Ends | None:
    """The ends of a yearly saving of which the avoided energy at a price is a part; None where it is not known."""
    if saving is None or not isinstance(avoided, Avoided) or not isinstance(price, Fraction):
        return None
    both = [saving + avoided.a_year(end - avoided.value) * price for end in (avoided.low, avoided.high)]
    return Ends(min(both), max(both))


def intervals(terms: Money, found: Ends, book: Results) -> dict[str, Any]:
    """Payback, discounted payback, net present value and rate of return at both ends, each [low, high].

    An end that does not exist is null, with a warning why; a figure whose inputs are missing has no interval.
    """
    book.warn(OnlyAvoidedEnergy())
    made = dict(NONE)
    if isinstance(terms.investment, Fraction):
        made["payback_interval"] = _both("payback_interval", _payback(terms.investment), found, book, True)
    flows = _flows(terms)
    if flows is None:
        return made
    if isinstance(terms.rate, Fraction):
        rate = terms.rate
        made["discounted_payback_interval"] = _both(
            "discounted_payback_interval", _recovery(flows, rate, terms), found, book, True
        )
        made["npv_interval"] = [money(investment.npv(flows(end), rate)) for end in (found.low, found.high)]
    made["irr_percent_interval"] = _both("irr_percent_interval", _percent(flows), found, book, False)
    return made


def _payback(outlay: Fraction) -> Callable[[Fraction], Fraction | NoFigure]:
    return lambda saving: investment.payback(outlay, saving)


def _recovery(
    flows: Callable[[Fraction], list[Fraction]], rate: Fraction, terms: Money
) -> Callable[[Fraction], Fraction | NoFigure]:
    residual = terms.residual if isinstance(terms.residual, Fraction) else Fraction(0)
    return lambda saving: investment.recovery(flows(saving), rate, residual)


def _percent(flows: Callable[[Fraction], list[Fraction]]) -> Callable[[Fraction], Fraction | NoFigure]:
    def of(saving: Fraction) -> Fraction | NoFigure:
        found = irr(flows(saving))
        if found.rate is not None:
            return found.rate * 100
        assert found.why is not None
        return NoFigure(found.why)

    return of


def _flows(terms: Money) -> Callable[[Fraction], list[Fraction]] | None:
    """The cash flows of a yearly saving; None where what they follow from is missing."""
    outlay, years, residual = terms.investment, terms.years, terms.residual
    if not isinstance(outlay, Fraction) or not isinstance(years, int) or not isinstance(residual, Fraction):
        return None
    return lambda saving: investment.cash_flows(outlay, saving, years, residual)


def _both(
    kind: str, of: Callable[[Fraction], Fraction | NoFigure], found: Ends, book: Results, falls: bool
) -> list[str | None]:
    """The figure at both ends, low before high. falls: the higher the saving, the lower the figure."""
    order = (found.high, found.low) if falls else (found.low, found.high)
    made = [of(saving) for saving in order]
    for end, value, saving in zip(("low", "high"), made, order, strict=True):
        if isinstance(value, NoFigure):
            book.warn(NoEnd(kind, end, money(saving), value.why))
    known = [value for value in made if isinstance(value, Fraction)]
    if len(known) == len(made):
        return [significant(value) for value in sorted(known)]
    return [significant(value) if isinstance(value, Fraction) else None for value in made]
