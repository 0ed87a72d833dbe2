"""The part ``money`` of a project as a person wrote it."""

from __future__ import annotations

from fractions import Fraction

from accounts.replacement.declared_messages import (
    BesideAvoided,
    BesideFlows,
    NoCurrency,
    RateBounds,
    YearsBounds,
)
from accounts.replacement.keys import amount, dotted, inside, unit_of
from accounts.replacement.project import AT_AVOIDED, AT_OWN, AT_REPORTING, COSTS, AvoidedCost, Cost, Money
from accounts.replacement.quantity import ANY, Known, Missing, Quantity, is_currency
from accounts.replacement.rates import MOST_FLOWS
from contract.errors import BadInput
from contract.fields import Fields

ENERGY = "energy"
"""The cost that may follow from the avoided energy."""


def money(look: Fields) -> Money:
    """The money of a project; faults are noted."""
    currency = look.text("currency") or ANY
    if currency != ANY and not is_currency(currency):
        look.fault("currency", NoCurrency(currency))
        currency = ANY
    rate = _rate(look)
    flows = _flows(look, currency)
    if flows is not None:
        for key in ("investment", "residual", "years", "output", "costs"):
            if look.get(key, required=False) is not None:
                look.fault(key, BesideFlows())
    output, costs = inside(look, "output"), inside(look, "costs")
    found = Money(
        currency,
        rate,
        flows,
        amount(look, "investment", currency),
        amount(look, "residual", currency, None),
        _years(look),
        *_outputs(output),
        {name: _cost(costs, name, currency) for name in COSTS},
        _added(costs, currency),
    )
    for part in (output, costs):
        if part:
            part.close()
    return found


def _rate(look: Fields) -> Known:
    rate = amount(look, "discount_rate", "%", None)
    if isinstance(rate, Missing):
        return rate
    if not -100 < rate <= 1000:
        look.fault("discount_rate", RateBounds())
    return rate / 100


def _years(look: Fields) -> int | Missing:
    years = amount(look, "years", "a")
    if isinstance(years, Missing):
        return years
    if years.denominator != 1 or not 1 <= years < MOST_FLOWS:
        look.fault("years", YearsBounds(MOST_FLOWS - 1))
    return int(years)


def _flows(look: Fields, currency: str) -> tuple[Fraction, ...] | None:
    if look.get("flows", required=False) is None:
        return None
    found = []
    for place, text in enumerate(look.items("flows", 2, MOST_FLOWS)):
        try:
            found.append(Quantity.parse(text).to(currency))
        except BadInput as error:
            look.faults.append(((*look.at, "flows", place), error.message))
    return tuple(found)


def _outputs(output: Fields | None) -> tuple[Known, Known]:
    """Yearly output before and after; its unit is any product unit, the same on both sides."""
    if output is None:
        return Missing("money.output.before"), Missing("money.output.after")
    unit = f"{unit_of(output)}/a"
    return amount(output, "before", unit), amount(output, "after", unit)


def _cost(costs: Fields | None, name: str, currency: str) -> Cost | AvoidedCost | Missing:
    look = inside(costs, name) if costs else None
    if look is None:
        return Missing(f"money.costs.{name}")
    at: str | Missing = Missing(dotted(look, "at"))
    if look.get("at", required=False) is not None:
        at = look.choice("at", (AT_REPORTING, AT_OWN, *((AT_AVOIDED,) if name == ENERGY else ())))
    if at == AT_AVOIDED:
        return _avoided(look, currency)
    found = Cost(_side(look, "before", currency), _side(look, "after", currency), at)
    look.close()
    return found


def _avoided(look: Fields, currency: str) -> AvoidedCost:
    """The price alone: what it costs before and after follows from the readings."""
    for key in ("before", "after"):
        if look.get(key, required=False) is not None:
            look.fault(key, BesideAvoided(AT_AVOIDED))
    found = AvoidedCost(amount(look, "price", f"{currency}/kW.h", None))
    look.close()
    return found


def _side(look: Fields, key: str, currency: str) -> Known:
    """A yearly cost, given itself or as an amount and its price."""
    if not isinstance(look.get(key, required=False), dict):
        return amount(look, key, f"{currency}/a")
    inner = inside(look, key)
    assert inner is not None
    found = _priced(inner, currency)
    inner.close()
    return found


def _priced(look: Fields, currency: str) -> Known:
    text = look.get("amount", required=False)
    if text is None:
        look.get("price", required=False)
        return Missing(dotted(look, "amount"))
    try:
        given = Quantity.parse(text)
    except BadInput as error:
        look.fault("amount", error.message)
        look.get("price", required=False)
        return Missing(dotted(look, "amount"))
    unit = given.unit.removesuffix("/a")
    each = f"{currency}/{unit}" + ("" if unit != given.unit else "/a")
    price = amount(look, "price", each)
    return price if isinstance(price, Missing) else price * Fraction(given.value)


def _added(costs: Fields | None, currency: str) -> tuple[tuple[str, Fraction], ...] | Missing:
    look = inside(costs, "added") if costs else None
    if look is None:
        return Missing("money.costs.added")
    found: list[tuple[str, Fraction]] = []
    for name in sorted(look.value):
        value = amount(look, name, f"{currency}/a")
        if isinstance(value, Missing):
            return value
        found.append((name, value))
    return tuple(found)
