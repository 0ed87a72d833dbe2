"""Student's t and Fisher's F from the incomplete beta function, with the standard library alone."""

from __future__ import annotations

import math

TINY = 1e-300


def _fraction(a: float, b: float, x: float) -> float:
    """Lentz's evaluation of the continued fraction of the incomplete beta function."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    made = d
    for m in range(1, 10_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0)),
        ):
            d = 1.0 + step * d
            d = 1.0 / (d if abs(d) > TINY else TINY)
            c = 1.0 + step / (c if abs(c) > TINY else TINY)
            made *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return made


def beta(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    if x < (a + 1.0) / (a + b + 2.0):
        return math.exp(log) * _fraction(a, b, x) / a
    return 1.0 - math.exp(log) * _fraction(b, a, 1.0 - x) / b


def t_two_sided(t: float, freedom: float) -> float:
    """Probability of a t at least as far from 0."""
    return beta(freedom / 2.0, 0.5, freedom / (freedom + t * t))


def t_quantile(confidence: float, freedom: float) -> float:
    """The t that a two-sided interval of this confidence reaches to."""
    low, high = 0.0, 1.0
    while t_two_sided(high, freedom) > 1.0 - confidence:
        high *= 2.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if middle in (low, high):
            break
        if t_two_sided(middle, freedom) > 1.0 - confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def f_above(f: float, upper: float, lower: float) -> float:
    """Probability of an F(upper, lower) at least as large."""
    return 1.0 if f <= 0.0 else beta(lower / 2.0, upper / 2.0, lower / (lower + upper * f))
