"""The tree of points and what each carries (docs/methods.md, Points and what they carry)."""

from __future__ import annotations

from dataclasses import dataclass, field

from verify.formats.findings import Bad
from verify.formats.quantities import OF_CARRIER
from verify.formats.shape import listed, members, text
from verify.statements.declared import Declared
from verify.statements.messages import NoSuchPoint, PointAboveItself, PointTwice


@dataclass
class Point:
    """meter: (node, tag) or None; carries: codes of quantities; below: points directly below, in the order written."""

    id: str
    carrier: str | None
    parent: str | None
    meter: tuple[str, str] | None
    carries: set[str] = field(default_factory=set)
    below: list[Point] = field(default_factory=list)

    @property
    def metered(self) -> str | None:
        """The quantity of its meter."""
        return OF_CARRIER.get(self.carrier or "") if self.meter else None


class Points:
    """All points of a site by id.

    strays: points that are not among them and that rows of a quantity name, by quantity.
    """

    def __init__(self, declared: Declared) -> None:
        named = dict.fromkeys(row.point for row in declared.rows)
        if declared.points is None:
            self.all = {name: Point(name, None, None, None) for name in named}
        else:
            self.all = _declared(declared.points)
        self.strays: dict[str, set[str]] = {}
        for point in self.all.values():
            if point.metered:
                point.carries.add(point.metered)
        for row in declared.rows:
            if row.point in self.all:
                self.all[row.point].carries.add(row.quantity)
            else:
                self.strays.setdefault(row.quantity, set()).add(row.point)

    def above(self, point: Point) -> list[Point]:
        found, at = [], point
        while at.parent is not None:
            at = self.all[at.parent]
            found.append(at)
        return found

    def carrying(self, code: str) -> list[Point]:
        return [point for point in self.all.values() if code in point.carries]

    def with_rows(self, code: str) -> list[str]:
        """Ids of the points that carry a level, which no meter counts, and of those that only its rows name."""
        return sorted({point.id for point in self.carrying(code)} | self.strays.get(code, set()))

    def top(self, code: str) -> list[Point]:
        """Points that carry the quantity and have none above them that does."""
        return [p for p in self.carrying(code) if not any(code in above.carries for above in self.above(p))]

    def nearest(self, point: Point, code: str) -> list[Point]:
        """The nearest points below that carry the quantity, in the order of the declaration."""
        found, left = [], list(point.below)
        while left:
            at = left.pop()
            if code in at.carries:
                found.append(at)
            else:
                left.extend(at.below)
        order = list(self.all)
        return sorted(found, key=lambda at: order.index(at.id))

    def steam(self) -> list[Point]:
        """Top points of carrier steam with a meter."""
        all_ = [point for point in self.all.values() if point.carrier == "steam" and point.meter]
        return [point for point in all_ if not any(above in all_ for above in self.above(point))]


def _declared(statement: dict[str, object]) -> dict[str, Point]:
    made: dict[str, Point] = {}
    for index, item in enumerate(listed(statement["points"], "points")):
        where = f"points[{index}]"
        members(item, where, "id carrier parent node tag zh en")
        meter = None if item["node"] is None else (text(item["node"], where), text(item["tag"], where))
        name = text(item["id"], where)
        if name in made:
            raise Bad(PointTwice(), where)
        made[name] = Point(name, item["carrier"], item["parent"], meter)
    for point in made.values():
        if point.parent is not None:
            if point.parent not in made:
                raise Bad(NoSuchPoint(str(point.parent)[:80]), point.id)
            made[point.parent].below.append(point)
    _no_circle(made)
    return made


def _no_circle(made: dict[str, Point]) -> None:
    for point in made.values():
        at, steps = point, 0
        while at.parent is not None:
            at, steps = made[at.parent], steps + 1
            if steps > len(made):
                raise Bad(PointAboveItself(), point.id)
