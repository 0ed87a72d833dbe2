"""What a run of the plant was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for: speed (inf = max), first plant time (UTC ns), seed, table to replay."""

    speed: float = 1.0
    start_ns: int | None = None
    seed: int | None = None
    table: Path | None = None
    column: str | None = None

    @property
    def source(self) -> str:
        """What the values are made of, as kept in the state."""
        return "mill" if self.table is None else f"replay {self.table.name} {self.column}"

    @property
    def stepping(self) -> bool:
        """Whether time moves on row by row, as they are read."""
        return self.speed == float("inf")
