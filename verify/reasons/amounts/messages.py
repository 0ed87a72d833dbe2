"""Why the amounts of a point cannot be taken (accounts.inputs of docs/messages.md)."""

from __future__ import annotations

from verify.formats.message import Message


class QuantityOfPoint(
    Message, code="accounts.inputs.quantity_of_point", text="{quantity} of point {point!r}"
):
    """What rows are of."""

    quantity: str
    point: str


class TwoQuantitiesOfPoint(
    Message, code="accounts.inputs.two_quantities_of_point", text="{quantity} and {other} of point {point!r}"
):
    """What two lists of rows are of."""

    quantity: str
    other: str
    point: str


class QuantityAtPoint(
    Message, code="accounts.inputs.quantity_at_point", text="{quantity} at point {point!r}"
):
    """A quantity that is asked for at one point."""

    quantity: str
    point: str


class AnyOf(Message, code="accounts.inputs.any_of", text="{quantities}"):
    """One of several quantities."""

    quantities: tuple[str, ...]


class AtPoint(Message, code="accounts.inputs.at_point", text="point {point!r}: {why}"):
    """What is wrong with the rows of a point."""

    point: str
    why: Message | str


class NoReadings(
    Message,
    code="accounts.inputs.no_readings",
    text="point {point!r}: no readings of {node}/{tag} in the period",
):
    """A metered point without readings."""

    point: str
    node: str
    tag: str


class UnknownPoint(
    Message,
    code="accounts.inputs.unknown_point",
    text="rows of {quantity} name point {point!r}, which is not among the points of the site",
):
    """Rows of a point that is not declared."""

    quantity: str
    point: str


class NothingKnown(
    Message, code="accounts.inputs.nothing_known", text="no readings and no rows of {quantity} in the period"
):
    """No amount at all."""

    quantity: str | Message


class RowCrossesPeriod(
    Message,
    code="accounts.inputs.row_crosses_period",
    text="the row of {what} from {first} to {last} crosses the border of the period; no amount is divided by time",
):
    """A row that lies in the period only in part; times are UTC."""

    what: Message
    first: str
    last: str


class RowsOverlap(Message, code="accounts.inputs.rows_overlap", text="two rows of {what} overlap at {at}"):
    """Two rows for one time, UTC."""

    what: Message
    at: str


class RowInTwoYears(
    Message,
    code="accounts.inputs.row_in_two_years",
    text="the row of {quantity} of point {point!r} from {first} lies in years with different factors",
):
    """A row that no factor fits as a whole."""

    quantity: str
    point: str
    first: str


class MeasuredAndImported(
    Message,
    code="accounts.inputs.measured_and_imported",
    text="{quantity} of point {point!r} is measured by its meter and imported for the same time, {at}",
):
    """Two sources for one time, UTC."""

    quantity: str
    point: str
    at: str
