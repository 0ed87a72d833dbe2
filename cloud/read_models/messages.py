"""What can be wrong with a question to the books of a site."""

from __future__ import annotations

from contract.message import Message


class UnknownQuestion(Message, text="no such question: {kind!r}"):
    """A kind of question that does not exist."""

    kind: str


class DaysInWrongOrder(Message, text="the last day {last} must be later than the first {first}"):
    """Two dates in the wrong order."""

    last: str
    first: str
