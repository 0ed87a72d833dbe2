"""The points of a site: what each carries, which are on top, and what flowed at each of them in a period."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from accounts.inputs.inputs import Amount, Declared, Imported
from accounts.metering.facts import Facts
from contract import quantities, units
from contract.quantities import OF_CARRIER, QUANTITIES
from contract.sites import Point

PRODUCTION = {"mass": "production_t", "length": "production_m", "count": "production_piece"}
"""Production is as many quantities as it has dimensions."""
UNITS = {"production_t": "t", "production_m": "m", "production_piece": "{piece}"}
SUFFIX = {"kW.h": "kwh", "GJ": "gj", "m3": "m3", "t": "t", "m": "m", "{piece}": "piece"}
AMOUNTS = (*(code for code, item in QUANTITIES.items() if item.amount and code != "production"), *UNITS)
"""Every quantity that flows, production by its dimension."""
STEAM = "steam"


def unit_of(quantity: str) -> str:
    """The unit in which amounts of a quantity stand."""
    return UNITS.get(quantity) or QUANTITIES[quantity].unit


def kind_of(quantity: str) -> str:
    """The kind of the figure of an amount of a quantity."""
    return quantity if quantity in UNITS else f"{quantity}_{SUFFIX[unit_of(quantity)]}"


class Tree:
    """Points with what is measured and imported at them. A site that declares none has those that its rows name.

    known: what was worked out already, by point, quantity and time.
    """

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        self.known: dict[tuple[str, str, int, int], object] = {}
        named = dict.fromkeys(item.row.point for item in declared.rows)
        self.points: dict[str, Point] = (
            {name: Point(name, None, None, None, None, name, name) for name in named}
            if declared.points is None
            else {point.id: point for point in declared.points.points}
        )
        self.rows: dict[tuple[str, str], list[Imported]] = defaultdict(list)
        for item in sorted(declared.rows, key=lambda item: item.row.from_):
            self.rows[item.row.point, quantity_of(item)].append(item)
        self._ends = {
            key: list(accumulate((item.row.to or item.row.from_ for item in items), max))
            for key, items in self.rows.items()
        }

    def touching(self, point: str, quantity: str, begin: int, end: int) -> list[Imported]:
        """The interval rows that have time in common with begin..end, in order of from."""
        items, ends = self.rows.get((point, quantity), []), self._ends.get((point, quantity), [])
        first = bisect_right(ends, begin)
        found: list[Imported] = []
        for item in items[first:]:
            if item.row.from_ >= end:
                break
            if item.row.to is not None and item.row.to > begin:
                found.append(item)
        return found

    def meters(self, point: Point) -> str | None:
        """The quantity that the point's own meter counts, if it counts one."""
        return None if point.tag is None else OF_CARRIER.get(point.carrier or "")

    def carries(self, point: Point, quantity: str) -> bool:
        """Whether a quantity is measured or was ever imported at a point."""
        return self.meters(point) == quantity or (point.id, quantity) in self.rows

    def carrying(self, quantity: str) -> list[Point]:
        """All points that carry a quantity."""
        return [point for point in self.points.values() if self.carries(point, quantity)]

    def top(self, quantity: str) -> list[Point]:
        """The points that carry a quantity with none above them that does."""
        return [p for p in self.carrying(quantity) if self.above(p, quantity) is None]

    def above(self, point: Point, quantity: str) -> str | None:
        """The nearest point above that carries a quantity."""
        at = self.points.get(point.parent or "")
        while at is not None and not self.carries(at, quantity):
            at = self.points.get(at.parent or "")
        return None if at is None else at.id

    def below(self, point: Point, quantity: str) -> list[Point]:
        """The nearest points below that carry a quantity."""
        return [item for item in self.carrying(quantity) if self.above(item, quantity) == point.id]

    def strays(self, quantity: str) -> list[str]:
        """Points that rows of a quantity name and that are not there."""
        return sorted(name for name, of in self.rows if of == quantity and name not in self.points)

    def steam(self) -> list[Point]:
        """Steam meters on top without imported heat."""
        mine = [p for p in self.points.values() if p.carrier == STEAM and p.tag is not None]
        names = {p.id for p in mine}
        return [p for p in mine if not self._under(p, names) and (p.id, "heat") not in self.rows]

    @cached_property
    def facts(self) -> dict[tuple[str, str], list[Facts]]:
        """Hour facts by node and tag, in order of time."""
        found: dict[tuple[str, str], list[Facts]] = defaultdict(list)
        for item in sorted(self.declared.facts, key=lambda item: item.start):
            found[item.node, item.tag].append(item)
        return found

    def metered(self, point: Point, begin: int, end: int) -> Iterator[Amount]:
        """The known hours of a point's meter in a time. Raises BadInput for a unit that does not fit."""
        quantity = self.meters(point)
        if quantity is None or point.node is None or point.tag is None:
            return
        days = self.facts.get((point.node, point.tag), [])
        for day in days[bisect_right(days, begin, key=lambda day: day.end) :]:
            if day.start >= end:
                break
            each = Fraction(day.scale) * units.factor(day.unit, unit_of(quantity))
            for i, (start, stop) in enumerate(day.hours()):
                if begin <= start and stop <= end and day.class_[i] != "unknown":
                    inputs = (bytes.fromhex(day.inputs[i]),)
                    share = Fraction(day.completeness[i])
                    yield Amount(
                        point.id, quantity, start, stop, each * day.steps[i], share, day.class_[i], inputs
                    )

    def _under(self, point: Point, names: set[str]) -> bool:
        at = self.points.get(point.parent or "")
        while at is not None:
            if at.id in names:
                return True
            at = self.points.get(at.parent or "")
        return False


def quantity_of(item: Imported) -> str:
    """The quantity of a row, production by its dimension."""
    code = item.row.quantity
    return PRODUCTION[units.dimension(item.row.unit)] if code == "production" else code


def in_unit(item: Imported, unit: str | None = None) -> Fraction:
    """The value of a row in a unit, by default that of its quantity. Raises BadInput."""
    of = quantity_of(item)
    wanted = unit or (unit_of(of) if of in AMOUNTS else quantities.quantity(of).unit)
    return Fraction(item.row.value) * units.factor(item.row.unit, wanted)
