"""What the checks found: one row for a check that holds, one for each place where it does not."""

from __future__ import annotations

from dataclasses import dataclass, field

from verify.formats.message import Message
from verify.formats.messages import MoreOfTheSame

MOST_FAULTS = 100


class Bad(ValueError):
    """Something in the pack is not what the documents say; `where` names the place."""

    def __init__(self, why: Message, where: str = "") -> None:
        super().__init__(str(why))
        self.why, self.where = why, where


class NotAPack(Exception):
    """The file cannot be read as a pack at all."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class Check:
    """name: what was checked; message: how much of it holds, or what is wrong; place: of the fault, else empty."""

    name: str
    ok: bool
    message: Message
    place: str = ""

    @property
    def where(self) -> str:
        """The place of a fault, or how much was checked, in English."""
        return str(self.message) if self.ok else self.place

    @property
    def why(self) -> str:
        """What is wrong, in English; empty when the check holds."""
        return "" if self.ok else str(self.message)

    def json(self) -> dict[str, object]:
        """The row of --json."""
        row: dict[str, object] = {"name": self.name, "ok": self.ok, "where": self.where}
        return {**row, **({} if self.ok else {"why": self.why}), **self.message.json()}


@dataclass
class Findings:
    """Collects checks in the order of the work."""

    checks: list[Check] = field(default_factory=list)

    def good(self, name: str, message: Message) -> None:
        """Keep a check that holds."""
        self.checks.append(Check(name, True, message))

    def bad(self, name: str, place: str, why: Message) -> None:
        """Keep a fault; of each check the first MOST_FAULTS are kept, the rest are counted in one row."""
        same = sum(not check.ok and check.name == name for check in self.checks)
        if same < MOST_FAULTS:
            self.checks.append(Check(name, False, why, place))
        elif same == MOST_FAULTS:
            self.checks.append(Check(name, False, MoreOfTheSame(), "…"))

    def failed(self, name: str) -> bool:
        """Whether a fault of the check was kept."""
        return any(not check.ok and check.name == name for check in self.checks)

    def settle(self, name: str, message: Message) -> None:
        """Keep that a check holds unless a fault of it was kept."""
        if not self.failed(name):
            self.good(name, message)

    @property
    def ok(self) -> bool:
        """Whether no fault was kept."""
        return all(check.ok for check in self.checks)
