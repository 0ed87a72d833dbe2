"""Rows of energy and drivers as a person wrote them, with the two periods that they are compared in."""

from __future__ import annotations

import math
from datetime import date
from fractions import Fraction
from typing import Any

from accounts.replacement.declared_messages import (
    CellsOfRow,
    ConfidenceBounds,
    DriverColumn,
    NoColumn,
    NoDayOrMonth,
    NoNumberOrNull,
    NoUnitOfEnergy,
)
from accounts.replacement.project import Rows
from accounts.replacement.quantity import Known, Missing, Quantity
from accounts.savings import Period
from contract import quantities, units
from contract.errors import BadInput
from contract.fields import Fields
from contract.form_messages import MustBeName

MOST_ROWS = 4000
_ALWAYS = ("time", "energy")


def rows(look: Fields) -> Rows:
    """The part ``energy`` of a project; faults are noted."""
    names = _columns(look)
    times: list[date] = []
    table: list[list[float]] = []
    for place, row in enumerate(look.items("rows", 2, MOST_ROWS)):
        path = (*look.at, "rows", place)
        if not isinstance(row, list) or len(row) != len(names):
            look.faults.append((path, CellsOfRow(len(names), tuple(names))))
            continue
        cells = [
            _cell(look, (*path, at), name, cell)
            for at, (name, cell) in enumerate(zip(names, row, strict=True))
        ]
        times.append(next((cell for cell in cells if isinstance(cell, date)), date.min))
        table.append([cell for cell in cells if not isinstance(cell, date)])
    measured = [name for name in names if name != "time"]
    columns = {name: tuple(row[at] for row in table if len(row) > at) for at, name in enumerate(measured)}
    energy = columns.pop("energy", ())
    return Rows(
        _unit(look),
        _period(look, "baseline"),
        _period(look, "reporting"),
        _drivers(look, list(columns)),
        _confidence(look),
        tuple(times),
        energy,
        columns,
    )


def _columns(look: Fields) -> list[str]:
    found = look.items("columns", 2, 20)
    for place, name in enumerate(found):
        if not isinstance(name, str) or not 0 < len(name) <= 64 or name in found[:place]:
            look.faults.append(((*look.at, "columns", place), MustBeName()))
    for name in _ALWAYS:
        if "columns" in look.value and name not in found:
            look.fault("columns", NoColumn(name))
    return [name if isinstance(name, str) else f"column {place + 1}" for place, name in enumerate(found)]


def _cell(look: Fields, path: tuple[str | int, ...], name: str, cell: Any) -> date | float:
    if name == "time":
        try:
            return date.fromisoformat(f"{cell}-01" if len(str(cell)) == 7 else str(cell))
        except ValueError:
            look.faults.append((path, NoDayOrMonth(repr(cell)[:60])))
            return date.min
    if cell is None:
        return math.nan
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not abs(cell) < 1e18:
        look.faults.append((path, NoNumberOrNull(name, repr(cell)[:60])))
        return math.nan
    return float(cell)


def _unit(look: Fields) -> str:
    text = look.text("unit")
    try:
        code = quantities.unit(text) if text else "kW.h"
    except BadInput as error:
        look.fault("unit", error.message)
        return "kW.h"
    if units.dimension(code) != "energy":
        look.fault("unit", NoUnitOfEnergy(text))
        return "kW.h"
    return code


def _period(look: Fields, key: str) -> Period:
    text = look.text(key)
    try:
        return Period.parse(text or "2000-01..2000-12")
    except BadInput as error:
        look.fault(key, error.message)
        return Period.parse("2000-01..2000-12")


def _drivers(look: Fields, known: list[str]) -> tuple[str, ...] | None:
    if look.get("drivers", required=True) is None:
        return None
    found = look.items("drivers", 1, 20)
    for place, name in enumerate(found):
        if name not in known or name in found[:place]:
            look.faults.append(((*look.at, "drivers", place), DriverColumn(tuple(known))))
    return tuple(str(name) for name in found)


def _confidence(look: Fields) -> Known:
    found = look.get("confidence", required=False)
    if found is None:
        return Missing("energy.confidence")
    try:
        value = Quantity.parse(found).to("%")
    except BadInput as error:
        look.fault("confidence", error.message)
        return Missing("energy.confidence")
    if not 50 <= value < 100:
        look.fault("confidence", ConfidenceBounds())
        return Fraction(9, 10)
    return value / 100
