"""Values of tags: the latest of each, and one over time."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from cloud.web.models.base import Model, SiteId, Unit, Utc, Zone

Point = Annotated[
    tuple[int, float | None],
    Field(
        description="UTC ms and the value; null where values are missing", examples=[[1738310400000, 431.5]]
    ),
]
Moment = Annotated[
    tuple[float, float | None], Field(description="UTC s and the value, null where rows are missing")
]


class History(RootModel[dict[str, list[Moment]]]):
    """Points by meter."""


class TagTitle(Model):
    """What people call a tag."""

    zh: str | None
    en: str | None


class LatestValue(Model):
    """A tag and its newest value."""

    tag: str
    node: str
    device: str
    meter: str | None = Field(description="meter point that the tag belongs to")
    kind: Literal["counter", "gauge", "state"]
    carrier: Literal["electricity", "steam", "gas", "water"] | None
    title: TagTitle
    unit: Unit
    every: float = Field(description="seconds between readings")
    time: Utc | None
    age_s: float | None = Field(description="seconds since a row of the tag's group")
    value: str | None = Field(description="in the unit: an exact decimal, or the shortest text of a float")
    raw: str | None = Field(description="as read")
    stale_since: Utc | None
    quality: str = Field(examples=["good"])
    stale: bool


class Latest(Model):
    """The latest value of every tag that the site's nodes read now."""

    site: SiteId
    tz: Zone
    now: Utc
    rows: list[LatestValue]


class Series(Model):
    """Values of one tag over time."""

    site: SiteId
    node: str
    tag: str
    unit: Unit
    step: float = Field(description="seconds that a point stands for; 0: each value as it was read")
    points: list[Point]
