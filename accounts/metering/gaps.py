"""Times in which values may be missing, from the gap statements of an edge."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from accounts.metering.registers import BOOL, I64


@dataclass(frozen=True)
class Gaps:
    """Gaps of one scan group in order of time, UTC ns.

    from_, to: disjoint gaps. points: ends of gaps whose other end is open; the whole time between the two readings
    around a point is not covered.
    """

    from_: I64
    to: I64
    points: I64

    @classmethod
    def of(cls, gaps: Iterable[tuple[int | None, int | None]]) -> Gaps:
        """Gaps from (from, to) pairs as statements have them; None is an open end."""
        closed: list[list[int]] = []
        points: set[int] = set()
        for from_, to in sorted(gaps, key=lambda gap: gap[0] or 0):
            if from_ is None or to is None:
                points |= {to - 1} if to is not None else {from_} if from_ is not None else set()
            elif closed and from_ <= closed[-1][1]:
                closed[-1][1] = max(closed[-1][1], to)
            else:
                closed.append([from_, to])
        pairs = np.array(closed, np.int64).reshape(-1, 2)
        return cls(pairs[:, 0], pairs[:, 1], np.array(sorted(points), np.int64))

    def missing(self, a: I64, b: I64) -> I64:
        """Nanoseconds of each span a..b that lie in a gap with two ends."""
        return self._upto(b) - self._upto(a)

    def broken(self, a: I64, b: I64) -> BOOL:
        """Whether a gap with an open end begins or ends in each span a..b."""
        return np.searchsorted(self.points, b, "left") > np.searchsorted(self.points, a, "left")

    def _upto(self, x: I64) -> I64:
        if len(self.from_) == 0:
            return np.zeros(len(x), np.int64)
        length = self.to - self.from_
        before = np.concatenate(([0], np.cumsum(length)))
        at = np.searchsorted(self.from_, x, "right") - 1
        inside = np.clip(x - self.from_[at], 0, length[at])
        found: I64 = np.where(at < 0, 0, before[np.maximum(at, 0)] + inside)
        return found


NO_GAPS = Gaps.of([])
