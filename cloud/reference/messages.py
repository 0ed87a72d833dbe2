"""What can be wrong with a table of factors."""

from __future__ import annotations

from contract.message import Message


class RecordTwice(Message, text="{name} stands twice"):
    """Two factors of one id, or of one place and year."""

    name: str


class NoDate(Message, text="{text!r} is no date"):
    """The date of a document."""

    text: str


class Lacks(Message, text="{name} lacks {key}"):
    """A factor without what its table needs."""

    name: str
    key: str
