"""The pages that people open: the first page, its part that is fetched anew, its static files, its events."""

from __future__ import annotations

import asyncio
from functools import cache
from pathlib import Path
from typing import Any

import anyio
import orjson
import structlog
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sse_starlette import EventSourceResponse
from starlette.staticfiles import StaticFiles

from cloud.web import sse
from cloud.web.i18n import LANGUAGES, Language, choose, translations
from cloud.web.source import Source
from cloud.web.typeset import factor_unit, moment
from cloud.web.view import Facts, Page, page
from cloud.web.words import WORDS, refusal
from contract.errors import CannotBeDone

HERE = Path(__file__).parent
LANGUAGE_COOKIE = "lang"
YEAR_S = 365 * 86400
HISTORY_S = 600
RECENT_S = 20
"""Seconds of points that each event repeats, so that a client may miss some events."""

SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Cookie, Accept-Language",
}

log = structlog.get_logger(__name__)
router = APIRouter(include_in_schema=False)


def serve(app: Any, source: Source) -> None:
    """Give an application the pages and the events of a source; ``app.state.events.close()`` ends them."""
    app.state.source = source
    app.state.events = sse.Events(lambda site: sse.frame(event(source, site)))
    app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")


def event(source: Source, site: str) -> Facts:
    """One event: the API's ``latest``, today's ``energy`` and ``health``, and what the page makes of them."""
    latest, energy, health = source.latest(site), source.today(site), source.health()
    made = page(latest, energy, health)
    now_s = moment(latest["now"]).timestamp()
    return {
        "site": site, "now": latest["now"], "now_s": now_s, "layout": made.layout, "latest": latest, "energy": energy,
        "health": health, "page": made.changing(), "points": source.history(site, RECENT_S),
    }  # fmt: skip


@router.get("/", response_class=HTMLResponse)
async def first_page(request: Request, site: str | None = None, lang: str | None = None) -> Response:
    """The first page of a site, by default the first of cloud.yaml."""
    return await _answer(request, "page.html", site, lang)


@router.get("/parts/site", response_class=HTMLResponse)
async def site_part(request: Request, site: str | None = None, lang: str | None = None) -> Response:
    """The part of the first page that changes when tags, meters or factors do."""
    return await _answer(request, "site.html", site, lang)


@router.get("/parts/history")
async def history(request: Request, site: str) -> Response:
    """Points of each meter's gauge over the last ten minutes: {meter: [[UTC s, value or null], ...]}."""
    source, chosen = _chosen(request, site)
    points = await asyncio.to_thread(source.history, chosen["id"], HISTORY_S)
    return Response(orjson.dumps(points), media_type="application/json", headers=SAFE)


@router.get("/api/v1/sites/{site}/events")
async def events(request: Request, site: str) -> Response:
    """Events of a site, one a second: what ``event`` makes."""
    _chosen(request, site)
    ending = anyio.Event()
    return EventSourceResponse(
        request.app.state.events.stream(site, ending),
        ping=sse.HEARTBEAT_S,
        send_timeout=sse.SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=sse.GRACE_S,
    )


def _chosen(request: Request, site: str | None) -> tuple[Source, Facts]:
    """The source and the site that is asked for, or the first. Raises 404 when there is none of that id."""
    source: Source = request.app.state.source
    for each in source.sites()["sites"]:
        if site is None or each["id"] == site:
            return source, each
    raise HTTPException(404, "no such site")


async def _answer(request: Request, template: str, site: str | None, lang: str | None) -> Response:
    source, chosen = _chosen(request, site)
    language = choose(lang, request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language"))
    shown = {"site": chosen, "site_name": chosen[f"name_{language.code}"], "sites": source.sites()["sites"]}
    status = 200
    try:
        shown["view"] = await asyncio.to_thread(_view, source, chosen["id"])
    except CannotBeDone as error:
        log.info("no page now", site=chosen["id"], why=str(error))
        template, status = "starting.html", 503
    html = await asyncio.to_thread(_environment(language).get_template(template).render, shown)
    answer = HTMLResponse(html, status, SAFE | {"Content-Language": language.html})
    if lang in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, language.code, max_age=YEAR_S, httponly=True, samesite="lax")
    return answer


def _view(source: Source, site: str) -> Page:
    return page(source.latest(site), source.today(site), source.health())


@cache
def _environment(language: Language) -> Environment:
    """Templates in one language; a name that is missing in a template is an error, not an empty string."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.install_gettext_translations(translations(language), newstyle=False)  # type: ignore[attr-defined]
    made.globals.update(language=language, languages=LANGUAGES.values(), words=WORDS)
    made.filters["carbon_unit"] = factor_unit
    made.filters["refusal"] = lambda sentence: refusal(sentence, translations(language).gettext)
    return made
