"""What is wrong in a table is one clear line; what is doubtful is a sentence; nothing is dropped unsaid."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from accounts.savings import Period, Result, Table, evaluate, read_csv, read_normal
from contract.errors import BadInput
from tests.savings import daily_plant, worked

LINES = worked.csv().splitlines()
BASELINE, REPORTING = Period.parse(worked.BASELINE), Period.parse(worked.REPORTING)


def judged(text: str, drivers: str | None = "production,cdd") -> Result:
    return evaluate(read_csv(text), BASELINE, REPORTING, drivers.split(",") if drivers else None)


def edited(line: int, edit: Callable[[list[str]], list[str]]) -> str:
    """The worked example with the cells of one line (counted from 1) changed."""
    lines = list(LINES)
    lines[line - 1] = ",".join(edit(lines[line - 1].split(",")))
    return "\n".join(lines) + "\n"


def cell(line: int, at: int, value: str) -> str:
    return edited(line, lambda cells: [*cells[:at], value, *cells[at + 1 :]])


def column(at: int, value: Callable[[int, list[str]], str]) -> str:
    """The worked example with one column made anew from each row's number and cells."""
    rows = [line.split(",") for line in LINES[1:]]
    made = [[*row[:at], value(i, row), *row[at + 1 :]] for i, row in enumerate(rows)]
    return "\n".join([LINES[0], *(",".join(row) for row in made)]) + "\n"


BAD = {
    "a number missing": (cell(5, 1, ""), "line 5: energy: no value"),
    "a word for a number": (cell(6, 2, "n/a"), "line 6: production: 'n/a' is no usable number"),
    "not a number": (cell(6, 2, "NaN"), "line 6: production: 'NaN' is no usable number"),
    "infinite": (cell(30, 3, "1e999"), "line 30: cdd: '1e999' is no usable number"),
    "underscores": (cell(3, 1, "127_064"), "line 3: energy: '127_064' is no usable number"),
    "a time twice": (cell(4, 0, "2022-02-01"), "line 4: time 2022-02-01 is there twice, see line 3"),
    "no time": (cell(4, 0, "soon"), "line 4: time: 'soon' is not a date"),
    "no such day": (cell(4, 0, "2022-02-30"), "line 4: time: '2022-02-30' is not a date"),
    "unequal intervals": (cell(4, 0, "2022-03-17"), "equal intervals"),
    "another hour": (
        cell(4, 0, "2022-03-01T06:00"),
        "line 4: time 2022-03-01T06:00:00: rows are daily or monthly",
    ),
    "a cell too many": (edited(7, lambda cells: [*cells, "1"]), "line 7: 5 cells, the header has 4"),
    "no energy": ("time,kwh,production\n2022-01-01,1,2\n", "line 1: no column 'energy'"),
    "an empty file": ("", "the file has no rows"),
    "a column twice": (
        worked.csv("cdd", "cdd"),
        "line 1: column name 'cdd' is empty, reserved or there twice",
    ),
    "no rows": (LINES[0] + "\n", "the file has no rows"),
    "an open quote": (cell(9, 1, '"12'), "line"),
    "a constant driver": (
        column(2, lambda i, row: "1200"),
        "driver 'production' is 1200 in every baseline row",
    ),
    "a driver constant but for rounding": (
        column(2, lambda i, row: repr(0.3 if i % 2 else 0.1 + 0.2)),
        "driver 'production' is 0.3 in every baseline row",
    ),
    "constant energy": (column(1, lambda i, row: "5"), "the energy is 5 in every baseline row"),
    "collinear drivers": (
        column(3, lambda i, row: str(7 * int(row[2]) - 100)),
        "drivers 'production', 'cdd' are collinear",
    ),
    "no baseline row": ("\n".join([LINES[0], *LINES[25:]]) + "\n", "no row lies in the baseline"),
    "no reporting row": ("\n".join(LINES[:25]) + "\n", "no row lies in the reporting period"),
    "too few rows": (
        "\n".join([LINES[0], *LINES[21:]]) + "\n",
        "4 baseline rows are too few for 3 parameters",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_data_is_one_line(kind: str) -> None:
    text, why = BAD[kind]
    with pytest.raises(BadInput) as caught:
        judged(text)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("drivers", "why"),
    [
        ("tonnes", "there is no driver 'tonnes'; the columns are 'production', 'cdd'"),
        ("cdd,cdd", "named twice"),
    ],
)
def test_a_driver_that_is_not_there(drivers: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        judged(worked.csv(), drivers)


@pytest.mark.parametrize(
    "text",
    [
        "2023-01-01",
        "a..b",
        "2023-01-01..2022-01-01",
        "2023-02-30..2023-03-01",
        "2023-01-01..2023-02-01..x",
        "..",
    ],
)
def test_a_period_that_is_none(text: str) -> None:
    with pytest.raises(BadInput):
        Period.parse(text)


def test_periods_include_both_ends_and_may_be_months() -> None:
    assert Period.parse("2022-01..2024-02") == Period(date(2022, 1, 1), date(2024, 2, 29))
    assert Period.parse("2022-01-01..2022-12-31").months == 12
    assert Period.parse("2022-01-01..2022-12-30").months == 11
    assert Period.parse("2022-01-15..2023-01-14").months == 12


@pytest.mark.parametrize("confidence", [0.0, 1.0, 90.0, -0.1, float("nan")])
def test_a_confidence_that_is_none(confidence: float) -> None:
    with pytest.raises(BadInput, match="confidence"):
        evaluate(read_csv(worked.csv()), BASELINE, REPORTING, ["production"], confidence=confidence)


def test_overlapping_periods() -> None:
    with pytest.raises(BadInput, match="overlap"):
        evaluate(read_csv(worked.csv()), BASELINE, Period.parse("2023-12-31..2024-12-31"), ["production"])


def test_rows_lacking_in_the_reporting_period_refuse() -> None:
    kept = "\n".join([*LINES[:27], *LINES[29:]]) + "\n"
    result = judged(kept)
    assert any("lacks 2 of 12 months: 2024-03-01..2024-04-01" in why for why in map(str, result.refused))
    assert result.claimed is None and result.m == 10


def test_a_reporting_period_that_the_file_does_not_reach_refuses() -> None:
    result = judged("\n".join(LINES[:-1]) + "\n")
    assert any("lacks 1 of 12 months: 2024-12-01" in why for why in map(str, result.refused))


def test_rows_lacking_in_the_baseline_are_told_and_break_the_autocorrelation() -> None:
    result = judged("\n".join([*LINES[:10], *LINES[12:]]) + "\n")
    assert any(
        w.startswith("gap: the baseline lacks 2 of 24 months: 2022-10-01..2022-11-01")
        for w in map(str, result.warnings)
    )
    assert result.fit.n == 22 and result.fit.rho is not None
    e = result.fit.residuals
    before, now = np.r_[e[:8], e[9:-1]], np.r_[e[1:9], e[10:]]
    assert result.fit.rho == pytest.approx(np.corrcoef(before, now)[0, 1], rel=1e-12)


def test_order_does_not_matter_and_is_told() -> None:
    rows = LINES[1:]
    random.Random(0).shuffle(rows)
    mixed, straight = judged("\n".join([LINES[0], *rows])), judged(worked.csv())
    assert mixed.avoided == straight.avoided and mixed.band == straight.band
    assert any(w.startswith("order: ") for w in map(str, mixed.warnings))


def test_rows_outside_both_periods_are_counted_and_may_be_bad() -> None:
    result = judged(worked.csv() + "2025-01-01,,1,2\n2025-02-01,x,,\n")
    assert any(w.startswith("outside: 2 rows") for w in map(str, result.warnings))


@pytest.mark.parametrize("stamp", ["{:%Y-%m}", "{:%Y-%m-%d}T00:00:00+08:00", "{:%Y-%m-15}", " {:%Y-%m-%d} "])
def test_ways_to_write_a_month(stamp: str) -> None:
    text = column(0, lambda i, row: stamp.format(date.fromisoformat(row[0])))
    result = judged(text)
    assert (round(result.avoided, 2), result.interval, result.refused) == (221917.17, "month", ())


def test_months_that_end_their_interval() -> None:
    def last(i: int, row: list[str]) -> str:
        first = date.fromisoformat(row[0])
        return ((first + timedelta(days=32)).replace(day=1) - timedelta(days=1)).isoformat()

    assert round(judged(column(0, last)).avoided, 2) == 221917.17


def test_a_byte_order_mark_and_other_line_ends_change_nothing() -> None:
    assert judged("\ufeff" + worked.csv().replace("\n", "\r\n")).avoided == judged(worked.csv()).avoided


def test_production_that_lowers_energy_is_refused() -> None:
    result = judged(column(2, lambda i, row: str(3000 - int(row[2]))))
    assert any(why.startswith("sign of production") for why in map(str, result.refused))
    assert result.claimed is None


def test_the_sign_goes_before_the_criterion_when_drivers_are_chosen() -> None:
    turned = column(2, lambda i, row: str(3000 - int(row[2])))
    result = judged(turned, None)
    assert result.fit.drivers == ("cdd",)
    assert result.candidates[0].signs_fit and not result.candidates[-1].signs_fit
    assert result.refused


def test_a_column_that_is_constant_is_left_out_of_the_choice_and_told() -> None:
    text = column(3, lambda i, row: "4")
    result = judged(text, None)
    assert result.fit.drivers == ("production",)
    assert any(w == "left out: driver 'cdd' is 4 in every baseline row" for w in map(str, result.warnings))


def test_drivers_far_outside_their_range_refuse() -> None:
    text = column(2, lambda i, row: str(int(row[2]) + (900 if i >= 24 else 0)))
    result = judged(text)
    assert any(why.startswith("reporting mean of production") for why in map(str, result.refused))


def test_a_short_baseline_and_a_part_of_a_year_are_told() -> None:
    table = read_csv(worked.csv())
    short = evaluate(table, Period.parse("2023-03-01..2023-12-31"), REPORTING, ["production", "cdd"])
    assert any(w.startswith("short baseline: ") and "10 whole months" in w for w in map(str, short.warnings))
    part = evaluate(table, Period.parse("2022-06-01..2023-12-31"), REPORTING, ["production", "cdd"])
    assert any(w.startswith("part cycle: ") for w in map(str, part.warnings))


def test_energy_that_was_computed_is_told() -> None:
    result = judged(column(1, lambda i, row: str(1000 + 3 * int(row[2]) + 2 * int(row[3]))))
    assert any(w.startswith("exact: ") for w in map(str, result.warnings))
    assert result.fit.rho is None
    json.dumps(result.as_dict(), allow_nan=False)


@pytest.mark.parametrize("saved", [0.0, 0.1])
def test_rounding_is_no_saving(saved: float) -> None:
    """Rows that lie on the line to the last digit: the difference of two equal sums is not exactly 0."""
    made = [800.0 + 37.3 * (i * 7 % 13) for i in range(36)]
    energy = [(1000.1 + 100.7 * x) * (1 - saved * (i >= 24)) for i, x in enumerate(made)]
    months = [date(2020 + i // 12, i % 12 + 1, 1) for i in range(36)]
    table = Table.of(months, energy, {"production": made})
    result = evaluate(table, Period(months[0], months[23]), Period(months[24], months[-1]))
    assert result.avoided != 0
    assert not result.refused
    assert (result.claimed is not None) == (saved > 0)
    assert any("rounding" in said for said in map(str, result.warnings)) == (saved == 0)


def test_use_that_rose_is_no_claim() -> None:
    result = judged(column(1, lambda i, row: str(int(row[1]) + (60000 if i >= 24 else 0))))
    assert result.avoided < 0 and result.band.high < 0 and result.claimed is None
    assert any(w.startswith("more used: ") for w in map(str, result.warnings))


def test_a_saving_within_chance_is_no_claim() -> None:
    result = judged(column(1, lambda i, row: str(int(row[1]) + (18000 if i >= 24 else 0))))
    assert result.avoided > 0 > result.band.low and result.claimed is None and not result.refused
    assert any(w.startswith("not significant: ") for w in map(str, result.warnings))


def test_a_negative_autocorrelation_never_narrows() -> None:
    plant = daily_plant.days(7, -0.6)
    table = Table.of(plant.times, list(plant.energy), {k: list(v) for k, v in plant.drivers.items()})
    result = evaluate(table, Period(*daily_plant.BASELINE), Period(*plant.reporting), list(plant.drivers))
    assert result.fit.rho is not None and result.fit.rho < -0.4
    assert result.band.half == result.ols.half
    assert any("negative" in w for w in map(str, result.warnings))


def test_a_missing_weekday_driver_is_told() -> None:
    plant = daily_plant.days(3, 0.3)
    sunday = np.array([t.weekday() == 6 for t in plant.times])
    table = Table.of(plant.times, list(plant.energy - 1500.0 * sunday), {"cdd": list(plant.drivers["cdd"])})
    result = evaluate(table, Period(*daily_plant.BASELINE), Period(*plant.reporting), ["cdd"])
    assert any(w.startswith("weekly pattern: ") for w in map(str, result.warnings))


def test_too_many_columns_to_try() -> None:
    names = [f"x{i}" for i in range(11)]
    lines = [",".join(["time", "energy", *names])]
    rng = np.random.default_rng(0)
    for line in LINES[1:]:
        lines.append(",".join([*line.split(",")[:2], *map(str, rng.normal(size=11))]))
    with pytest.raises(BadInput, match="name the drivers"):
        judged("\n".join(lines), None)


def test_normal_conditions_must_have_the_drivers() -> None:
    with pytest.raises(BadInput, match="no column 'cdd'"):
        evaluate(read_csv(worked.csv()), BASELINE, REPORTING, ["cdd"], read_normal("production\n1200\n"))
    with pytest.raises(BadInput, match="line 3: cdd: 'x'"):
        read_normal("production,cdd\n1,2\n1,x\n")


def test_lengths_must_fit() -> None:
    with pytest.raises(BadInput, match="'x' has 1 values for 2 times"):
        Table.of([date(2023, 1, 1), date(2023, 1, 2)], [1, 2], {"x": [1]})


def test_damaged_files_are_answered_or_refused_in_one_line() -> None:
    rng = random.Random(20260101)
    answered = 0
    for _ in range(1500):
        text = list(worked.csv())
        for _ in range(rng.choice([1, 2, 5, 40])):
            at = rng.randrange(len(text))
            text[at] = rng.choice(
                ["", "0", "9", "-", ".", "e", ",", "\n", '"', " ", "1e308", "-1e-300", "\u0660", "\x00"]
            )
        try:
            result = judged("".join(text), rng.choice(["production,cdd", "cdd", None]))
        except BadInput as error:
            assert "\n" not in str(error)
        else:
            json.dumps(result.as_dict(), allow_nan=False)
            answered += 1
    assert 50 < answered < 1450
