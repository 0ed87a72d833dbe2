"""The plant's clock: runs at a speed, may be held for the values, never goes back."""

from __future__ import annotations

import time


class Clock:
    """Plant time from *start_ns* (UTC ns) on, *speed* times as fast as the machine's steady clock."""

    def __init__(self, start_ns: int, speed: float = 1.0) -> None:
        self._start_ns = start_ns
        self._speed = speed
        self._began_ns = time.monotonic_ns()
        self._held_ns: int | None = None

    def now(self) -> int:
        """Plant time, UTC ns."""
        elapsed = time.monotonic_ns() - self._began_ns
        if self._speed == 1.0:
            return self._start_ns + elapsed
        return self._start_ns + int(elapsed * self._speed)

    def values_at(self) -> int:
        """The plant time whose values are shown: now, or the moment at which the plant was held."""
        return self.now() if self._held_ns is None else self._held_ns

    def hold(self) -> None:
        """Let the values change no more; the clock itself runs on."""
        if self._held_ns is None:
            self._held_ns = self.now()

    @property
    def held(self) -> bool:
        """Whether the values are held."""
        return self._held_ns is not None
