"""Why energy, emissions, cost or intensity cannot be given (accounts.energy of docs/messages.md)."""

from __future__ import annotations

from verify.formats.message import Message


class NoRowsAtPoint(
    Message,
    code="accounts.energy.no_rows_at_point",
    text="no rows of {quantity} at point {point!r} in the period",
):
    """An imported point without rows."""

    quantity: str
    point: str


class SteamWithoutEnthalpy(
    Message,
    code="accounts.energy.steam_without_enthalpy",
    text="point {point!r} meters a mass of steam, which has no energy without its enthalpy: import its heat in GJ",
):
    """A mass of steam is no energy."""

    point: str


class NoFactorsChosen(
    Message, code="accounts.energy.no_factors_chosen", text="the site has chosen no factors: declare them"
):
    """No statement of factors."""


class NotOneOf(
    Message,
    code="accounts.energy.not_one_of",
    text="the site names factor {factor!r}, which is not known as one of {quantity}",
):
    """A choice of a record for another quantity."""

    factor: str
    quantity: str


class NothingOf(
    Message, code="accounts.energy.nothing_of", text="nothing is measured or imported of {quantities}"
):
    """No quantity of a sum."""

    quantities: tuple[str, ...]


class NoTerms(
    Message, code="accounts.energy.no_terms", text="factor {factor} has no terms for {unit} of {quantity}"
):
    """A record that does not fit the unit of the amount."""

    factor: str
    unit: str
    quantity: str


class SeveralPrices(
    Message,
    code="accounts.energy.several_prices",
    text="electricity of point {point!r} from {first} to {last} has prices {prices}; no amount is divided by time",
):
    """An interval in bands of several prices, yuan per kWh; times are UTC."""

    point: str
    first: str
    last: str
    prices: str


class NoTariff(Message, code="accounts.energy.no_tariff", text="no tariff is valid on {day}"):
    """A day before the first tariff."""

    day: str


class NothingEmits(
    Message, code="accounts.energy.nothing_emits", text="nothing is measured or imported that emits"
):
    """No energy at all."""


class NoProduct(Message, code="accounts.energy.no_product", text="the {quantity} of the period is 0"):
    """Nothing to divide by."""

    quantity: str


class ReportingOutside(
    Message,
    code="accounts.energy.reporting_outside",
    text="the reporting period {span} does not lie in the period asked for",
):
    """A savings project of other days."""

    span: str
