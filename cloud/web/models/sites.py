"""Sites and pages."""

from __future__ import annotations

from pydantic import Field

from cloud.web.models.base import Model, SiteId, Zone


class Site(Model):
    """A site as it is declared."""

    id: SiteId
    name_zh: str
    name_en: str
    tz: Zone
    province: str = Field(examples=["浙江"])


class Sites(Model):
    """The sites of cloud.yaml and of desks."""

    sites: list[Site]


class PageEntry(Model):
    """A page for people."""

    id: str
    url: str = Field(examples=["/v/load"])
    title: str = Field(description="in the language of ?lang=")


class Pages(Model):
    """The pages, in the order of the menu."""

    views: list[PageEntry]
