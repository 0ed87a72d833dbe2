"""Messages that the commands share."""

from __future__ import annotations

from contract.message import Message


class CannotBeDoneHere(Message, text="cannot be done here: {why}"):
    """The error of exit code 3."""

    why: Message


class WrongArguments(Message, text="{text}"):
    """The error of exit code 2 for arguments that no command takes; text: what is wrong with them, in English."""

    text: str
