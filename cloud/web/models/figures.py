"""Figures of a site and period."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cloud.web.models.base import Day, Decimal, Model, Share, SiteId, Unit, Zone
from cloud.web.models.problems import Message

FigureId = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{16}$",
        description="same question and method, same id",
        examples=["90a5ca9ade127a8f"],
    ),
]
Interval = Annotated[list[Decimal | None], Field(description="its two ends; null: that end does not exist")]


class FigurePart(Model):
    """What a figure is made of."""

    point: str
    quantity: str
    value: Decimal
    unit: Unit
    year: int | None = Field(None, description="year of the data, of emissions")
    factor: str | None = Field(None, description="id of the factor")
    tariff: Day | None = Field(None, description="day since when the tariff holds, of costs")
    price: Decimal | None = Field(None, description="of one unit, in the figure's currency")
    band: str | None = Field(None, description="names of the tariff's bands of that price")


class Figure(Model):
    """A figure: docs/methods.md has its method. Keys from `lowest` on stand where its kind has them."""

    id: FigureId
    kind: str = Field(examples=["electricity_kwh"])
    point: str | None = Field(description="point or project; null: the site")
    from_: Day = Field(alias="from")
    to: Day = Field(description="local date after the last one")
    value: Decimal
    unit: Unit
    completeness: Share | None = Field(description="null for a number that somebody declared")
    substituted: Share | None = Field(description="share that is estimated")
    factors: list[str] = Field(description="ids")
    citations: list[str]
    method: str = Field(examples=["steelyard/amount/1"])
    parts: list[FigurePart]
    lowest: Decimal | None = None
    limit: Decimal | None = Field(None, description="the limit in force last, in the figure's unit")
    limit_low: Decimal | None = None
    statistic: str | None = Field(None, description="day or hour: what each mean is of")
    weighting: str | None = Field(None, description="what the means are weighted with")
    periods: int | None = Field(None, description="statistic periods under a limit")
    over: int | None = Field(None, description="periods outside of their limit")
    verdict: str | None = Field(None, description="within, over, or that there is no limit")
    documents: list[str] | None = Field(None, description="permits")
    example: bool | None = Field(None, description="whether a permit is an example and no legal limit")
    interval: Interval | None = None
    confidence: str | None = Field(None, description="of the interval, percent or share as declared")
    form: str | None = Field(None, description="form of the interval")
    drivers: list[str] | None = Field(None, description="quantities that explain the use")
    project: str | None = None
    figure: str | None = Field(None, description="id of the saving that it rests on")
    inputs: str | None = Field(None, description="hash of what it was made from")
    above_one: bool | None = Field(None, description="shown as computed, not clipped at 1")
    warnings: list[Message] | None = None


class RefusedFigure(Message):
    """A figure that can't be made, and why."""

    kind: str
    point: str | None


class Figures(Model):
    """Every figure of a site and period, and what was refused."""

    site: SiteId
    tz: Zone
    from_: Day = Field(alias="from")
    to: Day
    figures: list[Figure]
    refused: list[RefusedFigure]
