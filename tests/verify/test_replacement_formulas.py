"""The verifier's own formulas of a replacement: the worked numbers, and what the accounts make of random projects."""

from __future__ import annotations

import copy
import random
from fractions import Fraction
from typing import Any

import pytest
import yaml

from accounts.figure.factors import USABLE
from accounts.replacement import evaluate, read
from cloud.declarations.replacement_examples import EXAMPLE
from cloud.figures.certificate_figures import figures
from cloud.reference.factors import shipped
from verify.figures.measures import measure
from verify.formats.findings import Bad
from verify.reasons.reason import InsufficientData
from verify.replacement import cash_flow, invest, labour_oee, per_unit
from verify.replacement.terms import Terms

FACTORS = {factor.id: factor for factor in shipped() if factor.trust in USABLE}
ENERGY = ("avoided", "avoided_tco2")


def example() -> dict[str, Any]:
    """The plain mapping of the example, without its rows: those are no part of these formulas."""
    value: dict[str, Any] = yaml.safe_load(EXAMPLE)
    del value["energy"]
    return value


def again(value: dict[str, Any]) -> Terms:
    """What the verifier makes of a project."""
    terms = Terms()
    if value.get("money"):
        cash_flow.evaluate(value["money"], terms, "money")
    if value.get("labour"):
        labour_oee.labour(value["labour"], terms, "labour")
    if value.get("oee"):
        labour_oee.oee(value["oee"], terms, "oee")
    if value.get("per_unit"):
        weight = lambda name: Fraction(FACTORS[name].value)  # noqa: E731
        per_unit.per_unit(value["per_unit"], value.get("emissions"), weight, terms, "per_unit")
    return terms


def test_the_worked_numbers() -> None:
    made = {kind: term.members["value"] for kind, term in again(example()).made.items()}
    assert (made["payback_years"], made["npv"], made["irr"]) == ("2.27273", "976209.22", "34.7467")
    assert (made["discounted_payback_years"], made["yearly_saving"]) == ("2.61658", "528000.00")
    assert (made["effect.energy"], made["effect.added"]) == ("-50000.00", "-60000.00")
    assert made["oee.after.oee_index"] == "0.777778"
    assert (made["labour.before.operators"], made["labour.after.operators"]) == ("8", "2")


@pytest.mark.parametrize(
    ("flows", "rates"),
    [
        ((-1000, 2300, -1320), 2),  # 10 % and 20 %
        ((100, 200, 300), 0),
        ((1000, -2000, 1500), 0),
        ((-1000, 0, 0), 0),
    ],
)
def test_no_rate_is_made_up(flows: tuple[int, ...], rates: int) -> None:
    with pytest.raises(InsufficientData, match=f"IRR none: {rates} rates"):
        invest.rate_of_return([Fraction(flow) for flow in flows])


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ((-1000, 1100), "0.1"),
        ((-100, 220, -121), "0.1"),  # touches zero once
        ((-1000, 1000), "0"),
        ((-100, 90, 10), "0"),
        ((-1000, 1), "-0.999"),
        ((-1, 1000000), "999999"),
    ],
)
def test_one_rate_is_found(flows: tuple[int, ...], rate: str) -> None:
    found = invest.rate_of_return([Fraction(flow) for flow in flows])
    assert abs(found - Fraction(rate)) <= abs(Fraction(rate)) / 10**10


def test_a_number_is_read_in_its_unit() -> None:
    assert measure("0.5 min/吨", "min/kg", "x") == Fraction(1, 2000)
    assert measure("1 a", "d", "x") == 365
    assert measure("8 %", "%", "x") == 8
    for wrong in ("8", "8  %", "1e3 %", "8 h", "08 %", "8 %/a", None, 8):
        with pytest.raises(Bad):
            measure(wrong, "%", "x")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("years", "999999999 a"),
        ("years", "2.5 a"),
        ("years", "0 a"),
        ("discount_rate", "-100 %"),
        ("flows", ["1 CNY"] * 62),
    ],
)
def test_what_no_desk_would_take_is_refused_at_once(key: str, value: object) -> None:
    said = example()["money"]
    with pytest.raises(Bad):
        cash_flow.evaluate({**said, key: value}, Terms(), "money")


def _paths(value: Any, at: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every key below the top, as a path."""
    if not isinstance(value, dict):
        return []
    return [path for key in value for path in ((*at, key), *_paths(value[key], (*at, key)))]


def _changed(chance: random.Random) -> dict[str, Any]:
    """The example with some keys gone and some numbers of another size."""
    value = copy.deepcopy(example())
    for _ in range(chance.randrange(6)):
        path = chance.choice([path for path in _paths(value) if len(path) > 1])
        inside = value
        for key in path[:-1]:
            inside = inside[key]
        found = inside[path[-1]]
        if path[-1] in ("currency", "product_unit", "discount_rate"):
            continue
        if isinstance(found, str) and " " in found and path[-1] != "years" and chance.random() < 0.6:
            number, unit = found.split(" ")
            inside[path[-1]] = f"{Fraction(number) * chance.randrange(0, 9) // 3} {unit}"
        else:
            del inside[path[-1]]
    if chance.random() < 0.2:
        value["money"]["flows"] = [
            f"{chance.randrange(-9000, 9000)} CNY" for _ in range(chance.randrange(2, 9))
        ]
        for key in ("investment", "residual", "years", "output", "costs"):
            value["money"].pop(key, None)
    return value


def test_random_projects_come_out_as_the_accounts_have_them() -> None:
    chance, seen = random.Random(5), {"made": 0, "refused": 0}
    for number in range(200):
        value = _changed(chance)
        project, faults = read(value, FACTORS)
        if project is None:
            assert faults
            continue
        found = {**evaluate(project, FACTORS), "emissions": value.get("emissions")}
        terms = again(value)
        theirs = {item["kind"]: item for item in figures(found)}
        mine = {kind: term.members for kind, term in terms.made.items()}
        assert mine == theirs, (number, value)
        assert set(terms.refused) == {item["kind"] for item in found["refused"]}, (number, value)
        seen["made"] += len(mine)
        seen["refused"] += len(terms.refused)
    assert seen["made"] > 3000 and seen["refused"] > 200
