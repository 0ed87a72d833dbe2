"""Events of a site for open pages."""

from __future__ import annotations

from pydantic import Field

from cloud.web.models.base import Model, SiteId, Utc
from cloud.web.models.energy import Energy
from cloud.web.models.health import Health
from cloud.web.models.values import Latest, Moment


class PageText(Model):
    """What stands in the places of the first page now, by place."""

    text: dict[str, str]
    age: dict[str, float | None] = Field(description="seconds at the event's time; null: unknown")
    stale: dict[str, str | None] = Field(description="since when; null: it is not")
    word: dict[str, str] = Field(description="keys of words")
    alarm: dict[str, bool]
    filling: str | None = Field(description="share of the recorded rows that is here, until all are")


class SiteEvent(Model):
    """The data of an event `site`: the whole state, so that a lost one loses nothing."""

    site: SiteId
    now: Utc
    now_s: float = Field(description="the same in UTC s")
    layout: str = Field(description="changes with what the page has to write anew")
    latest: Latest
    energy: Energy = Field(description="of the current day")
    health: Health
    page: PageText
    points: dict[str, list[Moment]] = Field(description="of each meter's gauge, the last seconds")
