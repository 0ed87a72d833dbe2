"""Statements: what can be wrong with what a site declared, imported or had sealed."""

from __future__ import annotations

from verify.formats.message import Message


class NotTheNextRevision(Message, text="revision {revision} is not the next one"):
    """A statement."""

    revision: int


class StatementsHold(Message, text="{rows} imported rows, {days} days of hour facts"):
    """A statement."""

    rows: int
    days: int


class NotSixCells(Message, text="a row of other than six cells"):
    """Imported rows."""


class EndsBeforeItBegins(Message, text="an interval that ends before it begins"):
    """Imported rows."""


class BelowZero(Message, text="a value below zero"):
    """Imported rows."""


class PartBehindTheLast(Message, text="a part behind the last"):
    """Imported rows."""


class PointTwice(Message, text="a point that stands twice"):
    """The tree of points."""


class NoSuchPoint(Message, text="no point {point}"):
    """The tree of points."""

    point: str


class PointAboveItself(Message, text="a point that is above itself"):
    """The tree of points."""


class ArrayLengthsUnfit(Message, text="arrays of other lengths than the day has hours"):
    """Sealed hour facts."""


class ClassImpossible(Message, text="a class or completeness that cannot be"):
    """Sealed hour facts."""


class UnknownMethod(Message, text="a method that the page does not know: {method}"):
    """Sealed hour facts."""

    method: str
