"""Imported rows: the statement that carries a part of an import, and when an import counts.

A desk begins a new incarnation for each run, so an import counts when all its parts stand in one incarnation: what a
killed run left behind never does. No two rows of a site, point and quantity overlap.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import Decimal

from contract import quantities, units
from contract.fields import DECIMAL, Fields, Path, as_utc
from contract.tags import TAG_NAME

MAX_ROWS = 2000
_SHA = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Row:
    """One imported value. from_, to: UTC ns, the interval from_ <= t < to; to None: a sample at from_.

    unit: a UCUM code whose dimension fits the quantity.
    """

    from_: int
    to: int | None
    point: str
    quantity: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class Part:
    """Part *part* (from 1) of the *parts* of what was imported together.

    file: SHA-256 in hex of the canonical JSON of the list of all its rows.
    """

    file: str
    part: int
    parts: int
    rows: tuple[Row, ...]


@dataclass
class Files:
    """Parts until their file is complete. writer: whatever tells incarnations apart."""

    _open: dict[tuple[Hashable, str], dict[int, Part]] = field(default_factory=dict)

    def add(self, writer: Hashable, part: Part) -> list[Part]:
        """All parts of the file in order once this one completes it, else none."""
        known = self._open.setdefault((writer, part.file), {})
        if any(other.parts != part.parts for other in known.values()):
            return []
        known[part.part] = part
        if len(known) < part.parts:
            return []
        del self._open[writer, part.file]
        return [known[number] for number in sorted(known)]


def part(look: Fields) -> Part:
    """Read the fields of an import statement; faults are noted."""
    file, of = look.text("file", _SHA, "64 hex digits"), look.count("parts", 1)
    number = look.count("part", 1)
    if number > of:
        look.fault("part", f"is {number} of {of}")
    rows = [
        row(look, (*look.at, "rows", i), item) for i, item in enumerate(look.items("rows", most=MAX_ROWS))
    ]
    return Part(file, number, of, tuple(item for item in rows if item is not None))


def row(look: Fields, at: Path, item: object) -> Row | None:
    """The row in [from, to, point, quantity, value, unit], or None and a fault at *at*."""
    said = _why_not(item)
    if said is not None or not isinstance(item, list):
        look.faults.append((at, said or "must be a list"))
        return None
    from_, to, point, quantity, value, unit = item
    start = as_utc(from_)
    assert start is not None
    return Row(start, as_utc(to), point, quantity, Decimal(value), unit)


def _why_not(item: object) -> str | None:
    """What is wrong with a row of a statement, or None."""
    if not isinstance(item, list) or len(item) != 6 or not all(isinstance(cell, str) for cell in item):
        return "must be [from, to, point, quantity, value, unit] as text"
    from_, to, point, quantity, value, unit = item
    start, end = as_utc(from_), as_utc(to)
    if start is None or (to and end is None) or (end is not None and end <= start):
        return "must have UTC times, to empty or later than from"
    if not TAG_NAME.fullmatch(point) or quantity not in quantities.QUANTITIES:
        return "names no point or no known quantity"
    if not DECIMAL.fullmatch(value) or value.startswith("-"):
        return f"must have a decimal number of zero or more, not {value[:40]!r}"
    of = quantities.QUANTITIES[quantity]
    if (of.amount and end is None) or not _fits(of, unit):
        return f"{quantity} has no unit {unit[:40]!r}, or an amount without interval"
    return None


def _fits(of: quantities.Quantity, unit: str) -> bool:
    return units.known(unit) and quantities.fits(of, unit)
