"""The desk: forms that become sealed statements, a CSV to import, and the log with its undo.

`?about=KEY#note` opens the note about something, as pages beside a figure link to it.
"""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from cloud.auth.gate import needs_no_token
from cloud.declarations.csv_file import HEADER
from cloud.messages.i18n import Language
from cloud.read_models.read_model import ReadModel
from cloud.reference.factors import tables
from cloud.web import frame, navigation
from cloud.web.desk.forms import FORMS
from cloud.web.desk.sources import Options, sources
from cloud.web.views.view import View

VIEW = View(navigation.DESK, "desk.html")


def router() -> APIRouter:
    """The route."""
    found = APIRouter(include_in_schema=False)

    @found.get(VIEW.entry.url)
    async def page(
        request: Request, site: str | None = None, lang: str | None = None, about: str = ""
    ) -> Response:
        asked = frame.asked(request, site, lang)
        if asked.site is None:
            return frame.to_wizard()
        read_model: ReadModel = request.app.state.read_model
        lists = await asyncio.to_thread(_sources, read_model, str(asked.site["id"]), asked.language)
        shown: dict[str, Any] = {
            "here": VIEW.entry.id, "title": VIEW.entry.title, "forms": FORMS, "sources": lists, "about": about,
            "open": needs_no_token(read_model.settings, request), "columns": ",".join(HEADER),
        }  # fmt: skip
        return await frame.answer(asked, VIEW.template, shown, lang)

    return found


def _sources(read_model: ReadModel, site: str, language: Language) -> dict[str, Options]:
    return sources(read_model.tree(site), tables(), language)
