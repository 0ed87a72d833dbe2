"""What is wrong in the rows or the periods of a saving."""

from __future__ import annotations

from contract.message import Message


class PeriodsOverlap(Message, text="the baseline {baseline} and the reporting period {reporting} overlap"):
    """Two periods that share days."""

    baseline: str
    reporting: str


class NoRowInPeriod(Message, text="no row lies in the {title} {period}; the rows are of {span}"):
    """A period without rows."""

    title: Message
    period: str
    span: str


class Baseline(Message, text="baseline"):
    """The period before."""


class ReportingPeriod(Message, text="reporting period"):
    """The period after."""


class UnusableCell(Message, text="{where}: {column}: {cell!r} is no usable number"):
    """A cell of a row that counts."""

    where: Message
    column: str
    cell: str


class EmptyCell(Message, text="{where}: {column}: no value"):
    """An empty cell of a row that counts."""

    where: Message
    column: str


class LineOf(Message, text="line {line}"):
    """Where a row stands in its file."""

    line: int


class RowOf(Message, text="row of {time}"):
    """A row that stands in no file."""

    time: str


class IrregularRows(
    Message,
    text=(
        "{where}: time {time} comes {count} days after the row before it; rows must be daily or "
        "monthly at equal intervals"
    ),
    one=(
        "{where}: time {time} comes {count} day after the row before it; "
        "rows must be daily or monthly at equal intervals"
    ),
):
    """Rows at no equal intervals."""

    where: Message
    time: str
    count: int


class OneRow(Message, text="one row says nothing of its interval; give daily or monthly rows"):
    """A table of one row."""


class EndsBeforeBegin(Message, text="the period {period} ends before it begins"):
    """A period the wrong way round."""

    period: str


class TimeTwice(Message, text="{where}: time {time} is there twice, see {other}"):
    """Two rows of one time."""

    where: Message
    time: str
    other: Message


class NoPeriod(Message, text="{period!r} is not a period like 2023-01-01..2023-12-31"):
    """A text that is no period."""

    period: str


class NoRowsInFile(Message, text="the file has no rows"):
    """A header alone."""


class ReservedDriver(Message, text="no driver may be called {first!r} or {second!r}"):
    """A reserved name."""

    first: str
    second: str


class NoColumn(Message, text="line 1: no column {column!r}; the columns are {columns}"):
    """A needed column that the header lacks."""

    column: str
    columns: str


class UnusableNormal(
    Message,
    text="normal conditions, line {line}: {column}: {cell!r} is no usable number",
):
    """A cell of the normal conditions."""

    line: int
    column: str
    cell: str


class NoCsv(Message, text="line {line}: {why}"):
    """What the CSV reader says."""

    line: int
    why: Message


class BadColumnName(Message, text="line 1: column name {column!r} is empty, reserved or there twice"):
    """A header that names no column."""

    column: str


class WrongCells(Message, text="line {line}: {cells} cells, the header has {columns}"):
    """A row of another length."""

    line: int
    cells: int
    columns: int


class NoDate(
    Message,
    text="line {line}: time: {cell!r} is not a date like 2024-01-31 or a month like 2024-01",
):
    """A cell that is no time."""

    line: int
    cell: str


class OtherTimeOfDay(
    Message,
    text=(
        "line {line}: time {time}: rows are daily or monthly, so all begin at one time of the "
        "day; line {other} begins at {first}"
    ),
):
    """Rows that begin at several times."""

    line: int
    time: str
    other: int
    first: str


class ColumnLength(Message, text="column {column!r} has {values} values for {times} times"):
    """A column of another length."""

    column: str
    values: int
    times: int
