"""Events of a site for open pages: one a second, made once for all clients, and never waited for.

A client is a mailbox of one: an event that it has not taken is replaced by the next, so that a client that never
reads costs one event's bytes and slows nobody. Each event tells the whole state, so a lost one loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import anyio
import orjson
import structlog

from contract.errors import CannotBeDone

PERIOD_S = 1.0
HEARTBEAT_S = 10
SEND_TIMEOUT_S = 30
"""A client that takes nothing for so long is dropped."""

GRACE_S = 0.5
"""How long a stream may take to end when the server stops; one that is stuck is cut."""

RETRY_MS = 1000
"""How long a browser waits before it connects again."""

log = structlog.get_logger(__name__)


def frame(event: Mapping[str, Any]) -> bytes:
    """One event as it goes over the wire."""
    return b"event: site\r\nretry: %d\r\ndata: %b\r\n\r\n" % (RETRY_MS, orjson.dumps(event))


class Mailbox:
    """Where one client finds its newest event."""

    def __init__(self) -> None:
        self._event: bytes | None = None
        self._changed = asyncio.Event()
        self._closed = False
        self.replaced = 0

    def put(self, event: bytes) -> None:
        """Leave the newest event; one that was not taken is gone and counted in ``replaced``."""
        self.replaced += self._event is not None
        self._event = event
        self._changed.set()

    def close(self) -> None:
        """No more events come."""
        self._closed = True
        self._changed.set()

    async def take(self) -> bytes | None:
        """Wait for the next event; None at the end."""
        await self._changed.wait()
        event, self._event = self._event, None
        if self._closed:
            return None
        self._changed.clear()
        return event


@dataclass(slots=True)
class _Site:
    clients: set[Mailbox] = field(default_factory=set)
    newest: bytes | None = None
    task: asyncio.Task[None] | None = None


class Events:
    """The events of every site that somebody looks at. make(site) -> one event's bytes, called in a thread."""

    def __init__(self, make: Callable[[str], bytes], period_s: float = PERIOD_S) -> None:
        self._make = make
        self._period_s = period_s
        self._sites: dict[str, _Site] = {}
        self._closed = False

    def open(self, site: str) -> Mailbox:
        """A mailbox for one client of a site; give it back with ``leave``. Runs in the event loop."""
        mailbox = Mailbox()
        if self._closed:
            mailbox.close()
            return mailbox
        state = self._sites.setdefault(site, _Site())
        state.clients.add(mailbox)
        if state.newest is not None:
            mailbox.put(state.newest)
        if state.task is None:
            state.task = asyncio.create_task(self._run(site, state), name=f"events of {site}")
        return mailbox

    def leave(self, site: str, mailbox: Mailbox) -> None:
        """The client is gone; without clients a site's events are made no more."""
        self._sites[site].clients.discard(mailbox)

    def clients(self, site: str) -> int:
        """How many clients listen to a site."""
        return len(self._sites[site].clients) if site in self._sites else 0

    async def stream(self, site: str, ending: anyio.Event | None = None) -> AsyncGenerator[bytes, None]:
        """What one client is sent, until it leaves, the events end or *ending* is set."""
        mailbox = self.open(site)
        waiting = None
        if ending is not None:
            waiting = asyncio.create_task(ending.wait(), name="end of a stream")
            waiting.add_done_callback(lambda _: mailbox.close())
        try:
            while (event := await mailbox.take()) is not None:
                yield event
        finally:
            if waiting is not None:
                waiting.cancel()
            if site in self._sites:
                self.leave(site, mailbox)

    def close(self) -> None:
        """End every stream at once, so that the server can stop. Runs in the event loop."""
        self._closed = True
        for state in self._sites.values():
            for mailbox in state.clients:
                mailbox.close()
            if state.task is not None:
                state.task.cancel()

    async def _run(self, site: str, state: _Site) -> None:
        """Make events while somebody listens; when one cannot be made, end the streams (browsers come again)."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        try:
            while state.clients:
                state.newest = await asyncio.to_thread(self._make, site)
                for mailbox in state.clients:
                    mailbox.put(state.newest)
                due = max(due + self._period_s, loop.time())
                await asyncio.sleep(due - loop.time())
        except CannotBeDone as error:
            log.info("no events now", site=site, why=str(error))
        except Exception:
            log.exception("no events now", site=site)
        finally:
            for mailbox in state.clients:
                mailbox.close()
            state.task, state.newest = None, None
