"""The routes of the desk under /api/v1, all behind the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from cloud.auth.gate import IMPORT, Guarded
from cloud.auth.running import Running
from cloud.read_models.read_model import ReadModel
from cloud.signing import deliver
from cloud.web.answers import ready
from cloud.web.desk import current, submit
from cloud.web.desk.messages import NoKind, NoStatement
from cloud.web.desk.wording import fault
from cloud.web.documented import OTHER, READING, WRITING, problems, takes
from cloud.web.messages import NoSite
from cloud.web.models import desk as models
from contract.message import of_json

MOST = 500
"""Most statements of a log."""
Json = dict[str, Any]
Call = Callable[[], Json]
Kind = Annotated[str, Path(description=f"kind of the statement: {', '.join(submit.SECTIONS)}")]
Hash = Annotated[str, Path(description="hash of the statement's block, 64 hex digits")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="most statements")]


def router(service: Running, read_model: ReadModel) -> APIRouter:
    """The routes. After each statement the books are read anew."""
    guarded = type("DeskRoute", (Guarded,), {"service": service})
    found = APIRouter(prefix="/api/v1", tags=["desk"], route_class=guarded, responses=OTHER)
    _making(found, service, read_model)
    _importing(found, service, read_model)
    _reading(found, service, read_model)
    return found


async def _sealed(read_model: ReadModel, call: Call) -> Json:
    """What was sealed; the books are read anew."""
    done = await run_in_threadpool(call)
    read_model.forget()
    return done


def _making(found: APIRouter, service: Running, read_model: ReadModel) -> None:
    """Add what seals the statements of forms."""

    @found.post(
        "/desk/sites",
        response_model=models.Sealed,
        responses=problems(*WRITING),
        openapi_extra=takes(models.NewSite),
        summary="Make a site: {by, note, site, points, ...}, the sections of a declaration",
    )
    async def new_site(request: Request) -> Response:
        """All of it is sealed, or nothing."""
        state = request.state
        return ready(await _sealed(read_model, lambda: submit.new_site(service, state.writer, state.body)))

    @found.post(
        "/sites/{site}/desk/{kind}",
        response_model=models.Sealed,
        responses=problems(*WRITING),
        openapi_extra=takes(models.NewStatement),
        summary="Seal one statement of the desk: {by, note, fields, on}",
    )
    async def new_statement(request: Request, site: str, kind: Kind) -> Response:
        """It counts at once, and is never changed: another statement changes it."""
        _known(service, site)
        if kind not in submit.SECTIONS:
            raise HTTPException(404, NoKind(kind[:40], tuple(submit.SECTIONS)))
        state = request.state
        return ready(
            await _sealed(read_model, lambda: submit.one(service, site, kind, state.writer, state.body))
        )


def _importing(found: APIRouter, service: Running, read_model: ReadModel) -> None:
    """Add what imports rows."""

    @found.post(
        IMPORT,
        response_model=models.ImportedRows,
        responses=problems(*WRITING),
        openapi_extra=takes(models.NewRows),
        summary="Import rows: {by, name, csv}; what the command `import` says of them",
    )
    async def new_rows(request: Request, site: str) -> Response:
        """All new rows of a file count, or none."""
        _known(service, site)
        state, lang = request.state, request.query_params.get("lang", "")
        done = await _sealed(read_model, lambda: submit.rows(service, site, state.writer, state.body))
        return ready({**done, "refused": [_refused(row, lang) for row in done["refused"]]})


def _reading(found: APIRouter, service: Running, read_model: ReadModel) -> None:
    """Add what the log and the forms ask for."""

    @found.get(
        "/sites/{site}/desk/log",
        response_model=models.Log,
        responses=problems(*READING),
        summary="The newest statements of the desk, with person and time",
    )
    def log(site: str, limit: Limit = 100) -> Response:
        """The newest first; an import of several parts is one of them."""
        _known(service, site)
        shown = [current.listed(item) for item in service.registry.caught_up().log(site, limit)]
        return ready({"site": site, "node": deliver.node_of(site), "statements": shown})

    @found.get(
        "/sites/{site}/desk/log/{name}",
        response_model=models.Statement,
        responses=problems(*READING),
        summary="One statement of the desk by its hash, with its fields",
    )
    def statement(site: str, name: Hash) -> Response:
        """As its form takes them: a template for the next."""
        _known(service, site)
        item = current.template(service, site, name)
        if item is None:
            raise HTTPException(404, NoStatement(name[:12]))
        return ready(item)

    @found.get(
        "/sites/{site}/desk/now/{kind}",
        response_model=models.Current,
        responses=problems(*READING),
        summary="The statement of a kind that counts now: {hash, fields}",
    )
    def statement_now(site: str, kind: Literal["site", "points", "factors", "savings"]) -> Response:
        """Of a kind of which one statement says all."""
        _known(service, site)
        return ready(current.now(service, read_model, site, kind))


def _known(service: Running, site: str) -> None:
    """Raises 404 for a site that is not there."""
    if service.registry.site(site) is None:
        raise HTTPException(404, NoSite(site))


def _refused(row: Json, lang: str) -> Json:
    """A row that an import refused, with its detail in the language asked for."""
    return {"line": row["line"], **fault(of_json(row), lang)}
