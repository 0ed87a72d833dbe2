"""Imported rows: the statement that carries a part of an import, and when an import counts.

A desk begins a new incarnation for each run, so an import counts when all its parts stand in one incarnation: what a
killed run left behind never does. No two rows of a site, point and quantity overlap.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from contract import quantities, units
from contract.declared_messages import MustBeRow, PartOfParts, RowNames, RowTimes, RowUnit, RowValue
from contract.fields import DECIMAL, Fields, Path, as_utc
from contract.form_messages import Hash
from contract.message import Message
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
    file, of = look.text("file", _SHA, Hash()), look.count("parts", 1)
    number = look.count("part", 1)
    if number > of:
        look.fault("part", PartOfParts(number, of))
    rows = [
        row(look, (*look.at, "rows", i), item) for i, item in enumerate(look.items("rows", most=MAX_ROWS))
    ]
    return Part(file, number, of, tuple(item for item in rows if item is not None))


def row(look: Fields, at: Path, item: Any) -> Row | None:
    """The row in [from, to, point, quantity, value, unit], or None and a fault at *at*."""
    why = _why_not(item)
    if why is not None:
        look.faults.append((at, why))
        return None
    from_, to, point, quantity, value, unit = item
    start = as_utc(from_)
    assert start is not None
    return Row(start, as_utc(to), point, quantity, Decimal(value), unit)


def _why_not(item: object) -> Message | None:
    """What is wrong with a row of a statement, or None."""
    if not isinstance(item, list) or len(item) != 6 or not all(isinstance(cell, str) for cell in item):
        return MustBeRow()
    from_, to, point, quantity, value, unit = item
    start, end = as_utc(from_), as_utc(to)
    if start is None or (to and end is None) or (end is not None and end <= start):
        return RowTimes()
    if not TAG_NAME.fullmatch(point) or quantity not in quantities.QUANTITIES:
        return RowNames()
    if not DECIMAL.fullmatch(value) or value.startswith("-"):
        return RowValue(value[:40])
    of = quantities.QUANTITIES[quantity]
    if (of.amount and end is None) or not _fits(of, unit):
        return RowUnit(quantity, unit[:40])
    return None


def _fits(of: quantities.Quantity, unit: str) -> bool:
    return units.known(unit) and quantities.fits(of, unit)
