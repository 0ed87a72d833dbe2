"""Savings projects as figures: rows out of amounts, against a least-squares fit of numpy."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from accounts.inputs.inputs import Declared, Imported
from accounts.metering.facts import Facts
from contract.sites import Project
from tests.accounts.mill import ask, day, days, point, row, site

POINTS = [point("main", "electricity", None, True), point("cloth"), point("gas"), point("outfall")]
BASE, LATER = days("2023-01-01", 60), days("2023-06-01", 30)
PROJECT = Project(
    "retrofit", "electricity", None, ("production",), "day", (BASE[0], BASE[-1]), (LATER[0], LATER[-1])
)
PERIOD = ("2023-06-01", "2023-07-01")


def made_of() -> dict[date, tuple[int, int]]:
    """Production (t) and energy (steps of 0.01 kWh in each hour) of each day; a tenth is saved later."""
    chance = random.Random(4)
    found = {}
    for on in BASE + LATER:
        tonnes = 40 + chance.randrange(30)
        steps = 1000 + 60 * tonnes + chance.randrange(-80, 80)
        found[on] = tonnes, steps * 9 // 10 if on in LATER else steps
    return found


def product(on: date, tonnes: int) -> Imported:
    return row(str(on), str(on + timedelta(days=1)), "cloth", "production", str(tonnes), "t")


def mill(project: Project = PROJECT, **more: Any) -> Declared:
    made = made_of()
    facts = tuple(day("main", on, [steps] * 24) for on, (_, steps) in made.items())
    rows = [product(on, tonnes) for on, (tonnes, _) in made.items()]
    return site(*rows, points=POINTS, facts=facts, projects=(project,), **more)


def avoided(without: set[date] = frozenset()) -> float:  # type: ignore[assignment]
    """The same by numpy alone."""
    made = {on: item for on, item in made_of().items() if on not in without}
    base = [on for on in BASE if on in made]
    x = np.array([[1.0, made[on][0]] for on in base])
    y = np.array([made[on][1] * 24 / 100 for on in base])
    b = np.linalg.lstsq(x, y, rcond=None)[0]
    return float(sum(b[0] + b[1] * made[on][0] - made[on][1] * 24 / 100 for on in LATER))


def test_the_saving_is_that_of_a_least_squares_fit_with_its_twin() -> None:
    made, refused = ask(mill(), *PERIOD)
    found = made["saving_kwh", "retrofit"].fields()
    assert float(found["value"]) == pytest.approx(avoided(), rel=5e-6)
    low, high = map(float, found["interval"])
    assert low < avoided() < high
    assert (found["from"], found["to"], found["unit"]) == ("2023-06-01", "2023-07-01", "kW.h")
    twin = made["saving_tco2", "retrofit"].fields()
    assert Decimal(twin["value"]) == round(Decimal(avoided()) * Decimal("0.5306") / 1000, 3)
    assert twin["factors"] == ["cn-grid-2023"]
    assert not any(kind.startswith("saving") for kind, _ in refused)


def test_a_period_that_holds_the_reporting_period_in_part_refuses_and_another_says_nothing() -> None:
    _, refused = ask(mill(), "2023-06-02", "2023-07-01")
    assert "does not lie in the period asked for" in str(refused["saving_kwh", "retrofit"].why)
    made, refused = ask(mill(), "2023-01-01", "2023-02-01")
    assert not any(kind.startswith("saving") for kind, _ in [*made, *refused])


def gap(facts: Facts, hours: range, class_: str = "estimated") -> Facts:
    """The facts with readings missing for some hours, after which the register has run on."""
    steps, last = list(facts.steps), hours[-1]
    for i in hours[:-1]:
        steps[last] += steps[i]
        steps[i] = 0
    classes = [class_ if i in hours else label for i, label in enumerate(facts.class_)]
    shares = ["0.0000" if i in hours else share for i, share in enumerate(facts.completeness)]
    return replace(facts, steps=tuple(steps), class_=tuple(classes), completeness=tuple(shares))


def test_a_gap_inside_a_day_loses_nothing_and_one_over_its_end_takes_the_day_out() -> None:
    whole, calm = mill(), ask(mill(), *PERIOD)[0]["saving_kwh", "retrofit"].value
    inside = replace(whole, facts=(gap(whole.facts[0], range(5, 9)), *whole.facts[1:]))
    assert ask(inside, *PERIOD)[0]["saving_kwh", "retrofit"].value == calm
    for hours, class_ in (
        (range(3), "estimated"),
        (range(20, 24), "estimated"),
        (range(5, 9), "invalid(counter)"),
    ):
        out = replace(whole, facts=(gap(whole.facts[0], hours, class_), *whole.facts[1:]))
        found = ask(out, *PERIOD)[0]["saving_kwh", "retrofit"]
        assert float(found.value) == pytest.approx(avoided({BASE[0]}), rel=5e-6)
        assert found.value != calm


def test_without_named_drivers_what_lacks_a_row_is_none() -> None:
    some = row("2023-06-01", "2023-06-02", "gas", "natural_gas", "9", "m3")
    level = row("2023-06-01", "2023-06-02", "outfall", "cod", "9", "mg/L")
    declared = mill(replace(PROJECT, drivers=None))
    found = ask(replace(declared, rows=(*declared.rows, some, level)), *PERIOD)[0][
        "saving_kwh", "retrofit"
    ].fields()
    assert found["drivers"] == ["production"]
    assert float(found["value"]) == pytest.approx(avoided(), rel=5e-6)


def test_a_saving_of_gas_has_its_own_kind_and_no_twin() -> None:
    declared = mill(replace(PROJECT, quantity="natural_gas", points=("gas",)))
    made = made_of()
    gas = [
        row(str(on), str(on + timedelta(days=1)), "gas", "natural_gas", str(steps), "m3")
        for on, (_, steps) in made.items()
    ]
    found, refused = ask(replace(declared, rows=(*declared.rows, *gas)), *PERIOD)
    assert float(found["saving_m3", "retrofit"].value) == pytest.approx(avoided() / 0.24, rel=5e-6)
    assert ("saving_tco2", "retrofit") not in [*found, *refused]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"points": ("nowhere",)}, "no whole day of electricity"),
        ({"drivers": ("natural_gas",)}, "no"),
        ({"quantity": "heat"}, "no whole day of heat"),
    ],
)
def test_a_project_without_its_data_is_refused(change: dict[str, Any], reason: str) -> None:
    _, refused = ask(mill(replace(PROJECT, **change)), *PERIOD)
    kinds = {kind for kind, name in refused if name == "retrofit"}
    assert kinds in ({"saving_kwh"}, {"saving_gj"})
    assert reason in next(str(item.why) for (kind, name), item in refused.items() if name == "retrofit")
