"""Days or months of a savings project: its energy and its drivers in each (docs/methods.md, Saving)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

import numpy as np

from verify.figures.amounts import Amount, Amounts
from verify.figures.figure import Ground
from verify.formats.quantities import AMOUNTS, LEVELS, PRODUCTION
from verify.reasons.reason import InsufficientData
from verify.savings.regress import Table

UNSURE = ("partial", "provisional", "invalid(counter)")


@dataclass(frozen=True)
class Project:
    """quantity: as in the statement; spans: first and last day, both included."""

    id: str
    quantity: str
    points: list[str] | None
    drivers: list[str] | None
    monthly: bool
    baseline: tuple[date, date]
    reporting: tuple[date, date]

    @property
    def torn(self) -> tuple[date, date] | None:
        """The first of its periods that begins or ends within a month of its rows; None where none does."""
        if self.monthly:
            for first, last in (self.baseline, self.reporting):
                if first.day != 1 or (last + timedelta(days=1)).day != 1:
                    return first, last
        return None


def code_of(ground: Ground, quantity: str) -> str:
    """Production is the one of its three that the site carries."""
    if quantity != "production":
        return quantity
    carried = [code for code in AMOUNTS if code.startswith("production_") and ground.points.carrying(code)]
    return carried[0] if carried else "production_t"


class Reader:
    """Reads the rows of a project; code: the quantity of its energy."""

    def __init__(self, ground: Ground, project: Project) -> None:
        self.ground, self.project = ground, project
        self.code = code_of(ground, project.quantity)

    def _rows(self, span: tuple[date, date]) -> list[tuple[int, int, int]]:
        """(number, beginning, end) of each day or calendar month of the span."""
        begin, made, at = self.ground.days.begin, [], span[0]
        while at <= span[1]:
            after = at + timedelta(days=1)
            if self.project.monthly:
                after = _next_month(at)
            number = at.year * 12 + at.month if self.project.monthly else at.toordinal()
            made.append((number, begin(at), begin(after)))
            at = after
        return made

    def _energy(self, amounts: Amounts) -> tuple[Fraction, list[Amount]]:
        """The project's energy in one row; raises InsufficientData where it is not known."""
        known = self.ground.points
        if self.project.points is None:
            return _whole([amounts.at(point, self.code) for point in known.top(self.code)], amounts)
        if any(name not in known.all for name in self.project.points):
            raise InsufficientData("a point that is not declared")
        return _whole([amounts.at(known.all[name], self.code) for name in self.project.points], amounts)

    def _driver(self, amounts: Amounts, name: str) -> tuple[Fraction, set[bytes]]:
        """A driver in one row, and what it rests on; raises InsufficientData where it is not known."""
        if name in LEVELS:
            return _mean(amounts, name)
        codes = sorted(PRODUCTION.values()) if name == "production" else [name]
        points = self.ground.points
        found = [amounts.at(point, code) for code in codes for point in points.top(code)]
        if any(code in points.strays for code in codes):
            raise InsufficientData(f"rows of {name} name a point that is not declared")
        value, parts = _whole(found, amounts)
        return value, {one for part in parts for one in part.inputs}

    def read(self, span: tuple[date, date], drivers: list[str]) -> list[Row]:
        """Every row of a span: its energy and its drivers, None where one is not known."""
        made = []
        for number, begin, end in self._rows(span):
            amounts = self.ground.amounts.within(begin, end)
            row = Row(number)
            try:
                row.energy, row.amounts = self._energy(amounts)
            except InsufficientData:
                row.energy = None
            for name in drivers:
                try:
                    row.drivers[name] = self._driver(amounts, name)
                except InsufficientData:
                    continue
            made.append(row)
        return made


@dataclass
class Row:
    """One day or month; energy None where it is not known; drivers that are known, with what they rest on."""

    number: int
    energy: Fraction | None = None
    amounts: list[Amount] = field(default_factory=list)
    drivers: dict[str, tuple[Fraction, set[bytes]]] = field(default_factory=dict)

    def known(self, names: list[str]) -> bool:
        return self.energy is not None and all(name in self.drivers for name in names)

    def inputs(self, names: list[str]) -> set[bytes]:
        used = {one for amount in self.amounts for one in amount.inputs}
        return used.union(*(self.drivers[name][1] for name in names))


def table(rows: list[Row], names: list[str]) -> Table:
    columns = {name: np.array([float(row.drivers[name][0]) for row in rows]) for name in names}
    return Table([row.number for row in rows], np.array([float(row.energy or 0) for row in rows]), columns)


def _whole(found: list[Amount], amounts: Amounts) -> tuple[Fraction, list[Amount]]:
    """The sum of amounts; raises InsufficientData when one leaves time out, or rests on hours that may still change."""
    if not found:
        raise InsufficientData("no point carries it")
    for amount in found:
        at = amounts.from_
        for piece in amount.pieces:
            if piece.from_ != at or piece.class_ in UNSURE:
                raise InsufficientData(f"{amount.quantity} at {amount.point} is not whole")
            at = piece.to
        if at != amounts.to or amount.pieces[0].estimated or amount.pieces[-1].estimated:
            raise InsufficientData(f"{amount.quantity} at {amount.point} is not whole")
    return sum((amount.value for amount in found), Fraction(0)), found


def _mean(amounts: Amounts, code: str) -> tuple[Fraction, set[bytes]]:
    """The mean by time over the interval rows of all points."""
    weighted, time, used = Fraction(0), 0, set()
    for point in [
        point for point, quantity in amounts.rows if quantity == code and point in amounts.points.all
    ]:
        for row in amounts.rows_at(point, code):
            if row.to is None:
                continue
            if row.from_ < amounts.from_ or row.to > amounts.to:
                raise InsufficientData(f"a row of {code} lies in the row only in part")
            weighted, time = weighted + row.value * (row.to - row.from_), time + row.to - row.from_
            used.add(row.block)
    if not time:
        raise InsufficientData(f"nothing of {code}")
    return weighted / time, used


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
