"""Routes about what a site's nodes have read: latest values, series, energy."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from cloud.projection.periods import By
from cloud.web.answers import ready
from cloud.web.documented import OTHER, problems
from cloud.web.models.energy import Energy
from cloud.web.models.values import Latest, Series
from cloud.web.service_source import Asked

From = Annotated[
    str | None, Query(alias="from", description="first moment: a local date or an RFC 3339 time")
]
To = Annotated[
    str | None, Query(description="first moment that does not belong to it; by default a day's end or now")
]
Step = Annotated[
    float | None, Query(ge=0, le=31_622_400, description="seconds; 0: every value; default: fitting")
]
Tag = Annotated[str, Query(max_length=200, description="name of the tag")]
Node = Annotated[
    str | None, Query(max_length=64, description="its node, where several have a tag of the name")
]
Length = Annotated[By, Query(description="length of a period in the site's zone")]

router = APIRouter(prefix="/api/v1/sites/{site}", tags=["v1"], responses=OTHER)


@router.get(
    "/latest", response_model=Latest, responses=problems(404, 503), summary="The latest value of each tag"
)
def latest(site: str, source: Asked) -> Response:
    """Of every tag that the site's nodes read now, with its age by its own time."""
    return ready(source.latest(site))


@router.get(
    "/energy",
    response_model=Energy,
    responses=problems(400, 404, 503),
    summary="Energy and tCO2 of each meter by hour, day or month",
)
def energy(site: str, source: Asked, from_: From = None, to: To = None, by: Length = "day") -> Response:
    """Sums of counters, exact, from the readings; by default of the current day."""
    return ready(source.energy(site, from_, to, by))


@router.get(
    "/series",
    response_model=Series,
    responses=problems(400, 404, 503),
    summary="Values of one tag over time: [UTC ms, value or null]",
)
def series(
    site: str,
    source: Asked,
    tag: Tag,
    node: Node = None,
    from_: From = None,
    to: To = None,
    step: Step = None,
) -> Response:
    """By default the last hour; at most 50 000 points."""
    return ready(source.series(site, tag, node, from_, to, step))
