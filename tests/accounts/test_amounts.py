"""The meter tree: sums over hours, days, months and points are the same integer steps; what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.sites import Point
from tests.accounts.mill import ask, day, days, point, row, site, tariff, year

METERS = ("main", "a", "b", "a1", "a2")
TREE = [
    point("main", "electricity", None, True),
    point("a", "electricity", "main", True),
    point("b", "electricity", "main", True),
    point("a1", "electricity", "a", True),
    point("a2", "electricity", "a", True),
]
STEPS = st.lists(st.integers(0, 10**7), min_size=24, max_size=24)


@settings(max_examples=25, deadline=None)
@given(st.data(), st.integers(2, 6), st.sampled_from(["0.01", "1", "0.125", "10"]))
def test_hours_days_and_the_whole_time_add_up_at_every_point(
    data: st.DataObject, count: int, scale: str
) -> None:
    dates = days("2024-02-27", count)
    facts = [day(name, on, data.draw(STEPS), scale=scale) for name in METERS for on in dates]
    mill = site(points=TREE, facts=tuple(facts))
    whole, _ = ask(mill, str(dates[0]), str(dates[-1] + timedelta(days=1)))
    parts = [ask(mill, str(on), str(on + timedelta(days=1)))[0] for on in dates]
    for name in (*METERS, None):
        mine = Fraction(whole["electricity_kwh", name].value)
        assert mine == sum(Fraction(part["electricity_kwh", name].value) for part in parts)
        of = "main" if name is None else name
        assert mine == sum(sum(item.steps) for item in facts if item.tag == of) * Fraction(scale)
    for above, below in (("main", "ab"), ("a", ("a1", "a2"))):
        rest = Fraction(whole["unaccounted_kwh", above].value)
        total = rest + sum(Fraction(whole["electricity_kwh", name].value) for name in below)
        assert total == Fraction(whole["electricity_kwh", above].value)
        assert rest == sum(Fraction(part["unaccounted_kwh", above].value) for part in parts)


@given(st.permutations(METERS), st.permutations(range(3)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_points_and_facts_changes_nothing(names: list[str], order: list[int]) -> None:
    dates = days("2024-03-01", 3)
    facts = [day(name, on, [3] * 24) for name in METERS for on in dates]
    other = [day(name, dates[i], [3] * 24) for name in names for i in order]
    points = [next(p for p in TREE if p.id == name) for name in names]
    one = ask(site(points=TREE, facts=tuple(facts)), "2024-03-01", "2024-03-04")
    two = ask(site(points=points, facts=tuple(other)), "2024-03-01", "2024-03-04")
    assert [i.fields() for i in one[0].values()] == [i.fields() for i in two[0].values()]


def test_a_sub_meter_is_never_added_to_the_meter_above_it() -> None:
    rows = [year("main", "electricity", "1000", "kW.h"), year("a", "electricity", "700", "kW.h")]
    tree = [
        point("hall"),
        point("main", "electricity", "hall"),
        point("floor", None, "main"),
        point("a", None, "floor"),
    ]
    made, _ = ask(site(*rows, points=tree))
    assert made["electricity_kwh", None].value == "1000"
    assert made["unaccounted_kwh", "main"].value == "300"
    apart = [replace(item, parent=None) for item in tree]
    assert ask(site(*rows, points=apart))[0]["electricity_kwh", None].value == "1700"


def test_completeness_is_the_lowest_and_substitution_the_highest_of_the_parts() -> None:
    steps = [10] * 24
    estimated = replace(day("m", date(2024, 1, 1), steps), class_=("measured",) * 18 + ("estimated",) * 6)
    other = day("n", date(2024, 1, 1), steps, share="0.5000")
    tree = [point("m", "electricity", None, True), point("n", "electricity", None, True)]
    found = ask(site(points=tree, facts=(estimated, other)), "2024-01-01", "2024-01-02")[0][
        "electricity_kwh", None
    ]
    assert (found.value, found.completeness, found.substituted) == ("4.8", "0.5000", "0.2500")


def test_an_invalid_hour_is_not_covered_and_an_unknown_one_does_not_count() -> None:
    classes = ("unknown",) * 6 + ("invalid(counter)",) * 6 + ("measured",) * 12
    facts = replace(day("m", date(2024, 1, 1), [1] * 24), class_=classes)
    tree = [point("m", "electricity", None, True)]
    found = ask(site(points=tree, facts=(facts,)), "2024-01-01", "2024-01-02")[0]["electricity_kwh", "m"]
    assert (found.value, found.completeness) == ("0.18", "0.5000")


METERED: list[Point] = [point("main", "electricity", None, True)]
FEBRUARY = day("main", date(2024, 2, 1), [100] * 24)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row("2024-01-31T12:00:00", "2024-02-01T12:00:00", "main", "electricity", "1", "kW.h")], "crosses the border"),
        ([row("2024-02-01T03:00:00", "2024-02-01T04:00:00", "main", "electricity", "1", "kW.h")], "imported for the"),
        ([row("2024-02-01", "2024-02-02", "other", "electricity", "1", "kW.h")], "name point 'other'"),
    ],
)  # fmt: skip
def test_what_would_have_to_be_guessed_is_refused(rows: list, reason: str) -> None:
    mill = site(
        *rows,
        points=METERED,
        facts=(FEBRUARY,),
        tariffs=(
            tariff(
                ("all", 0, 24, "1"),
            ),
        ),
    )
    made, refused = ask(mill, "2024-02-01", "2024-02-02")
    for kind in ("electricity_kwh", "energy_tce", "scope2_tco2", "cost_yuan"):
        assert reason in str(refused[kind, None].why)
        assert (kind, None) not in made


def test_rows_before_the_meter_join_with_its_hours() -> None:
    before = row("2024-01-01", "2024-02-01", "main", "electricity", "1000", "kW.h")
    made, _ = ask(site(before, points=METERED, facts=(FEBRUARY,)), "2024-01-01", "2024-02-02")
    assert made["electricity_kwh", "main"].value == "1024"
    assert made["electricity_kwh", "main"].completeness == "1.0000"


def test_rows_that_overlap_are_refused_whatever_their_order() -> None:
    rows = [row("2024-02-01", "2024-02-03", "gas", "natural_gas", "1", "m3"),
            row("2024-02-02", "2024-02-04", "gas", "natural_gas", "1", "m3")]  # fmt: skip
    for some in (rows, rows[::-1]):
        _, refused = ask(site(*some), "2024-02-01", "2024-03-01")
        assert "overlap at 2024-02-01T16:00:00Z" in str(refused["natural_gas_m3", None].why)


def test_a_meter_without_readings_refuses_the_site_and_a_fuel_without_rows_does_not() -> None:
    diesel = row("2023-02-01", "2023-03-01", "trucks", "diesel", "1", "t")
    tree = [*METERED, point("trucks")]
    made, refused = ask(site(diesel, points=tree, facts=(FEBRUARY,)), "2024-02-01", "2024-02-02")
    assert (made["energy_tce", None].value, made["energy_tce", None].completeness) == ("0.003", "0.0000")
    assert str(refused["diesel_t", "trucks"].why) == "no rows of diesel at point 'trucks' in the period"
    _, refused = ask(site(diesel, points=tree), "2023-02-01", "2023-03-01")
    assert str(refused["energy_tce", None].why) == "point 'main': no readings of edge/main in the period"


def test_a_mass_of_steam_is_no_energy_unless_its_heat_is_imported() -> None:
    tree = [*METERED, point("steam", "steam", None, True)]
    mill = site(points=tree, facts=(FEBRUARY,))
    _, refused = ask(mill, "2024-02-01", "2024-02-02")
    assert "has no energy without its enthalpy" in str(refused["energy_tce", None].why)
    heat = row("2024-02-01", "2024-02-02", "steam", "heat", "1", "GJ")
    made, _ = ask(replace(mill, rows=(heat,)), "2024-02-01", "2024-02-02")
    assert made["energy_tce", None].value == "0.037"  # 24 * 0.1229 + 1000 * 0.03412 kg


def test_a_meter_in_another_unit_and_one_whose_unit_does_not_fit() -> None:
    mega = day("main", date(2024, 2, 1), [1] * 24, scale="0.001", unit="MW.h")
    assert (
        ask(site(points=METERED, facts=(mega,)), "2024-02-01", "2024-02-02")[0]["electricity_kwh", None].value
        == "24"
    )
    cubic = replace(mega, unit="m3")
    _, refused = ask(site(points=METERED, facts=(cubic,)), "2024-02-01", "2024-02-02")
    assert "no factor between them" in str(refused["electricity_kwh", None].why)


def test_production_in_metres_and_tonnes_are_two_products() -> None:
    rows = [year("cloth", "production", "1000", "m"), year("yarn", "production", "2", "t"),
            year("main", "electricity", "1000", "kW.h"), year("yarn", "electricity", "500", "kW.h")]  # fmt: skip
    made, _ = ask(site(*rows, points=[point("main"), point("yarn", None, "main"), point("cloth")]))
    assert made["intensity_tce_per_m", None].value == "0.000123"
    assert made["intensity_tce_per_t", None].value == "0.06145"
    assert made["intensity_kwh_per_t", "yarn"].value == "250"
