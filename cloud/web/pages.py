"""The pages that people open: the first page, its parts that are fetched anew, its static files."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from cloud.web import charts, live, sse
from cloud.web.frame import HERE, answer, asked, to_wizard
from cloud.web.source import Source
from cloud.web.view import Facts, Page, page
from cloud.web.views import routes
from cloud.web.views.standing import standing
from contract.errors import CannotBeDone

SOON_S = 0.2
"""How long after the books may have changed the page asks for its answers again, seconds."""

log = structlog.get_logger(__name__)
router = APIRouter(include_in_schema=False)


def serve(app: Any, source: Source) -> None:
    """Give an application the pages and the events of a source; ``app.state.events.close()`` ends them."""
    app.state.source = source
    app.state.events = sse.Events(lambda site: sse.frame(live.event(source, site)))
    app.include_router(router)
    app.include_router(live.router)
    app.include_router(routes.router())
    app.include_router(charts.router())
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")


@router.get("/", response_class=HTMLResponse)
async def first_page(request: Request, site: str | None = None, lang: str | None = None) -> Response:
    """The first page of a site, by default the first of cloud.yaml."""
    return await _answer(request, "page.html", site, lang)


@router.get("/parts/site", response_class=HTMLResponse)
async def site_part(request: Request, site: str | None = None, lang: str | None = None) -> Response:
    """The part of the first page that changes when tags, meters or factors do."""
    return await _answer(request, "site.html", site, lang)


@router.get("/parts/standing", response_class=HTMLResponse)
async def standing_part(request: Request, site: str, lang: str | None = None) -> Response:
    """The five answers of the first page: limits, electricity for what was made, money, trust, decisions."""
    found, read_model = asked(request, site, lang), request.app.state.read_model
    made = await asyncio.to_thread(standing, read_model.pinned(), site)
    again = max(read_model.rest(site), 1.0) + SOON_S
    return await answer(found, "standing.html", {"standing": made, "again": round(again, 1)}, None)


async def _answer(request: Request, template: str, site: str | None, lang: str | None) -> Response:
    found = asked(request, site, lang)
    if found.site is None:
        return to_wizard()
    source, name = request.app.state.source, found.site["id"]
    try:
        shown: Facts = {"view": await asyncio.to_thread(_view, source, name), "here": "now"}
    except CannotBeDone as error:
        log.info("no page now", site=name, why=str(error))
        return await answer(found, "starting.html", {}, lang, 503)
    return await answer(found, template, shown, lang)


def _view(source: Source, site: str) -> Page:
    return page(source.latest(site), source.today(site), source.health(), source.card_figures(site))
