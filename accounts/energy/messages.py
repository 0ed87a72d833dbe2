"""Why energy, emissions, cost or intensity can not be given."""

from __future__ import annotations

from contract.message import Message


class NoRowsAtPoint(Message, text="no rows of {quantity} at point {point!r} in the period"):
    """An imported point without rows."""

    quantity: str
    point: str


class SteamWithoutEnthalpy(
    Message,
    text="point {point!r} meters a mass of steam, which has no energy without its enthalpy: import its heat in GJ",
):
    """A mass of steam is no energy."""

    point: str


class NoFactorsChosen(Message, text="the site has chosen no factors: declare them"):
    """No statement of factors."""


class NotOneOf(Message, text="the site names factor {factor!r}, which is not known as one of {quantity}"):
    """A choice of a record for another quantity."""

    factor: str
    quantity: str


class NothingOf(Message, text="nothing is measured or imported of {quantities}"):
    """No quantity of a sum."""

    quantities: tuple[str, ...]


class NoTerms(Message, text="factor {factor} has no terms for {unit} of {quantity}"):
    """A record that does not fit the unit of the amount."""

    factor: str
    unit: str
    quantity: str


class SeveralPrices(
    Message,
    text="electricity of point {point!r} from {first} to {last} has prices {prices}; no amount is divided by time",
):
    """An interval in bands of several prices, yuan per kWh; times are UTC."""

    point: str
    first: str
    last: str
    prices: str


class NoTariff(Message, text="no tariff is valid on {day}"):
    """A day before the first tariff."""

    day: str


class NothingEmits(Message, text="nothing is measured or imported that emits"):
    """No energy at all."""


class NoProduct(Message, text="the {quantity} of the period is 0"):
    """Nothing to divide by."""

    quantity: str


class ReportingOutside(Message, text="the reporting period {span} does not lie in the period asked for"):
    """A savings project of other days."""

    span: str
