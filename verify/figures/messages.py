"""Figures: what can be wrong with a figure, its factors, tariffs, permits and with the reader's list of factors."""

from __future__ import annotations

from verify.formats.message import Message


class MemberDiffers(Message, text="{member} is {published}, should be {due}"):
    """A published figure beside the one computed again."""

    member: str
    published: str
    due: str


class MemberAbsent(Message, text="{member} is absent, should be {due}"):
    """A published figure beside the one computed again."""

    member: str
    due: str


class MemberTooMany(Message, text="{member} is {published}, should be absent"):
    """A published figure beside the one computed again."""

    member: str
    published: str


class MembersDiffer(Message, text="{each:; }"):
    """A published figure beside the one computed again."""

    each: tuple[Message, ...]


class CannotBeMade(Message, text="cannot be made: {why}"):
    """A published figure beside the one computed again."""

    why: Message


class NotPublished(Message, text="is not published"):
    """A published figure beside the one computed again."""


class RefusedForNothing(Message, text="was refused, but nothing in the pack is against it"):
    """A published figure beside the one computed again."""


class ShouldBeRefused(Message, text="should be refused: {why}"):
    """A published figure beside the one computed again."""

    why: Message


class MinuteTwice(Message, text="a minute that belongs to two bands"):
    """Tariffs, factor records and measures."""


class MinuteWithoutBand(Message, text="minutes that belong to no band"):
    """Tariffs, factor records and measures."""


class UnknownTable(Message, text="a record of no table that the page knows"):
    """Tariffs, factor records and measures."""


class RecordsUnordered(Message, text="records that are not sorted by id, each once"):
    """Tariffs, factor records and measures."""


class NoOutputUnit(Message, text="{unit!r} is no unit of output"):
    """Tariffs, factor records and measures."""

    unit: str


class NotAMeasure(Message, text="not a number, a space and its unit"):
    """Tariffs, factor records and measures."""


class OtherUnit(Message, text="is in {unit}, not in {wanted}"):
    """Tariffs, factor records and measures."""

    unit: str
    wanted: str


class UnitsUnfit(Message, text="{unit} does not fit {wanted}"):
    """Tariffs, factor records and measures."""

    unit: str
    wanted: str


class ListUnreadable(Message, text="{file}: cannot be read: {why}"):
    """The reader's list of factors."""

    file: str
    why: str


class ListTooLarge(Message, text="{file}: larger than a list may be"):
    """The reader's list of factors."""

    file: str


class ListNotUtf8(Message, text="{file}: not in UTF-8"):
    """The reader's list of factors."""

    file: str


class ListEmpty(Message, text="{file}: no factor in it"):
    """The reader's list of factors."""

    file: str


class CellCount(Message, text="{cells} cells, but {columns} columns"):
    """The reader's list of factors."""

    cells: int
    columns: int


class NoCsv(Message, text="no CSV: {why}"):
    """The reader's list of factors."""

    why: str


class ColumnsAbsent(Message, text="no column {columns}"):
    """The reader's list of factors."""

    columns: tuple[str, ...]


class UnknownColumns(Message, text="columns that no factor has: {columns}"):
    """The reader's list of factors."""

    columns: str


class ColumnTwice(Message, text="a column that stands twice"):
    """The reader's list of factors."""


class NoFactorList(Message, text="neither a list of factors nor an object with `factors`"):
    """The reader's list of factors."""


class NotTextsAndNumbers(Message, text="not an object of texts and numbers"):
    """The reader's list of factors."""


class UnknownFactorMembers(Message, text="members that no factor has: {members}"):
    """The reader's list of factors."""

    members: str


class FactorIncomplete(Message, text="a factor without id, unit or value"):
    """The reader's list of factors."""


class FactorTwice(Message, text="{factor} stands twice"):
    """The reader's list of factors."""

    factor: str


class NoYearOf(Message, text="{member}: no year of four digits"):
    """The reader's list of factors."""

    member: str


class FactorNotListed(Message, text="is not in the list; the pack has {shown} and cites: {cited}"):
    """The reader's list of factors."""

    shown: str
    cited: str


class FactorDiffers(
    Message, text="{member} is {packed} in the pack, {listed} in the list; the pack cites: {cited}"
):
    """The reader's list of factors."""

    member: str
    packed: str
    listed: str
    cited: str


class FactorMemberNotListed(
    Message, text="{member} is {packed} in the pack, absent in the list; the pack cites: {cited}"
):
    """The reader's list of factors."""

    member: str
    packed: str
    cited: str


class FactorMemberNotPacked(
    Message, text="{member} is absent in the pack, {listed} in the list; the pack cites: {cited}"
):
    """The reader's list of factors."""

    member: str
    listed: str
    cited: str


class FactorsAccepted(Message, text="{count} in the pack, each in the list with equal value, unit and year"):
    """The reader's list of factors."""

    count: int
