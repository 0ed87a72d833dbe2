"""The amount of a quantity at a point in a period (docs/methods.md, Points and what they carry)."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from verify.formats.calendar import HOUR, written
from verify.formats.findings import Bad
from verify.formats.message import Message
from verify.formats.quantities import AMOUNTS, converted
from verify.formats.timeline import Span, Timeline
from verify.reasons.amounts.messages import (
    AtPoint,
    MeasuredAndImported,
    NoReadings,
    QuantityOfPoint,
    RowCrossesPeriod,
    RowsOverlap,
)
from verify.reasons.reason import OPEN, InsufficientData
from verify.statements.declared import Declared
from verify.statements.imported import Row
from verify.statements.points import Point, Points
from verify.statements.sealed_hours import Day


@dataclass(frozen=True)
class Piece:
    """An hour of a meter or an imported row inside the period.

    covered: share of its time that was covered; class_: of the hour, empty for a row; input: what it rests on.
    """

    from_: int
    to: int
    value: Fraction
    covered: Fraction
    class_: str
    input: bytes

    @property
    def estimated(self) -> bool:
        return self.class_ == "estimated"


@dataclass(frozen=True)
class Amount:
    """value in the unit of the quantity; completeness and substituted as exact shares; inputs: hashes used."""

    point: str | None
    quantity: str
    value: Fraction
    completeness: Fraction
    substituted: Fraction
    pieces: list[Piece]

    @property
    def inputs(self) -> set[bytes]:
        return {piece.input for piece in self.pieces}


def hashed(inputs: Iterable[bytes]) -> str:
    """SHA-256 over inputs, each once, sorted, one after the other."""
    return hashlib.sha256(b"".join(sorted(set(inputs)))).hexdigest()


class Amounts:
    """Answers for one period; from_, to: UTC ns."""

    def __init__(self, declared: Declared, points: Points, from_: int, to: int) -> None:
        self.points, self.from_, self.to = points, from_, to
        self.known: dict[tuple[str, str], Amount | InsufficientData] = {}
        rows: dict[tuple[str, str], list[Span[Row]]] = {}
        for row in declared.rows:
            # A sample takes a nanosecond, so that it lies in the span that holds its moment.
            span = Span(row.from_, row.from_ + 1 if row.to is None else row.to, row)
            rows.setdefault((row.point, row.quantity), []).append(span)
        days: dict[tuple[str, str], list[Span[Day]]] = {}
        for day in declared.days.values():
            days.setdefault((day.node, day.tag), []).append(Span(day.start, day.end, day))
        self.rows = {key: Timeline(found) for key, found in rows.items()}
        self.days = {key: Timeline(found) for key, found in days.items()}

    def within(self, from_: int, to: int) -> Amounts:
        """The same for another period."""
        made = Amounts.__new__(Amounts)
        made.known = {}
        made.points, made.rows, made.days, made.from_, made.to = self.points, self.rows, self.days, from_, to
        return made

    def at(self, point: Point, code: str) -> Amount:
        """The amount of a quantity at a point, worked out once; raises InsufficientData."""
        known = self.known.get((point.id, code))
        if known is None:
            try:
                known = self._at(point, code)
            except InsufficientData as refused:
                known = refused
            self.known[point.id, code] = known
        if isinstance(known, InsufficientData):
            raise known
        return known

    def _at(self, point: Point, code: str) -> Amount:
        hours = self._hours(point, code) if point.metered == code else []
        rows = self._rows(point, code)
        _apart(rows, hours, code, point.id)
        if not hours and not rows and point.metered == code and point.meter:
            raise InsufficientData(NoReadings(point.id, *point.meter))
        pieces = sorted([*hours, *rows], key=lambda piece: (piece.from_, piece.to))
        return _amount(point.id, code, pieces, self.to - self.from_)

    def rows_at(self, point: str, code: str) -> list[Row]:
        """Rows that lie in the period or reach into it, in order of time."""
        timeline = self.rows.get((point, code))
        return timeline.touching(self.from_, self.to) if timeline else []

    def _hours(self, point: Point, code: str) -> list[Piece]:
        made = []
        timeline = self.days.get(point.meter or ("", ""))
        for day in timeline.touching(self.from_, self.to) if timeline else []:
            for index, steps in enumerate(day.steps):
                begin = day.start + index * HOUR
                end = min(begin + HOUR, day.end)
                if day.classes[index] == "unknown" or begin < self.from_ or end > self.to:
                    continue
                try:
                    value = converted(steps * day.scale, day.unit, AMOUNTS[code], day.entry.name)
                except Bad as bad:
                    raise InsufficientData(AtPoint(point.id, OPEN)) from bad
                class_ = day.classes[index]
                covered = Fraction(0) if class_ == "invalid(counter)" else day.completeness[index]
                made.append(Piece(begin, end, value, covered, class_, day.inputs[index]))
        return made

    def _rows(self, point: Point, code: str) -> list[Piece]:
        made = []
        for row in self.rows_at(point.id, code):
            to = row.from_ if row.to is None else row.to
            if row.from_ < self.from_ or to > self.to:
                what = QuantityOfPoint(code, point.id)
                raise InsufficientData(RowCrossesPeriod(what, written(row.from_), written(to)))
            made.append(Piece(row.from_, to, row.value, Fraction(1), "", row.block))
        return made


def _apart(rows: list[Piece], hours: list[Piece], code: str, point: str) -> None:
    """Raises InsufficientData where two rows, or a row and an hour of the meter, speak of the same time."""
    for before, after in pairwise(sorted(rows, key=lambda piece: (piece.from_, piece.to))):
        if after.from_ < before.to:
            raise InsufficientData(RowsOverlap(QuantityOfPoint(code, point), written(after.from_)))
    starts = [hour.from_ for hour in hours]
    for row in rows:
        last = bisect_left(starts, row.to) - 1
        if last >= 0 and hours[last].to > row.from_:
            at = written(max(row.from_, hours[last].from_))
            raise InsufficientData(MeasuredAndImported(code, point, at))


def _amount(point: str, code: str, pieces: list[Piece], length: int) -> Amount:
    value = sum((piece.value for piece in pieces), Fraction(0))
    covered = sum((piece.covered * (piece.to - piece.from_) for piece in pieces), Fraction(0))
    estimated = sum((piece.value for piece in pieces if piece.estimated), Fraction(0))
    substituted = estimated / value if value else Fraction(0)
    return Amount(point, code, value, covered / length, substituted, pieces)


@dataclass(frozen=True)
class Sum:
    """Several amounts together."""

    parts: list[Amount]
    completeness: Fraction
    substituted: Fraction

    @property
    def inputs(self) -> set[bytes]:
        return {one for part in self.parts for one in part.inputs}


def summed(parts: list[Amount], what: Message) -> Sum:
    """The lowest completeness and the highest share substituted.

    Raises InsufficientData, for *what*, where there is nothing.
    """
    if not any(part.pieces for part in parts):
        raise InsufficientData(what)
    lowest = min(part.completeness for part in parts)
    return Sum(parts, lowest, max(part.substituted for part in parts))
