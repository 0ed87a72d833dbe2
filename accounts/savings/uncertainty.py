"""The interval of the avoided energy: forms `ols` and `ols-ac`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from accounts.savings import distributions
from accounts.savings.fit import Fit
from accounts.savings.table import Floats

OLS = "ols"
OLS_AC = "ols-ac"
SIGNIFICANT = 1.96
"""rho counts when it is larger than this over the root of n."""
ROUNDING = 1e-9
"""A saving below this part of the adjusted baseline is what doubles round to, not energy."""


@dataclass(frozen=True)
class Band:
    """avoided plus and minus half; inflation: what s2 was multiplied with, never below 1."""

    form: str
    low: float
    high: float
    half: float
    t: float
    inflation: float


def effective_rows(fit: Fit) -> float:
    """n' = n(1 - rho)/(1 + rho); n when rho is unknown."""
    if fit.rho is None:
        return float(fit.n)
    rho = min(max(fit.rho, -1.0 + 1e-12), 1.0 - 1e-12)
    return fit.n * (1.0 - rho) / (1.0 + rho)


def significant(fit: Fit) -> bool:
    """Whether rho differs from 0 at the size that n rows show by chance."""
    return fit.rho is not None and abs(fit.rho) > SIGNIFICANT / math.sqrt(fit.n)


def inflation(fit: Fit) -> float:
    """n/n' where rho is significant, else 1. A negative rho would narrow the interval: it stays 1."""
    return max(1.0, fit.n / effective_rows(fit)) if significant(fit) else 1.0


def rounding(avoided: float, adjusted: float) -> bool:
    """Whether a saving is no more than the rounding of the sums that it is the difference of."""
    return abs(avoided) <= ROUNDING * abs(adjusted)


def variance_of_sum(fit: Fit, x: Floats) -> float:
    """s2 * 1'(I_m + X_r (X'X)^-1 X_r')1: of the measured less the predicted sum of m rows, errors independent."""
    away = fit.root.T @ np.sum(x, axis=0)
    return fit.s2 * (len(x) + float(away @ away))


def band(fit: Fit, x: Floats, avoided: float, confidence: float, form: str = OLS_AC) -> Band:
    """The two-sided interval of *avoided* over the reporting rows *x*; t has n - p degrees of freedom."""
    t = distributions.t_quantile(confidence, fit.df)
    times = inflation(fit) if form == OLS_AC else 1.0
    half = t * math.sqrt(times * variance_of_sum(fit, x))
    return Band(form, avoided - half, avoided + half, half, t, times)
