"""What the page shows of what the API says."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import pytest

from accounts.figure.messages import NoFactorDeclared
from cloud.web.formatting import factor_unit, number, percent, unit, value
from cloud.web.view import Facts, Page, page

NOW = "2026-03-01T16:30:00.500000000Z"  # 2026-03-02 00:30 in Shanghai


def row(tag: str, **changed: Any) -> Facts:
    plain = {
        "tag": tag, "node": "edge", "meter": None, "kind": "gauge", "carrier": None, "title": {"zh": tag, "en": tag},
        "time": NOW, "age_s": 0.5, "value": "1.005", "raw": "1", "unit": "t/h", "quality": "good", "every": 1.0,
        "stale": False, "stale_since": None,
    }  # fmt: skip
    return plain | changed


def main_meter() -> list[Facts]:
    of = {"meter": "main", "carrier": "electricity"}
    energy = {"zh": "总表电量", "en": "Main meter energy"}
    power = {"zh": "总表功率", "en": "Main meter power"}
    return [
        row("main.kwh", kind="counter", value="184321.07", unit="kW.h", age_s=0.7, title=energy, **of),
        row("main.kw", value="525.149", unit="kW", age_s=0.7, title=power, **of),
    ]


FACTOR: Facts = {"id": "f", "value": "0.4974", "unit": "kg{CO2}/kW.h", "year": 2023, "citation": "公告"}
CARBON: Facts = {"value": "6.141", "unit": "t", "factor": FACTOR}
DAY: Facts = {
    "meter": "main", "node": "edge", "tag": "main.kwh", "carrier": "electricity", "value": "12345.60", "unit": "kW.h",
    "completeness": "0.4102", "completeness_so_far": "0.9999", "class": "provisional", "tco2": CARBON,
}  # fmt: skip
HEALTH: Facts = {
    "status": "ok", "ledger": {"blocks": 1234567, "days_to_full": 12.4}, "projector": {"lag_blocks": 0, "values": 1},
    "refused": 0, "unknown_keys": 0, "forks": 0, "last_received": "2026-03-01T15:59:59.000000000Z",
}  # fmt: skip


def view(rows: list[Facts], days: Iterable[Facts] = (DAY,), health: Facts = HEALTH) -> Page:
    latest = {"site": "mill", "tz": "Asia/Shanghai", "now": NOW, "rows": rows}
    return page(latest, {"rows": list(days)}, health)


def test_a_meter_shows_power_energy_and_carbon_as_the_api_says_them() -> None:
    shown = view(main_meter())
    assert shown.text["meter/main/now"] == "525.1"
    assert shown.text["meter/main/day"] == "12,345.60"
    assert shown.text["meter/main/tco2"] == "6.141"
    (meter,) = shown.meters
    assert (meter.unit_now, meter.unit_day, meter.factor) == ("kW", "kWh", FACTOR)
    assert meter.title == {"zh": "总表", "en": "Main meter"}
    assert shown.age["meter/main"] == 0.7
    assert shown.word["meter/main/class"] == "class/provisional"


def test_what_is_nearly_complete_never_shows_as_complete() -> None:
    assert view(main_meter()).text["meter/main/complete"] == "99.9 %"
    assert percent("1") == "100.0 %"
    assert percent("0") == "0.0 %"


def test_times_are_the_sites_and_name_the_day_when_it_is_another() -> None:
    shown = view(main_meter())
    assert shown.text["now"] == "00:30:00"
    assert shown.text["newest"] == "00:30:00"
    old = [
        row("old", time="2026-03-01T15:59:58.000000000Z"),
        row("newer", time="2026-03-01T15:59:59.000000000Z"),
    ]
    assert view(old).text["newest"] == "2026-03-01 23:59:59" and view([]).text["newest"] == "–"


def test_a_stopped_meter_is_stale_since_its_longest_silent_row() -> None:
    rows = main_meter()
    rows[0] |= {"stale": True, "stale_since": "2026-03-01T16:29:41.250000000Z"}
    rows[1] |= {"stale": True, "stale_since": "2026-03-01T16:29:40.000000000Z"}
    rows.append(row("steam.flow", meter="steam", carrier="steam"))
    shown = view(rows)
    assert shown.stale["meter/main"] == "00:29:40"
    assert shown.stale["meter/steam"] is None
    assert (shown.text["meters/current"], shown.text["meters/all"]) == ("1", "2")
    assert shown.alarm["meters"]


def test_a_meter_without_figures_shows_none_and_no_zero() -> None:
    shown = view(main_meter(), days=())
    assert {shown.text[f"meter/main/{name}"] for name in ("day", "tco2", "complete")} == {"–"}


def test_a_refused_factor_is_told_and_no_carbon_shown() -> None:
    why = NoFactorDeclared().json()
    refused = DAY | {"tco2": {"refused": why}}
    shown = view(main_meter(), days=[refused])
    assert shown.text["meter/main/tco2"] == "–"
    assert shown.meters[0].refused == why


def test_a_factor_that_nobody_chose_is_told_as_such() -> None:
    taken = DAY | {"tco2": CARBON | {"by_default": True}}
    assert [view(main_meter(), days=[day]).meters[0].by_default for day in (DAY, taken)] == [False, True]
    assert view(main_meter(), days=[taken]).layout != view(main_meter()).layout


def test_electricity_comes_first_and_tags_without_a_meter_stand_in_the_table() -> None:
    rows = [row("water.flow", meter="water", carrier="water"), row("染色机1.布速"), *main_meter()]
    rows.append(row("main-meter.reads", kind="state", unit="{count}", value="7"))
    shown = view(rows)
    assert [meter.id for meter in shown.meters] == ["main", "water"]
    assert [each.tag for each in shown.values] == ["染色机1.布速"]
    assert [each.tag for each in shown.counters] == ["main-meter.reads"]


@pytest.mark.parametrize(
    "more",
    [
        {"refused": 2}, {"unknown_keys": 1}, {"forks": 1}, {"overflowed": 1}, {"unknown_sites": 1},
        {"projector": {"lag_blocks": 101}}, {"ledger": {"damage": 1}},
    ],
)  # fmt: skip
def test_what_the_page_of_the_system_has_raises_an_eye_in_one_word(more: Facts) -> None:
    assert (view([]).alarm["system"], view([]).word["system"]) == (False, "status/ok")
    shown = view([], health=HEALTH | more)
    assert (shown.alarm["system"], shown.word["system"]) == (True, "system/look")
    assert not [key for key in shown.text if key.startswith("health/") and key != "health/days"]


def test_a_service_that_is_not_well_is_named() -> None:
    shown = view([], health=HEALTH | {"status": "no connection to the broker", "refused": 1})
    assert (shown.alarm["system"], shown.word["system"]) == (True, "status/no connection to the broker")


@pytest.mark.parametrize(
    ("ledger", "text", "warns"),
    [
        ({"bytes": 500, "bytes_per_day": 100, "days_to_full": 12.4}, "12", True),
        ({"bytes": 500, "bytes_per_day": 100, "days_to_full": 31.0}, "31", False),
        ({"bytes": 90, "bytes_per_day": 100, "days_to_full": 12.4}, "–", False),
        ({"bytes": 0, "bytes_per_day": None, "days_to_full": None}, "–", False),
    ],
)  # fmt: skip
def test_a_disk_that_fills_is_warned_of_once_a_day_has_shown_how_fast(
    ledger: Facts, text: str, warns: bool
) -> None:
    shown = view([], health=HEALTH | {"ledger": ledger})
    assert (shown.text["health/days"], shown.alarm["health/days"]) == (text, warns)


def test_the_layout_changes_with_tags_units_and_factors_only() -> None:
    rows, changed = main_meter(), copy.deepcopy(main_meter())
    changed[1] |= {"value": "1.0", "age_s": 99.0, "stale": True, "stale_since": NOW, "quality": "bad"}
    assert view(rows).layout == view(changed, days=[DAY | {"value": "1.00"}], health={}).layout
    layouts = {
        view(rows).layout,
        view([*rows, row("more")]).layout,
        view([rows[0], rows[1] | {"unit": "MW"}]).layout,
        view(rows, days=[DAY | {"tco2": {"value": "1.000", "factor": FACTOR | {"year": 2024}}}]).layout,
        view(rows, days=[DAY | {"tco2": {"refused": "no factor declared"}}]).layout,
    }
    assert len(layouts) == 5


def test_numbers_are_rounded_for_the_eye_half_to_even_and_grouped() -> None:
    assert [number(text, 1) for text in ("0.25", "0.35", "-1234567.89", "1e-9")] == [
        "0.2",
        "0.4",
        "−1,234,567.9",
        "0.0",
    ]
    assert [number(text, None) for text in ("1234.50", "7")] == ["1,234.50", "7"]
    assert [number(text, 1) for text in (None, "nan", "inf", "-inf")] == ["–", "NaN", "∞", "−∞"]
    assert value("7.425", "[pH]") == "7.42"


def test_units_are_written_as_people_do() -> None:
    assert [unit(code) for code in ("kW.h", "m3{std}/h", "Cel", "1", None, "mm/s")] == [
        "kWh", "Nm³/h", "°C", "", "", "mm/s",
    ]  # fmt: skip
    assert factor_unit("kg{CO2}/kW.h") == "kgCO₂/kWh"
