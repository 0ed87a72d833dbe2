"""The application of a running cloud: the API under /api/v1, the pages, the events.

The API is read only but for the desk; figures are decimal strings with their units.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI

from cloud.read_models.read_model import ReadModel
from cloud.reference import factors
from cloud.web import (
    certificates,
    errors,
    exceedances,
    figures,
    measured,
    openapi,
    overview,
    reports,
)
from cloud.web.desk import routes
from cloud.web.hosts import TrustedHosts
from cloud.web.pages import serve
from cloud.web.service_source import Service, ServiceSource


def create_app(service: Service) -> FastAPI:
    """The application of a running cloud."""
    app = openapi.Described(
        title="Steelyard", version=version("steelyard"), lifespan=_lifespan,
        docs_url=None, redoc_url=None, openapi_url=openapi.URL, generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    app.add_middleware(TrustedHosts, names=[service.settings.http.host])
    errors.install(app)
    factors.shipped()
    app.state.read_model = ReadModel.of(
        service.settings,
        lambda: [site.id for site in service.registry.sites()],
        lambda: service.registry.statement_count(),
    )
    _add_routes(app, service)
    serve(app, ServiceSource(service))
    return app


def _add_routes(app: FastAPI, service: Service) -> None:
    read_model: ReadModel = app.state.read_model
    turn = threading.Lock()
    for router in (
        overview.router,
        measured.router,
        figures.router(service, read_model),
        exceedances.router(read_model),
        reports.router(service, turn),
        certificates.desk(service, turn),
        routes.router(service, read_model),
    ):
        app.include_router(router)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    app.state.events.close()
