"""The money of a project: effects, yearly saving, payback, net present value, internal rate of return."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from accounts.replacement import investment
from accounts.replacement.avoided import Avoided
from accounts.replacement.interval_bounds import NONE, ends, intervals
from accounts.replacement.investment import money
from accounts.replacement.money_messages import (
    CashFirst,
    EffectRefused,
    EnergyCostRises,
    FallsAgain,
    FlowsGiven,
    NoYearlySaving,
    PaybackBeyondYears,
    SeveralRatesShown,
)
from accounts.replacement.project import AT_OWN, AvoidedCost, Cost, Money
from accounts.replacement.quantity import Known, Missing, lacking, significant
from accounts.replacement.rates import irr
from accounts.replacement.results import Results, all_of
from contract.message import Message

_NONE: dict[str, Any] = {
    "payback_years": None, "discounted_payback_years": None, "npv": None, "irr": None, "irr_percent": None,
    "irr_roots_percent": [], "money": None, **NONE,
}  # fmt: skip


def worth(terms: Money | None, avoided: Avoided | Missing | None, book: Results) -> dict[str, Any]:
    """The figures of the money part; each null where it is refused or not asked for.

    avoided: the energy of the reporting period; Missing where the project has no energy, None where it is refused.
    """
    found = dict(_NONE)
    if terms is None:
        return found
    effects = {} if terms.flows is not None else _effects(terms, avoided, book)
    saving = _saving(effects, terms, book)
    flows = _flows(terms, saving, book)
    residual = terms.residual if terms.flows is None and isinstance(terms.residual, Fraction) else Fraction(0)
    found["payback_years"] = _six(_payback(terms, saving, flows, book))
    found |= _discounted(terms, flows, residual, book)
    found |= _irr(flows, book)
    spread = None if terms.flows is not None else ends(saving, avoided, _price(terms))
    found |= intervals(terms, spread, book) if spread else NONE
    found["money"] = {
        "currency": terms.currency,
        "effects": {name: None if value is None else money(value) for name, value in effects.items()},
        "yearly_saving": None if saving is None else money(saving),
        "yearly_saving_interval": [money(spread.low), money(spread.high)] if spread else None,
        "flows": None if flows is None else [money(flow) for flow in flows],
    }
    return found


def _effects(terms: Money, avoided: Avoided | Missing | None, book: Results) -> dict[str, Fraction | None]:
    """What each cost brings a year at the reporting period's output: positive when it falls."""
    found = {name: _effect(name, cost, terms, avoided, book) for name, cost in terms.costs.items()}
    if isinstance(terms.added, Missing):
        book.refuse("effect.added", terms.added.why)
        found["added"] = None
    else:
        found["added"] = -sum((value for _, value in terms.added), Fraction(0))
    energy = found.get("energy")
    if energy is not None and energy < 0:
        book.warn(EnergyCostRises(money(-energy), terms.currency))
    return found


def _price(terms: Money) -> Known | None:
    """The price of the avoided energy, where the energy cost follows from it."""
    cost = terms.costs.get("energy")
    return cost.price if isinstance(cost, AvoidedCost) else None


def _effect(
    name: str,
    cost: Cost | AvoidedCost | Missing,
    terms: Money,
    avoided: Avoided | Missing | None,
    book: Results,
) -> Fraction | None:
    kind = f"effect.{name}"
    if isinstance(cost, Missing):
        book.refuse(kind, cost.why)
        return None
    if isinstance(cost, AvoidedCost):
        return book.figure(
            kind,
            "effect-of-avoided-energy",
            lambda kwh, price: kwh.a_year(kwh.value) * price,
            avoided,
            cost.price,
        )
    if cost.at == AT_OWN:
        outputs = (terms.output_before, terms.output_after)
        return book.figure(
            kind, "effect-at-own-output", investment.effect_at_own_output, cost.before, cost.after, *outputs
        )
    return book.figure(
        kind, "effect", lambda before, after, _: before - after, cost.before, cost.after, cost.at
    )


def _saving(effects: dict[str, Fraction | None], terms: Money, book: Results) -> Fraction | None:
    if terms.flows is not None:
        return None
    refused = [name for name, value in effects.items() if value is None]
    if refused:
        book.refuse("yearly_saving", EffectRefused(tuple(refused)))
        return None
    book.methods["yearly_saving"] = "steelyard/yearly-saving/1"
    return investment.yearly_saving({name: value for name, value in effects.items() if value is not None})


def _flows(terms: Money, saving: Fraction | None, book: Results) -> list[Fraction] | None:
    if terms.flows is not None:
        book.warn(FlowsGiven())
        return list(terms.flows)
    absent = lacking((terms.investment, terms.years, terms.residual))
    if saving is None or absent:
        reasons: list[Message] = [item.why for item in absent]
        book.refuse("flows", all_of(reasons + [NoYearlySaving()] * (saving is None)))
        return None
    assert isinstance(terms.investment, Fraction) and isinstance(terms.residual, Fraction)
    assert isinstance(terms.years, int)
    return investment.cash_flows(terms.investment, saving, terms.years, terms.residual)


def _payback(
    terms: Money, saving: Fraction | None, flows: list[Fraction] | None, book: Results
) -> Fraction | None:
    if terms.flows is not None:
        return book.figure("payback_years", "payback-of-flows", investment.recovery, flows)
    found = book.figure("payback_years", "payback", investment.payback, terms.investment, saving)
    if found is not None and isinstance(terms.years, int) and found > terms.years:
        book.warn(PaybackBeyondYears(significant(found), terms.years))
    return found


def _discounted(
    terms: Money, flows: list[Fraction] | None, residual: Fraction, book: Results
) -> dict[str, str | None]:
    value = book.figure("npv", "npv", investment.npv, flows, terms.rate)
    kind = "discounted_payback_years"
    when = book.figure(kind, "discounted-payback", investment.recovery, flows, terms.rate, residual)
    if when is not None and flows is not None and isinstance(terms.rate, Fraction):
        _lasts(flows, terms.rate, when, book)
    return {"npv": None if value is None else money(value), kind: _six(when)}


def _lasts(flows: list[Fraction], rate: Fraction, when: Fraction, book: Results) -> None:
    if not investment.stays_recovered(flows, rate, when):
        book.warn(FallsAgain())


def _irr(flows: list[Fraction] | None, book: Results) -> dict[str, Any]:
    if not book.ready("irr", flows) or flows is None:
        return {}
    found = irr(flows)
    if found.changes > 1:
        book.warn(SeveralRatesShown(found.changes, len(found.roots)))
    if found.why is not None:
        book.refuse("irr", found.why)
    else:
        book.methods["irr"] = "steelyard/irr/1"
        if next(flow for flow in flows if flow) > 0:
            book.warn(CashFirst())
    return {
        "irr": _six(found.rate),
        "irr_percent": None if found.rate is None else significant(found.rate * 100),
        "irr_roots_percent": [significant(root * 100) for root in found.roots],
    }


def _six(value: Fraction | None) -> str | None:
    return None if value is None else significant(value)
