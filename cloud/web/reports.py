"""Summary, pack and certificates over HTTP, for a regulator's token of the site; nobody else is answered."""

from __future__ import annotations

import os
import tempfile
import threading
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from cloud.auth import access
from cloud.auth.running import Running
from cloud.messages.words import LANGUAGES
from cloud.reports import issue, pdf, table
from cloud.reports.summary import Summary
from cloud.web import certificates
from cloud.web.documented import OTHER, READING, files, problems
from cloud.web.models.signed import Certificate
from cloud.web.models.signed import Summary as SummaryModel

Day = Annotated[str, Query(alias="from", description="first local date, YYYY-MM-DD", max_length=10)]
End = Annotated[str, Query(description="local date after the last one, YYYY-MM-DD", max_length=10)]
View = Annotated[
    Literal["json", "pdf", "csv"], Query(alias="format", description="the signed file, or a view of it")
]
Language = Annotated[Literal["zh", "en", "both"], Query(description="languages of the PDF")]
Depth = Annotated[Literal["summary", "full"], Query(description="full: with the rows behind the hour facts")]
_TYPES = {"json": "application/json", "pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


def router(service: Running, turn: threading.Lock) -> APIRouter:
    """The routes, guarded by the token of the site that they are about. turn: one at a time reads the whole ledger."""
    found = access.routes(service, OTHER)
    _summary(found, service, turn)
    _pack(found, service, turn)
    _certificate(found, service, turn)
    return found


def _summary(found: APIRouter, service: Running, turn: threading.Lock) -> None:
    """Add the route of summaries."""

    @found.get(
        "/sites/{site}/summary",
        response_model=SummaryModel,
        responses=files(**_TYPES) | problems(*READING),
        summary="The signed summary of a period, or a view of it",
    )
    def summary(site: str, from_: Day, to: End, view: View = "json", lang: Language = "both") -> Response:
        """The same ledger and period give the same bytes."""
        with turn:
            made = issue.make(service.settings, site, from_, to)
        name = f"{site}-{from_}-{to}"
        headers = {
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}.{view}"',
        }
        return Response(_view(made, view, lang, f"{name}.zip"), 200, headers, _TYPES[view])


def _pack(found: APIRouter, service: Running, turn: threading.Lock) -> None:
    """Add the route of evidence packs."""

    @found.get(
        "/sites/{site}/pack",
        response_class=Response,
        responses=files(zip="application/zip") | problems(*READING),
        summary="The evidence pack of a period: summary and sealed blocks",
    )
    def pack(site: str, from_: Day, to: End, depth: Depth = "summary") -> Response:
        """What `steelyard-verify` checks offline."""
        number, name = tempfile.mkstemp(suffix=".zip")
        os.close(number)
        path = Path(name)
        try:
            with turn:
                issue.pack(service.settings, site, from_, to, path, depth)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        headers = {"Cache-Control": "no-store"}
        gone = BackgroundTask(path.unlink, missing_ok=True)
        return FileResponse(path, 200, headers, "application/zip", gone, f"{site}-{from_}-{to}.zip")


def _certificate(found: APIRouter, service: Running, turn: threading.Lock) -> None:
    """Add the route of certificates."""

    @found.get(
        f"/sites/{{site}}{certificates.PATH}",
        response_model=Certificate,
        responses=files(**certificates.TYPES) | problems(*READING),
        summary="The signed certificate of a machine replacement, or its PDF",
    )
    def certificate(
        site: str, project: str, view: certificates.View = "json", lang: Language = "both"
    ) -> Response:
        """The same file as in the evidence pack."""
        with turn:
            return certificates.answer(service.settings, site, project, view, lang)


def _view(made: Summary, view: str, lang: str, pack_name: str) -> bytes:
    if view == "csv":
        return table.render(made.data, made.body)
    if view == "pdf":
        languages = tuple(LANGUAGES) if lang == "both" else (lang,)
        return pdf.render(made.data, made.body, pack_name, languages)
    return made.data
