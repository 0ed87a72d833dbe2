"""What `replacement` prints. Numbers come as they are shown; `none` stands for one that does not exist."""

from __future__ import annotations

from contract.message import Message


class AvoidedEnergy(Message, text="avoided energy {value}"):
    """The energy that a replacement avoided."""

    value: Message


class EffectOf(Message, text="effect of {kind}: {amount} {currency} a year (positive: less cost)"):
    """Money of one part."""

    kind: str
    amount: Message
    currency: str


class YearlySaving(Message, text="yearly saving {value}"):
    """Money."""

    value: Message


class Payback(Message, text="payback {value}"):
    """Years."""

    value: Message


class DiscountedPayback(Message, text="discounted payback {value}"):
    """Years."""

    value: Message


class Npv(Message, text="NPV {value}"):
    """Money."""

    value: Message


class Irr(Message, text="IRR {value}"):
    """Per cent."""

    value: Message


class OfPart(Message, text="{name} {value}"):
    """A number of labour, effectiveness or energy for a unit."""

    name: str
    value: Message


class GridEffect(Message, text="{name}: grid_effect {value} t (the grid's own change, no saving)"):
    """Emissions."""

    name: str
    value: Message


class Measured(Message, text="{value} {unit}"):
    """A number with its unit."""

    value: Message
    unit: str


class Plain(Message, text="{value}"):
    """A number without a unit."""

    value: Message


class YearsOf(Message, text="{value} years"):
    """A number of years."""

    value: Message


class With(Message, text="{value} {spread}"):
    """A number with its interval."""

    value: Message
    spread: Message


class Confident(Message, text="({percent} %: {low} to {high})"):
    """An interval of a confidence."""

    percent: str
    low: Message
    high: Message


class Between(Message, text="(interval: {low} to {high})"):
    """An interval."""

    low: Message
    high: Message


class NoValue(Message, text="none"):
    """A number that does not exist."""


class Refused(Message, text="refused: {kind}: {why}"):
    """A figure that is not given."""

    kind: str
    why: Message


class Warned(Message, text="warning: {why}"):
    """A doubt."""

    why: Message
