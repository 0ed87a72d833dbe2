"""The avoided energy as a cost, and what its interval makes of the money: by hand, by floats, and whatever comes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.replacement.avoided import Avoided
from accounts.replacement.interval_bounds import NONE, ends, intervals
from accounts.replacement.project import Money
from accounts.replacement.quantity import Missing
from accounts.replacement.results import Results
from tests.replacement import worked
from tests.replacement.test_energy import rows

FOUR = ("payback_interval", "discounted_payback_interval", "npv_interval", "irr_percent_interval")
ONLY = "interval: the intervals of money hold the uncertainty of the avoided energy only; other costs are declared"


def money(price: str | None = "0.72 CNY/kWh", **more: Any) -> dict[str, Any]:
    """The worked example whose energy cost follows from the avoided energy."""
    declared: dict[str, Any] = worked.project(money=worked.MONEY)["money"]
    declared["costs"]["energy"] = {"at": "avoided-energy", **({} if price is None else {"price": price})}
    return {**declared, **more}


def found(declared: dict[str, Any] | None = None, **energy: Any) -> dict[str, Any]:
    """The answer for the rows of the savings' worked example: 221917 kWh avoided in 2024, 366 days."""
    return worked.found(money=money() if declared is None else declared, energy={**rows(), **energy})


def plain(
    saving: float, outlay: float = 1.2e6, left: float = 1e5, years: int = 5, rate: float = 0.08
) -> list[float]:
    """Payback, discounted payback, NPV and IRR in % by floats and the definitions; no end is missing in it."""
    flows = [-outlay, *[saving] * (years - 1), saving + left]
    npv = sum(flow / (1 + rate) ** k for k, flow in enumerate(flows))
    total, year = -outlay, 0
    while total + saving / (1 + rate) ** (year + 1) < 0:
        year += 1
        total += saving / (1 + rate) ** year
    when = year - total / (saving / (1 + rate) ** (year + 1))
    return [outlay / saving, when, npv, worked.twin_irr(flows) * 100]


def test_the_effect_is_the_published_energy_of_a_year_at_the_price() -> None:
    """221917 kWh / 366 d * 365 d * 0.72 CNY/kWh = 159343.68 CNY, by hand; A = 548000 + 90000 - 60000 + it."""
    answer = found()
    assert answer["avoided"] == "221917" and answer["savings"]["reporting"] == "2024-01-01..2024-12-31"
    assert answer["money"]["effects"]["energy"] == "159343.68"
    assert answer["money"]["yearly_saving"] == "737343.68"
    assert answer["methods"]["effect.energy"] == "steelyard/effect-of-avoided-energy/1"


def test_every_interval_is_the_figure_at_both_ends_of_the_avoided_energy() -> None:
    answer = found()
    ends_of = [578000 + float(end) * 365 / 366 * 0.72 for end in answer["interval"]]
    assert [float(x) for x in answer["money"]["yearly_saving_interval"]] == pytest.approx(ends_of, abs=0.0051)
    low, high = (plain(saving) for saving in ends_of)
    expected = {"payback_interval": (high[0], low[0]), "discounted_payback_interval": (high[1], low[1]),
                "npv_interval": (low[2], high[2]), "irr_percent_interval": (low[3], high[3])}  # fmt: skip
    for name, values in expected.items():
        assert [float(text) for text in answer[name]] == pytest.approx(values, rel=6e-6), name
    assert worked.messages(answer["warnings"]).count(ONLY) == 1


def test_a_price_in_another_unit_says_the_same_and_one_below_zero_turns_the_ends() -> None:
    plainly = found()
    assert found(money("720 CNY/MWh"))["npv_interval"] == plainly["npv_interval"]
    turned = found(money("-0.72 CNY/kWh"))
    low, high = map(Decimal, turned["money"]["yearly_saving_interval"])
    assert low < Decimal(turned["money"]["yearly_saving"]) < high
    assert Decimal(turned["money"]["effects"]["energy"]) == -Decimal(plainly["money"]["effects"]["energy"])


def test_days_are_those_of_the_reporting_period() -> None:
    """The same kWh in half a year are twice as many a year: 182 days of 2024-01 to 2024-06."""
    half = found(
        None, reporting="2024-01..2024-06", rows=[r for r in rows()["rows"] if str(r[0]) < "2024-07"]
    )
    effect = (
        Fraction(half["avoided"]) * 365 / (date(2024, 6, 30) - date(2023, 12, 31)).days * Fraction("0.72")
    )
    assert half["money"]["effects"]["energy"] == f"{float(effect):.2f}"


def test_costs_given_as_before_and_after_and_cash_flows_have_no_interval() -> None:
    for declared in (
        worked.MONEY,
        {"currency": "CNY", "discount_rate": "8 %", "flows": ["-9 CNY", "10 CNY"]},
    ):
        answer = found(declared)
        assert answer["npv"] is not None and answer["money"]["yearly_saving_interval"] is None
        assert [answer[name] for name in FOUR] == [None] * 4 and ONLY not in worked.messages(
            answer["warnings"]
        )


@pytest.mark.parametrize(
    ("declared", "energy", "kind", "why"),
    [
        (money(None), {}, "effect.energy", "no money.costs.energy.price is given"),
        (money(), {"drivers": ["cdd"]}, "effect.energy", "it follows from a figure that is refused"),
        (money(investment=None), {}, "payback_years", "no money.investment is given"),
    ],
)
def test_what_is_missing_or_refused_is_named_and_has_no_interval(
    declared: dict[str, Any], energy: dict[str, Any], kind: str, why: str
) -> None:
    answer = found(declared, **energy)
    assert worked.refused(answer)[kind] == why
    assert (
        answer["payback_years"] is None
        and answer["payback_interval"] is None
        and answer["npv_interval"] is None
    )
    known = answer["money"]["yearly_saving"] is None
    assert (answer["money"]["yearly_saving_interval"] is None) is known


def test_without_the_part_energy_nothing_stands_in_for_it() -> None:
    answer = worked.found(money=money())
    assert worked.refused(answer)["effect.energy"] == "no energy is given"
    assert "avoided" in answer["not_asked"] and answer["money"]["yearly_saving"] is None


@pytest.mark.parametrize(
    ("cost", "path", "why"),
    [
        (
            {"at": "avoided-energy", "price": "0.72 CNY"},
            "money.costs.energy.price",
            "must be in CNY/kW.h, not in CNY",
        ),
        (
            {"at": "avoided-energy", "price": "0.72 USD/kWh"},
            "money.costs.energy.price",
            "must be in CNY/kW.h",
        ),
        (
            {"at": "avoided-energy", "price": "1 CNY/kWh", "before": "1 CNY/a"},
            "money.costs.energy.before",
            "beside",
        ),
        ({"at": "reporting-output", "price": "1 CNY/kWh"}, "money.costs.energy.price", "unknown key"),
    ],
)
def test_a_cost_said_in_two_ways_or_in_a_wrong_unit_is_a_fault(
    cost: dict[str, str], path: str, why: str
) -> None:
    declared = worked.project(money=worked.MONEY)["money"]
    declared["costs"]["energy"] = cost
    assert [(at, why in text) for at, text in worked.faults(money=declared)] == [(path, True)]


def test_no_other_cost_follows_from_the_avoided_energy() -> None:
    declared = worked.project(money=worked.MONEY)["money"]
    declared["costs"]["scrap"] = {"at": "avoided-energy", "price": "1 CNY/kWh"}
    assert ("money.costs.scrap.at", "must be one of reporting-output, own-output, not 'avoided-energy'") in (
        worked.faults(money=declared)
    )


def test_an_end_that_does_not_exist_is_null_and_a_warning_says_which_and_why() -> None:
    """A wage that only just is saved: at the low end of the energy nothing is left."""
    declared = money("5 CNY/kWh", residual="0 CNY")
    declared["costs"]["labour"]["after"] = {"amount": "17 person", "price": "110000 CNY/person/a"}
    answer = found(declared)
    low, high = map(float, answer["money"]["yearly_saving_interval"])
    assert low < 0 < high
    assert answer["payback_interval"][1] is None and float(answer["payback_interval"][0]) == pytest.approx(
        1.2e6 / high, rel=6e-6
    )
    assert answer["discounted_payback_interval"] == [None, None]  # 5 years are too few at either end
    assert answer["irr_percent_interval"][0] is None and answer["irr_percent_interval"][1] is not None
    assert None not in answer["npv_interval"]
    (warned,) = [
        declared
        for declared in worked.messages(answer["warnings"])
        if declared.startswith("payback_interval")
    ]
    shown = answer["money"]["yearly_saving_interval"][0]
    assert warned == (
        f"payback_interval: no high end at a yearly saving of {shown}: payback none: the yearly saving of {shown} "
        "is not above zero"
    )


AMOUNT = st.integers(-(10**6), 10**6)


@given(
    st.integers(-(10**6), 2 * 10**6), AMOUNT, st.integers(0, 10**5), st.integers(0, 10**5), AMOUNT,
    st.integers(1, 3 * 10**6), st.integers(-5 * 10**5, 10**6), st.integers(1, 12), st.integers(-50, 80),
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_whatever_the_project_each_interval_is_in_order_and_holds_its_figure(
    saving: int,
    kwh: int,
    below: int,
    above: int,
    cents: int,
    outlay: int,
    left: int,
    years: int,
    percent: int,
) -> None:
    avoided = Avoided(Fraction(kwh), Fraction(kwh - below), Fraction(kwh + above), 180)
    gone = Missing("x")
    declared = Money(
        "CNY", Fraction(percent, 100), None, Fraction(outlay), Fraction(left), years, gone, gone, {}, ()
    )
    both = ends(Fraction(saving), avoided, Fraction(cents, 10**6))
    point = ends(
        Fraction(saving), Avoided(Fraction(kwh), Fraction(kwh), Fraction(kwh), 180), Fraction(cents, 10**6)
    )
    assert both is not None and point is not None and both.low <= saving <= both.high
    made, middle = (intervals(declared, each, Results()) for each in (both, point))
    for name in NONE:
        low, high = ((None if text is None else float(text)) for text in made[name])
        value = middle[name][0]
        if low is not None and high is not None:
            assert low <= high, name
            if value is not None:
                assert low - 1e-5 * abs(low) <= float(value) <= high + 1e-5 * abs(high), name
    if both.low > 0:
        assert None not in made["payback_interval"]
