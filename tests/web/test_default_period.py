"""The period that is shown when nobody chose one: about a year of what was imported, no row cut in two."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cloud.read_models.read_model import ReadModel
from cloud.settings import load
from cloud.web.views.report import report, usual
from tests.desk.bench import Bench


def model(folder: Path, rows: str) -> ReadModel:
    bench = Bench(folder)
    assert bench.take(rows)["refused"] == []
    return ReadModel.of(load(bench.folder / "cloud" / "cloud.yaml"))


def months(first: int, last: int) -> str:
    """A row of electricity for each month of these years."""
    edges = [date(year, month, 1) for year in range(first, last + 1) for month in range(1, 13)]
    return "".join(
        f"{a},{b},main,electricity,1000,kWh\n"
        for a, b in zip(edges, [*edges[1:], date(last + 1, 1, 1)], strict=True)
    )


def test_monthly_rows_of_two_years_give_figures_of_whole_months(tmp_path: Path) -> None:
    made = model(tmp_path, months(2024, 2025))
    assert usual(made, "mill") == (date(2025, 1, 1), date(2025, 12, 31))
    shown = report(made, "mill", None, None)
    values = {(item["kind"], item["point"]): item["value"] for item in shown["parts"]}
    assert values["electricity_kwh", "main"] == "12000"
    assert not [item for item in shown["refused"] if "crosses" in str(item)]


def test_a_row_longer_than_a_year_is_shown_whole(tmp_path: Path) -> None:
    made = model(tmp_path, "2023-01-01,2025-01-01,main,electricity,9000,kWh\n")
    assert usual(made, "mill") == (date(2023, 1, 1), date(2024, 12, 31))


def test_daily_rows_give_the_last_year(tmp_path: Path) -> None:
    rows = "2023-01-01,2023-01-02,main,electricity,1,kWh\n2024-12-31,2025-01-01,main,electricity,2,kWh\n"
    made = model(tmp_path, rows)
    assert usual(made, "mill") == (date(2024, 1, 1), date(2024, 12, 31))
