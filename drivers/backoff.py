"""What a driver does while its device fails: wait longer and longer, and say it once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0
"""Seconds of the first wait and of the longest; each is moved by up to a quarter at random."""


class Backoff:
    """Back-off and log of one thing that may fail: the first failure is a warning, its repeats are debug.

    every: seconds between its reads while it works. Trying as often costs no more than reading did, and what
    works again misses one read and not half a minute of them; so no wait is longer, beyond FIRST_WAIT.
    """

    def __init__(self, every: float = LONGEST_WAIT, **where: str) -> None:
        self._log = structlog.get_logger("drivers").bind(**where)
        self._every = every
        self._wait = 0.0

    def failed(self, cause: str) -> float:
        """Note a failure; seconds to wait before the next try."""
        say = self._log.debug if self._wait else self._log.warning
        longest = min(max(self._every, FIRST_WAIT), LONGEST_WAIT)
        self._wait = min(self._wait * 2, longest) if self._wait else FIRST_WAIT
        say("cannot read", cause=cause, retry_s=self._wait)
        return min(self._wait * random.uniform(0.75, 1.25), longest)

    def over(self) -> None:
        """Note that it works; logged after a failure only."""
        if self._wait:
            self._log.info("reads again")
        self._wait = 0.0


class Stop:
    """The wish to stop: waits end at once when it is set."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Wish it."""
        self._event.set()

    def __bool__(self) -> bool:
        return self._event.is_set()

    async def sleep(self, seconds: float) -> None:
        """Wait *seconds* (the loop still turns when it is 0 or less), or until stop is wished."""
        if seconds <= 0:
            await asyncio.sleep(0)
        elif not self:
            try:
                await asyncio.wait_for(self._event.wait(), seconds)
            except TimeoutError:
                return

    async def unless(self, work: Coroutine[Any, Any, T]) -> T | None:
        """The result of *work*, or None when stop is wished first; the work is then cancelled."""
        task, stop = asyncio.ensure_future(work), asyncio.ensure_future(self._event.wait())
        try:
            await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            if not task.done():
                task.cancel()
                await asyncio.wait({task})
        return task.result() if task.done() and not task.cancelled() else None
