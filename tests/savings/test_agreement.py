"""200 seeded data sets against statsmodels, and harder ones against exact fractions; neither is part of the product.

statsmodels solves by a pseudo-inverse of the columns as they are and loses digits where their sizes differ by more
than about 1e5, as the exact fractions show; its data sets here stay within what a plant's columns look like.
"""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]
from scipy import stats  # type: ignore[import-untyped]
from statsmodels.stats.stattools import durbin_watson  # type: ignore[import-untyped]

from accounts.savings import Period, Result, Table, evaluate
from accounts.savings import fit as fit_module

SEEDS = range(200)
FIRST = date(2021, 1, 1)


def data_set(seed: int, sizes: tuple[float, float] = (0.0, 3.0), spread: float = -1.0) -> tuple[Table, int]:
    """Up to 400 baseline days, 1 to 5 drivers of very different size, AR(1) residuals; and how many are baseline.

    sizes: powers of ten of the drivers' means; spread: the smallest power of ten of their relative deviation.
    """
    rng = np.random.default_rng(seed)
    drivers = int(rng.integers(1, 6))
    n, m = int(rng.integers(drivers + 7, 401)), int(rng.integers(2, 200))
    x = 10.0 ** rng.uniform(*sizes, drivers) * rng.normal(
        1.0, 10.0 ** rng.uniform(spread, 0, drivers), (n + m, drivers)
    )
    noise = rng.normal(0.0, rng.uniform(0.1, 3.0), n + m)
    for i in range(1, n + m):
        noise[i] += rng.uniform(0.2, 0.6) * noise[i - 1]
    scaled = (x - x.mean(axis=0)) / x.std(axis=0)
    energy = 10.0 ** rng.uniform(0, 5) * (20.0 + scaled @ rng.normal(0.0, 2.0, drivers) + noise)
    times = [FIRST + timedelta(days=i) for i in range(n + m)]
    return Table.of(times, list(energy), {f"x{j}": list(x[:, j]) for j in range(drivers)}), n


def judged(table: Table, n: int) -> Result:
    times = table.times
    return evaluate(
        table, Period(times[0], times[n - 1]), Period(times[n], times[-1]), table.drivers, confidence=0.9
    )


def agree(seed: int) -> None:
    """Fails when a number of this seed differs from statsmodels by more than 1e-9 of itself."""
    table, n = data_set(seed)
    mine = judged(table, n)
    x = sm.add_constant(np.column_stack([table.columns[name] for name in table.drivers]), has_constant="add")
    y = table.columns["energy"]
    theirs = sm.OLS(y[:n], x[:n]).fit()
    pairs: dict[str, tuple[Any, Any]] = {
        "b": (mine.fit.b, theirs.params),
        "se": (mine.fit.se, theirs.bse),
        "t": (mine.fit.t, theirs.tvalues),
        "p": (mine.fit.p_values, theirs.pvalues),
        "r2": (mine.fit.r2, theirs.rsquared),
        "adjusted r2": (mine.fit.adjusted_r2, theirs.rsquared_adj),
        "f": (mine.fit.f, theirs.fvalue),
        "f_p": (mine.fit.f_p, theirs.f_pvalue),
        "s2": (mine.fit.s2, theirs.mse_resid),
        "dw": (mine.fit.durbin_watson, durbin_watson(theirs.resid)),
        "rho": (mine.fit.rho, np.corrcoef(theirs.resid[1:], theirs.resid[:-1])[0, 1]),
        "avoided": (mine.adjusted, theirs.predict(x[n:]).sum()),
    }
    # The variance of a sum of predictions from their covariance matrix, plus the noise of the measured rows.
    ones = np.ones(len(y) - n)
    cov = x[n:] @ theirs.cov_params() @ x[n:].T + theirs.mse_resid * np.eye(len(ones))
    t = stats.t.ppf(0.95, theirs.df_resid)
    pairs["half"] = (mine.ols.half, t * np.sqrt(ones @ cov @ ones))
    rho = pairs["rho"][1]
    inflated = (1 + rho) / (1 - rho) if rho > 1.96 / np.sqrt(n) else 1.0
    pairs["half, corrected"] = (mine.band.half, pairs["half"][1] * np.sqrt(inflated))
    for name, (ours, expected) in pairs.items():
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-300, err_msg=f"seed {seed}: {name}")


def solved(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction]:
    """Gauss elimination, exactly."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = rows[i][i]
        rows[i] = [value / pivot for value in rows[i]]
        for k in range(size):
            if k != i:
                rows[k] = [a - rows[k][i] * b for a, b in zip(rows[k], rows[i], strict=True)]
    return [row[-1] for row in rows]


@pytest.mark.parametrize("seed", range(12))
def test_columns_of_very_different_size_agree_with_exact_fractions(seed: int) -> None:
    table, n = data_set(seed, (-3.0, 7.0), -3.0)
    columns = [[1.0] * n, *(table.columns[name][:n].tolist() for name in table.drivers)]
    x = [[Fraction(value) for value in column] for column in columns]
    y = [Fraction(value) for value in table.columns["energy"][:n].tolist()]
    normal = [[sum((a * b for a, b in zip(p, q, strict=True)), Fraction(0)) for q in x] for p in x]
    exact = solved(normal, [sum((a * b for a, b in zip(p, y, strict=True)), Fraction(0)) for p in x])
    np.testing.assert_allclose(judged(table, n).fit.b, [float(b) for b in exact], rtol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
def test_agrees_with_statsmodels(seed: int) -> None:
    agree(seed)


def test_the_seeds_exercise_both_sides_of_the_correction() -> None:
    inflated = [judged(*data_set(seed)).band.inflation > 1 for seed in SEEDS]
    assert 20 < sum(inflated) < 190


def test_a_divisor_of_n_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit_module, "residual_variance", lambda sse, n, p: sse / n)
    for seed in SEEDS:
        with pytest.raises(AssertionError, match="se"):
            agree(seed)
