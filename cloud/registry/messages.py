"""Why the registry can't be used."""

from __future__ import annotations

from contract.message import Message


class NoPersonName(Message, text="{name!r} is no name of a person: one line of 1 to 200 characters"):
    """A name that is empty or too long."""

    name: str


class DatabaseBroken(
    Message,
    text="{path}: {text}; move it away and run `steelyard-cloud rebuild` (names and tokens are in it)",
):
    """What the database said."""

    path: str
    text: str


class NewerVersion(Message, text="{path}: {text}; it is of a newer version"):
    """A registry of a later cloud."""

    path: str
    text: str
