"""Blocks: what can be wrong with the bytes of a block, its rows and its record."""

from __future__ import annotations

from verify.formats.message import Message


class HeaderEndsEarly(Message, text="a header that ends too early"):
    """The header of a block."""


class NameNotAscii(Message, text="a name that is not ASCII"):
    """The header of a block."""


class UnknownNodeOrStream(Message, text="a block of {node!r}, {stream!r}: no such names"):
    """The header of a block."""

    node: str
    stream: str


class UnknownHeaderKind(Message, text="a header with a kind or flag that the page does not know"):
    """The header of a block."""


class RowNumbersUnfit(Message, text="row numbers that do not fit the block"):
    """The header of a block."""


class RowTimesUnfit(Message, text="row times or origins that do not fit the block"):
    """The header of a block."""


class RowTimesWithoutRows(Message, text="row times in a block without rows"):
    """The header of a block."""


class OriginsInStatement(Message, text="origins in a statement"):
    """The header of a block."""


class RowTimesImpossible(Message, text="row times or a length that cannot be"):
    """The header of a block."""


class NoBlock(Message, text="bytes that are no block of version 1"):
    """The header of a block."""


class HeaderLengthUnfit(Message, text="a header of another length than its fields"):
    """The header of a block."""


class BlockLengthUnfit(Message, text="a block of another length than its header says"):
    """The header of a block."""


class ColumnsDamaged(Message, text="columns that do not inflate: {why}"):
    """The columns and parts of rows."""

    why: str


class ColumnsUnfilled(Message, text="columns that do not fill their planes exactly"):
    """The columns and parts of rows."""


class UnknownMode(Message, text="a column of mode {mode}, which the page does not know for its type"):
    """The columns and parts of rows."""

    mode: int


class UnknownColumnForm(Message, text="columns of a form that the page does not know"):
    """The columns and parts of rows."""


class ColumnsEndEarly(Message, text="columns that end too early"):
    """The columns and parts of rows."""


class ColumnsTooLarge(Message, text="columns of more than 1 MiB"):
    """The columns and parts of rows."""


class NotATruthValue(Message, text="a truth value other than 0 and 1"):
    """The columns and parts of rows."""


class RowsEndEarly(Message, text="rows that end too early"):
    """The columns and parts of rows."""


class UnreadableTags(Message, text="a group whose tags cannot be read"):
    """The columns and parts of rows."""


class RunsUnequal(Message, text="runs that do not add up"):
    """The columns and parts of rows."""


class RunsUnordered(Message, text="runs that do not ascend"):
    """The columns and parts of rows."""


class BlockWithoutRows(Message, text="a block without rows"):
    """The columns and parts of rows."""


class UnknownPart(Message, text="a part that the page does not know"):
    """The columns and parts of rows."""


class PartTooLarge(Message, text="a part of more than 1 MiB"):
    """The columns and parts of rows."""


class BytesFollow(Message, text="bytes follow the last part"):
    """The columns and parts of rows."""


class RowCountUnfit(Message, text="another number of rows than the header says"):
    """The columns and parts of rows."""


class OtherRowTimes(Message, text="row times other than the header says"):
    """The columns and parts of rows."""


class OtherOrigins(Message, text="origins other than the header says"):
    """The columns and parts of rows."""


class UnknownStatus(Message, text="a status code that the page does not know"):
    """The columns and parts of rows."""


class StatementTooLong(Message, text="a statement of more than 65,536 bytes"):
    """The statement of a block."""


class StatementWithoutKind(Message, text="a statement without kind"):
    """The statement of a block."""


class NoRecord(Message, text="bytes that are no record"):
    """The records of a segment."""


class RecordDamaged(Message, text="a record whose CRC differs"):
    """The records of a segment."""


class GroupsUnreadable(Message, text="a schema whose groups cannot be read"):
    """A schema or a page of it."""


class PageAbsent(
    Message, text="page {number} of the schema, block {block} of its stream, does not stand before it"
):
    """The pages of a schema."""

    number: int
    block: str


class PageDiffers(Message, text="page {number} of the schema, block {block} of its stream, has another hash"):
    """The pages of a schema."""

    number: int
    block: str


class PageTwice(Message, text="the schema lists a page twice"):
    """The pages of a schema."""


class PartUnfit(
    Message,
    text="page {number} of the schema goes on with group {group} at tag {first}, which does not follow",
):
    """The pages of a schema."""

    number: int
    group: str
    first: int


class GroupTwice(Message, text="group {group} stands twice on the pages of the schema"):
    """The pages of a schema."""

    group: str


class TagTwice(Message, text="tag {tag} stands twice on the pages of the schema"):
    """The pages of a schema."""

    tag: str


class SchemaTooLarge(Message, text="a schema with {count} pages, groups or tags, at most {most} can be read"):
    """The pages of a schema."""

    count: int
    most: int
