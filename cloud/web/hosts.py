"""Which names this server answers to: a page of somebody else's name must not reach it through a browser."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cloud.web.answers import language, problem
from cloud.web.messages import ForeignName


class TrustedHosts:
    """Refuses requests whose Host is no address, no loopback name, not this machine's name and not a configured one."""

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = {"localhost", socket.gethostname().lower(), *(name.lower() for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 400."""
        if scope["type"] == "http" and not self._trusted(Headers(scope=scope).get("host", "")):
            refused = problem(ForeignName(), 400, language(Request(scope)))
            await refused(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _trusted(self, host: str) -> bool:
        name = host.partition("]")[0].removeprefix("[") if host.startswith("[") else host.partition(":")[0]
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return name.lower() in self._names
        return True
