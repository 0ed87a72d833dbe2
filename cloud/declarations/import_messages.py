"""What can be wrong with an import: its file, its lines, its rows; and how far it is."""

from __future__ import annotations

from contract.message import Message


class NoDesk(Message, text="no site {site!r} that can have a desk; `steelyard-cloud declare` makes one"):
    """A site that takes no rows."""

    site: str


class FileTooLarge(Message, text="{path}: more than {most} MiB; import it in several files"):
    """A file that is not read."""

    path: str
    most: int


class OtherHeader(Message, text="{path}:1: the header must be {header}, not {text!r}"):
    """A table of other columns."""

    path: str
    header: str
    text: str


class NulByte(Message, text="{path}:{line}: a NUL byte; this is no text in UTF-8 (save it as CSV UTF-8)"):
    """Another file."""

    path: str
    line: int


class ByteNotUtf8(Message, text="{path}:{line}: byte 0x{byte} is not UTF-8; save the file as CSV UTF-8"):
    """A file in another encoding."""

    path: str
    line: int
    byte: str


class LineTooLong(Message, text="a line of {count} characters; at most {most} are read"):
    """A line that is no row."""

    count: int
    most: int


class OpenQuote(Message, text="a quotation mark that is not closed, or in the middle of a cell"):
    """A line whose cells can't be told."""


class CellCount(Message, text="{count} cells instead of {columns}", one="{count} cell instead of {columns}"):
    """A line of another width."""

    count: int
    columns: int


class OtherUnit(
    Message, text="{quantity} is not measured in {other!r}; use {unit} or another unit of its kind"
):
    """A unit of another dimension."""

    quantity: str
    other: str
    unit: str


class GivenAs(Message, text="{quantity} of {point!r} is given as {dimension}; {unit!r} is {other_dimension}"):
    """Rows of one thing in two dimensions."""

    quantity: str
    point: str
    dimension: str
    unit: str
    other_dimension: str


class NoPointName(Message, text="{text!r} is no name of a point: letters, digits and . _ - / : only"):
    """A cell that can't be a point."""

    text: str


class UnknownPoint(
    Message, text="unknown point {point!r}; `steelyard-cloud declare` makes the points of a site known"
):
    """A point that is not declared."""

    point: str


class OtherMeter(Message, text="point {point!r} is a meter of {carrier}: it has no {quantity}"):
    """A quantity that the meter does not count."""

    point: str
    carrier: str
    quantity: str


class ReadByNode(Message, text="point {point!r} is read by node {node!r}: an import would count twice"):
    """A point that needs no import."""

    point: str
    node: str


class NeedsInterval(Message, text="{quantity} is an amount: it needs from and to"):
    """An amount of a moment."""

    quantity: str


class EndsBeforeBegin(Message, text="to ({last}) must be later than from ({first})"):
    """An interval that runs backwards."""

    last: str
    first: str


class NoNumber(Message, text="{text!r} is no number; write it as 1234.5"):
    """A value that can't be read."""

    text: str


class BelowZero(Message, text="{quantity} can't be below zero ({value})"):
    """A value that can't be true."""

    quantity: str
    value: str


class AboveMost(Message, text="{quantity} can't be above {most} ({value})"):
    """A value that can't be true."""

    quantity: str
    most: int
    value: str


class TooManyDigits(Message, text="{text!r} has more than 30 digits before or after the point"):
    """A value that can't be kept."""

    text: str


class SameAsLine(Message, text="the same interval as line {line}"):
    """A row for the second time."""

    line: int


class OverlapsLine(Message, text="overlaps line {line}"):
    """Two rows for one time."""

    line: int


class OtherThanImported(Message, text="differs from the imported value {value} {unit}"):
    """A row that was imported otherwise."""

    value: str
    unit: str


class OverlapsSample(Message, text="overlaps what is imported for {first}"):
    """A row whose time is taken."""

    first: str


class OverlapsInterval(Message, text="overlaps what is imported for {first} to {last}"):
    """A row whose time is taken."""

    first: str
    last: str


class LinesChecked(Message, text="{done} of {count} lines checked"):
    """How far an import is."""

    done: int
    count: int


class RowsSealing(
    Message,
    text="sealing {count} rows in {statements} statements",
    one="sealing {count} row in {statements} statement",
):
    """How far an import is."""

    count: int
    statements: int
