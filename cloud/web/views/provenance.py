"""Where a figure comes from, as a page of its own and in the drawer of every other one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import Figure
from accounts.inputs.inputs import Imported
from accounts.metering.facts import Facts
from accounts.savings.project_rows import code_of
from cloud.figures import provenance
from cloud.figures.compute import shown
from cloud.messages.i18n import N_
from cloud.read_models.read_model import ReadModel
from cloud.web import frame
from cloud.web.messages import NoFigureOfPage
from contract.fields import as_day

TITLE = N_("Where a figure comes from")
MOST = 62
"""Most rows of a table on the page."""
Json = dict[str, Any]
Behind = tuple[list[Facts], list[Imported]]


def router() -> APIRouter:
    """The route."""
    found = APIRouter(include_in_schema=False)

    @found.get("/v/provenance/{name}")
    async def page(request: Request, name: str, part: bool = False, lang: str | None = None) -> Response:
        traced = await asyncio.to_thread(trace, request.app.state.read_model.pinned(), name)
        if traced is None:
            raise HTTPException(404, NoFigureOfPage(name[:40]))
        asked = frame.asked(request, traced["site_id"], lang)
        template = "provenance_part.html" if part else "provenance.html"
        return await frame.answer(asked, template, {"here": "provenance", "title": TITLE, "p": traced}, lang)

    return found


def trace(read_model: ReadModel, name: str) -> Json | None:
    """Everything behind a figure; None when nobody asked for it yet."""
    figure = read_model.figure(name)
    if figure is None:
        return _declared(read_model, name)
    facts, rows = _of_project(read_model, figure.site, figure.point) or _of_points(read_model, figure)
    proof = provenance.blocks(read_model.settings, facts, frozenset(r.block for r in rows))
    return {
        "running": _running(read_model, figure),
        "site_id": figure.site, "figure": shown(figure), "inputs": figure.inputs, "parts": figure.parts[:MOST],
        "facts": [provenance.row(item) for item in facts[:MOST]], "all_facts": len(facts), "rows": len(rows),
        "blocks": proof, "records": [record.record() for record in figure.records],
        "sources": sorted(figure.sources),
    }  # fmt: skip


def _of_points(read_model: ReadModel, figure: Figure) -> Behind:
    """Hour facts and imported rows of the points of a figure, in its days."""
    declared = read_model.declared(figure.site)
    period = _period(Calendar.of(declared.site), figure)
    points = {str(part["point"]) for part in figure.parts} | ({figure.point} if figure.point else set())
    rows = [
        r
        for r in declared.rows
        if r.row.point in points and period.touches(r.row.from_, r.row.to or r.row.from_ + 1)
    ]
    return provenance.facts_of(declared, sorted(points), period), rows


def _of_project(read_model: ReadModel, site: str, name: str | None) -> Behind | None:
    """The same of both periods of a savings project or a replacement; None for a point that is none."""
    declared = read_model.declared(site)
    project = next((item for item in declared.projects if item.id == name), None)
    if project is None:
        return None
    points = project.points or [point.id for point in read_model.tree(site).top(code_of(project.quantity))]
    return provenance.behind(declared, project, points)


def _period(calendar: Calendar, figure: Figure) -> Period:
    """The days of a figure; of one of an hour the day in which it begins."""
    if (first := as_day(figure.from_)) is None or (after := as_day(figure.to)) is None:
        at = int(datetime.fromisoformat(figure.from_).timestamp()) * 10**9
        first, after = (day := calendar.day_of(at)), day + timedelta(days=1)
    return Period(calendar, first, after)


def _running(read_model: ReadModel, figure: Figure) -> bool:
    """Whether the last day of a figure is not over, so that it is provisional."""
    return _period(read_model.calendar(figure.site), figure).end > read_model.now()


def _declared(read_model: ReadModel, name: str) -> Json | None:
    """A figure of a machine replacement: what the desk declared, and the readings where it follows from them too."""
    found = read_model.project_figure(name)
    if found is None:
        return None
    site, statement = read_model.site_of(name), bytes.fromhex(found["statement"])
    read = None if found["declared"] or site is None else _of_project(read_model, site, found["point"])
    facts, rows = read or ([], [])
    proof = provenance.blocks(read_model.settings, facts, frozenset((statement, *(r.block for r in rows))))
    return {
        "site_id": site, "figure": found, "running": False, "inputs": found.get("statement"), "parts": [],
        "facts": [provenance.row(item) for item in facts[:MOST]], "all_facts": len(facts), "rows": len(rows),
        "blocks": proof, "records": [], "sources": found["citations"],
    }  # fmt: skip
