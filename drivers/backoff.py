"""Waiting between tries to read a device that fails, and waits that a stop ends."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

from contract.message import Message

T = TypeVar("T")
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
"""Seconds of the first wait and of the longest; each is moved by up to a quarter at random."""


class Backoff:
    """Waits of one device or group that fails, doubled from FIRST_WAIT on, and its log.

    The first failure is logged as a warning, its repeats as debug. every: seconds between reads while it works. No wait
    is longer than that (or FIRST_WAIT): trying as often costs no more than reading did, and a device that works again
    misses one read, not half a minute of them.
    """

    def __init__(self, every: float = LONGEST_WAIT, **where: str) -> None:
        self._log = structlog.get_logger("drivers").bind(**where)
        self._every = every
        self._wait = 0.0

    def failed(self, cause: Message) -> float:
        """Log a failure; seconds to wait before the next try."""
        write = self._log.debug if self._wait else self._log.warning
        longest = min(max(self._every, FIRST_WAIT), LONGEST_WAIT)
        self._wait = min(self._wait * 2, longest) if self._wait else FIRST_WAIT
        write("cannot read", cause=str(cause), retry_s=self._wait)
        return min(self._wait * random.uniform(0.75, 1.25), longest)

    def succeeded(self) -> None:
        """Begin anew with FIRST_WAIT; logs that it reads again after a failure."""
        if self._wait:
            self._log.info("reads again")
        self._wait = 0.0


class Stop:
    """A flag that a driver is to stop; setting it ends every wait on it at once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Ask to stop."""
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds* (the loop still turns when it is 0 or less), or until the flag is set."""
        if seconds <= 0:
            await asyncio.sleep(0)
        elif not self:
            try:
                await asyncio.wait_for(self._event.wait(), seconds)
            except TimeoutError:
                return

    async def unless(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result of *work*, or None when the flag is set first; the work is then cancelled."""
        task, stop = asyncio.ensure_future(work), asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        return task.result() if task.done() and not task.cancelled() else None
