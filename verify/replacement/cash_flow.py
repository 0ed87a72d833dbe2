"""The money of a project, from its declaration (docs/methods-replacement.md, Money)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verify.figures.measures import given, measure, split, unit_of
from verify.formats.findings import Bad
from verify.formats.message import Text
from verify.formats.shape import listed, part, text
from verify.reasons.reason import InsufficientData
from verify.replacement import invest
from verify.replacement.interval_bounds import Avoided, Flows, spread
from verify.replacement.messages import FlowCount, NoCost, NotYears, RateTooLow, UnknownOutput
from verify.replacement.terms import Number, Terms, money, six

COSTS = ("labour", "energy", "scrap")
AVOIDED = "avoided-energy"
Fields = Mapping[str, Any]


def evaluate(declared: Fields, terms: Terms, where: str, avoided: Avoided | None = None) -> None:
    """Effects, yearly saving, payback, net present value and rate of return; raises Bad.

    avoided: what a cost `at: avoided-energy` is made of, None where it is refused or was not asked for.
    """
    currency = text(declared.get("currency"), f"{where}.currency")
    percent = given(declared, "discount_rate", "%", where)
    if percent is not None and percent <= -100:
        raise Bad(RateTooLow(), f"{where}.discount_rate")
    rate = None if percent is None else percent / 100
    if declared.get("flows") is not None:
        flows = _flows(declared["flows"], currency, f"{where}.flows")
        nothing = Fraction(0)
        terms.take("payback_years", "payback-of-flows", "a", six, invest.recovered, flows, nothing, nothing)
        _investment(terms, currency, flows, rate, nothing)
    else:
        _follows(declared, currency, rate, terms, where, avoided)


def _follows(
    declared: Fields, currency: str, rate: Number, terms: Terms, where: str, avoided: Avoided | None
) -> None:
    """The figures of cash flows that follow from the yearly saving, with their intervals where it has one."""
    saving = _saving(declared, currency, terms, where, avoided)
    laid = _laid(declared, currency, rate, where)
    flows = None if saving is None else laid.of(saving)
    if flows is None:
        terms.refused["flows"] = Text("an input is not given")
    terms.take("payback_years", "payback", "a", six, invest.payback, laid.investment, saving)
    _investment(terms, currency, flows, rate, laid.residual or Fraction(0))
    price = price_of(declared, currency, where)
    if saving is not None and avoided is not None and price is not None:
        low, high = avoided.distance(price)
        spread(terms, laid, saving + low, saving + high)


def _flows(flows: object, currency: str, where: str) -> list[Fraction]:
    items = listed(flows, where)
    if not 2 <= len(items) <= invest.MOST_FLOWS:
        raise Bad(FlowCount(), where)
    return [measure(item, currency, f"{where}[{at}]") for at, item in enumerate(items)]


def _laid(declared: Fields, currency: str, rate: Number, where: str) -> Flows:
    investment, residual = (given(declared, key, currency, where) for key in ("investment", "residual"))
    years = given(declared, "years", "a", where)
    if years is not None and (years.denominator != 1 or not 1 <= years < invest.MOST_FLOWS):
        raise Bad(NotYears(), f"{where}.years")
    return Flows(investment, residual, years, rate)


def _investment(
    terms: Terms, currency: str, flows: list[Fraction] | None, rate: Number, residual: Fraction
) -> None:
    """Net present value, discounted payback and rate of return."""
    terms.take("npv", "npv", currency, money, invest.present_value, flows, rate)
    terms.take(
        "discounted_payback_years", "discounted-payback", "a", six, invest.recovered, flows, rate, residual
    )
    terms.take("irr", "irr", "%", six, lambda of: invest.rate_of_return(of) * 100, flows, loose=True)


def price_of(declared: Fields, currency: str, where: str) -> Number:
    """The price of a kW.h where the energy's cost is that of the avoided energy, else None; raises Bad."""
    cost = part(part(declared, "costs", where) or {}, "energy", f"{where}.costs")
    if cost is None or cost.get("at") != AVOIDED:
        return None
    return given(cost, "price", f"{currency}/kW.h", f"{where}.costs.energy")


def _saving(declared: Fields, currency: str, terms: Terms, where: str, avoided: Avoided | None) -> Number:
    """The sum of the effects, each of them a figure."""
    costs, at = part(declared, "costs", where) or {}, f"{where}.costs"
    each = {name: part(costs, name, at) for name in COSTS}
    effects = [
        _bought(declared, currency, terms, where, avoided)
        if name == "energy" and (cost or {}).get("at") == AVOIDED
        else _effect(name, cost, declared, currency, terms, f"{at}.{name}")
        for name, cost in each.items()
    ]
    added = part(costs, "added", at)
    more = None if added is None else [given(added, name, f"{currency}/a", f"{at}.added") for name in added]
    absent = more is None or any(item is None for item in more)
    effects.append(
        terms.take("effect.added", "effect", f"{currency}/a", money, lambda items: -sum(items, Fraction(0)),
                   None if absent else more)
    )  # fmt: skip
    whole = None if any(item is None for item in effects) else effects
    return terms.take(
        "yearly_saving", "yearly-saving", f"{currency}/a", money, lambda items: sum(items, Fraction(0)), whole
    )


def _bought(declared: Fields, currency: str, terms: Terms, where: str, avoided: Avoided | None) -> Number:
    """The effect of the energy that was avoided, at its price."""
    yearly = None if avoided is None else avoided.yearly
    return terms.take(
        "effect.energy", "effect-of-avoided-energy", f"{currency}/a", money, lambda kwh, price: kwh * price,
        yearly, price_of(declared, currency, where),
    )  # fmt: skip


def _effect(
    name: str, cost: Fields | None, declared: Fields, currency: str, terms: Terms, where: str
) -> Number:
    kind, unit = f"effect.{name}", f"{currency}/a"
    if cost is None:
        return terms.take(kind, "effect", unit, money, _less, None)
    before, after = (_side(cost.get(key), currency, f"{where}.{key}") for key in ("before", "after"))
    at = cost.get("at")
    if at == "own-output":
        made = _outputs(part(declared, "output", where), where)
        return terms.take(kind, "effect-at-own-output", unit, money, _scaled, before, after, *made)
    if at not in (None, "reporting-output"):
        raise Bad(UnknownOutput(), f"{where}.at")
    return terms.take(kind, "effect", unit, money, _less, before, None if at is None else after)


def _less(before: Fraction, after: Fraction) -> Fraction:
    return before - after


def _scaled(before: Fraction, after: Fraction, output_before: Fraction, output_after: Fraction) -> Fraction:
    """The cost before, brought to the output after."""
    if output_before <= 0:
        raise InsufficientData("the output before is not above zero")
    return before * output_after / output_before - after


def _outputs(output: Fields | None, where: str) -> tuple[Number, Number]:
    if output is None:
        return None, None
    unit = f"{unit_of(output.get('product_unit'), where)}/a"
    return given(output, "before", unit, where), given(output, "after", unit, where)


def _side(side: Any, currency: str, where: str) -> Number:
    """A yearly cost: itself, or an amount and what each costs."""
    if side is None or isinstance(side, str):
        return None if side is None else measure(side, f"{currency}/a", where)
    if not isinstance(side, dict):
        raise Bad(NoCost(), where)
    if side.get("amount") is None or side.get("price") is None:
        return None
    amount, unit = split(side["amount"], where)
    each = unit.removesuffix("/a")
    price = f"{currency}/{each}" + ("/a" if each == unit else "")
    return amount * measure(side["price"], price, where)
