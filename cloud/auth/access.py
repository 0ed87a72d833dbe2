"""Deny by default: a route of this router answers nobody but the holder of a valid token of the site it is about.

What is asked, by which token and with which status is sealed as an `access` statement before the answer goes out; an
access that can't be sealed is not answered. `site` is a parameter of every route, in its path or query.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException as AnyHTTPException

from cloud.auth.messages import NobodyChecked, NotForRegulators, TokenNeeded, TokenOfOtherSite
from cloud.auth.running import Running
from cloud.registry.tokens import Token
from cloud.signing import deliver, keys
from contract.errors import BadInput, CannotBeDone
from contract.statement import Statement

log = structlog.get_logger()
MAX_PATH = 200
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class Visitor:
    """Who asks: a valid token."""

    token: Token


def routes(service: Running, responses: dict[int | str, dict[str, Any]] | None = None) -> APIRouter:
    """A router under /api/v1 for regulators: GET only, a token for each request, each one sealed.

    responses: what OpenAPI says of answers that all its routes may have.
    """
    guarded = type("Guarded", (_Guarded,), {"service": service})
    return APIRouter(
        prefix="/api/v1",
        tags=["regulator"],
        route_class=guarded,
        dependencies=[Depends(regulator)],
        responses=responses,
    )


def regulator(site: str, request: Request) -> Visitor:
    """The dependency of each route: the visitor, if the token in `Authorization: Bearer` opens this site."""
    service: Running | None = getattr(request.state, "service", None)
    if service is None:
        raise HTTPException(403, NotForRegulators())
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    token = service.registry.caught_up().tokens.check(text.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        log.warning("a request without a valid token", path=request.url.path[:MAX_PATH])
        raise HTTPException(401, TokenNeeded(), {"WWW-Authenticate": "Bearer"})
    request.state.visitor = visitor = Visitor(token)
    if token.site != site:
        raise HTTPException(403, TokenOfOtherSite())
    return visitor


class _Guarded(APIRoute):
    """Runs a handler between the check of the token and the sealing of the access."""

    service: Running

    def get_route_handler(self) -> Handler:
        """The handler with everything around it. Refuses methods that change something."""
        if not (self.methods or set()) <= {"GET", "HEAD"}:
            raise ValueError(f"{self.path}: a regulator's route only reads")
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            request.state.service = self.service
            try:
                response = await inner(request)
            except Exception as error:
                await self._seal(request, _status(error))
                raise
            if getattr(request.state, "visitor", None) is None:
                raise HTTPException(403, NobodyChecked())
            await self._seal(request, response.status_code)
            return response

        return handler

    async def _seal(self, request: Request, status: int) -> None:
        visitor: Visitor | None = getattr(request.state, "visitor", None)
        if visitor is not None:
            await run_in_threadpool(seal, self.service, visitor.token, _asked(request), status)


def seal(service: Running, token: Token, path: str, status: int) -> None:
    """Write down an access, as the desk of the token's site; durable on return. Raises CannotBeDone."""
    node = deliver.node_of(token.site)
    key = keys.present(service.settings, node)
    head = {"site": token.site, "by": token.person, "at": str(time.time_ns()), "note": ""}
    statement = Statement("access", {**head, "who": token.id, "what": path, "status": status})
    deliver.hand_over(service.way(), key, node, token.site, [statement])


def _asked(request: Request) -> str:
    """Path and query as they came: printable ASCII, cut to what a statement takes."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    query: bytes = request.scope.get("query_string", b"")
    text = (raw.partition(b"?")[0] + (b"?" + query if query else b"")).decode("ascii", "replace")
    return "".join(c if " " < c < "\x7f" else "?" for c in text)[:MAX_PATH]


def _status(error: Exception) -> int:
    """The status that the application answers an error with."""
    if isinstance(error, AnyHTTPException):
        return error.status_code
    if isinstance(error, BadInput | RequestValidationError):
        return 400
    return 503 if isinstance(error, CannotBeDone) else 500
