"""Hour facts as the accounts node sealed them: one statement a counter and day (docs/methods.md, Hour facts)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.evidence.ledger import Entry
from verify.formats.findings import Bad
from verify.formats.numbers import number
from verify.formats.shape import digest, listed, members, nanoseconds, text, whole
from verify.statements.messages import ArrayLengthsUnfit, ClassImpossible, UnknownMethod

CLASSES = ("unknown", "invalid(counter)", "provisional", "partial", "estimated", "measured")
HOURS = (
    "kind site node tag meter carrier day start end steps scale unit class completeness inputs method size revision"
    " cause"
)


@dataclass(frozen=True)
class Day:
    """One `hours` statement, read. begins: UTC ns of each hour and the end of the last."""

    entry: Entry
    statement: dict[str, Any]
    node: str
    tag: str
    day: str
    start: int
    end: int
    steps: list[int]
    scale: Fraction
    unit: str
    classes: list[str]
    completeness: list[Fraction]
    inputs: list[bytes]


def day(entry: Entry, statement: dict[str, Any]) -> Day:
    """An `hours` statement; raises Bad."""
    where = entry.name
    members(statement, where, HOURS)
    start, end = nanoseconds(statement["start"], where), nanoseconds(statement["end"], where)
    steps = [whole(step, where) for step in listed(statement["steps"], where)]
    classes = [text(name, where) for name in listed(statement["class"], where)]
    shares = [number(share, where) for share in listed(statement["completeness"], where)]
    inputs = [digest(item, where) for item in listed(statement["inputs"], where)]
    if not len(steps) == len(classes) == len(shares) == len(inputs) == -(-(end - start) // (3600 * 10**9)):
        raise Bad(ArrayLengthsUnfit(), where)
    if any(name not in CLASSES for name in classes) or any(not 0 <= share <= 1 for share in shares):
        raise Bad(ClassImpossible(), where)
    whole(statement["revision"], where)
    whole(statement["size"], where)
    if statement["method"] != "steelyard/hours/1":
        raise Bad(UnknownMethod(statement["method"]), where)
    return Day(
        entry, statement, text(statement["node"], where), text(statement["tag"], where), text(statement["day"], where),
        start, end, steps,
        number(statement["scale"], where), text(statement["unit"], where), classes, shares, inputs,
    )  # fmt: skip
