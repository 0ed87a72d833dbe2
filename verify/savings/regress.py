"""Baseline regression and the avoided use with its interval (docs/methods-savings.md)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from verify.reasons.reason import InsufficientData
from verify.savings.distributions import f_above, t_quantile, t_two_sided

Matrix = NDArray[np.float64]
PHYSICAL = ("prod", "output", "tonnage", "tonnes", "产量", "产出", "cdd", "hdd", "degree", "度日")
MOST_COLUMNS = 10


@dataclass(frozen=True)
class Table:
    """Rows of one period. order: number of each row's day or month, so that neighbours are known."""

    order: list[int]
    energy: Matrix
    drivers: dict[str, Matrix]


@dataclass
class Model:
    """One fitted baseline. why: the tests that refuse it."""

    names: tuple[str, ...]
    avoided: float
    low: float
    high: float
    aicc: float
    physical: bool
    why: list[str] = field(default_factory=list)


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


def neighbours(order: list[int], residuals: Matrix) -> float | None:
    """Correlation of residuals with those of the row directly before, a mean of its own for each side."""
    pairs = [(i - 1, i) for i in range(1, len(order)) if order[i] == order[i - 1] + 1]
    if len(pairs) < 3:
        return None
    before, after = (residuals[[pair[side] for pair in pairs]] for side in (0, 1))
    before, after = before - before.mean(), after - after.mean()
    size = math.sqrt(float(before @ before) * float(after @ after))
    return float(before @ after) / size if size else None


def fit(base: Table, report: Table, names: tuple[str, ...], confidence: float = 0.9) -> Model:
    """Fit on the baseline, judge, and evaluate on the reporting rows; raises Refused where nothing can be fitted."""
    n, p = len(base.energy), len(names) + 1
    if n <= p + 1:
        raise InsufficientData(f"{n} baseline rows are too few for {p} coefficients")
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
    u = t_quantile(confidence, n - p) * math.sqrt(
        widened * s2 * (len(report.energy) + float(total @ covariance @ total))
    )
    k = p + 1
    aicc = (
        n * math.log(sse / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1) if sse > 0 and n > k + 1 else -math.inf
    )
    made = Model(names, avoided, avoided - u, avoided + u, aicc, True)
    _judge(made, base, report, b, np.sqrt(s2 * np.diag(covariance)), (sse, sst, n, p))
    return made


def _judge(
    made: Model, base: Table, report: Table, b: Matrix, se: Matrix, sums: tuple[float, float, int, int]
) -> None:
    """Note the tests that refuse the model."""
    sse, sst, n, p = sums
    with np.errstate(divide="ignore"):
        ts = b[1:] / se[1:]
    chances = [t_two_sided(float(t), n - p) for t in ts]
    f = math.inf if sse == 0 else ((sst - sse) / (p - 1)) / (sse / (n - p))
    if not f_above(f, p - 1, n - p) < 0.10:
        made.why.append("the F test is not below 0.10")
    for name, chance in zip(made.names, chances, strict=True):
        if not chance < 0.20:
            made.why.append(f"p of {name} is not below 0.20")
    if not min(chances) < 0.10:
        made.why.append("no driver has p below 0.10")
    if not 1 - sse / sst >= 0.5:
        made.why.append("R2 is below 0.5")
    for name in made.names:
        values, mean = base.drivers[name], float(report.drivers[name].mean())
        inside = float(values.min()) <= mean <= float(values.max())
        if not inside and abs(mean - float(values.mean())) > 3 * float(values.std(ddof=1)):
            made.why.append(f"{name} of the reporting period is far outside the baseline")
    for name, coefficient in zip(made.names, b[1:], strict=True):
        if coefficient < 0 and any(word in name.lower() for word in PHYSICAL):
            made.physical = False
            made.why.append(f"the coefficient of {name} is below 0")


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
    return min(found, key=lambda model: (not model.physical, bool(model.why), model.aicc))
