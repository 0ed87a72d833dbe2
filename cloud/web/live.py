"""What the first page asks for while it is open: the points of the last minutes, then events."""

from __future__ import annotations

import asyncio

import anyio
import orjson
from fastapi import APIRouter, Request, Response
from sse_starlette import EventSourceResponse

from cloud.web import sse
from cloud.web.documented import OTHER, Responses, problems
from cloud.web.formatting import moment
from cloud.web.frame import SAFE, chosen
from cloud.web.models.values import History
from cloud.web.source import Source
from cloud.web.view import Facts, page

HISTORY_S = 600
RECENT_S = 20
"""Seconds of points that each event repeats, so that a client may miss some events."""
STREAM: Responses = {
    200: {"content": {"text/event-stream": {"schema": {"$ref": "#/components/schemas/SiteEvent"}}}}
}
"""The schema is that of each event's data."""

router = APIRouter(responses=OTHER | problems(404))


def event(source: Source, site: str) -> Facts:
    """One event: the API's ``latest``, today's ``energy`` and ``health``, and what the page makes of them."""
    latest, energy, health = source.latest(site), source.today(site), source.health()
    made = page(latest, energy, health, source.card_figures(site))
    now_s = moment(latest["now"]).timestamp()
    return {
        "site": site, "now": latest["now"], "now_s": now_s, "layout": made.layout, "latest": latest, "energy": energy,
        "health": health, "page": made.changing(), "points": source.history(site, RECENT_S),
    }  # fmt: skip


@router.get("/parts/history", include_in_schema=False, response_model=History)
async def history(request: Request, site: str) -> Response:
    """Points of each meter's gauge over the last ten minutes: {meter: [[UTC s, value or null], ...]}."""
    source, found = chosen(request, site)
    points = await asyncio.to_thread(source.history, found["id"], HISTORY_S)
    return Response(orjson.dumps(points), media_type="application/json", headers=SAFE)


@router.get(
    "/api/v1/sites/{site}/events",
    tags=["v1"],
    response_class=Response,
    responses=STREAM,
    summary="Server-sent events `site` of a site, one a second",
)
async def events(request: Request, site: str) -> Response:
    """The data of each is JSON and has the whole state of the first page: a client that reads too slowly misses some
    and loses nothing. Comments between them keep the line open."""
    chosen(request, site)
    ending = anyio.Event()
    return EventSourceResponse(
        request.app.state.events.stream(site, ending),
        ping=sse.HEARTBEAT_S,
        send_timeout=sse.SEND_TIMEOUT_S,
        shutdown_event=ending,
        shutdown_grace_period=sse.GRACE_S,
    )
