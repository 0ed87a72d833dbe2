"""What a project costs and earns: payback, net present value, internal rate of return, in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from verify.reasons.reason import InsufficientData

MOST_FLOWS = 61
NARROW = Fraction(1, 10**13)


def present_value(flows: Sequence[Fraction], rate: Fraction) -> Fraction:
    """The sum of each year's flow over (1 + rate) to the power of the year; the first flow is now."""
    return sum((flow / (1 + rate) ** year for year, flow in enumerate(flows)), Fraction(0))


def payback(investment: Fraction, saving: Fraction) -> Fraction:
    """Years until the saving has paid the investment; raises InsufficientData."""
    if saving <= 0:
        raise InsufficientData("the yearly saving is not above zero")
    return investment / saving


def recovered(flows: Sequence[Fraction], rate: Fraction, residual: Fraction) -> Fraction:
    """When the cumulated discounted cash reaches zero; raises InsufficientData.

    Within a year the cash comes evenly, but for the residual, which comes at its end.
    """
    before = flows[0]
    if before >= 0:
        return Fraction(0)
    last = len(flows) - 1
    for year in range(1, len(flows)):
        weight = 1 / (1 + rate) ** year
        even = (flows[year] - (residual if year == last else 0)) * weight
        if before + even >= 0:
            return year - 1 - before / even
        before += flows[year] * weight
    if before >= 0:
        return Fraction(last)
    raise InsufficientData("the outlay is not recovered")


def rate_of_return(flows: Sequence[Fraction]) -> Fraction:
    """The only rate above -1 at which the present value is zero, to 12 digits; raises InsufficientData."""
    if len(flows) > MOST_FLOWS:
        raise InsufficientData(f"{len(flows)} cash flows are too many")
    found = _roots(flows)
    if len(found) != 1:
        raise InsufficientData(f"IRR none: {len(found)} rates make the present value zero")
    return 1 / found[0] - 1


def _roots(flows: Sequence[Fraction]) -> list[Fraction]:
    """Every positive x = 1/(1 + rate) with sum of flow·x^year = 0, each a bracket narrower than 13 digits.

    A bracket is halved until Descartes' rule leaves it without a root, or with one, or it is too narrow to be halved:
    then its roots are one rate to all digits that are printed.
    """
    used = [year for year, flow in enumerate(flows) if flow]
    if not used or _changes(flows) == 0:
        return []
    p = list(flows[used[0] : used[-1] + 1])
    top = 2 + max(abs(c / p[-1]) for c in p[:-1])
    one = Fraction(1)
    found = [one] if _at(p, one) == 0 else []
    spans = [(Fraction(0), one), (one, top)]
    while spans:
        low, high = spans.pop()
        count = _within(p, low, high)
        if count == 0:
            continue
        middle = (low + high) / 2
        if (low and high - low < NARROW * low * min(one, abs(1 - middle))) or high - low < NARROW**3:
            found.append(middle)
        elif count == 1 and _at(p, low) * _at(p, high) < 0:
            found.append(_halved(p, low, high))
        else:
            found += [middle] if _at(p, middle) == 0 else []
            spans += [(low, middle), (middle, high)]
    return found


def _halved(p: Sequence[Fraction], low: Fraction, high: Fraction) -> Fraction:
    """The root between two places where the signs differ."""
    rising = _at(p, high) > 0
    while not low or high - low >= NARROW * low * min(Fraction(1), abs(1 - high)):
        middle = (low + high) / 2
        value = _at(p, middle)
        if value == 0 or high - low < NARROW**3:
            return middle
        low, high = (low, middle) if (value > 0) == rising else (middle, high)
    return (low + high) / 2


def _at(p: Sequence[Fraction], x: Fraction) -> Fraction:
    total = Fraction(0)
    for c in reversed(p):
        total = total * x + c
    return total


def _changes(values: Sequence[Fraction]) -> int:
    signs = [value > 0 for value in values if value]
    return sum(signs[at] != signs[at - 1] for at in range(1, len(signs)))


def _within(p: Sequence[Fraction], low: Fraction, high: Fraction) -> int:
    """How many roots lie between low and high at most, an even number less in truth: Descartes' rule for a span.

    The span is mapped onto all positive numbers: x = low + (high - low)/(1 + t).
    """
    moved = [c * (high - low) ** k for k, c in enumerate(_shifted(list(p), low))]
    return _changes(_shifted(moved[::-1], Fraction(1)))


def _shifted(p: list[Fraction], by: Fraction) -> list[Fraction]:
    """The polynomial of x + by, by repeated division."""
    for start in range(len(p) - 1):
        for k in range(len(p) - 2, start - 1, -1):
            p[k] += by * p[k + 1]
    return p
