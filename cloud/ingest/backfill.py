"""How far recorded rows have come, which an edge hands over beside its live ones: oldest first, up to these."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from contract.block import Header
from contract.quality import Origin

REACH = 3_600 * 10**9
"""Ns between the last recorded and the first live row within which nothing is missing."""


@dataclass
class Filling:
    """Recorded rows of a site: first and last time, number; and its first live row. Times in UTC ns."""

    first: int | None = None
    last: int | None = None
    live: int | None = None
    rows: int = 0

    def see(self, header: Header) -> None:
        """Take note of a block of rows."""
        if header.utc is None:
            return
        if header.origins == 1 << Origin.BACKFILL:
            self.first = min(header.utc[0], header.utc[0] if self.first is None else self.first)
            self.last = max(header.utc[1], header.utc[1] if self.last is None else self.last)
            self.rows += header.row_last + 1 - header.row_first
        elif header.origins == 1 << Origin.LIVE:
            self.live = min(header.utc[0], header.utc[0] if self.live is None else self.live)

    @property
    def share(self) -> Fraction:
        """How much of the time from the first recorded to the first live row is filled; 1 while none is live."""
        if self.first is None or self.last is None or self.live is None or self.last + REACH >= self.live:
            return Fraction(1)
        return Fraction(self.last - self.first, self.live - self.first)
