"""When a group is due: on a fixed grid of the monotonic clock, without drift. Pure: the clock is passed in."""

from __future__ import annotations


class Schedule:
    """Due times of one group. every: seconds between reads, 0 = back to back. All times are monotonic seconds."""

    def __init__(self, every: float, now: float) -> None:
        self.every = every
        self.due = now
        self._start = now

    def done(self, now: float) -> int:
        """Set the next due time after a read that was due; how many whole cycles passed unread (0: none)."""
        if not self.every:
            self.due = now
            return 0
        cycle = int((self.due - self._start) / self.every + 1e-6)
        latest = int((now - self._start) / self.every + 1e-6)
        missed = max(latest - cycle - 1, 0)
        self.due = self._start + max(cycle + 1, latest) * self.every
        return missed

    def wait(self, seconds: float, now: float) -> None:
        """Let the next read be due in *seconds*, off the grid; done() returns to the grid."""
        self.due = now + seconds
