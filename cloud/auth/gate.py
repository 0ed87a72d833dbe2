"""Who may write: deny by default. Every route of the desk runs behind this, before anything of its body is read.

With `Authorization: Bearer TOKEN` of a desk token, its holder writes for its site. Without one only a page of this very
cloud may, seen from this machine: the cloud listens on loopback, is asked by a loopback name from a loopback address by
no proxy, and the browser says that the request comes from a page of the same origin. A body is JSON and no other type,
so that a form of a foreign page can't be one; no answer carries a CORS header.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import orjson
from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from cloud.auth.messages import (
    BodyNoObject,
    BodyNotOfJson,
    BodyTooLarge,
    DeskTokenNeeded,
    ForeignPage,
    NoDeskToken,
    NoJson,
    TokenOfOtherSite,
)
from cloud.auth.running import Running
from cloud.registry.tokens import DESK
from cloud.settings import Settings
from contract.message import Text

MAX_BODY = 256 << 10
"""Largest body of a request, bytes."""
MAX_IMPORT = 32 << 20
"""Largest body of an import, bytes."""
IMPORT = "/sites/{site}/import"
CHALLENGE = {"WWW-Authenticate": "Bearer"}
_PROXIED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True)
class Writer:
    """Who writes. site, name: of the token; None without one, then the request names the person."""

    site: str | None = None
    name: str | None = None


class Guarded(APIRoute):
    """A route of the desk: `request.state.writer` is who writes, `request.state.body` the JSON object of a POST."""

    service: Running

    def get_route_handler(self) -> Handler:
        """The handler behind the gate."""
        inner = super().get_route_handler()
        limit = MAX_IMPORT if self.path.endswith(IMPORT) else MAX_BODY

        async def handler(request: Request) -> Response:
            request.state.writer = await run_in_threadpool(admit, self.service, request)
            if request.method != "GET":
                request.state.body = await body(request, limit)
            return await inner(request)

        return handler


def admit(service: Running, request: Request) -> Writer:
    """Who writes. Raises 401, 403 for whoever may not."""
    offered = request.headers.get("authorization")
    if offered is not None:
        return _holder(service, request, offered)
    if not needs_no_token(service.settings, request):
        raise HTTPException(401, DeskTokenNeeded(), CHALLENGE)
    if not _same_origin(request):
        raise HTTPException(403, ForeignPage())
    return Writer()


def needs_no_token(settings: Settings, request: Request) -> bool:
    """Whether a cloud that listens on loopback is asked by this machine itself."""
    asked = request.url.hostname or ""
    peer = request.client.host if request.client is not None else ""
    if any(name in request.headers for name in _PROXIED):
        return False
    return all(_loopback(name) for name in (settings.http.host, asked, peer))


async def body(request: Request, limit: int) -> dict[str, Any]:
    """The JSON object of a request. Raises 400, 413, 415; no more than *limit* bytes are kept."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, BodyNotOfJson())
    length = request.headers.get("content-length", "0")
    data = bytearray()
    if not length.isdecimal() or int(length) > limit:
        raise HTTPException(413, BodyTooLarge(limit))
    async for piece in request.stream():
        data += piece
        if len(data) > limit:
            raise HTTPException(413, BodyTooLarge(limit))
    try:
        found = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, NoJson(Text(str(error)))) from None
    if not isinstance(found, dict):
        raise HTTPException(400, BodyNoObject())
    return found


def _holder(service: Running, request: Request, offered: str) -> Writer:
    scheme, _, text = offered.partition(" ")
    registry = service.registry.caught_up()
    token = registry.tokens.check(text.strip(), DESK) if scheme.lower() == "bearer" else None
    if token is None:
        raise HTTPException(401, NoDeskToken(), CHALLENGE)
    if request.path_params.get("site", token.site) != token.site:
        raise HTTPException(403, TokenOfOtherSite())
    return Writer(token.site, registry.people.name(token.person))


def _same_origin(request: Request) -> bool:
    """What the browser says of the page that asks. A POST without an Origin is none of ours."""
    origin, fetched = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if fetched not in (None, "same-origin") or origin not in (None, own):
        return False
    return origin is not None if request.method != "GET" else fetched is not None or origin is not None


def _loopback(name: str) -> bool:
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
