"""Payback, NPV and IRR against the worked example, a plain twin, and what must hold whatever the numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.figure.rounding import NoFigure
from accounts.replacement import investment
from accounts.replacement.rates import irr, rates, sign_changes
from tests.replacement import worked

AMOUNT = st.integers(-(10**9), 10**9).map(Fraction)


def test_the_worked_example() -> None:
    found = worked.found(money=worked.MONEY)
    assert found["money"]["yearly_saving"] == "528000.00"
    assert found["payback_years"] == "2.27273"
    assert round(float(found["payback_years"]), 4) == 2.2727
    assert round(float(found["discounted_payback_years"]), 4) == 2.6166
    assert found["npv"] == "976209.22"
    assert (found["irr"], found["irr_percent"]) == ("0.347467", "34.7467")
    assert found["refused"] == []


def test_the_energy_effect_keeps_its_sign_and_is_said_apart() -> None:
    found = worked.found(money=worked.MONEY)
    assert found["money"]["effects"] == {
        "labour": "548000.00", "energy": "-50000.00", "scrap": "90000.00", "added": "-60000.00",
    }  # fmt: skip
    assert "the energy cost rises by 50000.00 CNY a year" in worked.messages(found["warnings"])


def test_a_cost_at_its_own_output_is_brought_to_the_reporting_periods() -> None:
    money = worked.project(money=worked.MONEY)["money"]
    money["costs"]["scrap"] = {"at": "own-output", "before": "100000 CNY/a", "after": "60000 CNY/a"}
    refused = worked.refused(worked.found(money=money))
    assert "no money.output.before is given; no money.output.after is given" in refused["effect.scrap"]
    money["output"] = {"product_unit": "t", "before": "8000 t/a", "after": "12000000 kg/a"}
    found = worked.found(money=money)
    assert found["money"]["effects"]["scrap"] == "90000.00"
    assert found["npv"] == "976209.22"
    assert found["methods"]["effect.scrap"] == "steelyard/effect-at-own-output/1"


def test_an_amount_and_its_price_may_be_in_other_units_of_the_same_kind() -> None:
    money = worked.project(money=worked.MONEY)["money"]
    money["costs"]["energy"] = {
        "at": "reporting-output",
        "before": {"amount": "700 MWh/a", "price": "0.6 CNY/kWh"},
        "after": {"amount": "2820 GJ/a", "price": "0.6 CNY/kWh"},
    }
    assert worked.found(money=money)["money"]["effects"]["energy"] == "-50000.00"


@pytest.mark.parametrize(
    ("drop", "names", "left"),
    [
        (("discount_rate",), "no money.discount_rate is given", {"payback_years", "irr"}),
        (("investment",), "no money.investment is given", set()),
        (("residual",), "no money.residual is given", {"payback_years"}),
        (("years",), "no money.years is given", {"payback_years"}),
        (("costs", "scrap"), "no money.costs.scrap is given", set()),
        (("costs", "added"), "no money.costs.added is given", set()),
        (("costs", "labour", "at"), "no money.costs.labour.at is given", set()),
        (("costs", "labour", "after", "price"), "no money.costs.labour.after.price is given", set()),
        (("costs", "labour", "before", "amount"), "no money.costs.labour.before.amount is given", set()),
        (("costs", "energy", "after"), "no money.costs.energy.after is given", set()),
        (("costs",), "no money.costs.energy is given", set()),
    ],
)
def test_what_is_missing_is_named_and_nothing_stands_in_for_it(
    drop: tuple[str, ...], names: str, left: set[str]
) -> None:
    money = worked.project(money=worked.MONEY)["money"]
    holder = money
    for key in drop[:-1]:
        holder = holder[key]
    del holder[drop[-1]]
    found = worked.found(money=money)
    assert any(names in why for why in worked.refused(found).values())
    figures = ("payback_years", "discounted_payback_years", "npv", "irr")
    assert {key for key in figures if found[key] is not None} == left
    assert {key for key in figures if found[key] is None} <= worked.refused(found).keys()


def test_null_is_as_absent_and_an_unnamed_added_cost_is_not_taken_as_zero() -> None:
    money = worked.project(money=worked.MONEY)["money"]
    money["costs"]["added"]["training"] = None
    assert "no money.costs.added.training is given" in worked.refused(worked.found(money=money)).values()
    money["costs"]["added"] = {}
    assert worked.found(money=money)["money"]["yearly_saving"] == "588000.00"


def flows(*amounts: int, rate: str | None = "8 %") -> dict[str, Any]:
    message: dict[str, Any] = {"currency": "CNY", "flows": [f"{amount} CNY" for amount in amounts]}
    return worked.found(money={**message, "discount_rate": rate} if rate else message)


def test_given_cash_flows() -> None:
    found = flows(-1200000, 528000, 528000, 528000, 528000, 628000)
    assert (found["npv"], found["irr_percent"]) == ("976209.22", "34.7467")
    assert (found["payback_years"], found["discounted_payback_years"]) == ("2.27273", "2.61658")


@pytest.mark.parametrize("amounts", [(-100, -5), (100, 5), (0, 0, 0), (-100, 0)])
def test_without_a_sign_change_there_is_no_irr(amounts: tuple[int, ...]) -> None:
    found = flows(*amounts)
    assert found["irr"] is None and found["irr_roots_percent"] == []
    assert worked.refused(found)["irr"] == "IRR none: the cash flows have no sign change"


def test_several_sign_changes_are_reported() -> None:
    found = flows(-1000, 2300, -1320)  # 10 % and 20 %
    assert found["irr"] is None and found["irr_roots_percent"] == ["10.0000", "20.0000"]
    assert worked.refused(found)["irr"] == "IRR none: 2 rates make NPV zero (2 sign changes)"
    assert "the cash flows change sign 2 times: 2 rates make NPV zero" in worked.messages(found["warnings"])
    assert any(
        "falls below zero again" in message
        for message in worked.messages(flows(-1000, 2300, -1500)["warnings"])
    )
    none = flows(-1000, 1000, -1000)
    assert worked.refused(none)["irr"] == "IRR none: no rate makes NPV zero (2 sign changes)"
    double = flows(-100, 220, -121)  # 10 %, twice
    assert double["irr_percent"] == "10.0000" and any(
        "2 times: 1 rates" in message for message in worked.messages(double["warnings"])
    )


def test_a_saving_that_is_none_is_never_paid_back() -> None:
    money = worked.project(money=worked.MONEY)["money"]
    money["costs"]["labour"]["after"]["amount"] = "8 person"
    found = worked.found(money=money)
    assert found["money"]["yearly_saving"] == "-132000.00" and found["payback_years"] is None
    refused = worked.refused(found)
    assert refused["payback_years"] == "payback none: the yearly saving of -132000.00 is not above zero"
    assert refused["discounted_payback_years"].startswith("payback none: after 5 years")


def test_the_residual_value_comes_at_the_end_in_one_piece() -> None:
    amounts = [Fraction(-100), Fraction(30), Fraction(30), Fraction(70)]
    assert investment.recovery(amounts, Fraction(0), Fraction(40)) == 3
    assert investment.recovery(amounts, Fraction(0), Fraction(0)) == Fraction(2) + Fraction(40, 70)


@given(st.lists(AMOUNT, min_size=2, max_size=12), st.fractions(Fraction(-1, 2), 3, max_denominator=1000))
def test_npv_is_its_definition(amounts: list[Fraction], rate: Fraction) -> None:
    assert investment.npv(amounts, rate) == worked.twin_npv(amounts, rate)


@given(st.integers(1, 10**9), st.lists(st.integers(0, 10**9), min_size=1, max_size=20))
def test_one_sign_change_gives_the_irr_of_the_plain_twin(outlay: int, income: list[int]) -> None:
    amounts = [Fraction(-outlay), *map(Fraction, income)]
    found = irr(amounts)
    if not any(income):
        assert found.rate is None
        return
    assert found.rate is not None
    twin = worked.twin_irr([float(amount) for amount in amounts])
    if -0.999 < twin < 1e6:
        assert float(found.rate) == pytest.approx(twin, rel=1e-6, abs=1e-9)


@given(st.lists(AMOUNT, min_size=2, max_size=15))
@settings(max_examples=200)
def test_npv_at_each_rate_found_is_zero(amounts: list[Fraction]) -> None:
    for rate in rates(amounts):
        size = sum(abs(amount) / (1 + rate) ** k for k, amount in enumerate(amounts))
        assert abs(investment.npv(amounts, rate)) <= size * Fraction(1, 10**12)


@given(st.lists(st.integers(-90, 400), min_size=1, max_size=6, unique=True), st.booleans())
def test_every_planted_rate_is_found(percents: list[int], turned: bool) -> None:
    """The flows are a product of (1 + r) x - 1 over planted rates r, so that they are known to be all."""
    amounts = [Fraction(-1 if turned else 1)]
    for percent in percents:
        growth = 1 + Fraction(percent, 100)
        shifted = [Fraction(0), *(growth * amount for amount in amounts)]
        amounts = [a - b for a, b in zip(shifted, [*amounts, Fraction(0)], strict=True)]
    found = rates(amounts)
    assert [round(float(rate) * 100, 6) for rate in found] == sorted(percents)
    assert sign_changes(amounts) == len(percents)


@given(st.integers(1, 10**9), st.integers(-(10**6), 10**9), st.integers(1, 10**6))
def test_payback_falls_as_the_saving_grows(outlay: int, saving: int, more: int) -> None:
    less, greater = (investment.payback(Fraction(outlay), Fraction(a)) for a in (saving, saving + more))
    if isinstance(greater, NoFigure):
        assert isinstance(less, NoFigure)
    else:
        assert isinstance(less, NoFigure) or greater < less


@given(
    st.permutations([("a", "10"), ("b", "20.5"), ("c", "0"), ("d", "7")]), st.permutations(list(worked.MONEY))
)
@settings(max_examples=20)
def test_the_order_of_keys_changes_nothing(added: list[tuple[str, str]], keys: list[str]) -> None:
    money = worked.project(money=worked.MONEY)["money"]
    plain = {**money, "costs": {**money["costs"], "added": {n: f"{v} CNY/a" for n, v in sorted(added)}}}
    mixed = {key: plain[key] for key in keys}
    mixed["costs"] = dict(reversed(plain["costs"].items()))
    mixed["costs"]["added"] = {name: f"{value} CNY/a" for name, value in added}
    assert worked.found(money=mixed) == worked.found(money=plain)


def test_a_planted_fault_in_the_discount_turns_the_worked_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """Discounting from the start of each year instead of its end is what this file must notice."""
    right = investment.npv
    monkeypatch.setattr(investment, "npv", lambda flows, rate: right(flows[1:], rate) + flows[0])
    with pytest.raises(AssertionError):
        test_the_worked_example()
