"""The meter tree as a statement has it: points, and which is part of which."""

from __future__ import annotations

from contract.fields import ID, Fields
from contract.sites import Point, Points
from contract.tags import CARRIERS, TAG_NAME


def tree(look: Fields) -> Points:
    """Read the fields of a points statement; faults are noted."""
    found: list[Point] = []
    for item in look.objects("points"):
        point = _point(item)
        if any(point.id and point.id == other.id for other in found):
            item.fault("id", f"point {point.id!r} stands twice")
        twin = next((o.id for o in found if point.tag and (o.node, o.tag) == (point.node, point.tag)), None)
        if twin is not None:
            item.fault("tag", f"node {point.node!r} and tag {point.tag!r} are point {twin!r} already")
        found.append(point)
    _hangs_together(look, found)
    return Points(tuple(found))


def _point(item: Fields) -> Point:
    name = item.text("id", TAG_NAME, "a name of letters, digits and . _ - / : without spaces")
    carrier, parent = item.maybe("carrier"), item.maybe("parent", TAG_NAME, "the id of a point")
    if carrier is not None and carrier not in CARRIERS:
        item.fault("carrier", f"must be one of {', '.join(CARRIERS)} or null, not {carrier!r}")
    node, tag = item.maybe("node", ID, "the id of a node"), item.maybe("tag", TAG_NAME, "a tag's name")
    if (node is None) != (tag is None):
        item.fault("tag" if tag is None else "node", "node and tag go together")
    return Point(name, carrier, parent, node, tag, item.text("zh"), item.text("en"))


def _hangs_together(look: Fields, found: list[Point]) -> None:
    """Every parent is there, has no other carrier than its child, and nobody is above himself."""
    known = {point.id: point for point in found}
    for number, point in enumerate(found):
        where = ("points", number, "parent")
        if point.parent is None:
            continue
        above = known.get(point.parent)
        if above is None:
            look.faults.append((where, f"no point {point.parent!r} in the list"))
        elif above.carrier and point.carrier and above.carrier != point.carrier:
            look.faults.append((where, f"{point.parent!r} is {above.carrier}, {point.id!r} {point.carrier}"))
        elif _circles(point, known):
            look.faults.append((where, f"point {point.id!r} is above itself"))


def _circles(point: Point, known: dict[str, Point]) -> bool:
    seen, at = {point.id}, point
    while at.parent is not None and at.parent in known:
        at = known[at.parent]
        if at.id == point.id:
            return True
        if at.id in seen:
            return False
        seen.add(at.id)
    return False
