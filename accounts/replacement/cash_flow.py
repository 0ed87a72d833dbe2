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


def worth(said: Money | None, avoided: Avoided | Missing | None, book: Results) -> dict[str, Any]:
    """The figures of the money part; each null where it is refused or not asked for.

    avoided: the energy of the reporting period; Missing where nobody asks for it, None where it is refused.
    """
    found = dict(_NONE)
    if said is None:
        return found
    effects = {} if said.flows is not None else _effects(said, avoided, book)
    saving = _saving(effects, said, book)
    flows = _flows(said, saving, book)
    residual = said.residual if said.flows is None and isinstance(said.residual, Fraction) else Fraction(0)
    found["payback_years"] = _six(_payback(said, saving, flows, book))
    found |= _discounted(said, flows, residual, book)
    found |= _irr(flows, book)
    spread = None if said.flows is not None else ends(saving, avoided, _price(said))
    found |= intervals(said, spread, book) if spread else NONE
    found["money"] = {
        "currency": said.currency,
        "effects": {name: None if value is None else money(value) for name, value in effects.items()},
        "yearly_saving": None if saving is None else money(saving),
        "yearly_saving_interval": [money(spread.low), money(spread.high)] if spread else None,
        "flows": None if flows is None else [money(flow) for flow in flows],
    }
    return found


def _effects(said: Money, avoided: Avoided | Missing | None, book: Results) -> dict[str, Fraction | None]:
    """What each cost brings a year at the reporting period's output: positive when it falls."""
    found = {name: _effect(name, cost, said, avoided, book) for name, cost in said.costs.items()}
    if isinstance(said.added, Missing):
        book.refuse("effect.added", said.added.why)
        found["added"] = None
    else:
        found["added"] = -sum((value for _, value in said.added), Fraction(0))
    energy = found.get("energy")
    if energy is not None and energy < 0:
        book.warn(EnergyCostRises(money(-energy), said.currency))
    return found


def _price(said: Money) -> Known | None:
    """The price of the avoided energy, where the energy cost follows from it."""
    cost = said.costs.get("energy")
    return cost.price if isinstance(cost, AvoidedCost) else None


def _effect(
    name: str,
    cost: Cost | AvoidedCost | Missing,
    said: Money,
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
        outputs = (said.output_before, said.output_after)
        return book.figure(
            kind, "effect-at-own-output", investment.effect_at_own_output, cost.before, cost.after, *outputs
        )
    return book.figure(
        kind, "effect", lambda before, after, _: before - after, cost.before, cost.after, cost.at
    )


def _saving(effects: dict[str, Fraction | None], said: Money, book: Results) -> Fraction | None:
    if said.flows is not None:
        return None
    refused = [name for name, value in effects.items() if value is None]
    if refused:
        book.refuse("yearly_saving", EffectRefused(tuple(refused)))
        return None
    book.methods["yearly_saving"] = "steelyard/yearly-saving/1"
    return investment.yearly_saving({name: value for name, value in effects.items() if value is not None})


def _flows(said: Money, saving: Fraction | None, book: Results) -> list[Fraction] | None:
    if said.flows is not None:
        book.warn(FlowsGiven())
        return list(said.flows)
    absent = lacking((said.investment, said.years, said.residual))
    if saving is None or absent:
        reasons: list[Message] = [item.why for item in absent]
        book.refuse("flows", all_of(reasons + [NoYearlySaving()] * (saving is None)))
        return None
    assert isinstance(said.investment, Fraction) and isinstance(said.residual, Fraction)
    assert isinstance(said.years, int)
    return investment.cash_flows(said.investment, saving, said.years, said.residual)


def _payback(
    said: Money, saving: Fraction | None, flows: list[Fraction] | None, book: Results
) -> Fraction | None:
    if said.flows is not None:
        return book.figure("payback_years", "payback-of-flows", investment.recovery, flows)
    found = book.figure("payback_years", "payback", investment.payback, said.investment, saving)
    if found is not None and isinstance(said.years, int) and found > said.years:
        book.warn(PaybackBeyondYears(significant(found), said.years))
    return found


def _discounted(
    said: Money, flows: list[Fraction] | None, residual: Fraction, book: Results
) -> dict[str, str | None]:
    value = book.figure("npv", "npv", investment.npv, flows, said.rate)
    kind = "discounted_payback_years"
    when = book.figure(kind, "discounted-payback", investment.recovery, flows, said.rate, residual)
    if when is not None and flows is not None and isinstance(said.rate, Fraction):
        _lasts(flows, said.rate, when, book)
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
