"""Why the cloud's own nodes can't seal."""

from __future__ import annotations

from contract.message import Message


class OthersWrite(Message, text="others keep writing as {node}; try again"):
    """A node whose chain moves on all the time."""

    node: str


class NobodyAnswers(Message, text="{why}, and nobody answers at {path}"):
    """A ledger that is taken by a cloud that can't be reached."""

    why: Message
    path: str


class PrivateHalfMissing(
    Message, text="{path} is there, but not its private half {private}; put that back from a backup"
):
    """A key that was lost."""

    path: str
    private: str


class OtherHalf(Message, text="{path} is not the public half of {private}"):
    """Two keys of one node."""

    path: str
    private: str
