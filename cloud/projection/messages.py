"""What can be wrong with a question for periods and series."""

from __future__ import annotations

from contract.message import Message


class SeveralNodes(Message, text="node: several nodes have a tag {tag!r}; name one of {names}"):
    """A tag of several nodes."""

    tag: str
    names: tuple[str, ...]


class TooManyPoints(Message, text="step: more than {most} points; ask for a longer step"):
    """An answer that would be too long."""

    most: int


class TooManyValues(Message, text="step: more than {most} values; ask for a step"):
    """An answer that would be too long."""

    most: int


class TooManyPeriods(Message, text="more than {most} periods: ask for a shorter time, or by=day or by=month"):
    """An answer that would be too long."""

    most: int


class NotOnQuarter(Message, text="from and to must stand on a quarter of an hour"):
    """A period that no bin begins with."""


class NoMoment(
    Message,
    text="{name}: {text!r} is neither a date like 2024-05-01 nor a time like 2024-05-01T08:00:00+08:00",
):
    """A text that is no moment."""

    name: str
    text: str


class OutOfRange(Message, text="{name}: {day} is out of range"):
    """A moment that no ledger has."""

    name: str
    day: str
