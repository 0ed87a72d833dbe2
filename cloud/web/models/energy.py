"""Energy of meters by period."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from cloud.web.models.base import Decimal, Local, Model, Share, SiteId, Unit, Zone
from cloud.web.models.factors import GridFactor
from cloud.web.models.problems import Message


class Carbon(Model):
    """Emissions of an amount."""

    value: Decimal = Field(description="t of CO2")
    unit: Literal["t"]
    factor: GridFactor
    by_default: bool = Field(description="whether the site chose no factor: that of its province was taken")


class NoCarbon(Model):
    """Why there are no emissions."""

    refused: Message


class MeterEnergy(Model):
    """What a meter counted in a period."""

    meter: str
    node: str
    tag: str
    carrier: str
    from_: Local = Field(alias="from")
    to: Local = Field(description="first moment that does not belong to the period")
    value: Decimal
    unit: Unit
    completeness: Share = Field(description="of the whole period")
    completeness_so_far: Share = Field(description="of the part of it that is over")
    class_: str = Field(alias="class", examples=["measured"])
    tco2: Carbon | NoCarbon


class RefusedMeter(Message):
    """A counter without figures, and why."""

    meter: str
    tag: str


class Energy(Model):
    """Energy and emissions of each meter of a site."""

    site: SiteId
    tz: Zone
    by: Literal["hour", "day", "month"]
    rows: list[MeterEnergy]
    refused: list[RefusedMeter]
