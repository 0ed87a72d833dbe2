"""What the checks found: one row for a check that holds, one for each place where it does not."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_FAULTS = 100


class Bad(ValueError):
    """Something in the pack is not what the documents say; `where` names the place."""

    def __init__(self, why: str, where: str = "") -> None:
        super().__init__(why)
        self.why, self.where = why, where


class NotAPack(Exception):
    """The file cannot be read as a pack at all."""


@dataclass(frozen=True)
class Check:
    """name: what was checked; where: how much of it, or the place of the fault; why: empty when it holds.

    zh: the why in Chinese, empty where there is none.
    """

    name: str
    ok: bool
    where: str
    why: str = ""
    zh: str = ""

    def json(self) -> dict[str, object]:
        row: dict[str, object] = {"name": self.name, "ok": self.ok, "where": self.where}
        return row if self.ok else {**row, "why": self.why}


@dataclass
class Findings:
    """Collects checks in the order of the work."""

    checks: list[Check] = field(default_factory=list)

    def good(self, name: str, where: str) -> None:
        self.checks.append(Check(name, True, where))

    def bad(self, name: str, where: str, why: str, zh: str = "") -> None:
        """Keep a fault; of each check the first MOST_FAULTS are kept, the rest are counted in one row."""
        same = sum(not check.ok and check.name == name for check in self.checks)
        if same < MOST_FAULTS:
            self.checks.append(Check(name, False, where, why, zh))
        elif same == MOST_FAULTS:
            self.checks.append(Check(name, False, "…", "more of the same"))

    def failed(self, name: str) -> bool:
        return any(not check.ok and check.name == name for check in self.checks)

    def settle(self, name: str, where: str) -> None:
        """Say that a check holds unless a fault of it was kept."""
        if not self.failed(name):
            self.good(name, where)

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)
