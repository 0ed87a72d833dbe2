"""Figures of a period: all that the books have for the days somebody chose, and what they refuse, with why."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from accounts.figure.calendar import Calendar
from accounts.inputs.inputs import Imported
from cloud.figures import compute
from cloud.read_models.read_model import ReadModel
from cloud.web import frame, navigation
from cloud.web.messages import LastBeforeFirst
from cloud.web.views.view import View
from contract.errors import BadInput

MOST = 366
"""Most days of the period that is shown when nobody chose one."""
RECENT = 30
"""Its days where nothing was imported."""
VIEW = View(navigation.REPORT, "report.html")
Json = dict[str, Any]
_DAY = timedelta(days=1)


def router() -> APIRouter:
    """The route."""
    found = APIRouter(include_in_schema=False)

    @found.get(VIEW.entry.url)
    async def page(
        request: Request,
        site: str | None = None,
        lang: str | None = None,
        first: str | None = None,
        last: str | None = None,
    ) -> Response:
        asked = frame.asked(request, site, lang)
        if asked.site is None:
            return frame.to_wizard()
        read_model: ReadModel = request.app.state.read_model
        try:
            made = await asyncio.to_thread(report, read_model.pinned(), str(asked.site["id"]), first, last)
        except BadInput as error:
            raise HTTPException(400, error.message) from None
        return await frame.answer(
            asked, VIEW.template, {"here": VIEW.entry.id, "title": VIEW.entry.title} | made, lang
        )

    return found


def report(read_model: ReadModel, site: str, first: str | None, last: str | None) -> Json:
    """The figures of the days *first* to *last*, both included; by default the days that were imported.

    Raises BadInput for what is no date, and for days in the wrong order.
    """
    span = usual(read_model, site)
    begin = compute.day("first", first) if first else span[0]
    end = compute.day("last", last) if last else max(span[1], begin)
    if end < begin:
        raise BadInput(LastBeforeFirst(str(end), str(begin)))
    answer = read_model.answer(site, begin, end + _DAY)
    whole = [item for item in answer.figures if item.point is None]
    return {
        "first": begin, "last": end, "running": end >= read_model.today(site),
        "whole": [compute.shown(item) for item in whole],
        "parts": [compute.shown(item) for item in answer.figures if item.point is not None],
        "refused": [item.fields() for item in answer.refused],
    }  # fmt: skip


def usual(read_model: ReadModel, site: str) -> tuple[date, date]:
    """First and last day of what was imported, about a year of it and no row cut in two; else the last days."""
    rows, calendar = read_model.declared(site).rows, read_model.calendar(site)
    if not rows:
        today = read_model.today(site)
        return today - RECENT * _DAY, today - _DAY
    last = calendar.day_of(max((item.row.to or item.row.from_ + 1) - 1 for item in rows))
    first = calendar.day_of(min(item.row.from_ for item in rows))
    return _between_rows(rows, calendar, max(first, last - (MOST - 1) * _DAY), last), last


def _between_rows(rows: Sequence[Imported], calendar: Calendar, day: date, last: date) -> date:
    """The first day from *day* on that begins inside of no row; where there is none until *last*, the one before."""
    later = day
    while over := _across(rows, calendar.begin(later)):
        later = calendar.day_of(max(end for _, end in over) - 1) + _DAY
        if later > last:
            return _between_before(rows, calendar, day)
    return later


def _between_before(rows: Sequence[Imported], calendar: Calendar, day: date) -> date:
    while over := _across(rows, calendar.begin(day)):
        day = calendar.day_of(min(start for start, _ in over))
    return day


def _across(rows: Sequence[Imported], at: int) -> list[tuple[int, int]]:
    """Begin and end of the rows that a moment cuts in two, UTC ns."""
    return [
        (item.row.from_, item.row.to) for item in rows if item.row.to and item.row.from_ < at < item.row.to
    ]
