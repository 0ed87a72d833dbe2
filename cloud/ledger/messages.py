"""What can be wrong with the blocks of a ledger, and between them."""

from __future__ import annotations

from contract.message import Message


class NoRoomForSalt(
    Message,
    text="a body of {count} bytes has no room for its salt",
    one="a body of {count} byte has no room for its salt",
):
    """A body that is too short."""

    count: int


class UnknownSchema(Message, text="the schema {schema} that the block names is not known"):
    """Rows that nobody can read."""

    schema: str


class SchemaOfOtherStream(Message, text="a schema in stream {stream!r} with groups of another stream"):
    """A schema whose groups are elsewhere."""

    stream: str


class HeaderOfOtherRows(
    Message, text="the header names another number, other times or origins than its rows have"
):
    """A header that does not fit its body."""


class NoKeyOfNode(Message, text="no key of node {node} in the trust folder"):
    """A block that nobody can verify."""

    node: str


class SameSeq(Message, text="another block in the ledger has the same seq (fork)"):
    """Two blocks of one number."""


class GapWithoutTimes(Message, text="a gap statement without times: {text}"):
    """A statement of a gap that can't be placed."""

    text: str


class NotLinked(Message, text="it does not link to the block before it"):
    """A chain that is broken."""


class AbsentLinked(Message, text="it is not in the ledger, but {seq} links to it"):
    """A block that is missing."""

    seq: int


class OpenWithoutPrevious(Message, text="its open statement names no previous block"):
    """An opening that can't be followed."""


class OpenNamesOther(Message, text="it links to another block than its open statement names"):
    """An opening that contradicts itself."""


class AbsentOpened(Message, text="it is not in the ledger, but incarnation {incarnation} links to it"):
    """The last block of a run, missing."""

    incarnation: str


class OpenedOther(Message, text="incarnation {incarnation} links to another block of this seq"):
    """The last block of a run is another one."""

    incarnation: str


class DamagedBytes(
    Message,
    text="{count} bytes that are no record: {why}; after {before}, before {after}",
    one="{count} byte that is no record: {why}; after {before}, before {after}",
):
    """Damage, between the names of two blocks."""

    count: int
    why: Message
    before: Message
    after: Message


class NothingBefore(Message, text="nothing"):
    """In place of a block's name."""


class TheEnd(Message, text="the end"):
    """In place of a block's name."""


class TornRecord(Message, text="no whole record here, and nobody goes on writing it"):
    """Bytes at the end of the ledger."""


class AnotherWriter(Message, text="{folder}: another cloud is writing this ledger ({file} is held)"):
    """A ledger that is taken."""

    folder: str
    file: str
