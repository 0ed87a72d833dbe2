"""Metering: where sealed hour facts are not those that the rows give."""

from __future__ import annotations

from verify.formats.message import Message


class DayDiffers(Message, text="{tag} of {node} on {day}: {why}"):
    """A day of a counter."""

    tag: str
    node: str
    day: str
    why: Message


class MadeFromLaterBlocks(Message, text="it says to be made from blocks that came after it"):
    """A day of a counter."""


class NoSchemaOfCounter(Message, text="no schema among the blocks it was made from has the counter"):
    """A day of a counter."""


class HourDiffers(Message, text="{member} of hour {hour} is {sealed}, the rows give {due}"):
    """A day of a counter."""

    member: str
    hour: int
    sealed: str
    due: str


class MemberDiffersFromSchema(Message, text="{member} is {sealed}, the schema says {due}"):
    """A day of a counter."""

    member: str
    sealed: str
    due: str


class HoursNotSealed(Message, text="rows are there, but no hour facts were sealed"):
    """A day of a counter."""


class HoursHold(
    Message, text="{days} days made again from rows, {others} of other streams as they were sealed"
):
    """A day of a counter."""

    days: int
    others: int


class HoursHoldWithLaterBlocks(
    Message,
    text="{days} days made again from rows, {others} of other streams as they were sealed; blocks that came "
    "later would change {later}",
):
    """A day of a counter."""

    days: int
    others: int
    later: int


class SchemaAbsent(Message, text="its rows follow a schema that the pack does not have"):
    """The rows of a stream."""


class ScaleZero(Message, text="a scale of 0"):
    """The rows of a stream."""
