"""The answers of the API from the parts of a running cloud, as plain JSON values; the pages ask here too."""

from __future__ import annotations

import time
from typing import Annotated, Any, Protocol

from fastapi import Depends, HTTPException, Request

from cloud.auth.running import Running
from cloud.figures import meter_energy
from cloud.projection import periods, values
from cloud.projection.periods import By
from cloud.projection.projector import Projector
from cloud.settings import Site
from cloud.web import card_figures
from cloud.web.messages import NoSite, NoTag, Starting, ToNotLater
from contract.errors import BadInput, CannotBeDone

Json = dict[str, Any]
SITE_KEYS = {"id", "name_zh", "name_en", "tz", "province"}


class Service(Running, Protocol):
    """What the API needs of a running cloud."""

    projector: Projector | None

    def health(self) -> Json:
        """The health report."""
        ...


class ServiceSource:
    """A source of answers (cloud.web.source), for what the API alone asks too. Called in threads."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def health(self) -> Json:
        """``/health``."""
        return self._service.health()

    def sites(self) -> Json:
        """``/sites``."""
        return {"sites": [site.model_dump(include=SITE_KEYS) for site in self._service.registry.sites()]}

    def latest(self, site: str) -> Json:
        """``/sites/{site}/latest``."""
        return values.latest(self._projector().state, self._site(site), time.time_ns())

    def energy(self, site: str, from_: str | None, to: str | None, by: By) -> Json:
        """``/sites/{site}/energy``."""
        return meter_energy.answer(self._projector().state, self._site(site), from_, to, by)

    def today(self, site: str) -> Json:
        """``/sites/{site}/energy`` of the site's current day, by day."""
        return self.energy(site, None, None, "day")

    def card_figures(self, site: str) -> dict[card_figures.Counter, str]:
        """The ids of today's amounts by node and tag of their counters."""
        registry = self._service.registry.caught_up()
        declared = next((each for each in registry.sites() if each.id == site), None)
        return card_figures.ids(declared, registry.points(site), time.time_ns())

    def history(self, site: str, seconds: int) -> dict[str, list[list[float | None]]]:
        """Points of each meter's gauge in the last seconds."""
        return values.history(self._projector().state, self._site(site), seconds, time.time_ns())

    def series(
        self, site: str, tag: str, node: str | None, from_: str | None, to: str | None, step: float | None
    ) -> Json:
        """``/sites/{site}/series``. step: seconds."""
        chosen = self._site(site)
        begin, end = periods.span(from_, to, chosen.zone, time.time_ns())
        if end <= begin:
            raise BadInput(ToNotLater())
        width, projector = periods.nanoseconds(step), self._projector()
        found = values.series(projector.state, projector.store, chosen, tag, node, begin, end, width)
        if found is None:
            raise HTTPException(404, NoTag(site, tag))
        return found

    def _site(self, name: str) -> Site:
        site = self._service.registry.site(name)
        if site is None:
            raise HTTPException(404, NoSite(name))
        return site

    def _projector(self) -> Projector:
        if self._service.projector is None:
            raise CannotBeDone(Starting())
        return self._service.projector


def _of(request: Request) -> ServiceSource:
    found: ServiceSource = request.app.state.source
    return found


Asked = Annotated[ServiceSource, Depends(_of)]
"""The source, as a parameter of a route."""
