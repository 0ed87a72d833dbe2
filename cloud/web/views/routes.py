"""The routes of the pages: the list of them, and every page that has no route of its own."""

from __future__ import annotations

import asyncio
from typing import Annotated

import structlog
from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from cloud.auth.gate import needs_no_token
from cloud.messages.i18n import DEFAULT, LANGUAGES, translations
from cloud.read_models.read_model import ReadModel
from cloud.web import frame
from cloud.web.answers import ready
from cloud.web.documented import OTHER
from cloud.web.messages import NoPage
from cloud.web.models.sites import Pages
from cloud.web.navigation import ENTRIES
from cloud.web.views import (
    completeness,
    desk,
    exceedances,
    load,
    provenance,
    replacement,
    report,
    savings,
    system,
    wizard,
)
from cloud.web.views.view import Shown, View
from contract.errors import CannotBeDone

log = structlog.get_logger(__name__)
VIEWS: tuple[View, ...] = (
    replacement.VIEW,
    savings.SCATTER,
    savings.CUSUM,
    exceedances.VIEW,
    completeness.VIEW,
    load.VIEW,
    report.VIEW,
    desk.VIEW,
    wizard.VIEW,
    system.VIEW,
)  # fmt: skip
"""Add a page here and to cloud.web.navigation; /v/{id} serves it."""


def router() -> APIRouter:
    """The list of the pages, and every page that has no route of its own."""
    found = APIRouter()
    for each in (provenance, report, desk, wizard, system):
        found.include_router(each.router())

    @found.get(
        "/api/v1/views",
        tags=["v1"],
        response_model=Pages,
        responses=OTHER,
        summary="The pages, with their titles in a language",
    )
    def views(lang: Annotated[str, Query(description="zh or en")] = "en") -> Response:
        say = translations(LANGUAGES.get(lang, DEFAULT)).gettext
        listed = [{"id": each.id, "url": each.url, "title": say(each.title)} for each in ENTRIES]
        return ready({"views": listed})

    @found.get("/v/{name}", include_in_schema=False)
    async def page(request: Request, name: str, site: str | None = None, lang: str | None = None) -> Response:
        view = next((each for each in VIEWS if each.entry.id == name and each.data is not None), None)
        if view is None:
            raise HTTPException(404, NoPage())
        return await show(request, view, site, lang)

    return found


async def show(request: Request, view: View, site: str | None, lang: str | None) -> Response:
    """The page of a view."""
    asked = frame.asked(request, site, lang)
    if asked.site is None and view.needs_site:
        return frame.to_wizard()
    read_model: ReadModel = request.app.state.read_model.pinned()
    name = "" if asked.site is None else str(asked.site["id"])
    try:
        shown = await asyncio.to_thread(_shown, view, read_model, name, asked.language.code)
    except CannotBeDone as error:
        log.info("no page now", view=view.entry.id, site=name, why=str(error))
        return await frame.answer(asked, "starting.html", {}, lang, 503)
    own = {
        "here": view.entry.id,
        "title": view.entry.title,
        "open": needs_no_token(read_model.settings, request),
    }
    return await frame.answer(asked, view.template, own | shown, lang)


def _shown(view: View, read_model: ReadModel, site: str, language: str) -> Shown:
    """What a view shows, and of which size of the ledger: its charts are asked for at the same."""
    assert view.data is not None
    shown = view.data(read_model, site, language)
    return {"at": read_model.statements(site).size if site else None} | shown
