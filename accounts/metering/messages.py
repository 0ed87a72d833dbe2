"""What can be wrong with a statement of hour facts."""

from __future__ import annotations

from contract.message import Message


class NotHours(Message, text="not a statement of hours: {why}"):
    """A statement that does not hold the fields of hour facts."""

    why: Message


class NotHoursByMethod(Message, text="not a statement of hours by {method}"):
    """A statement of another method, or one whose lists do not fit its day."""

    method: str
