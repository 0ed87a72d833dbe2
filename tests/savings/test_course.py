"""The course of a saving against the whole, a plain twin and what only a part of the period says."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import accumulate

import numpy as np
import pytest

from accounts.savings import Period, Result, Table, course, evaluate, lines
from contract.errors import BadInput

FIRST = date(2024, 1, 1)
BASE, REPORT = Period.parse("2024-01-01..2024-04-09"), Period.parse("2024-04-10..2024-06-28")


def made(seed: int = 0) -> tuple[Table, Result]:
    """100 days before, 80 after, a slope that falls by a fifth."""
    chance = np.random.default_rng(seed)
    cloth = 10 + 4 * chance.random(180)
    slope = np.where(np.arange(180) < 100, 200.0, 160.0)
    energy = 900 + slope * cloth + 40 * chance.standard_normal(180)
    days = [FIRST + timedelta(days=i) for i in range(180)]
    table = Table.of(days, energy.tolist(), {"production": cloth.tolist()})
    return table, evaluate(table, BASE, REPORT, ["production"], None, 0.9)


def test_the_last_entry_is_the_avoided_energy_with_its_interval() -> None:
    table, result = made()
    found = course(table, result)
    assert found.times[0] == REPORT.first and found.times[-1] == REPORT.last and len(found.times) == 80
    ends = (found.saved[-1], found.low[-1], found.high[-1])
    assert ends == pytest.approx((result.avoided, result.band.low, result.band.high), rel=1e-12)


def test_each_entry_is_what_an_evaluation_up_to_that_day_says() -> None:
    table, result = made(1)
    found = course(table, result)
    for rows in (1, 2, 17, 79):
        part = Period(REPORT.first, REPORT.first + timedelta(days=rows - 1))
        alone = evaluate(table, BASE, part, ["production"], None, 0.9)
        assert found.saved[rows - 1] == pytest.approx(alone.avoided, rel=1e-9)
        assert (found.low[rows - 1], found.high[rows - 1]) == pytest.approx(
            (alone.band.low, alone.band.high), rel=1e-9
        )


def test_the_sum_is_that_of_a_plain_loop_and_the_fan_opens() -> None:
    table, result = made(2)
    found, b = course(table, result), result.fit.b
    cloth = table.columns["production"].tolist()[100:]
    left = [b[0] + b[1] * x - e for x, e in zip(cloth, table.columns["energy"].tolist()[100:], strict=True)]
    assert found.saved.tolist() == pytest.approx(list(accumulate(left)), rel=1e-9)
    assert np.all(np.diff(found.high - found.low) > 0)


def test_the_lines_are_those_of_numpy_before_and_after() -> None:
    table, result = made(3)
    before, after = lines(table, result, "production")
    for line, part in ((before, slice(0, 100)), (after, slice(100, 180))):
        slope, at_rest = np.polyfit(table.columns["production"][part], table.columns["energy"][part], 1)
        assert (line.slope, line.at_rest) == pytest.approx((slope, at_rest), rel=1e-9)
        assert np.array_equal(line.energy, table.columns["energy"][part])
    assert 150 < after.slope < 170 < 190 < before.slope


def test_a_period_without_a_line_says_so() -> None:
    days = [FIRST + timedelta(days=i) for i in range(180)]
    cloth = [10 + i % 7 for i in range(100)] + [12.0] * 80
    table = Table.of(days, [100 + 3.0 * x + i % 3 for i, x in enumerate(cloth)], {"production": cloth})
    result = evaluate(table, BASE, REPORT, ["production"], None, 0.9)
    with pytest.raises(BadInput, match=r"no line for 2024-04-10\.\.2024-06-28: driver 'production' is 12"):
        lines(table, result, "production")
