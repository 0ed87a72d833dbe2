"""What flowed at a point in a period, and sums of it over points and years. Nothing is divided by time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any

from accounts.figure.calendar import Period
from accounts.figure.figure import InsufficientData, short
from accounts.inputs.inputs import Amount, Imported
from accounts.inputs.messages import (
    AtPoint,
    MeasuredAndImported,
    NoReadings,
    NothingKnown,
    QuantityOfPoint,
    RowCrossesPeriod,
    RowInTwoYears,
    RowsOverlap,
    UnknownPoint,
)
from accounts.inputs.tree import Tree, in_unit, unit_of
from contract.errors import BadInput
from contract.fields import write_utc
from contract.message import Message
from contract.sites import Point

SURE = ("measured", "estimated", "imported")
"""Classes whose amounts add up to what the register ran on."""


@dataclass(frozen=True)
class Flow:
    """The amounts of one quantity at one point in a period; empty when a quantity without meter has no row in it."""

    point: str
    quantity: str
    amounts: tuple[Amount, ...]
    length: int

    @cached_property
    def value(self) -> Fraction:
        """In the unit of the quantity."""
        return sum((item.value for item in self.amounts), Fraction(0))

    @cached_property
    def completeness(self) -> Fraction:
        """Covered time by the length of the period."""
        return sum((item.covered for item in self.amounts), Fraction(0)) / self.length

    @cached_property
    def whole(self) -> bool:
        """Whether the total is known although readings may lack: a counter goes on in a gap inside.

        The amounts leave no time out, no hour is in doubt, and the meter was read in the first and last hour.
        """
        ordered = sorted(self.amounts, key=lambda item: item.from_)
        ends = {item.class_ for item in ordered[:1] + ordered[-1:]}
        spent = sum(item.to - item.from_ for item in ordered)
        sure = all(item.class_ in SURE for item in ordered)
        return spent == self.length and sure and "estimated" not in ends

    @cached_property
    def substituted(self) -> Fraction:
        """The part that stands in estimated hours."""
        total = self.value
        if not total:
            return Fraction(0)
        return sum((i.value for i in self.amounts if i.class_ == "estimated"), Fraction(0)) / total

    @cached_property
    def inputs(self) -> frozenset[bytes]:
        """Hashes of what it was made from."""
        return frozenset(one for item in self.amounts for one in item.inputs)

    def part(self, **more: Any) -> dict[str, Any]:
        """As a part of a figure."""
        fields = {
            "point": self.point,
            "quantity": self.quantity,
            "value": short(self.value),
            "unit": unit_of(self.quantity),
        }
        return fields | more


def flow(tree: Tree, point: Point, quantity: str, period: Period) -> Flow:
    """The amounts of a quantity at a point. Raises InsufficientData where they can't be known."""
    key = (point.id, quantity, period.begin, period.end)
    known = tree.known.get(key)
    if not isinstance(known, Flow):
        known = tree.known[key] = _flow(tree, point, quantity, period)
    return known


def _flow(tree: Tree, point: Point, quantity: str, period: Period) -> Flow:
    rows = tree.touching(point.id, quantity, period.begin, period.end)
    try:
        hours = list(tree.metered(point, period.begin, period.end)) if tree.meters(point) == quantity else []
        imported = [
            Amount(point.id, quantity, i.row.from_, _to(i), in_unit(i), Fraction(1), "imported", (i.block,))
            for i in rows
        ]
    except BadInput as error:
        raise InsufficientData(AtPoint(point.id, error.message)) from None
    whole(rows, period, QuantityOfPoint(quantity, point.id))
    if imported and hours:
        _apart(point, quantity, imported, hours)
    if tree.meters(point) == quantity and not hours and not imported:
        raise InsufficientData(NoReadings(point.id, str(point.node), str(point.tag)))
    return Flow(point.id, quantity, tuple(hours + imported), period.length)


def flows(tree: Tree, quantity: str, period: Period) -> list[Flow]:
    """A quantity at each of its top points. Raises InsufficientData."""
    strays = tree.strays(quantity)
    if strays:
        raise InsufficientData(UnknownPoint(quantity, strays[0]))
    return [flow(tree, point, quantity, period) for point in tree.top(quantity)]


def some(found: Sequence[Flow], quantity: str | Message) -> Sequence[Flow]:
    """The flows, when there is one with an amount. Raises InsufficientData."""
    if not any(item.amounts for item in found):
        raise InsufficientData(NothingKnown(quantity))
    return found


def whole(rows: Sequence[Imported], period: Period, what: Message) -> None:
    """Raise InsufficientData for a row that lies in the period only in part, or two that overlap."""
    for item in rows:
        if not period.holds(item.row.from_, _to(item)):
            span = write_utc(item.row.from_), write_utc(_to(item))
            raise InsufficientData(RowCrossesPeriod(what, *span))
    ordered = sorted(rows, key=lambda item: (item.row.from_, _to(item)))
    for a, b in pairwise(ordered):
        if b.row.from_ < _to(a):
            raise InsufficientData(RowsOverlap(what, write_utc(b.row.from_)))


def split(flow_: Flow, period: Period, choice: Callable[[int], str]) -> list[tuple[int, Flow]]:
    """A flow by the years in which its amounts lie. A row in two years refuses unless *choice* gives both the same."""
    found: dict[int, list[Amount]] = {}
    for item in flow_.amounts:
        first, last = period.year_of(item.from_), period.year_of(item.to - 1)
        if first != last and len({choice(year) for year in range(first, last + 1)}) > 1:
            since = write_utc(item.from_)
            raise InsufficientData(RowInTwoYears(flow_.quantity, flow_.point, since))
        found.setdefault(first, []).append(item)
    return [
        (year, Flow(flow_.point, flow_.quantity, tuple(items), flow_.length))
        for year, items in sorted(found.items())
    ]


def lowest(flows_: Iterable[Flow]) -> Fraction:
    """The lowest completeness."""
    return min((item.completeness for item in flows_), default=Fraction(0))


def highest(flows_: Iterable[Flow]) -> Fraction:
    """The highest substituted share."""
    return max((item.substituted for item in flows_), default=Fraction(0))


def inputs(flows_: Iterable[Flow]) -> frozenset[bytes]:
    """What all of them were made from."""
    return frozenset(one for item in flows_ for one in item.inputs)


def _to(item: Imported) -> int:
    assert item.row.to is not None
    return item.row.to


def _apart(point: Point, quantity: str, imported: list[Amount], hours: list[Amount]) -> None:
    """Raise InsufficientData when a row and an hour of the meter are of the same time."""
    starts = [hour.from_ for hour in hours]
    for row in imported:
        before = bisect_left(starts, row.to) - 1
        if before >= 0 and hours[before].to > row.from_:
            at = write_utc(max(row.from_, hours[before].from_))
            raise InsufficientData(MeasuredAndImported(quantity, point.id, at))
