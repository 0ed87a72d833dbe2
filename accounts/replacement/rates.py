"""The internal rate of return: every rate above -100 % that makes the net present value zero, exactly isolated.

With x = 1/(1 + r) the net present value is a polynomial in x, and rates above -100 % are its positive roots. One
sign change of the cash flows means one root (Descartes). With more, Sturm's chain counts the roots of any span, so
that none is passed over; each is then narrowed by bisection in exact fractions.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from accounts.replacement.money_messages import NoRate, NoSignChange, SeveralRates
from contract.message import Message

MOST_FLOWS = 61
"""Cash flows of at most so many years, the year 0 among them."""
_FINE = Fraction(1, 10**15)

Polynomial = list[Fraction]
"""Coefficients from the constant up; the last is not zero."""


@dataclass(frozen=True)
class Irr:
    """rate: a fraction of 1 a year, None with *why*. roots: every rate that was found. changes: of sign."""

    rate: Fraction | None
    changes: int
    roots: tuple[Fraction, ...]
    why: Message | None


def irr(flows: Sequence[Fraction]) -> Irr:
    """The internal rate of return of yearly cash flows, the first of them now."""
    changes, roots = sign_changes(flows), tuple(rates(flows))
    if changes == 0:
        return Irr(None, 0, (), NoSignChange())
    if not roots:
        return Irr(None, changes, (), NoRate(changes))
    if len(roots) > 1:
        return Irr(None, changes, roots, SeveralRates(len(roots), changes))
    return Irr(roots[0], changes, roots, None)


def sign_changes(flows: Sequence[Fraction]) -> int:
    """How often the sign changes from one flow to the next that is not zero."""
    signs = [flow > 0 for flow in flows if flow]
    return sum(a != b for a, b in itertools.pairwise(signs))


def rates(flows: Sequence[Fraction]) -> list[Fraction]:
    """Every distinct rate above -1 at which the net present value is zero, ascending, to 15 digits."""
    if len(flows) > MOST_FLOWS:
        raise ValueError(f"{len(flows)} cash flows; at most {MOST_FLOWS} are taken")
    changes = sign_changes(flows)
    if changes == 0:
        return []
    p = _whole(_trimmed(flows))
    top = _bound(p)
    if changes == 1:
        last = p[-1] > 0  # beyond the one root the sign is that of the highest power
        return [_narrow(Fraction(0), top, lambda x: _at(p, x) == 0 or (_at(p, x) > 0) == last)]
    chain = _sturm(p)
    base = _variations(chain, Fraction(0))
    found, spans = [], [(Fraction(0), top)]
    while spans:
        low, high = spans.pop()
        before, inside = base - _variations(chain, low), base - _variations(chain, high)
        if inside - before == 1:
            found.append(_narrow(low, high, _passed(chain, base - before)))
        elif inside > before:
            middle = (low + high) / 2
            spans += [(low, middle), (middle, high)]
    return sorted(found)


def _narrow(low: Fraction, high: Fraction, upto: Callable[[Fraction], bool]) -> Fraction:
    """The rate of the one root in (low, high]; upto: whether the root is at or below an x."""
    one = Fraction(1)
    if low < 1 < high:  # a rate of exactly zero is a case of its own, so that small rates keep their digits
        low, high = (low, one) if upto(one) else (one, high)
        if high == 1 and not upto(1 - _FINE**2):
            return Fraction(0)
    while low == 0 or (high - low) / low > _FINE * min(Fraction(1), abs(1 - high)):
        middle = (low + high) / 2
        low, high = (low, middle) if upto(middle) else (middle, high)
        if high - low < _FINE**3 * high:
            break
    return 1 / high - 1


def _passed(chain: Sequence[Polynomial], above: int) -> Callable[[Fraction], bool]:
    """Whether the next root above a point, at which the chain has *above* variations, is at or below an x."""
    return lambda x: _variations(chain, x) < above


def _trimmed(flows: Sequence[Fraction]) -> Polynomial:
    """Without zeros at either end: they move no positive root."""
    used = [place for place, flow in enumerate(flows) if flow]
    return [Fraction(flow) for flow in flows[used[0] : used[-1] + 1]]


def _bound(p: Polynomial) -> Fraction:
    """A power of two above every root (Cauchy)."""
    most = 1 + max(abs(c / p[-1]) for c in p[:-1])
    return Fraction(2 ** math.ceil(most).bit_length())


def _at(p: Polynomial, x: Fraction) -> int:
    """The value at x times a positive number, so its sign."""
    n, d, total, power = x.numerator, x.denominator, 0, 1
    for c in reversed(p):
        total = total * n + c.numerator * power
        power *= d
    return total


def _sturm(p: Polynomial) -> list[Polynomial]:
    """Sturm's chain of the part of p that has each root once."""
    chain = _chain(p)
    if len(chain[-1]) == 1:
        return chain
    once, _ = _divided(chain[0], chain[-1])
    return _chain(_whole(once))


def _chain(p: Polynomial) -> list[Polynomial]:
    chain = [p, _whole([c * k for k, c in enumerate(p)][1:])]
    while len(chain[-1]) > 1:
        rest = _divided(chain[-2], chain[-1])[1]
        if not rest:
            break
        chain.append(_whole([-c for c in rest]))
    return chain


def _divided(a: Polynomial, b: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder; a remainder of zero is empty."""
    rest, quotient = list(a), [Fraction(0)] * max(len(a) - len(b) + 1, 0)
    for shift in reversed(range(len(quotient))):
        quotient[shift] = rest[shift + len(b) - 1] / b[-1]
        for k, c in enumerate(b):
            rest[shift + k] -= quotient[shift] * c
    rest = rest[: len(b) - 1]
    while rest and rest[-1] == 0:
        rest.pop()
    return quotient, rest


def _whole(p: Polynomial) -> Polynomial:
    """The same signs with coprime whole coefficients; _at reads numerators only."""
    common = math.lcm(*(c.denominator for c in p))
    shared = math.gcd(*(int(c * common) for c in p))
    return [c * common / shared for c in p]


def _variations(chain: Sequence[Polynomial], x: Fraction) -> int:
    return sign_changes([Fraction(_at(p, x)) for p in chain])
