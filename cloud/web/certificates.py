"""The certificate of a machine replacement over HTTP: for a regulator's token, and for the desk behind its gate."""

from __future__ import annotations

import threading
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query, Response

from cloud.auth.gate import Guarded
from cloud.auth.running import Running
from cloud.figures.replacements import UnknownProject
from cloud.messages.words import LANGUAGES
from cloud.reports import certificate_view, issue
from cloud.settings import Settings
from cloud.statements.replay import UnknownSite
from cloud.web.documented import OTHER, READING, files, problems
from cloud.web.messages import NoReplacement
from cloud.web.models.signed import Certificate
from contract.fields import ID

PATH = "/replacements/{project}/certificate"
View = Annotated[Literal["json", "pdf"], Query(alias="format", description="the signed file, or its PDF")]
Language = Annotated[Literal["zh", "en", "both"], Query(description="languages of the PDF")]
TYPES = {"json": "application/json", "pdf": "application/pdf"}


def desk(service: Running, turn: threading.Lock) -> APIRouter:
    """The route for the desk. turn: one at a time reads the whole ledger."""
    guarded = type("CertificateRoute", (Guarded,), {"service": service})
    found = APIRouter(prefix="/api/v1/sites/{site}/desk", tags=["desk"], route_class=guarded, responses=OTHER)

    @found.get(
        PATH,
        response_model=Certificate,
        responses=files(**TYPES) | problems(*READING),
        summary="The signed certificate of a machine replacement, or its PDF, for the desk",
    )
    def certificate_for_desk(
        site: str, project: str, view: View = "json", lang: Language = "both"
    ) -> Response:
        """The same file as a regulator gets."""
        with turn:
            return answer(service.settings, site, project, view, lang)

    return found


def answer(settings: Settings, site: str, project: str, view: str, lang: str) -> Response:
    """The certificate as a file. Raises 404 for a site or project that is none, CannotBeDone."""
    if not ID.fullmatch(project):
        raise HTTPException(404, NoReplacement(site[:63], project[:63]))
    try:
        made, one = issue.certificate(settings, site, project, None)
    except (UnknownSite, UnknownProject) as error:
        raise HTTPException(404, error.message) from None
    data = one.data
    if view == "pdf":
        pack = f"{site}-{made.body['from']}-{made.body['to']}.zip"
        languages = tuple(LANGUAGES) if lang == "both" else (lang,)
        data = certificate_view.render(one.data, one.body, pack, languages)
    name = f'attachment; filename="{site}-{project}.{view}"'
    return Response(data, 200, {"Cache-Control": "no-store", "Content-Disposition": name}, TYPES[view])
