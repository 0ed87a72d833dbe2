"""What can be wrong with the bytes of a block, its columns, and its seal."""

from __future__ import annotations

from contract.message import Message


class BodyHash(Message, text="the body does not have the hash that the header names"):
    """Another body than the one that was sealed."""


class NotBlock(Message, text="not a block of version 1"):
    """Other bytes, or a block of a later version."""


class EndsInHeader(Message, text="the block ends inside its header"):
    """Bytes that were cut."""


class BodyLength(Message, text="the body has {count} bytes, the header says {expected}"):
    """Bytes that were cut, or more than the block."""

    count: int
    expected: int


class NotHeader(Message, text="not a header of version 1: {text}"):
    """A header whose fields can't be read."""

    text: str


class UnknownInHeader(
    Message, text="header of unknown node name, stream or kind: {node!r} {stream!r} {kind}"
):
    """Names that no writer has."""

    node: str
    stream: str
    kind: int


class HeaderNotCanonical(Message, text="the header is not in its one canonical form"):
    """A header that encodes to other bytes."""


class HeaderRows(Message, text="header with rows {first} to {last}"):
    """Row numbers that no block of its kind has."""

    first: int
    last: int


class EndsInPartBecause(Message, text="the body ends inside a part: {text}"):
    """Bytes that were cut."""

    text: str


class EndsInPart(Message, text="the body ends inside a part"):
    """Bytes that were cut."""


class BytesAfterPart(
    Message, text="{count} bytes after the last part", one="{count} byte after the last part"
):
    """More than the block."""

    count: int


class UnknownInPart(
    Message, text="a part of unknown group {group}, origin {origin}, time base {base} or flags {flags}"
):
    """Numbers that mean nothing here."""

    group: int
    origin: int
    base: int
    flags: int


class PartOfOtherLayout(
    Message, text="a part of layout {layout}, codec {codec} does not fit group {group!r}"
):
    """A part that the schema describes otherwise."""

    layout: int
    codec: int
    group: str


class BodyTooLarge(Message, text="with a part of {count} rows the body is over the limit of {most} bytes"):
    """A body that would take too much memory."""

    count: int
    most: int


class TagRuns(Message, text="the tag runs of a part of group {group!r} are not in order or do not add up"):
    """Events whose tags can't be told."""

    group: str


class UnknownQuality(Message, text="unknown quality code {number}"):
    """A quality that contract.quality does not know."""

    number: int


class NoColumns(Message, text="the part has no columns"):
    """An empty part."""


class EndsInModes(Message, text="the part ends inside its column modes"):
    """Bytes that were cut."""


class ModeOfOtherType(Message, text="column mode {mode} does not fit type {type}"):
    """A mode that the codec does not know for the type."""

    mode: int
    type: str


class NotInflated(Message, text="the columns do not inflate: {text}"):
    """Damaged columns."""

    text: str


class InflatedElsewhere(Message, text="the deflated columns do not end where the part ends"):
    """Damaged columns."""


class UnknownColumnForm(Message, text="unknown column form {number}"):
    """A form that the codec does not know."""

    number: int


class ColumnBytes(Message, text="the columns hold {count} bytes instead of {expected}"):
    """Columns of another length."""

    count: int
    expected: int


class NotVerified(Message, text="block {seq} of {node}/{stream} does not verify"):
    """A signature of another key or of other bytes."""

    seq: int
    node: str
    stream: str


class RowsOfOtherCount(Message, text="{count} rows in a block of {expected} row numbers"):
    """What was to be sealed does not add up."""

    count: int
    expected: int


class NotDecodedBack(Message, text="the encoded body does not decode: {why}"):
    """The encoder is wrong; nothing is sealed."""

    why: Message


class DecodedToOther(Message, text="the encoded body decodes to other rows"):
    """The encoder is wrong; nothing is sealed."""
