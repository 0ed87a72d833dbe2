"""Ordinary least squares with every statistic that a savings report names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from accounts.savings import distributions
from accounts.savings.model_messages import Collinear, ConstantDriver, ConstantEnergy, TooFewRows
from accounts.savings.table import INTERCEPT, Floats, varies
from contract.errors import BadInput

SAME_DIRECTION = 1e-6
"""Drivers whose centred unit columns have a singular value below this part of the largest are collinear."""

EXACT = 1e-24
"""A model whose SSE is below this part of SST fits to the last digit: its residuals are rounding."""


@dataclass(frozen=True)
class Fit:
    """A fitted model; arrays have one entry a parameter, the intercept first.

    rho and durbin_watson take only residuals of rows that directly follow each other; None when fewer than three
    pairs do, or when the fit is exact. aicc: None when n is too small for it.
    """

    drivers: tuple[str, ...]
    b: Floats
    se: Floats
    t: Floats
    p_values: Floats
    n: int
    root: Floats
    """A with AA' = (X'X)^-1; kept apart because a sum through A keeps the digits that one through AA' loses"""
    residuals: Floats
    sse: float
    sst: float
    s2: float
    mean: float
    f: float
    f_p: float
    rho: float | None
    durbin_watson: float | None
    aicc: float | None

    @property
    def p(self) -> int:
        """Parameters, the intercept among them."""
        return len(self.b)

    @property
    def df(self) -> int:
        return self.n - self.p

    @property
    def r2(self) -> float:
        return 1.0 - self.sse / self.sst

    @property
    def adjusted_r2(self) -> float:
        return 1.0 - (self.sse / self.sst) * (self.n - 1) / self.df

    @property
    def rmse(self) -> float:
        return math.sqrt(self.s2)

    @property
    def cv(self) -> float:
        """RMSE over the mean of the energy, with n - p."""
        return self.rmse / self.mean if self.mean else math.inf

    @property
    def nmbe(self) -> float:
        """Mean bias in the sample over the mean energy, divisor n; 0 but for rounding."""
        return math.fsum(self.residuals) / (self.n * self.mean) if self.mean else math.inf

    @property
    def ndbe(self) -> float:
        """Sum of residuals over sum of energy; 0 but for rounding."""
        return self.nmbe

    @property
    def names(self) -> tuple[str, ...]:
        return (INTERCEPT, *self.drivers)

    @property
    def exact(self) -> bool:
        return self.sse <= EXACT * self.sst


def design(columns: Sequence[Floats], rows: int) -> Floats:
    """X: a column of ones, then one a driver."""
    return np.column_stack([np.ones(rows), *columns])


def fit(energy: Floats, columns: Sequence[Floats], drivers: Sequence[str], follows: NDArray[np.bool_]) -> Fit:
    """The model of *energy* on *columns*.

    follows: for each row but the first, whether it comes directly after the one before. BadInput when the data do
    not determine the model: too few rows, constant or collinear columns.
    """
    x = design(columns, len(energy))
    n, p = x.shape
    _determined(energy, columns, drivers)
    # Orthogonal columns first: centred and of length one, so that a large offset or unit costs no digits.
    back = _back(x)
    q, r = np.linalg.qr(x @ back)
    root = back @ np.linalg.inv(r)
    b = root @ (q.T @ energy)
    residuals = energy - x @ b
    sse, mean = math.fsum(residuals**2), math.fsum(energy) / n
    sst = math.fsum((energy - mean) ** 2)
    s2 = residual_variance(sse, n, p)
    with np.errstate(divide="ignore"):
        se = np.sqrt(s2 * np.sum(root * root, axis=1))
        t = b / se
        f = float(np.divide((sst - sse) / (p - 1), s2))
    exact = sse <= EXACT * sst
    return Fit(
        drivers=tuple(drivers),
        b=b,
        se=se,
        t=t,
        p_values=distributions.t_two_sided(t, n - p),
        n=n,
        root=root,
        residuals=residuals,
        sse=sse,
        sst=sst,
        s2=s2,
        mean=mean,
        f=f,
        f_p=distributions.f_above(f, p - 1, n - p),
        rho=None if exact else lag_correlation(residuals, follows),
        durbin_watson=None if exact else _durbin_watson(residuals, follows, sse),
        aicc=_aicc(sse, n, p),
    )


def _back(x: Floats) -> Floats:
    """The matrix that turns the columns of X into centred ones of length one, the intercept kept."""
    means = x.mean(axis=0)
    means[0] = 0.0
    lengths = np.sqrt(np.sum((x - means) ** 2, axis=0))
    lengths[0] = 1.0
    back = np.diag(1.0 / lengths)
    back[0] -= means / lengths
    return back


def residual_variance(sse: float, n: int, p: int) -> float:
    """s2 = SSE/(n - p)."""
    return sse / (n - p)


def lag_correlation(residuals: Floats, follows: NDArray[np.bool_], lag: int = 1) -> float | None:
    """corr(e_i, e_(i-lag)) over rows with no gap between them; None for fewer than three pairs."""
    if len(follows) < lag:
        return None
    unbroken = np.asarray(sliding_window_view(follows, lag).all(axis=1), dtype=np.bool_)
    now, before = residuals[lag:][unbroken], residuals[:-lag][unbroken]
    if len(now) < 3:
        return None
    now, before = now - now.mean(), before - before.mean()
    scale = math.sqrt(float(now @ now) * float(before @ before))
    return float(now @ before) / scale if scale > 0 else None


def _durbin_watson(residuals: Floats, follows: NDArray[np.bool_], sse: float) -> float | None:
    steps = np.diff(residuals)[follows]
    return float(steps @ steps) / sse if len(steps) >= 3 else None


def _aicc(sse: float, n: int, p: int) -> float | None:
    k = p + 1
    if n - k - 1 <= 0 or sse <= 0:
        return None
    return n * math.log(sse / n) + 2 * k + 2 * k * (k + 1) / (n - k - 1)


def _determined(energy: Floats, columns: Sequence[Floats], drivers: Sequence[str]) -> None:
    n, p = len(energy), len(columns) + 1
    if n <= p + 1:
        raise BadInput(TooFewRows(n, p, p + 2))
    if not varies(energy):
        raise BadInput(ConstantEnergy(f"{energy[0]:g}"))
    for name, column in zip(drivers, columns, strict=True):
        if not varies(column):
            raise BadInput(ConstantDriver(name, f"{column[0]:g}"))
    if same := collinear(columns, drivers):
        raise BadInput(Collinear(", ".join(map(repr, same))))


def collinear(columns: Sequence[Floats], drivers: Sequence[str]) -> list[str]:
    """The drivers of which one is a linear combination of the others; none constant. Empty when none is."""
    centred = np.column_stack([c - c.mean() for c in columns])
    unit = centred / np.sqrt(np.sum(centred**2, axis=0))
    _, values, directions = np.linalg.svd(unit, full_matrices=False)
    if values[-1] >= SAME_DIRECTION * values[0]:
        return []
    return [name for name, part in zip(drivers, directions[-1], strict=True) if abs(part) > 1e-3]
