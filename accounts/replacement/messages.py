"""Why a figure of a replacement is refused, and what its reader must know."""

from __future__ import annotations

from contract.message import Message


class EnergyDoubt(Message, text="energy: {why}"):
    """A message about the saving of the energy."""

    why: Message


class NotGiven(Message, text="no {input} is given"):
    """An input that nobody declared, by its path."""

    input: str


class NoCitationOf(Message, text="no citation of factor {factor} is given"):
    """A factor without a document."""

    factor: str


class AllOf(Message, text="{reasons}"):
    """Several reasons at once."""

    reasons: tuple[Message, ...]


class FollowsFromRefused(Message, text="it follows from a figure that is refused"):
    """An input that was refused itself."""


class NotAdjusted(
    Message,
    text="per_unit: ratios of sums as measured, not adjusted for product mix, weather or shifts",
):
    """What the ratios do not say."""


class MoreHours(
    Message,
    text="labour: a {unit} takes more hours than before; the hours saved are below zero",
):
    """Labour that grew."""

    unit: str


class OneSideOfOee(Message, text="oee: only one of before and after is given, so there is no change"):
    """Nothing to compare with."""


class NoOutput(Message, text="the output is not above zero"):
    """Nothing to divide by."""


class NoHours(Message, text="the labour hours are not above zero"):
    """Nothing to divide by."""


class NoPersonYear(Message, text="the period and the yearly hours of a person must be above zero"):
    """Nothing to divide by."""


class NoPlannedTime(Message, text="the planned busy time is not above zero"):
    """Nothing to divide by."""


class NoProductionTime(Message, text="the actual production time is not above zero"):
    """Nothing to divide by."""


class NothingProduced(Message, text="the produced quantity is not above zero"):
    """Nothing to divide by."""


class MoreGoodThanProduced(Message, text="more good ({good}) than was produced ({produced})"):
    """A quality above one."""

    good: str
    produced: str


class AboveNameplate(
    Message,
    text=(
        "effectiveness {share} is above 1: a speed over nameplate, so the planned run time per "
        "item is too long; shown as computed, not clipped"
    ),
):
    """An effectiveness above one."""

    share: str


class AbovePlanned(
    Message,
    text=(
        "availability {share} is above 1: more time was produced in than was planned; shown as "
        "computed, not clipped"
    ),
):
    """An availability above one."""

    share: str


class OfKind(Message, text="{kind}: {why}"):
    """A message about a figure, by its kind."""

    kind: str
    why: Message


class NoPairedRow(Message, text="no row {when} has both energy and {column}"):
    """A period without a whole row."""

    when: str
    column: str


class RowsLack(
    Message,
    text="per_unit: {count} rows {when} lack energy or {column}; the ratio is of {rows}",
    one="per_unit: {count} row {when} lacks energy or {column}; the ratio is of {rows}",
):
    """Rows that do not count."""

    count: int
    when: str
    column: str
    rows: int
