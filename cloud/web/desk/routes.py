"""The routes of the desk under /api/v1, all behind the gate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from cloud.auth.gate import IMPORT, Guarded
from cloud.auth.running import Running
from cloud.messages.form_sentences import localised
from cloud.read_models.read_model import ReadModel
from cloud.signing import deliver
from cloud.web.desk import current, submit
from contract.errors import BadInput

MOST = 500
"""Most statements of a log."""
Json = dict[str, Any]
Call = Callable[[], Json]


def router(service: Running, read_model: ReadModel) -> APIRouter:
    """The routes. After each statement the books are read anew."""
    found = APIRouter(
        prefix="/api/v1", tags=["desk"], route_class=type("DeskRoute", (Guarded,), {"service": service})
    )

    async def sealed(request: Request, call: Call) -> Response:
        answer = await _answer(call, request.query_params.get("lang", ""))
        if answer.status_code == 200:
            read_model.forget()
        return answer

    @found.post("/desk/sites", summary="Make a site: {by, note, site, points, ...}, the sections of a declaration",
                openapi_extra=_body({"by": _TEXT, "note": _TEXT, "site": _OBJECT}))  # fmt: skip
    async def new_site(request: Request) -> Response:
        state = request.state
        return await sealed(request, lambda: submit.new_site(service, state.writer, state.body))

    @found.post("/sites/{site}/desk/{kind}", summary="Seal one statement of the desk: {by, note, fields, on}",
                openapi_extra=_body({"by": _TEXT, "note": _TEXT, "fields": _OBJECT, "on": _TEXT}))  # fmt: skip
    async def one(request: Request, site: str, kind: str) -> Response:
        _known(service, site)
        if kind not in submit.SECTIONS:
            raise HTTPException(404, f"no kind {kind[:40]!r}; known are {', '.join(submit.SECTIONS)}")
        state = request.state
        return await sealed(request, lambda: submit.one(service, site, kind, state.writer, state.body))

    @found.post(IMPORT, summary="Import rows: {by, name, csv}; what the command `import` says of them",
                openapi_extra=_body({"by": _TEXT, "name": _TEXT, "csv": _TEXT}))  # fmt: skip
    async def rows(request: Request, site: str) -> Response:
        _known(service, site)
        state = request.state
        return await sealed(request, lambda: submit.rows(service, site, state.writer, state.body))

    _reading(found, service, read_model)
    return found


def _reading(found: APIRouter, service: Running, read_model: ReadModel) -> None:
    """Add what the log and the forms ask for."""

    @found.get("/sites/{site}/desk/log", summary="The newest statements of the desk, with person and time")
    def log(site: str, limit: Annotated[int, Query(ge=1, le=MOST)] = 100) -> Response:
        _known(service, site)
        shown = [current.listed(item) for item in service.live.registry().log(site, limit)]
        return _json({"site": site, "node": deliver.node_of(site), "statements": shown})

    @found.get(
        "/sites/{site}/desk/log/{name}", summary="One statement of the desk by its hash, with its fields"
    )
    def entry(site: str, name: str) -> Response:
        _known(service, site)
        item = current.template(service, site, name)
        if item is None:
            raise HTTPException(404, f"no statement of this site's desk has the hash {name[:12]}…")
        return _json(item)

    @found.get(
        "/sites/{site}/desk/now/{kind}", summary="The statement of a kind that counts now: {hash, fields}"
    )
    def now(site: str, kind: Literal["site", "points", "factors", "savings"]) -> Response:
        _known(service, site)
        return _json(current.now(service, read_model, site, kind))


def _known(service: Running, site: str) -> None:
    """Raises 404 for a site that is not there."""
    if service.live.site(site) is None:
        raise HTTPException(404, f"no site {site!r}")


async def _answer(call: Call, lang: str) -> Response:
    """What a call did, or why it was refused, in the language asked for."""
    try:
        done = await run_in_threadpool(call)
    except submit.FormErrors as error:
        faults = [{"path": path, "why": localised(why, lang)} for path, why in error.faults]
        return _json({"error": str(error), "faults": faults}, 422)
    except BadInput as error:
        return _json({"error": localised(str(error), lang)}, 400)
    for item in done.get("refused", ()):
        item["why"] = localised(item["why"], lang)
    return _json(done)


_TEXT: Json = {"type": "string"}
_OBJECT: Json = {"type": "object"}


def _body(properties: Json) -> Json:
    schema = {"type": "object", "properties": properties}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _json(value: Json, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, {"Cache-Control": "no-store"}, "application/json")
