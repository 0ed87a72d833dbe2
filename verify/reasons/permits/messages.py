"""Why a load or a mean cannot be given or judged (accounts.permits of docs/messages.md)."""

from __future__ import annotations

from verify.formats.message import Message


class NoRows(
    Message, code="accounts.permits.no_rows", text="no rows of {parameter} at point {point!r} in the period"
):
    """A parameter without rows."""

    parameter: str
    point: str


class NothingFlowed(
    Message,
    code="accounts.permits.nothing_flowed",
    text="no wastewater flowed at point {point!r} while {parameter} was measured: there is no mean",
):
    """A mean weighted by a flow of zero."""

    point: str
    parameter: str


class FlowAndVolume(
    Message,
    code="accounts.permits.flow_and_volume",
    text="flow and volume of point {point!r} are both given for the same time, {at}",
):
    """Two sources of one flow; the time is UTC."""

    point: str
    at: str


class SamplesWithoutInterval(
    Message,
    code="accounts.permits.samples_without_interval",
    text="{count} samples of {parameter} at point {point!r} have no interval: they make no mass",
    one="1 sample of {parameter} at point {point!r} has no interval: it makes no mass",
):
    """Samples alone."""

    count: int
    parameter: str
    point: str


class NoFlowForTimes(
    Message,
    code="accounts.permits.no_flow_for_times",
    text="no wastewater_flow or wastewater_volume at point {point!r} for the times of {parameter}",
):
    """Concentrations without a flow."""

    point: str
    parameter: str


class PartialOverlap(
    Message,
    code="accounts.permits.partial_overlap",
    text="{what} have rows that overlap only in part at {at}",
):
    """Rows of which none holds the other; the time is UTC."""

    what: Message
    at: str


class NothingMeasuresIt(
    Message,
    code="accounts.permits.nothing_measures_it",
    text="{parameter} has a limit, but nothing here measures it",
):
    """A limit of a parameter that no import has."""

    parameter: str


class NoSuchPoint(
    Message,
    code="accounts.permits.no_such_point",
    text="{parameter} of point {point!r}, which is not among the points of the site",
):
    """A limit at a point that is not declared."""

    parameter: str
    point: str


class RowInTwoPeriods(
    Message,
    code="accounts.permits.row_in_two_periods",
    text="the row of {what} from {first} does not lie in one period of the limit",
):
    """A row across the border of a statistic period; the time is UTC."""

    what: Message
    first: str
