"""Counters of a running edge."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from edge import clock


@dataclass
class Counts:
    """Counted since the start; times in UTC ns. They are shown by the status."""

    started: int = field(default_factory=clock.utc)
    sealed_bytes: int = 0
    accepted: int = 0
    sent: int = 0
    receipts: int = 0
    last_receipt: int | None = None
    unknown_keys: int = 0
    malformed: int = 0
    forks: int = 0
    relapses: int = 0
    sequence_gaps: int = 0
    refused: Counter[str] = field(default_factory=Counter)
