"""The accounts' book of a site and period for a summary: hour facts sealed first, then figures from what is sealed."""

from __future__ import annotations

from datetime import date

from accounts.inputs.inputs import Declared
from cloud.figures import compute
from cloud.hourly import records
from cloud.reports.summary import Book, Json, Keeper
from cloud.settings import Settings


def keeper(settings: Settings, site: str, first: date, after: date) -> Keeper:
    """Seal the hour facts of the period that are new or changed, and say how to get its book.

    Raises BadInput for an unknown site, CannotBeDone when nothing can be sealed.
    """
    records.seal(settings, site, first, after)

    def keep(end: int) -> Book:
        return _book(compute.compute(settings, site, first, after, end, sealed=True))

    return keep


def _book(answer: compute.Answer) -> Book:
    declared = answer.declared
    made, refused = [item.fields() for item in answer.figures], [item.fields() for item in answer.refused]
    return Book(
        names={"zh": declared.site.name_zh, "en": declared.site.name_en},
        tz=declared.site.tz,
        day_start=f"{declared.site.day_start // 60:02d}:{declared.site.day_start % 60:02d}",
        figures=made,
        refused=refused,
        factors=[record.record() for record in answer.records],
        points=_points(declared, {item["point"] for item in [*made, *refused]}),
        size=answer.size,
        declared=declared,
    )


def _points(declared: Declared, named: set[object]) -> list[Json]:
    points = () if declared.points is None else declared.points.points
    return [{"id": point.id, "zh": point.zh, "en": point.en} for point in points if point.id in named]
