"""Imported rows: one read from a statement, and files whose parts come together (docs/block-format.md)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.evidence.ledger import Entry
from verify.formats.calendar import moment
from verify.formats.findings import Bad
from verify.formats.numbers import number
from verify.formats.quantities import converted, quantity
from verify.formats.shape import digest, listed, text, whole
from verify.statements.messages import BelowZero, EndsBeforeItBegins, NotSixCells, PartBehindTheLast


@dataclass(frozen=True)
class Row:
    """An imported row. value in `unit`, the unit in which its quantity counts; to: None for a sample; times UTC ns.

    written: the quantity's code as in the statement, where production is a code too.
    """

    written: str
    from_: int
    to: int | None
    point: str
    quantity: str
    value: Fraction
    unit: str
    block: bytes
    name: str

    @property
    def key(self) -> tuple[str, str, int, int | None]:
        """What a correction names it by."""
        return self.point, self.written, self.from_, self.to


def row(item: Any, where: str, block: bytes) -> Row:
    """A row from its six cells; raises Bad."""
    cells = listed(item, where)
    if len(cells) != 6:
        raise Bad(NotSixCells(), where)
    from_, to, point, code, value, unit = cells
    start = moment(from_, where)
    end = moment(to, where) if to != "" else None
    if end is not None and end <= start:
        raise Bad(EndsBeforeItBegins(), where)
    name, base = quantity(code, unit, where)
    amount = number(value, where)
    if amount < 0:
        raise Bad(BelowZero(), where)
    return Row(
        code, start, end, text(point, where), name, converted(amount, unit, base, where), base, block, where
    )


class Files:
    """Files whose parts come together in one incarnation; each file counts once."""

    def __init__(self) -> None:
        self.open: dict[tuple[int, str], dict[int, tuple[int, list[Row]]]] = {}
        self.done: set[str] = set()

    def add(self, entry: Entry, statement: dict[str, Any]) -> list[Row]:
        """The rows of a file once this part completes it, else none."""
        where = entry.name
        file, parts = digest(statement["file"], where).hex(), whole(statement["parts"], where, 1)
        part = whole(statement["part"], where, 1)
        if part > parts:
            raise Bad(PartBehindTheLast(), where)
        items = listed(statement["rows"], where)
        rows = [row(item, f"{where}: rows[{at}]", entry.block.hash) for at, item in enumerate(items)]
        known = self.open.setdefault((entry.block.header.incarnation, file), {})
        if any(other != parts for other, _ in known.values()):
            return []
        known[part] = (parts, rows)
        if len(known) < parts or file in self.done:
            return []
        self.done.add(file)
        return [one for number in sorted(known) for one in known[number][1]]
