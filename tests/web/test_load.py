"""Load by hour: each day stands under the tariff that was in force on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.figure.calendar import Calendar
from cloud.read_models.read_model import ReadModel
from cloud.settings import load
from cloud.web.charts.load import CHART, bands_of_day
from cloud.web.views.load import VIEW
from tests.accounts.mill import tariff
from tests.desk.bench import Bench

FIRST = date(2024, 1, 1)
TARIFF = """\
tariff:
  currency: CNY
  source: {source}
  valid_from: {since}
  bands:
    - {{name: {night}, from: "22:00", to: "08:00", price: {low}}}
    - {{name: day, from: "08:00", to: "22:00", price: {high}}}
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ReadModel:
    """A mill with an old tariff and one that began three days ago."""
    bench = Bench(tmp_path_factory.mktemp("mill"))
    since = today() - timedelta(days=3)
    for source, start, night, low, high in (
        ("old notice", date(2020, 1, 1), "valley", "0.31", "0.90"), ("new notice", since, "night", "0.29", "1.10"),
    ):  # fmt: skip
        bench.declare(
            "site: mill\n" + TARIFF.format(source=source, since=start, night=night, low=low, high=high)
        )
    return ReadModel.of(load(bench.folder / "cloud" / "cloud.yaml"))


def today() -> date:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def test_each_day_has_the_bands_of_the_tariff_in_force_on_it(model: ReadModel) -> None:
    heat: dict[str, Any] = CHART.make(model, "mill", {})["heat"]
    last = date.fromisoformat(heat["cols"][-1])
    new = heat["cols"].index((last - timedelta(days=3)).isoformat())
    for hour, old_band, new_band in (
        (3, "valley 0.31 CNY/kWh", "night 0.29 CNY/kWh"), (12, "day 0.9 CNY/kWh", "day 1.1 CNY/kWh"),
    ):  # fmt: skip
        assert heat["why"][hour][:new] == [old_band] * new
        assert heat["why"][hour][new:] == [new_band] * (len(heat["cols"]) - new)
    assert set(heat["bands"]) == {""} and heat["rows"][3] == "03:00", "no band is that of all days"


def test_the_page_names_both_tariffs_with_their_first_day(model: ReadModel) -> None:
    assert VIEW.data is not None
    shown = VIEW.data(model, "mill", "en")["tariffs"]
    assert [one["source"] for one in shown] == ["new notice", "old notice"]
    assert shown[1]["since"] == "2020-01-01" and {band.price for band in shown[1]["bands"]} == {"0.31", "0.9"}


def test_hours_after_midnight_of_a_production_day_have_the_tariff_of_their_own_date() -> None:
    old, new = (
        tariff(("all", 0, 24, price), since=since) for price, since in (("1", FIRST), ("2", date(2024, 6, 2)))
    )
    shown = bands_of_day((old, new), Calendar("Asia/Shanghai", 8 * 60), date(2024, 6, 1))
    assert [band.price for band in shown] == ["1"] * 16 + ["2"] * 8
