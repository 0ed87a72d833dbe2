"""What can be wrong with a declaration: a site, its points, tariffs, permits, projects, imported rows, remarks."""

from __future__ import annotations

from contract.message import Message


class UnknownZone(Message, text="unknown time zone {zone!r}; write it as Asia/Shanghai"):
    """No IANA zone."""

    zone: str


class DayStartTooLate(Message, text="must be before 24:00"):
    """A day that would begin when it ends."""


class MustMapQuantities(Message, text="must be an object of quantity codes and factor ids"):
    """The named factors of a site."""


class UnknownQuantityKey(Message, text="unknown quantity; known are {codes}"):
    """A key that is no quantity."""

    codes: tuple[str, ...]


class NoQuantity(Message, text="unknown quantity {quantity!r}"):
    """A name that is no quantity."""

    quantity: str


class BandTaken(Message, text="{clock} belongs to {band!r} already"):
    """A minute in two bands of a tariff."""

    clock: str
    band: str


class NoBand(Message, text="no band for {clock}; together they cover 24 hours"):
    """A minute in no band of a tariff."""

    clock: str


class BeforeValidFrom(Message, text="is before valid_from, {day}"):
    """A permit that ends before it begins."""

    day: str


class LimitTwice(Message, text="this point, parameter and statistic stand twice"):
    """Two limits of one thing."""


class NoUnitOfParameter(Message, text="{unit!r} is no unit of {parameter}; write {other}"):
    """A limit in a unit of another dimension."""

    unit: str
    parameter: str
    other: str


class AboveLimit(Message, text="is above the limit {limit}"):
    """A lower limit over the upper one."""

    limit: str


class ProjectTwice(Message, text="project {project!r} stands twice"):
    """Two savings projects of one id."""

    project: str


class MustBeginAfterBaseline(Message, text="must begin after the baseline has ended"):
    """A reporting period that meets the baseline."""


class PointTwice(Message, text="point {point!r} stands twice"):
    """Two points of one id."""

    point: str


class TagIsPoint(Message, text="node {node!r} and tag {tag!r} are point {point!r} already"):
    """One tag as two points."""

    node: str
    tag: str
    point: str


class NodeAndTag(Message, text="node and tag go together"):
    """One of the two alone."""


class NoPointInList(Message, text="no point {point!r} in the list"):
    """A parent that is not there."""

    point: str


class OtherCarrier(Message, text="{parent!r} is {above}, {point!r} {carrier}"):
    """A parent that meters something else."""

    parent: str
    above: str
    point: str
    carrier: str


class PointAboveItself(Message, text="point {point!r} is above itself"):
    """A circle of parents."""

    point: str


class OnlyNames(Message, text="nothing is declared but names; give one of {parts}, energy"):
    """A replacement of which nothing could be figured."""

    parts: tuple[str, ...]


class MustBeDriver(Message, text="must be one of energy.drivers: {names}"):
    """An output that is not among the drivers that are named."""

    names: tuple[str, ...]


class PartOfParts(Message, text="is {number} of {count}"):
    """A part beyond the last."""

    number: int
    count: int


class MustBeRow(Message, text="must be [from, to, point, quantity, value, unit] as text"):
    """An imported row of another shape."""


class RowTimes(Message, text="must have UTC times, to empty or later than from"):
    """The times of an imported row."""


class RowNames(Message, text="names no point or no known quantity"):
    """The point and quantity of an imported row."""


class RowValue(Message, text="must have a decimal number of zero or more, not {text!r}"):
    """The value of an imported row."""

    text: str


class RowUnit(Message, text="{quantity} has no unit {unit!r}, or an amount without interval"):
    """The unit of an imported row."""

    quantity: str
    unit: str


class NoDeclaration(Message, text="a {kind} statement is no declaration"):
    """A statement of a node that is no desk's."""

    kind: str


class FaultInStatement(Message, text="a {kind} statement: {path}: {why}"):
    """The first fault of a declaration in a block."""

    kind: str
    path: str
    why: Message
