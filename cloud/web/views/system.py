"""How the cloud itself is: its ledger and disk, how far it has read, what it refused, each node with its streams."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cloud.messages.i18n import N_
from cloud.web import frame, navigation
from cloud.web.attention import LAGS, LOOKS
from cloud.web.formatting import NOTHING, Clock, moment, number
from cloud.web.views.view import View

VIEW = View(navigation.SYSTEM, "system.html", needs_site=False)
Json = dict[str, Any]
COUNTS = {
    "refused": (
        N_("Blocks refused"),
        N_("signed well and cannot be taken; they stay on the edge, whose log says why"),
    ),
    "unknown_keys": (
        N_("Unknown keys"),
        N_("messages under keys that nobody entered here: enter the node's key, or find out who sends"),
    ),
    "forks": (
        N_("Forks"),
        N_("two blocks claim the same place of a stream: a copied edge, or somebody who pretends to be it"),
    ),
    "unlinked": (
        N_("Blocks out of order"),
        N_("dropped, and sent again by the edge; a few after each interruption are usual"),
    ),
    "duplicates": (N_("Blocks that came twice"), N_("kept once; usual after an interruption")),
    "dropped": (N_("Messages that are no blocks"), N_("too long, damaged, or of another program")),
    "overflowed": (
        N_("Messages without room"),
        N_("more came at once than could be held; the edge sends them again"),
    ),
    "unknown_sites": (
        N_("Sites that nobody declared"),
        N_("named by nodes; declare each at the desk or in cloud.yaml"),
    ),
}
"""Counts since the cloud's start: what each is called, and what it means."""


@dataclass(frozen=True)
class Line:
    """A value of the system with what it means; alarm: somebody must look."""

    label: str
    value: str
    help: str
    alarm: bool = False


def router() -> APIRouter:
    """The route."""
    found = APIRouter(include_in_schema=False)

    @found.get(VIEW.entry.url)
    async def page(request: Request, site: str | None = None, lang: str | None = None) -> Response:
        asked = frame.asked(request, site, lang)
        health = await asyncio.to_thread(request.app.state.source.health)
        zone = "UTC" if asked.site is None else str(asked.site["tz"])
        own = {"here": VIEW.entry.id, "title": VIEW.entry.title, "zone": zone}
        return await frame.answer(asked, VIEW.template, own | shown(health, ZoneInfo(zone)), lang)

    return found


def shown(health: Json, zone: ZoneInfo) -> Json:
    """What the page shows of the answer of GET /api/v1/health, times by the clock of a zone."""
    clock = Clock(zone, moment(health["time"]))
    return {
        "status": f"status/{health['status']}", "well": health["status"] == "ok", "version": health["version"],
        "time": clock.show(health["time"]),
        "ledger": list(_ledger(health, clock)), "reading": list(_reading(health["projector"])),
        "counts": [
            Line(label, number(str(health[key]), 0), text, key in LOOKS and health[key] > 0)
            for key, (label, text) in COUNTS.items()
        ],
        "nodes": [_node(each, clock) for each in health["nodes"]],
    }  # fmt: skip


def _ledger(health: Json, clock: Clock) -> Iterator[Line]:
    ledger, last = health["ledger"], health["last_received"]
    yield Line(
        N_("Blocks in the ledger"),
        _count(ledger["blocks"]),
        N_("all that was ever received; none is deleted"),
    )
    yield Line(N_("Size"), size(ledger["bytes"]), N_("of the blocks"))
    yield Line(N_("Growth a day"), size(ledger["bytes_per_day"]), N_("on the average since the first block"))
    yield Line(N_("Free on the disk"), size(ledger["free_bytes"]), N_("where the ledger is"))
    yield Line(N_("Days until the disk is full"), _count(ledger["days_to_full"]), N_("at this growth"))
    yield Line(
        N_("Damaged places"), _count(ledger["damage"]), N_("bytes of the ledger that fail their check; restore a copy"),
        ledger["damage"] > 0,
    )  # fmt: skip
    yield Line(N_("Last block received"), clock.show(last) if last else NOTHING, N_("of any node"))


def _reading(projector: Json) -> Iterator[Line]:
    lag = projector["lag_blocks"]
    yield Line(
        N_("Projector lag, blocks"),
        _count(lag),
        N_("received and not yet in charts and energy"),
        (lag or 0) > LAGS,
    )
    yield Line(
        N_("Values stored"),
        _count(projector["values"]),
        N_("for charts; they can be made again from the ledger"),
    )


def _node(node: Json, clock: Clock) -> Json:
    streams = [{"name": each["stream"], "last": _count(each["last"])} for each in node["streams"]]
    last = node["last_received"]
    return {
        "node": node["node"], "site": node["site"] or NOTHING, "trusted": node["trusted"],
        "last": clock.show(last) if last else NOTHING, "streams": streams,
    }  # fmt: skip


def _count(value: float | None) -> str:
    return number(None if value is None else str(value), 0)


def size(count: int | None) -> str:
    """Bytes as people write them: at most three digits before the point."""
    if count is None:
        return NOTHING
    value, units = Decimal(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{number(str(value), 1 if units[0] != 'B' else 0)} {units[0]}"
