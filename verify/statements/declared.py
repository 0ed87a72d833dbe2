"""What a site has declared, as far as it counts: the last statements, imported rows, days of hour facts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from verify.evidence.ledger import Entry
from verify.statements.imported import Row
from verify.statements.sealed_hours import Day


@dataclass(frozen=True)
class Replacement:
    """A replacement project, as the last statement that names its id has it."""

    entry: Entry
    statement: dict[str, Any]


@dataclass
class Declared:
    """The declarations of a site that count, as their statements; rows and days of hour facts."""

    site: dict[str, Any] | None = None
    points: dict[str, Any] | None = None
    factors: dict[str, Any] | None = None
    savings: dict[str, Any] | None = None
    tariffs: dict[str, dict[str, Any]] = field(default_factory=dict)
    permits: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: dict[tuple[str, str, int, int | None], Row] = field(default_factory=dict)
    days: dict[tuple[str, str, str], Day] = field(default_factory=dict)
    replacements: dict[str, Replacement] = field(default_factory=dict)
    withdrawn_replacements: set[str] = field(default_factory=set)

    @property
    def rows(self) -> list[Row]:
        """The imported rows, each as it was corrected last."""
        return list(self.known.values())
