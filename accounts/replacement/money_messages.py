"""The same of the money of a replacement."""

from __future__ import annotations

from contract.message import Message


class NoOutputBefore(Message, text="the output before is not above zero"):
    """Nothing to scale by."""


class NotRecovered(
    Message,
    text="payback none: after {years} years {amount} of the outlay is not recovered",
):
    """An outlay that the years counted do not recover."""

    years: int
    amount: str


class NotRecoveredDiscounted(
    Message,
    text="payback none: after {years} years {amount} of the outlay (discounted) is not recovered",
):
    """The same with discounted cash."""

    years: int
    amount: str


class NoSaving(Message, text="payback none: the yearly saving of {amount} is not above zero"):
    """Nothing that pays back."""

    amount: str


class NoSignChange(Message, text="IRR none: the cash flows have no sign change"):
    """Cash that never turns."""


class NoRate(
    Message,
    text="IRR none: no rate makes NPV zero ({count} sign changes)",
    one="IRR none: no rate makes NPV zero ({count} sign change)",
):
    """Cash without a rate."""

    count: int


class SeveralRates(Message, text="IRR none: {rates} rates make NPV zero ({changes} sign changes)"):
    """Cash with several rates."""

    rates: int
    changes: int


class EnergyCostRises(Message, text="the energy cost rises by {amount} {currency} a year"):
    """Energy that costs more than before."""

    amount: str
    currency: str


class EffectRefused(Message, text="the effect of {kinds} is refused"):
    """A yearly saving that lacks one of its parts."""

    kinds: tuple[str, ...]


class FlowsGiven(
    Message,
    text="the cash flows are given: the effects of labour, energy and scrap are not shown apart",
):
    """Cash flows instead of effects."""


class PaybackBeyondYears(
    Message,
    text="the payback of {payback} years is longer than the {count} years counted",
    one="the payback of {payback} years is longer than the {count} year counted",
):
    """A payback after the end of the project."""

    payback: str
    count: int


class FallsAgain(Message, text="the cumulated discounted cash falls below zero again after the payback"):
    """Cash that turns back."""


class SeveralRatesShown(
    Message,
    text="the cash flows change sign {changes} times: {rates} rates make NPV zero",
):
    """All rates are shown."""

    changes: int
    rates: int


class CashFirst(
    Message,
    text="cash comes in first: this IRR is the cost of a borrowing, a lower one is better",
):
    """A borrowing."""


class NoYearlySaving(Message, text="no yearly saving"):
    """Cash flows that lack the saving."""


class OnlyAvoidedEnergy(
    Message,
    text=(
        "interval: the intervals of money hold the uncertainty of the avoided energy only; other "
        "costs are declared"
    ),
):
    """What the intervals do not hold."""


class NoEnd(Message, text="{kind}: no {end} end at a yearly saving of {amount}: {why}"):
    """An end of an interval that does not exist."""

    kind: str
    end: str
    amount: str
    why: Message
