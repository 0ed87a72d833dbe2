"""Expected electricity against numpy's own least squares, and what refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import InsufficientData
from accounts.inputs.inputs import Declared, Imported
from accounts.inputs.tree import Tree
from accounts.savings.expected import Expected, energy, expected
from contract.imported import Row
from contract.sites import Point, Points, Site

SITE = Site("mill", "厂", "Mill", "UTC", "浙江", 0)
POINTS = Points(
    (Point("main", "electricity", None, None, None, "", ""), Point("mill", None, None, None, None, "", ""))
)
FIRST = date(2024, 1, 1)


def days(count: int, seed: int = 1, noise: float = 30.0) -> list[tuple[float, float]]:
    """kWh and t of each day."""
    chance = np.random.default_rng(seed)
    made = chance.uniform(10, 30, count).round(2)
    return [(round(float(500 + 90 * t + chance.normal(0, noise)), 1), float(t)) for t in made]


def of(rows: list[tuple[float, float]], lack: int | None = None) -> Expected:
    found = []
    for i, (kwh, t) in enumerate(rows):
        begin = int(datetime.combine(FIRST + timedelta(days=i), datetime.min.time(), UTC).timestamp()) * 10**9
        for point, quantity, value, unit in (
            ("main", "electricity", kwh, "kW.h"),
            ("mill", "production", t, "t"),
        ):
            if lack != i or point != "mill":
                row = Row(begin, begin + 86_400 * 10**9, point, quantity, Decimal(str(value)), unit)
                found.append(Imported(row, bytes([i % 256]) * 32))
    last = FIRST + timedelta(days=len(rows) - 1)
    period = Period(Calendar.of(SITE), last, last + timedelta(days=1))
    return expected(Tree(Declared(SITE, POINTS, rows=tuple(found))), period)


def test_the_value_is_that_of_least_squares_over_the_days_before() -> None:
    rows = days(61)
    found = of(rows)
    x = np.array([[1.0, t] for _, t in rows])
    y = np.array([kwh for kwh, _ in rows])
    b = np.linalg.lstsq(x[:-1], y[:-1], rcond=None)[0]
    assert found.value == pytest.approx(float(x[-1] @ b), rel=1e-9)
    assert energy(found).publish("mill", "expected_kwh", None, Period(Calendar.of(SITE), FIRST, FIRST + timedelta(1)),
                                 "m").value == f"{found.value:.1f}"  # fmt: skip


def test_the_band_holds_nine_of_ten_new_days() -> None:
    inside = [of(days(61, seed)) for seed in range(300)]
    share = sum(found.verdict == "within" for found in inside) / len(inside)
    assert 0.85 <= share <= 0.95


def test_too_much_is_above() -> None:
    rows = days(61)
    rows[-1] = (rows[-1][0] * 1.3, rows[-1][1])
    assert of(rows).verdict == "above"


@pytest.mark.parametrize(
    ("count", "lack", "why"), [(15, None, "only 14 whole days"), (61, 60, "1 of 1 days lack")]
)
def test_what_lacks_is_named(count: int, lack: int | None, why: str) -> None:
    with pytest.raises(InsufficientData, match=why):
        of(days(count), lack)


def test_production_that_explains_nothing_refuses() -> None:
    with pytest.raises(InsufficientData, match=r"0\.5 is needed"):
        of(days(61, noise=5000.0))
