"""What a replacement costs and earns: yearly saving, payback, net present value. Exact fractions of the currency."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from accounts.figure.rounding import NoFigure, plain, rounded
from accounts.replacement.money_messages import NoOutputBefore, NoSaving, NotRecovered, NotRecoveredDiscounted

MONEY_DIGITS = 2
"""Digits after the point of a published amount of money."""


def money(value: Fraction) -> str:
    """An amount of money as it is published: two digits, half-even."""
    return plain(rounded(value, MONEY_DIGITS))


def effect_at_own_output(
    before: Fraction, after: Fraction, output_before: Fraction, output_after: Fraction
) -> Fraction | NoFigure:
    """What a yearly cost falls by at the output after, the cost before being brought there in proportion."""
    if output_before <= 0:
        return NoFigure(NoOutputBefore())
    return before * output_after / output_before - after


def yearly_saving(effects: Mapping[str, Fraction]) -> Fraction:
    """A: the sum of the effects, each with its sign (a saving is positive, an added cost negative)."""
    return sum(effects.values(), Fraction(0))


def cash_flows(investment: Fraction, saving: Fraction, years: int, residual: Fraction) -> list[Fraction]:
    """Year 0 to *years*: the investment, then the saving each year, and the residual value with the last."""
    return [-investment, *[saving] * (years - 1), saving + residual]


def payback(investment: Fraction, saving: Fraction) -> Fraction | NoFigure:
    """Simple payback I/A in years."""
    if saving <= 0:
        return NoFigure(NoSaving(money(saving)))
    return investment / saving


def npv(flows: Sequence[Fraction], rate: Fraction) -> Fraction:
    """Net present value at a yearly rate above -1; flow k lies at the end of year k, flow 0 is now."""
    total, weight = Fraction(0), 1 / (1 + rate)
    for flow in reversed(flows):
        total = total * weight + flow
    return total


def recovery(
    flows: Sequence[Fraction], rate: Fraction = Fraction(0), residual: Fraction = Fraction(0)
) -> Fraction | NoFigure:
    """The first time in years at which the cumulated discounted cash is not below zero.

    A year's flow counts as even over the year. The residual value is part of the last flow, but comes in one piece
    at its end.
    """
    total, weight = flows[0], Fraction(1)
    if total >= 0:
        return Fraction(0)
    for year, flow in enumerate(flows[1:], 1):
        weight /= 1 + rate
        last = year == len(flows) - 1
        even = (flow - residual if last else flow) * weight
        if total + even >= 0:
            return year - 1 - total / even
        total += flow * weight
        if last and total >= 0:
            return Fraction(year)
    left = len(flows) - 1, money(-total)
    return NoFigure(NotRecoveredDiscounted(*left) if rate else NotRecovered(*left))


def stays_recovered(flows: Sequence[Fraction], rate: Fraction, when: Fraction) -> bool:
    """Whether the cumulated discounted cash stays at or above zero after a recovery."""
    total, weight = Fraction(0), Fraction(1)
    for year, flow in enumerate(flows):
        total += flow * weight
        weight /= 1 + rate
        if year >= when and total < 0:
            return False
    return True
