"""The meter tree as a statement has it: points, and which is part of which."""

from __future__ import annotations

from contract.declared_messages import (
    NodeAndTag,
    NoPointInList,
    OtherCarrier,
    PointAboveItself,
    PointTwice,
    TagIsPoint,
)
from contract.fields import ID, Fields
from contract.form_messages import IdOfNode, IdOfPoint, MustBeOneOfOrNull, PointName, TagName
from contract.sites import Point, Points
from contract.tags import CARRIERS, TAG_NAME


def tree(look: Fields) -> Points:
    """Read the fields of a points statement; faults are noted."""
    found: list[Point] = []
    for item in look.objects("points"):
        point = _point(item)
        if any(point.id and point.id == other.id for other in found):
            item.fault("id", PointTwice(point.id))
        twin = next((o.id for o in found if point.tag and (o.node, o.tag) == (point.node, point.tag)), None)
        if twin is not None and point.node is not None and point.tag is not None:
            item.fault("tag", TagIsPoint(point.node, point.tag, twin))
        found.append(point)
    _hangs_together(look, found)
    return Points(tuple(found))


def _point(item: Fields) -> Point:
    name = item.text("id", TAG_NAME, PointName())
    carrier, parent = item.maybe("carrier"), item.maybe("parent", TAG_NAME, IdOfPoint())
    if carrier is not None and carrier not in CARRIERS:
        item.fault("carrier", MustBeOneOfOrNull(tuple(CARRIERS), carrier))
    node, tag = item.maybe("node", ID, IdOfNode()), item.maybe("tag", TAG_NAME, TagName())
    if (node is None) != (tag is None):
        item.fault("tag" if tag is None else "node", NodeAndTag())
    return Point(name, carrier, parent, node, tag, item.text("zh"), item.text("en"))


def _hangs_together(look: Fields, found: list[Point]) -> None:
    """Every parent is there, has no other carrier than its child, and no point is above itself."""
    known = {point.id: point for point in found}
    for number, point in enumerate(found):
        where = ("points", number, "parent")
        if point.parent is None:
            continue
        above = known.get(point.parent)
        if above is None:
            look.faults.append((where, NoPointInList(point.parent)))
        elif above.carrier and point.carrier and above.carrier != point.carrier:
            look.faults.append((where, OtherCarrier(point.parent, above.carrier, point.id, point.carrier)))
        elif _circles(point, known):
            look.faults.append((where, PointAboveItself(point.id)))


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
