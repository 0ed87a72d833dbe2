"""Episodes outside of a permit's limits."""

from __future__ import annotations

from pydantic import Field

from cloud.web.models.base import Day, Decimal, Local, Model, Share, SiteId, Unit, Zone
from cloud.web.models.figures import FigureId


class Flags(Model):
    """Shares of the time of the rows behind an episode; null where nobody can know it."""

    estimated: Share | None
    invalid: Share | None
    late: Share | None
    corrected: Share | None
    missing: Share | None


class Episode(Model):
    """Means in a row that are outside of their limit."""

    limit: str = Field(description="point/parameter/statistic", examples=["outfall/cod/day"])
    point: str
    quantity: str
    from_: Local = Field(alias="from")
    to: Local
    count: int = Field(description="means", ge=1)
    unit: Unit
    limit_value: Decimal
    share: Decimal | None = Field(description="how far the worst mean is beyond the limit, as a share of it")
    example: bool = Field(description="whether the permit is an example and no legal limit")
    worst: Decimal = Field(description="the worst mean, in the unit")
    figure: FigureId
    flags: Flags
    ends: str = Field(description="what follows", examples=["within"])
    after_missing: bool = Field(description="whether it begins behind a gap")
    known: Local | None = Field(description="since when the rows of its first mean are sealed")
    responded: Local | None = Field(description="when the desk first wrote a note about it")
    response_h: Decimal | None = Field(description="hours from known to responded")
    about: str = Field(description="what such a note is about")
    open_since: Local | None = Field(description="beginning of the first mean that no note answers")
    method: str
    provisional: bool = Field(description="whether the period of its last mean is not over")


class Exceedances(Model):
    """The episodes of a site, by limit and time."""

    site: SiteId
    tz: Zone
    from_: Day = Field(alias="from")
    to: Day
    episodes: list[Episode]
