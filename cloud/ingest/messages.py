"""Why a cloud refuses a block, or can't run or be reached."""

from __future__ import annotations

from contract.message import Message


class BlockTooLarge(Message, text="{count} bytes are over the limit of {most}"):
    """A block that is not taken."""

    count: int
    most: int


class GapOverBlock(Message, text="block {seq} of the ledger is not the one that the hole names"):
    """A sequence gap that contradicts the ledger."""

    seq: int


class SeqTaken(Message, text="fork: another block has this seq"):
    """A second block of one number."""


class LedgerNotWritten(Message, text="the ledger can't be written: {text}"):
    """What the operating system said."""

    text: str


class NotTaken(Message, text="the cloud did not take the blocks of {node}; its log says why"):
    """Blocks that were refused or dropped."""

    node: str


class Stopping(Message, text="the cloud is stopping"):
    """A cloud that takes nothing more."""


class HungUp(Message, text="the running cloud hung up: {text}"):
    """A socket that broke."""

    text: str


class HungUpUnsure(Message, text="the running cloud hung up; nothing is sure to be taken, so do it again"):
    """A socket that was closed."""


class ThreadFailed(Message, text="{name}: {text}"):
    """What the operating system said to a part of the cloud."""

    name: str
    text: str


class WebNotStarted(Message, text="the web did not start; the lines above say why"):
    """A server that ended at once."""


class UnknownHost(Message, text="http.host {host!r}: {text}"):
    """An address that nobody knows."""

    host: str
    text: str


class PortTaken(
    Message, text="{file}: http.port {port} on {host} can't be taken: {text}; is another cloud running?"
):
    """A port of somebody else."""

    file: str
    port: int
    host: str
    text: str
