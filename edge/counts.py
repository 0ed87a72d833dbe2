"""What an edge counts while it runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from edge import clock


@dataclass
class Counts:
    """What the status shows."""

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
    holes: int = 0
    refused: Counter[str] = field(default_factory=Counter)
