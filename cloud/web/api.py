"""The API under /api/v1: read only but for the desk, figures as decimal strings with their units."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Annotated, Any, Protocol

import orjson
from fastapi import APIRouter, FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as AnyHTTPException

from cloud.auth.running import Running
from cloud.figures import meter_energy
from cloud.projection import periods, values
from cloud.projection.periods import By
from cloud.projection.projector import Projector
from cloud.read_models.read_model import ReadModel
from cloud.reference import factors
from cloud.settings import Site
from cloud.web import card_figures, certificates, exceedances, figures, refused, reports
from cloud.web.desk import routes
from cloud.web.hosts import TrustedHosts
from cloud.web.pages import serve
from contract.errors import BadInput, CannotBeDone

Json = dict[str, Any]
From = Annotated[
    str | None, Query(alias="from", description="first moment: a local date or an RFC 3339 time")
]
To = Annotated[
    str | None, Query(description="first moment that does not belong to it; by default a day's end or now")
]
Step = Annotated[
    float | None, Query(ge=0, le=31_622_400, description="seconds; 0: every value; default: fitting")
]
OPENAPI = "/api/v1/openapi.json"
"""Where the description of the API is. No documentation pages: they would fetch scripts from elsewhere."""


class Service(Running, Protocol):
    """What the API needs of a running cloud."""

    projector: Projector | None

    def health(self) -> Json:
        """The health report."""
        ...


class Source:
    """The answers of the API as plain JSON values; the pages ask here too. Called in threads."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def health(self) -> Json:
        """``/health``."""
        return self._service.health()

    def sites(self) -> Json:
        """``/sites``."""
        keys = {"id", "name_zh", "name_en", "tz", "province"}
        return {"sites": [site.model_dump(include=keys) for site in self._service.live.sites()]}

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
        registry = self._service.live.registry()
        declared = next((each for each in registry.sites() if each.id == site), None)
        return card_figures.ids(declared, registry.points(site), time.time_ns())

    def history(self, site: str, seconds: int) -> dict[str, list[list[float | None]]]:
        """Points of each meter's gauge in the last seconds."""
        return values.history(self._projector().state, self._site(site), seconds, time.time_ns())

    def series(
        self, site: str, tag: str, node: str | None, from_: str | None, to: str | None, step: float | None
    ) -> Json:
        """``/sites/{site}/series``."""
        chosen, now = self._site(site), time.time_ns()
        end = now if to is None else periods.parse("to", to, chosen.zone)
        begin = end - 3_600 * 10**9 if from_ is None else periods.parse("from", from_, chosen.zone)
        if end <= begin:
            raise BadInput("to must be later than from")
        width = None if step is None else round(step * 10**9)
        projector = self._projector()
        found = values.series(projector.state, projector.store, chosen, tag, node, begin, end, width)
        if found is None:
            raise HTTPException(404, f"site {site!r} has no tag {tag!r}")
        return found

    def _site(self, name: str) -> Site:
        site = self._service.live.site(name)
        if site is None:
            raise HTTPException(404, f"no site {name!r}")
        return site

    def _projector(self) -> Projector:
        if self._service.projector is None:
            raise CannotBeDone("the cloud is starting: the ledger is being read")
        return self._service.projector


def create_app(service: Service) -> FastAPI:
    """The application of a running cloud: API, pages, events."""
    app = FastAPI(
        title="Steelyard", version=version("steelyard"), lifespan=_lifespan,
        docs_url=None, redoc_url=None, openapi_url=OPENAPI,
    )  # fmt: skip
    app.add_middleware(TrustedHosts, names=[service.settings.http.host])
    app.add_exception_handler(BadInput, _error(400))
    app.add_exception_handler(CannotBeDone, _error(503))
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(AnyHTTPException, _http)
    factors.shipped()
    source = Source(service)
    app.state.read_model = ReadModel.of(
        service.settings, lambda: [site.id for site in service.live.sites()], lambda: service.live.said()
    )
    app.include_router(_router(source))
    app.include_router(figures.router(service, app.state.read_model))
    app.include_router(exceedances.router(app.state.read_model))
    turn = threading.Lock()
    app.include_router(reports.router(service, turn))
    app.include_router(certificates.desk(service, turn))
    app.include_router(routes.router(service, app.state.read_model))
    serve(app, source)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.events.close()


def _router(source: Source) -> APIRouter:
    router = APIRouter(prefix="/api/v1", tags=["v1"])

    @router.get("/health", summary="How the cloud is, and how far it has come")
    def health() -> Response:
        return _json(source.health())

    @router.get("/sites", summary="The sites of cloud.yaml and of desks")
    def sites() -> Response:
        return _json(source.sites())

    @router.get("/factors", summary="Every emission factor and coefficient with its document")
    def all_factors() -> Response:
        grid = [meter_energy.describe(factor) for factor in factors.shipped()]
        return _json(
            {"factors": grid, "coefficients": [item.record() for item in factors.tables().coefficients]}
        )

    @router.get("/sites/{site}/latest", summary="The latest value of each tag")
    def latest(site: str) -> Response:
        return _json(source.latest(site))

    @router.get("/sites/{site}/energy", summary="Energy and tCO2 of each meter by hour, day or month")
    def energy_(
        site: str,
        from_: From = None,
        to: To = None,
        by: Annotated[By, Query(description="length of a period in the site's zone")] = "day",
    ) -> Response:
        return _json(source.energy(site, from_, to, by))

    @router.get("/sites/{site}/series", summary="Values of one tag over time: [UTC ms, value or null]")
    def series(
        site: str,
        tag: Annotated[str, Query(max_length=200)],
        node: Annotated[str | None, Query(max_length=64)] = None,
        from_: From = None,
        to: To = None,
        step: Step = None,
    ) -> Response:
        return _json(source.series(site, tag, node, from_, to, step))

    return router


def _json(value: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, {"Cache-Control": "no-store"}, "application/json")


def _error(status: int) -> Any:
    async def answer(request: Request, error: Exception) -> Response:
        return await _refused(request, str(error), status)

    return answer


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, AnyHTTPException)
    return await _refused(request, str(error.detail), error.status_code)


async def _refused(request: Request, why: str, status: int) -> Response:
    """JSON for programs, a page in its language for a browser that opens one."""
    return (
        await refused.page(request, why, status) if refused.wanted(request) else _json({"error": why}, status)
    )


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    said = [
        f"{item['loc'][-1]}: {item['msg'].replace('Input should be', 'must be')}" for item in error.errors()
    ]
    return await _refused(request, "; ".join(said), 400)
