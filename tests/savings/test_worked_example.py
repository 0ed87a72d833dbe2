"""Every number of the worked example in the reference on savings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from accounts.savings import Period, Result, Table, evaluate, read_csv, read_normal
from accounts.savings.fit import Fit
from accounts.savings.uncertainty import OLS, band
from tests.savings import worked

REL = 1e-6


@pytest.fixture(scope="module")
def table() -> Table:
    return read_csv(worked.csv())


def judged(table: Table, **more: Any) -> Result:
    return evaluate(table, Period.parse(worked.BASELINE), Period.parse(worked.REPORTING), **more)


@pytest.fixture(scope="module")
def both(table: Table) -> Result:
    return judged(table, drivers=["production", "cdd"], normal=read_normal(worked.normal_csv()))


def near(value: float, rel: float = REL) -> Any:
    return pytest.approx(value, rel=rel, abs=0)


def test_the_model(both: Result) -> None:
    fit = both.fit
    assert (fit.n, fit.p, fit.df, both.m) == (24, 3, 21, 12)
    assert list(fit.b) == [near(45822.0170), near(81.2961658), near(42.9237704)]
    assert list(fit.se) == [near(3616.24876), near(2.98659127), near(5.65357739)]
    assert list(fit.t) == [near(12.6711463), near(27.2203855), near(7.5923203)]
    assert list(fit.p_values) == [near(2.6519e-11, 1e-3), near(7.3160e-18, 1e-3), near(1.8851e-07, 1e-3)]
    assert (fit.mean, fit.sse, fit.rmse) == (near(144242.791667), near(139403708.203), near(2576.484391))
    assert (fit.r2, fit.adjusted_r2) == (near(0.9730076303), near(0.9704369284))
    assert (fit.f, fit.f_p) == (near(378.498822), near(3.3731e-17, 1e-3))
    assert fit.cv == near(0.01786213621)
    assert np.sqrt(fit.sse / fit.n) / fit.mean == near(0.01670849847)
    assert (fit.rho, fit.durbin_watson) == (near(0.4181987041), near(1.1021878))
    assert both.as_dict()["n_effective"] == near(9.8457508531)
    assert abs(fit.nmbe) < 1e-12


def alone(table: Table, name: str) -> Fit:
    return judged(table, drivers=[name]).fit


def test_the_other_models(both: Result, table: Table) -> None:
    production, cooling = alone(table, "production"), alone(table, "cdd")
    assert [f.aicc for f in (both.fit, production, cooling)] == [
        pytest.approx(value, abs=5e-4) for value in (383.901, 412.686, 467.189)
    ]
    assert (production.r2, production.adjusted_r2, production.cv) == (
        near(0.8989157),
        near(0.8943210),
        near(0.0337717, 2e-6),
    )
    assert cooling.adjusted_r2 == pytest.approx(-0.0239, abs=5e-5)


def test_the_avoided_energy(both: Result) -> None:
    assert both.adjusted == near(1788006.1653)
    assert both.measured == 1566089
    assert round(both.avoided, 2) == 221917.17 and both.avoided == near(221917.1653)
    assert both.avoided / both.adjusted == near(0.1241143177)
    assert both.refused == () and both.claimed == both.avoided


@pytest.mark.parametrize(
    ("confidence", "t", "half", "share"),
    [
        (0.68, 1.0185681, 11335.74, 0.0510809),
        (0.90, 1.7207429, 19150.31, 0.0862948),
        (0.95, 2.0796138, 23144.21, 0.1042921),
    ],
)
def test_the_exact_interval(table: Table, confidence: float, t: float, half: float, share: float) -> None:
    result = judged(table, drivers=["production", "cdd"], confidence=confidence)
    assert result.ols.t == near(t)
    assert result.ols.half == pytest.approx(half, abs=5e-3)
    assert result.ols.half / result.avoided == near(share)
    assert (result.ols.form, result.ols.inflation) == (OLS, 1.0)


def test_the_interval_corrected_for_autocorrelation(both: Result) -> None:
    # rho 0.418 is above 1.96/sqrt(24) = 0.400: s2 grows by n/n' = 24/9.8457508531.
    expected = 19150.306306 * np.sqrt(24 / 9.8457508531)
    assert both.band.form == "ols-ac"
    assert both.band.half == near(expected)
    assert both.band.low == near(both.avoided - expected) and both.band.high == near(both.avoided + expected)


def test_the_normalised_saving(both: Result) -> None:
    found = both.normalised
    assert found is not None
    assert list(found.fit.b) == [near(37162.6580), near(73.5205742), near(39.2430697)]
    assert (found.fit.r2, found.fit.cv) == (near(0.9912933), near(0.0129860, 4e-6))
    assert (found.baseline, found.reporting) == (near(1762336.7438), near(1542870.9138))
    assert found.saving == near(219465.8300)


def test_single_months_outside_the_range_are_told_and_do_not_refuse(both: Result) -> None:
    told = [w for w in map(str, both.warnings) if w.startswith("extrapolation")]
    assert told == ["extrapolation: production of 2 reporting rows outside 900..1453: 1507, 1527"]
    means = [c for c in both.checks if str(c.name) == "reporting mean of production"]
    assert means[0].ok and means[0].value == pytest.approx(1225.92, abs=5e-3)


def test_without_drivers_the_same_model_is_found(both: Result, table: Table) -> None:
    found = judged(table)
    assert found.fit.drivers == ("production", "cdd")
    assert found.avoided == both.avoided and found.normalised is None
    assert [c.drivers for c in found.candidates] == [("production", "cdd"), ("production",), ("cdd",)]
    assert any("R2" in why for why in map(str, found.candidates[2].why))
    assert any(w.startswith("selection: ") for w in map(str, found.warnings))


def test_degree_days_alone_are_rejected(table: Table) -> None:
    result = judged(table, drivers=["cdd"])
    assert any(why.startswith("F-test") for why in map(str, result.refused))
    assert any(why.startswith("R2") for why in map(str, result.refused))
    assert result.claimed is None and result.as_dict()["claimed"] is None


def test_a_band_of_another_confidence_only_scales(both: Result) -> None:
    x = np.column_stack([np.ones(12), worked.PRODUCTION_AFTER, worked.COOLING_AFTER])
    halves = [band(both.fit, x, both.avoided, c).half for c in (0.68, 0.9)]
    assert halves[1] / halves[0] == near(1.7207429 / 1.0185681)
