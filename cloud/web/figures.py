"""Figures over HTTP: those of a site and a period, and one by its id."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, HTTPException, Path, Query, Response

from cloud.figures import compute
from cloud.read_models import snapshot
from cloud.read_models.read_model import ReadModel
from cloud.read_models.snapshot_cache import end_of
from cloud.settings import Settings
from cloud.statements.replay import UnknownSite
from cloud.web.answers import ready
from cloud.web.documented import OTHER, problems
from cloud.web.messages import NoFigure
from cloud.web.models.figures import Figure, Figures

Json = dict[str, Any]
Day = Annotated[str, Query(alias="from", description="first local date, YYYY-MM-DD", max_length=10)]
End = Annotated[str, Query(description="local date after the last one, YYYY-MM-DD", max_length=10)]
Id = Annotated[str, Path(description="id of the figure, 16 hex digits")]
KEPT = 32
"""Answers that are kept until the ledger grows."""


class Service(Protocol):
    """What is needed of a running cloud."""

    settings: Settings


class Answers:
    """Answers of one ledger, computed one at a time: each reads the whole ledger."""

    def __init__(self, settings: Settings) -> None:
        self._settings, self._turn = settings, threading.Lock()
        self._kept: OrderedDict[tuple[str, str, str], Json] = OrderedDict()
        self._as_of: snapshot.End | None = None

    def of(self, site: str, first: str, after: str) -> Json:
        """The figures of a site and period. Raises BadInput."""
        begin, end = compute.day("from", first), compute.day("to", after)
        with self._turn:
            key = (site, first, after)
            if not self._has(key):
                self._kept[key] = compute.compute(self._settings, site, begin, end).report()
            return self._kept[key]

    def _has(self, key: tuple[str, str, str]) -> bool:
        now = end_of(self._settings.ledger_folder)
        if now != self._as_of:
            self._kept.clear()
            self._as_of = now
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return key in self._kept


def router(service: Service, read_model: ReadModel) -> APIRouter:
    """The routes. A figure that a page shows comes from the same books as the page."""
    found = APIRouter(prefix="/api/v1", tags=["v1"], responses=OTHER)
    answers = Answers(service.settings)

    @found.get(
        "/sites/{site}/figures",
        response_model=Figures,
        responses=problems(400, 404),
        summary="Figures of a site and a period of local dates, and what was refused",
    )
    def figures(site: str, from_: Day, to: End) -> Response:
        """Made from all blocks that the ledger has; docs/methods.md has their methods."""
        try:
            return ready(answers.of(site, from_, to))
        except UnknownSite as error:
            raise HTTPException(404, error.message) from None

    @found.get(
        "/figures/{id}",
        response_model=Figure,
        responses=problems(404),
        summary="One figure by its id, as it is now: of a period that was ever asked for, or of the present",
    )
    def figure(id: Id) -> Response:
        """Its number may be another than when it was shown: more rows, a correction."""
        kept = read_model.figure(id)
        found = compute.shown(kept) if kept is not None else read_model.project_figure(id)
        if found is None:
            raise HTTPException(404, NoFigure(id[:40]))
        return ready(found)

    return found
