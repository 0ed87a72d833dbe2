"""Cells of an import -> rows, or why not: the ledger's rows and the lines above have their time already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from zoneinfo import ZoneInfo

from cloud.declarations.csv_file import Line
from cloud.declarations.import_messages import (
    AboveMost,
    BelowZero,
    EndsBeforeBegin,
    GivenAs,
    NeedsInterval,
    NoNumber,
    NoPointName,
    OtherMeter,
    OtherThanImported,
    OtherUnit,
    OverlapsInterval,
    OverlapsLine,
    OverlapsSample,
    ReadByNode,
    SameAsLine,
    TooManyDigits,
    UnknownPoint,
)
from cloud.declarations.timeline import Taken, Timeline, same_time, same_value
from cloud.declarations.times import Times
from contract import quantities, units
from contract.errors import BadInput
from contract.fields import DECIMAL, write_utc
from contract.imported import Row
from contract.message import Message
from contract.quantities import OF_CARRIER, Quantity
from contract.sites import Point
from contract.tags import TAG_NAME

_NUMBER = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,2})?", re.ASCII)
Key = tuple[str, str]
"""Point and quantity."""


class Checker:
    """Checks the lines of one file in their order. ledger: rows that count already, of the file's points.

    points: the site's meter tree; None for a site that has declared none: then its points are those that rows name.
    """

    def __init__(self, points: Iterable[Point] | None, zone: ZoneInfo, ledger: Iterable[Row]) -> None:
        self._points = None if points is None else {point.id: point for point in points}
        self._times = Times(zone)
        self._taken: dict[Key, Timeline] = {}
        self._dimensions: dict[Key, str] = {}
        for row in ledger:
            self._note(row, None)

    def check(self, line: Line) -> Row | None:
        """The new row that a line holds; None where the ledger has it already. Raises BadInput: why it is refused."""
        if line.cells is None:
            raise BadInput(line.why)
        row = self._row(line.cells)
        taken = self._taken.setdefault((row.point, row.quantity), Timeline()).meets(row)
        if taken is None:
            self._note(row, line.number)
            return row
        if taken.line is None and same_time(taken.row, row) and same_value(taken.row, row):
            taken.line = line.number
            return None
        raise BadInput(_clash(taken, row))

    def _note(self, row: Row, line: int | None) -> None:
        key = row.point, row.quantity
        self._taken.setdefault(key, Timeline()).add(row, line)
        self._dimensions.setdefault(key, units.dimension(row.unit))

    def _row(self, cells: list[str]) -> Row:
        from_, to, point, code, value, unit = cells
        quantity = quantities.quantity(code)
        self._fits(point, quantity)
        chosen = quantities.unit(unit)
        if not quantities.fits(quantity, chosen):
            raise BadInput(OtherUnit(code, unit, quantity.unit))
        kind = self._dimensions.get((point, code), units.dimension(chosen))
        if kind != units.dimension(chosen):
            raise BadInput(GivenAs(code, point, kind, unit, units.dimension(chosen)))
        start, end = self._span(from_, to, quantity)
        return Row(start, end, point, code, _value(value, chosen, quantity), chosen)

    def _fits(self, name: str, quantity: Quantity) -> None:
        if self._points is None:
            if not TAG_NAME.fullmatch(name):
                raise BadInput(NoPointName(name[:60]))
            return
        point = self._points.get(name)
        if point is None:
            raise BadInput(UnknownPoint(name[:60]))
        own = OF_CARRIER.get(point.carrier or "", "heat" if point.carrier == "steam" else quantity.code)
        if own != quantity.code:
            raise BadInput(OtherMeter(name, str(point.carrier), quantity.code))
        if point.carrier is not None and point.node is not None:
            raise BadInput(ReadByNode(name, point.node))

    def _span(self, from_: str, to: str, quantity: Quantity) -> tuple[int, int | None]:
        start = self._times.read(from_)
        if not to:
            if quantity.amount:
                raise BadInput(NeedsInterval(quantity.code))
            return start, None
        end = self._times.read(to)
        if end <= start:
            raise BadInput(EndsBeforeBegin(to, from_))
        return start, end


def _value(text: str, unit: str, quantity: Quantity) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise BadInput(NoNumber(text[:60]))
    value = Decimal(text)
    if value < 0:
        raise BadInput(BelowZero(quantity.code, text))
    if quantity.most is not None and value * _decimal(unit, quantity) > quantity.most:
        raise BadInput(AboveMost(quantity.code, quantity.most, text))
    plain = f"{value.copy_abs():f}"
    if not DECIMAL.fullmatch(plain):
        raise BadInput(TooManyDigits(text[:60]))
    return Decimal(plain)


def _decimal(unit: str, quantity: Quantity) -> Decimal:
    factor = units.factor(unit, quantity.unit)
    return Decimal(factor.numerator) / Decimal(factor.denominator)


def _clash(taken: Taken, row: Row) -> Message:
    """Why the time of a row is not free."""
    old, same = taken.row, same_time(taken.row, row)
    if taken.line is not None:
        return SameAsLine(taken.line) if same else OverlapsLine(taken.line)
    if same:
        return OtherThanImported(f"{old.value:f}", old.unit)
    if old.to is None:
        return OverlapsSample(write_utc(old.from_))
    return OverlapsInterval(write_utc(old.from_), write_utc(old.to))
