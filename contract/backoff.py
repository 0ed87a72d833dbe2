"""How long to wait before trying again: exponential, with a cap and full jitter.

Many who lost the same thing at the same moment do not all come back at the same moment. Pure: the chance is given.
"""

from __future__ import annotations

from dataclasses import dataclass

STEADY = 10.0
"""Seconds that a connection must have held for the count of attempts to begin anew."""
LEAST = 0.01
"""Seconds between two attempts at the least."""


def most_wait(tries: int, first: float, most: float) -> float:
    """The longest wait after *tries* failures: first · 2^tries, at most *most*; in the unit of *first*."""
    return min(most, first * 2.0 ** min(tries, 32))


def wait(tries: int, first: float, most: float, chance: float) -> float:
    """The wait after *tries* failures for a chance in 0 … 1: any length up to the longest is as likely as any other."""
    return chance * most_wait(tries, first, most)


@dataclass
class Reconnects:
    """The waits of one connection, in seconds: before attempt n = 0, 1, … between 0 and min(most, first · 2ⁿ)."""

    first: float
    most: float
    tries: int = 0
    since: float | None = None

    def up(self, now: float) -> None:
        """The connection stands, *now* on a clock that only goes on, in seconds."""
        self.since = now

    def down(self, now: float, chance: float) -> float:
        """The connection is gone or was not made: the wait before the next attempt.

        One that breaks again at once counts as another failure: a broker that throws us out is not hammered.
        """
        if self.since is not None and now - self.since >= STEADY:
            self.tries = 0
        self.since = None
        found = wait(self.tries, self.first, self.most, chance)
        self.tries += 1
        return max(LEAST, found)
