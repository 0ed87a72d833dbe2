"""The desk: forms that become sealed statements, a CSV to import, and the log with its undo."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cloud.books import Books
from cloud.desk.csvfile import HEADER
from cloud.web import frame
from cloud.web.desk.forms import FORMS
from cloud.web.desk.gate import needs_no_token
from cloud.web.i18n import N_
from cloud.web.views.view import View

VIEW = View("desk", "/v/desk", N_("Desk"), "desk.html")


def router() -> APIRouter:
    """The route."""
    found = APIRouter(include_in_schema=False)

    @found.get(VIEW.url)
    async def page(request: Request, site: str | None = None, lang: str | None = None) -> Response:
        asked = frame.asked(request, site, lang)
        if asked.site is None:
            return frame.to_wizard()
        books: Books = request.app.state.books
        points = await asyncio.to_thread(_points, books, str(asked.site["id"]))
        shown: dict[str, Any] = {
            "here": VIEW.id, "title": VIEW.title, "forms": FORMS, "points": points,
            "open": needs_no_token(books.settings, request), "columns": ",".join(HEADER),
        }  # fmt: skip
        return await frame.answer(asked, VIEW.template, shown, lang)

    return found


def _points(books: Books, site: str) -> list[str]:
    return list(books.tree(site).points)
