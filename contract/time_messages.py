"""What can be wrong with a time as people write it."""

from __future__ import annotations

from contract.message import Message


class NoTime(Message, text="{text!r} is no time such as 2025-01-31, 2025-01-31 08:00, 2025-01-31T08:00:00Z"):
    """A text of another form, or of a year that no site has."""

    text: str


class NoSuchTime(Message, text="{text!r}: there is no such time"):
    """A day or an hour that no calendar has."""

    text: str


class TwiceThatNight(Message, text="{text!r} was twice in {zone} that night; write the offset"):
    """A time of the hour that clocks repeat."""

    text: str
    zone: str


class NeverWas(Message, text="{text!r} never was in {zone}: the clocks went forward"):
    """A time of the hour that clocks leave out."""

    text: str
    zone: str
