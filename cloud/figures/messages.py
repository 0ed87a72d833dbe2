"""What can be wrong with the question for figures of a site."""

from __future__ import annotations

from contract.message import Message


class EmptyPeriod(Message, text="to must be later than from"):
    """Two times in the wrong order."""


class ToNotAfterFrom(
    Message, text="--to {last} must be later than --from {first}; it does not belong to the period"
):
    """Two dates of a command in the wrong order."""

    last: str
    first: str


class NotADate(Message, text="{flag} must be a date such as 2024-01-31, not {text!r}"):
    """A text that is no date."""

    flag: str
    text: str


class TooManyDays(
    Message, text="to must be 1 to {most} days later than from; it does not belong to the period"
):
    """More days than are looked at at once, or none."""

    most: int


class NoSuchReplacement(Message, text="site {site} has no replacement {project!r}"):
    """An id that the site has not declared, or has withdrawn."""

    site: str
    project: str


class BadReplacement(Message, text="replacement {project}: {input}: {why}"):
    """A replacement that the present version can't read."""

    project: str
    input: str
    why: Message
