"""Cost by the hour's price, mass by concentration and flow, means against a permit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.sites import Limit, Permit
from tests.accounts.mill import ask, day, point, row, site, tariff

METERED = [point("main", "electricity", None, True)]
TOU = tariff(("peak", 8, 12, "1.2"), ("flat", 12, 22, "0.8"), ("valley", 22, 8, "0.31"))
STEPS = list(range(100, 124))


def metered(*tariffs: object, steps: list[int] = STEPS, **more: object) -> object:
    return site(
        points=METERED, facts=(day("main", date(2024, 2, 1), steps, scale="1"),), tariffs=tariffs, **more
    )


def cost(mill: object, first: str = "2024-02-01", after: str = "2024-02-02") -> tuple[str | None, str]:
    made, refused = ask(mill, first, after)  # type: ignore[arg-type]
    figure = made.get(("cost_yuan", None))
    return (figure.value, "") if figure else (None, str(refused["cost_yuan", None].why))


def test_each_hour_costs_what_its_band_says() -> None:
    price = {h: "0.31" if h >= 22 or h < 8 else "1.2" if h < 12 else "0.8" for h in range(24)}
    wanted = sum(Decimal(price[h]) * STEPS[h] for h in range(24))
    assert cost(metered(TOU)) == (f"{wanted:.2f}", "")
    made, _ = ask(metered(TOU), "2024-02-01", "2024-02-02")  # type: ignore[arg-type]
    parts = made["cost_yuan", None].fields()["parts"]
    assert [(p["band"], p["price"], p["value"]) for p in parts] == [
        ("flat", "0.8", str(sum(STEPS[12:22]))), ("peak", "1.2", str(sum(STEPS[8:12]))),
        ("valley", "0.31", str(sum(STEPS[:8] + STEPS[22:]))),
    ]  # fmt: skip
    assert made["cost_yuan", None].fields()["citations"] == ["tariff"]


def test_a_later_tariff_counts_from_its_day_and_none_before_the_first() -> None:
    old, new = (
        tariff(("all", 0, 24, "1"), since=date(2024, 1, 1)),
        tariff(("all", 0, 24, "2"), since=date(2024, 2, 1)),
    )
    assert cost(metered(old, new, steps=[10] * 24)) == ("480.00", "")
    assert cost(metered(tariff(("all", 0, 24, "1"), since=date(2024, 2, 2)))) == (
        None, "no tariff is valid on 2024-02-01",
    )  # fmt: skip


def test_an_hour_with_two_prices_and_a_day_with_several_are_refused() -> None:
    half = replace(TOU, bands=(replace(TOU.bands[0], to=750), replace(TOU.bands[1], from_=750), TOU.bands[2]))
    assert "has prices 0.8 and 1.2" in cost(metered(half))[1]
    rows = row("2024-02-01", "2024-02-02", "main", "electricity", "1000", "kW.h")
    assert "no amount is divided by time" in cost(site(rows, tariffs=(TOU,)))[1]
    assert cost(site(rows, tariffs=(tariff(("all", 0, 24, "0.5")),))) == ("500.00", "")


def test_a_short_row_in_one_band_has_its_price() -> None:
    rows = [row("2024-02-01T08:15:00", "2024-02-01T08:30:00", "main", "electricity", "10", "kW.h"),
            row("2024-02-01T23:00:00", "2024-02-02T00:00:00", "main", "electricity", "100", "kW.h")]  # fmt: skip
    assert cost(site(*rows, tariffs=(TOU,))) == ("43.00", "")


def water(values: list[tuple[str, str, str, str]], *more: object, **rest: object) -> object:
    """Rows of 1 June 2024 at the outfall: (from, to, quantity, value)."""
    unit = {"cod": "mg/L", "nh3n": "mg/L", "wastewater_flow": "L/s", "wastewater_volume": "m3", "ph": "[pH]"}
    rows = [
        row(f"2024-06-01T{a}", f"2024-06-01T{b}" if b else None, "outfall", q, v, unit[q])
        for a, b, q, v in values
    ]
    return site(*rows, *more, **rest)  # type: ignore[arg-type]


def load(mill: object) -> tuple[dict, dict]:
    return ask(mill, "2024-06-01", "2024-06-02")  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(1, 9999)), min_size=1, max_size=23))
def test_mass_is_the_sum_over_the_hours_rounded_once(pairs: list[tuple[int, int]]) -> None:
    values = []
    for h, (flow, level) in enumerate(pairs):
        end = f"{h + 1:02d}:00:00"
        values += [
            (f"{h:02d}:00:00", end, "wastewater_flow", f"{flow}.7"),
            (f"{h:02d}:00:00", end, "cod", f"{level}.3"),
        ]
    made, _ = load(water(values))
    litres = [Fraction(flow * 10 + 7, 10) * 3600 for flow, _ in pairs]
    mg = sum(
        (Fraction(level * 10 + 3, 10) * n for (_, level), n in zip(pairs, litres, strict=True)), Fraction(0)
    )
    assert Fraction(made["cod_kg", "outfall"].value) == Fraction(round(mg / 1000), 1000)
    mean = mg / sum(litres)
    assert Fraction(made["cod_mean_mg_l", "outfall"].value) == Fraction(round(mean * 1000), 1000)
    assert made["cod_kg", "outfall"].completeness == f"{len(pairs) * 10**4 // 24 / 10**4:.4f}"


def test_a_level_of_an_hour_weighs_the_flows_inside_it_and_a_daily_flow_the_levels() -> None:
    inner = [("08:00:00", "09:00:00", "cod", "50"), ("08:00:00", "08:30:00", "wastewater_flow", "10"),
             ("08:30:00", "09:00:00", "wastewater_flow", "30")]  # fmt: skip
    assert load(water(inner))[0]["cod_kg", "outfall"].value == "3.6"
    outer = [("08:00:00", "10:00:00", "wastewater_flow", "10"), ("08:00:00", "09:00:00", "cod", "50"),
             ("09:00:00", "10:00:00", "cod", "70")]  # fmt: skip
    assert load(water(outer))[0]["cod_kg", "outfall"].value == "4.32"
    volume = [("08:00:00", "10:00:00", "nh3n", "5"), ("08:00:00", "09:00:00", "wastewater_volume", "40")]
    made, _ = load(water(volume))
    assert (made["nh3n_kg", "outfall"].value, made["nh3n_mean_mg_l", "outfall"].value) == ("0.2", "5")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([("08:00:00", "10:00:00", "cod", "1"), ("09:00:00", "11:00:00", "wastewater_flow", "1")], "only in part"),
        ([("08:00:00", "09:00:00", "cod", "1"), ("08:00:00", "10:00:00", "wastewater_volume", "1")], "only in part"),
        ([("08:00:00", "", "cod", "1"), ("08:00:00", "10:00:00", "wastewater_flow", "1")], "1 sample of cod"),
        ([("08:00:00", "09:00:00", "cod", "1")], "no wastewater_flow or wastewater_volume"),
        ([("08:00:00", "09:00:00", "cod", "1"), ("08:00:00", "09:00:00", "wastewater_flow", "1"),
          ("08:00:00", "09:00:00", "wastewater_volume", "1")], "are both given"),
    ],
)  # fmt: skip
def test_masses_that_would_be_guessed_are_refused(values: list, reason: str) -> None:
    made, refused = load(water(values))
    assert reason in str(refused["cod_kg", "outfall"].why)
    assert ("cod_kg", "outfall") not in made


def test_no_flow_has_a_mass_of_zero_and_no_mean() -> None:
    made, refused = load(
        water([("08:00:00", "09:00:00", "cod", "9"), ("08:00:00", "09:00:00", "wastewater_flow", "0")])
    )
    assert made["cod_kg", "outfall"].value == "0"
    assert "there is no mean" in str(refused["cod_mean_mg_l", "outfall"].why)


def permit(*limits: tuple[str, str, str | None, str], example: bool = False, document: str = "permit 1",
           since: date = date(2024, 1, 1), until: date | None = None) -> Permit:  # fmt: skip
    found = tuple(
        Limit(
            "outfall",
            of,
            Decimal(high),
            None if low is None else Decimal(low),
            "[pH]" if of == "ph" else "mg/L",
            how,
        )
        for of, high, low, how in limits
    )
    return Permit(document, example, since, until, found)


HOURLY = [(f"{h:02d}:00:00", f"{h + 1:02d}:00:00", "cod", v) for h, v in ((8, "60"), (9, "90"), (10, "120"))]


def test_a_parameter_without_limit_says_so() -> None:
    made, _ = load(water(HOURLY))
    found = made["permit_cod_day", "outfall"].fields()
    assert (found["verdict"], found["value"], found["limit"]) == ("no limit on record", "90", None)
    assert (found["periods"], found["over"], found["weighting"]) == (0, 0, "time")


def test_equal_to_the_limit_is_within_and_an_example_permit_says_what_it_is() -> None:
    both = permit(("cod", "90", None, "day"), ("cod", "119.9", None, "hour"), example=True)
    made, _ = load(water(HOURLY, permits=(both,)))
    daily, hourly = (made[f"permit_cod_{how}", "outfall"].fields() for how in ("day", "hour"))
    assert (daily["verdict"], daily["over"], daily["value"], daily["limit"]) == ("within", 0, "90", "90")
    assert (hourly["verdict"], hourly["over"], hourly["periods"], hourly["value"]) == ("over", 1, 3, "120")
    assert hourly["example"] is True
    assert hourly["citations"] == ["permit 1 (example, not a legal limit)"]


def test_flow_weighs_the_mean_and_the_strictest_permit_in_force_counts() -> None:
    flows = [("08:00:00", "09:00:00", "wastewater_flow", "1"), ("09:00:00", "10:00:00", "wastewater_flow", "1"),
             ("10:00:00", "11:00:00", "wastewater_flow", "8")]  # fmt: skip
    permits = (permit(("cod", "200", None, "day")), permit(("cod", "110", None, "day"), document="permit 2"),
               permit(("cod", "1", None, "day"), document="past", until=date(2024, 5, 31)))  # fmt: skip
    found = load(water(HOURLY + flows, permits=permits))[0]["permit_cod_day", "outfall"].fields()
    assert (found["value"], found["weighting"], found["limit"], found["verdict"]) == (
        "111",
        "flow",
        "110",
        "over",
    )
    assert found["documents"] == ["permit 1", "permit 2"]


def test_a_range_is_judged_at_both_ends_and_samples_alone_are_averaged() -> None:
    limits = (permit(("ph", "9", "6", "hour")),)
    low = [("08:10:00", "", "ph", "5.8"), ("08:50:00", "", "ph", "5.9"), ("09:10:00", "", "ph", "7")]
    found = load(water(low, permits=limits))[0]["permit_ph_hour", "outfall"].fields()
    assert (found["over"], found["lowest"], found["value"], found["weighting"]) == (1, "5.85", "7", "samples")


def test_limits_that_nothing_measures_and_rows_over_two_days_refuse() -> None:
    limits = (permit(("tn", "15", None, "day"), ("nh3n", "8", None, "day")),)
    _, refused = load(water(HOURLY, permits=limits))
    assert "nothing here measures it" in str(refused["permit_tn_day", "outfall"].why)
    assert (
        str(refused["permit_nh3n_day", "outfall"].why) == "no rows of nh3n at point 'outfall' in the period"
    )
    over = row("2024-06-01T23:00:00", "2024-06-02T01:00:00", "outfall", "cod", "50", "mg/L")
    _, refused = ask(site(over), "2024-06-01", "2024-06-03")
    assert "does not lie in one period of the limit" in str(refused["permit_cod_day", "outfall"].why)
