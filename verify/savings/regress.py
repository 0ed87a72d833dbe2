"""Baseline regression and the avoided use with its interval (docs/methods-savings.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from verify.formats.message import Message
from verify.reasons.reason import InsufficientData, rounded
from verify.reasons.savings.criteria_messages import (
    CriterionFailed,
    Determination,
    FTest,
    InRange,
    OwnRule,
    PValueOf,
    ReportingMean,
    SepRule,
    SignOf,
    SmallestPValue,
)
from verify.reasons.savings.project_messages import TooFewRows
from verify.savings.distributions import f_above, t_quantile, t_two_sided

Matrix = NDArray[np.float64]
PHYSICAL = {
    "production": ("prod", "output", "tonnage", "tonnes", "产量", "产出"),
    "degree days": ("cdd", "hdd", "degree", "度日"),
}
"""What may not lower the use of energy, by words in the name of a driver."""
MOST_COLUMNS = 10


@dataclass(frozen=True)
class Table:
    """Rows of one period. order: number of each row's day or month, so that neighbours are known."""

    order: list[int]
    energy: Matrix
    drivers: dict[str, Matrix]


@dataclass
class Model:
    """One fitted baseline. why: the tests that refuse it; tried: of how many subsets of drivers it was chosen.

    constant: drivers with one value in the baseline, which were not tried.
    """

    names: tuple[str, ...]
    avoided: float
    low: float
    high: float
    aicc: float
    fit: Fit
    physical: bool = True
    why: list[Message] = field(default_factory=list)
    tried: int = 0
    constant: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Fit:
    """The numbers behind a model. n rows, p coefficients with the intercept; ts: of the drivers.

    rho: correlation of neighbouring residuals; spread: half of the interval by its t; adjusted: what the baseline's
    model says of the reporting period.
    """

    base: Table
    report: Table
    residuals: Matrix
    ts: list[float]
    sse: float
    sst: float
    n: int
    p: int
    rho: float | None
    spread: float
    adjusted: float

    @property
    def r2(self) -> float:
        """The share of the variance that the model explains."""
        return 1.0 - self.sse / self.sst

    @property
    def exact(self) -> bool:
        """Whether the residuals are rounding."""
        return self.sse < 1e-24 * self.sst

    @property
    def cv(self) -> float:
        """The root mean square error by the mean of the energy."""
        mean = float(self.base.energy.mean())
        return math.sqrt(self.sse / (self.n - self.p)) / mean if mean else math.inf


def _design(table: Table, names: tuple[str, ...]) -> Matrix:
    ones = np.ones(len(table.energy))
    return np.column_stack([ones, *(table.drivers[name] for name in names)])


def _constant(values: Matrix) -> bool:
    largest = float(np.max(np.abs(values)))
    return float(np.ptp(values)) <= 1e-12 * largest


def _collinear(x: Matrix) -> bool:
    centred = x[:, 1:] - x[:, 1:].mean(axis=0)
    centred = centred / np.linalg.norm(centred, axis=0)
    sizes = np.linalg.svd(centred, compute_uv=False)
    return bool(sizes[-1] < 1e-6 * sizes[0])


def neighbours(order: list[int], residuals: Matrix, lag: int = 1) -> float | None:
    """Correlation of residuals with those *lag* rows before, none lacking between, a mean of its own for each side."""
    pairs = [(i - lag, i) for i in range(lag, len(order)) if order[i] == order[i - lag] + lag]
    if len(pairs) < 3:
        return None
    before, after = (residuals[[pair[side] for pair in pairs]] for side in (0, 1))
    before, after = before - before.mean(), after - after.mean()
    size = math.sqrt(float(before @ before) * float(after @ after))
    return float(before @ after) / size if size else None


def fit(base: Table, report: Table, names: tuple[str, ...], confidence: float = 0.9) -> Model:
    """Fit on the baseline, judge, evaluate on the reporting rows.

    Raises InsufficientData where nothing can be fitted.
    """
    n, p = len(base.energy), len(names) + 1
    if n <= p + 1:
        raise InsufficientData(TooFewRows(n, p, p + 2))
    if not len(report.energy):
        raise InsufficientData("no row in the reporting period")
    constant = [name for name in names if _constant(base.drivers[name])]
    if constant or _constant(base.energy):
        raise InsufficientData(f"{', '.join(constant) or 'energy'} is constant in the baseline")
    x, xr = _design(base, names), _design(report, names)
    if _collinear(x):
        raise InsufficientData("the drivers are collinear")
    size = np.linalg.norm(x, axis=0)
    q, r = np.linalg.qr(x / size)
    b = np.linalg.solve(r, q.T @ base.energy) / size
    inverse = np.linalg.inv(r)
    covariance = (inverse @ inverse.T) / np.outer(size, size)
    residuals = base.energy - x @ b
    sse, sst = float(residuals @ residuals), float(np.sum((base.energy - base.energy.mean()) ** 2))
    s2 = sse / (n - p)
    perfect = sse < 1e-24 * sst
    rho = None if perfect else neighbours(base.order, residuals)
    widened = (1 + rho) / (1 - rho) if rho is not None and 1.96 / math.sqrt(n) < rho < 1 else 1.0
    avoided = float(np.sum(xr @ b) - np.sum(report.energy))
    total = xr.sum(axis=0)
    spread = math.sqrt(widened * s2 * (len(report.energy) + float(total @ covariance @ total)))
    u = t_quantile(confidence, n - p) * spread
    with np.errstate(divide="ignore"):
        ts = [float(t) for t in b[1:] / np.sqrt(s2 * np.diag(covariance))[1:]]
    numbers = Fit(
        base, report, residuals, ts, sse, sst, n, p, rho, spread, avoided + float(np.sum(report.energy))
    )
    made = Model(names, avoided, avoided - u, avoided + u, _aicc(sse, n, p), numbers)
    _judge(made, b)
    return made


def _aicc(sse: float, n: int, p: int) -> float:
    """Akaike's criterion with its correction for few rows."""
    k = p + 1
    if sse <= 0 or n <= k + 1:
        return -math.inf
    return n * math.log(sse / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)


def _judge(made: Model, b: Matrix) -> None:
    """Note the tests that refuse the model."""
    fit = made.fit
    sse, sst, n, p = fit.sse, fit.sst, fit.n, fit.p
    chances = [t_two_sided(t, n - p) for t in fit.ts]
    f = math.inf if sse == 0 else ((sst - sse) / (p - 1)) / (sse / (n - p))
    tests: list[tuple[bool, Message, float, str | Message, Message]] = []
    above = f_above(f, p - 1, n - p)
    tests.append((above < 0.10, FTest(), above, "< 0.10", SepRule()))
    for name, chance in zip(made.names, chances, strict=True):
        tests.append((chance < 0.20, PValueOf(name), chance, "< 0.20", SepRule()))
    tests.append((min(chances) < 0.10, SmallestPValue(), min(chances), "< 0.10", SepRule()))
    tests.append((fit.r2 >= 0.5, Determination(), fit.r2, ">= 0.5", SepRule()))
    for name in made.names:
        values, mean = fit.base.drivers[name], float(fit.report.drivers[name].mean())
        low, high, middle = float(values.min()), float(values.max()), float(values.mean())
        reach = 3 * float(values.std(ddof=1))
        bounds = InRange(rounded(min(low, middle - reach)), rounded(max(high, middle + reach)))
        near = low <= mean <= high or abs(mean - middle) <= reach
        tests.append((near, ReportingMean(name), mean, bounds, SepRule()))
    for name, coefficient in zip(made.names, b[1:], strict=True):
        if kind := next(
            (kind for kind, words in PHYSICAL.items() if any(w in name.lower() for w in words)), ""
        ):
            made.physical = made.physical and bool(coefficient >= 0)
            tests.append((bool(coefficient >= 0), SignOf(name, kind), float(coefficient), ">= 0", OwnRule()))
    made.why += [
        CriterionFailed(name, rounded(value), bound, rule) for ok, name, value, bound, rule in tests if not ok
    ]


def chosen(base: Table, report: Table, confidence: float = 0.9) -> Model:
    """Of all subsets: physical signs first, then those that no test refuses, then the lowest AICc."""
    usable = [name for name, values in base.drivers.items() if len(values) and not _constant(values)]
    if not usable or len(usable) > MOST_COLUMNS:
        raise InsufficientData(f"{len(usable)} drivers to choose from")
    found = []
    for count in range(1, len(usable) + 1):
        for names in combinations(usable, count):
            try:
                found.append(fit(base, report, names, confidence))
            except InsufficientData:
                continue
    if not found:
        raise InsufficientData("no model can be fitted")
    best = min(found, key=lambda model: (not model.physical, bool(model.why), model.aicc))
    best.tried = 2 ** len(usable) - 1
    best.constant = {name: float(base.drivers[name][0]) for name in base.drivers if name not in usable}
    return best
