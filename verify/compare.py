"""What was published beside what was computed again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Compared:
    """One figure. published, recomputed: decimal strings; None where one side does not have it."""

    id: str
    kind: str
    point: str | None
    published: str | None
    recomputed: str | None
    unit: str
    why: str = ""

    @property
    def ok(self) -> bool:
        return not self.why

    def json(self) -> dict[str, object]:
        row: dict[str, object] = {
            "id": self.id,
            "kind": self.kind,
            "point": self.point,
            "published": self.published,
            "recomputed": self.recomputed,
            "unit": self.unit,
            "ok": self.ok,
        }
        return row if self.ok else {**row, "why": self.why}
