"""Rows of energy and drivers by time, as they were given: what is wrong in a cell is kept until it is used."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from accounts.savings.table_messages import (
    BadColumnName,
    ColumnLength,
    LineOf,
    NoColumn,
    NoCsv,
    NoDate,
    NoRowsInFile,
    OtherTimeOfDay,
    ReservedDriver,
    RowOf,
    UnusableNormal,
    WrongCells,
)
from contract.errors import BadInput
from contract.message import Message, Text

ENERGY = "energy"
TIME = "time"
INTERCEPT = "intercept"
Floats = NDArray[np.float64]

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
LARGEST = 1e100
"""A number that is larger, or smaller than its reciprocal, is no reading; its square would leave the doubles."""

_MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")


@dataclass(frozen=True)
class Table:
    """Columns by name, one value a row; `energy` is one of them, the others are drivers.

    times: the date that each row stands for. where: what to call a row in a message. bad: the text of each cell
    that is no usable number, by (row, column); its value is NaN.
    """

    times: tuple[date, ...]
    columns: Mapping[str, Floats]
    where: tuple[Message, ...]
    bad: Mapping[tuple[int, str], str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        times: Sequence[date],
        energy: Sequence[float | Decimal],
        drivers: Mapping[str, Sequence[float | Decimal]],
    ) -> Table:
        """A table from numbers that are at hand. BadInput when the lengths or names do not fit."""
        given = {ENERGY: energy, **drivers}
        columns = {
            name: np.array([float(v) for v in values], dtype=np.float64) for name, values in given.items()
        }
        for name, values in columns.items():
            if len(values) != len(times):
                raise BadInput(ColumnLength(name, len(values), len(times)))
        if ENERGY in drivers or INTERCEPT in drivers:
            raise BadInput(ReservedDriver(ENERGY, INTERCEPT))
        bad = {
            (row, name): "" if np.isnan(value) else str(given[name][row])
            for name, values in columns.items()
            for row, value in enumerate(values.tolist())
            if not _usable(value)
        }
        return cls(tuple(times), columns, tuple(RowOf(t.isoformat()) for t in times), bad)

    @property
    def drivers(self) -> tuple[str, ...]:
        """The columns beside the energy, in the order of the file."""
        return tuple(name for name in self.columns if name != ENERGY)


def read_csv(text: str) -> Table:
    """The table of a CSV file with the columns time, energy and drivers.

    BadInput for a header or row that is not well formed, and for a time that is not one.
    """
    header, rows = _records(text)
    for needed in (TIME, ENERGY):
        if needed not in header:
            raise BadInput(NoColumn(needed, ", ".join(map(repr, header))))
    at = header.index(TIME)
    stamps = [_stamp(cells[at], line) for line, cells in rows]
    _same_time_of_day(stamps, [line for line, _ in rows])
    columns, bad = _columns(header, rows)
    return Table(tuple(s.date() for s in stamps), columns, tuple(LineOf(line) for line, _ in rows), bad)


def read_normal(text: str) -> dict[str, Floats]:
    """Normal conditions: the drivers of each interval, by column; a time column may stand beside them. BadInput."""
    header, rows = _records(text)
    columns, bad = _columns(header, rows)
    columns.pop(ENERGY, None)
    for (row, name), cell in sorted(bad.items()):
        if name in columns:
            raise BadInput(UnusableNormal(rows[row][0], name, cell))
    return columns


def _records(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    reader = csv.reader(text.removeprefix("\ufeff").splitlines(), strict=True)
    try:
        header = [_name(cell) for cell in next(reader, [])]
        rows = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise BadInput(NoCsv(reader.line_num, Text(str(error)))) from None
    for name in header:
        if not name or name == INTERCEPT or header.count(name) > 1:
            raise BadInput(BadColumnName(name))
    for line, cells in rows:
        if len(cells) != len(header):
            raise BadInput(WrongCells(line, len(cells), len(header)))
    if not rows:
        raise BadInput(NoRowsInFile())
    return header, rows


def _name(cell: str) -> str:
    name = cell.strip()
    return name.lower() if name.lower() in (TIME, ENERGY) else name


def _columns(
    header: list[str], rows: list[tuple[int, list[str]]]
) -> tuple[dict[str, Floats], dict[tuple[int, str], str]]:
    columns: dict[str, Floats] = {}
    bad: dict[tuple[int, str], str] = {}
    for at, name in enumerate(header):
        if name == TIME:
            continue
        values = np.full(len(rows), np.nan)
        for row, (_, cells) in enumerate(rows):
            cell = cells[at].strip()
            value = float(cell) if _NUMBER.fullmatch(cell) else np.nan
            if _usable(value):
                values[row] = value
            else:
                bad[row, name] = cell
        columns[name] = values
    return columns, bad


def _usable(value: float) -> bool:
    return value == 0 or 1 / LARGEST <= abs(value) <= LARGEST


def varies(column: Floats) -> bool:
    """Whether a column holds more than one value, rounding aside."""
    return bool(np.ptp(column) > 1e-12 * np.max(np.abs(column)))


def _stamp(cell: str, line: int) -> datetime:
    text = cell.strip()
    try:
        return datetime.fromisoformat(f"{text}-01" if _MONTH.fullmatch(text) else text)
    except ValueError:
        raise BadInput(NoDate(line, cell)) from None


def _same_time_of_day(stamps: list[datetime], lines: list[int]) -> None:
    first: time = stamps[0].time()
    for stamp, line in zip(stamps, lines, strict=True):
        if stamp.time() != first:
            raise BadInput(OtherTimeOfDay(line, stamp.isoformat(), lines[0], first.isoformat()))
