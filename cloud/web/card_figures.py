"""The figures behind the numbers of the first page's cards: the day's amount of the point that a counter is of."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.figure.calendar import Calendar
from accounts.figure.figure import Figure
from accounts.inputs.tree import kind_of, unit_of
from contract.quantities import OF_CARRIER
from contract.sites import Points, Site

METHOD = "steelyard/amount/1"
Counter = tuple[str, str]
"""Node and tag."""


def ids(site: Site | None, points: Points | None, now: int) -> dict[Counter, str]:
    """The ids of today's amounts by the counter of each point, at a moment in UTC ns.

    There are none of steam, which is a mass without heat, and none where a site's day begins at another time than
    midnight: a card counts from midnight on, a figure from the beginning of the production day.
    """
    if site is None or points is None or site.day_start:
        return {}
    day = Calendar.of(site).day_of(now)
    return {
        (point.node, point.tag): _id(site.id, point.id, OF_CARRIER[point.carrier], day)
        for point in points.points
        if point.node is not None and point.tag is not None and point.carrier in OF_CARRIER
    }


def _id(site: str, point: str, quantity: str, day: date) -> str:
    after = day + timedelta(days=1)
    return Figure(
        site, kind_of(quantity), point, day.isoformat(), after.isoformat(), "", unit_of(quantity), "", "", METHOD
    ).id  # fmt: skip
