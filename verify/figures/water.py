"""Loads, means and permits of wastewater (docs/methods.md, Load and Permit)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

from verify.figures.figure import Answers, Figure, Ground
from verify.formats.calendar import SECOND, written
from verify.formats.numbers import upto
from verify.reasons.amounts.messages import (
    QuantityOfPoint,
    RowCrossesPeriod,
    RowsOverlap,
    TwoQuantitiesOfPoint,
    UnknownPoint,
)
from verify.reasons.permits.messages import (
    FlowAndVolume,
    NoFlowForTimes,
    NoRows,
    NothingFlowed,
    PartialOverlap,
    SamplesWithoutInterval,
)
from verify.reasons.reason import InsufficientData
from verify.statements.imported import Row

POLLUTANTS = ("cod", "nh3n")
FLOWS = ("wastewater_flow", "wastewater_volume")


@dataclass
class Load:
    """mass in mg, volume in L, time that rows share in ns, and the rows that were used."""

    mass: Fraction = Fraction(0)
    volume: Fraction = Fraction(0)
    common: int = 0
    rows: set[bytes] = field(default_factory=set)


def rows_at(ground: Ground, point: str, code: str) -> list[Row]:
    """Rows of a level that touch the period; raises InsufficientData where one lies in it only in part."""
    found = []
    for row in ground.amounts.rows_at(point, code):
        end = row.from_ + 1 if row.to is None else row.to
        if row.from_ < ground.amounts.from_ or end > ground.amounts.to:
            what = QuantityOfPoint(code, point)
            raise InsufficientData(RowCrossesPeriod(what, written(row.from_), written(end)))
        found.append(row)
    return found


def intervals(rows: list[Row], code: str, point: str) -> list[Row]:
    """The interval rows; raises InsufficientData when two overlap."""
    found = [row for row in rows if row.to is not None]
    for before, after in pairwise(found):
        if after.from_ < (before.to or 0):
            what = QuantityOfPoint(code, point)
            raise InsufficientData(RowsOverlap(what, written(after.from_)))
    return found


def flows(ground: Ground, point: str) -> list[Row]:
    """Interval rows of flow and volume of the period, none of which overlap."""
    flow, volume = (intervals(rows_at(ground, point, code), code, point) for code in FLOWS)
    both = sorted([*flow, *volume], key=lambda row: row.from_)
    for before, after in pairwise(both):
        if after.from_ < (before.to or 0):
            raise InsufficientData(FlowAndVolume(point, written(after.from_)))
    return both


def load(levels: list[Row], carriers: list[Row]) -> Load:
    """Pairs of rows of a concentration and of flow or volume; raises InsufficientData for a pair that has no weight."""
    made, first = Load(), 0
    for level in levels:
        start, end = level.from_, level.to or 0
        while first < len(carriers) and (carriers[first].to or 0) <= start:
            first += 1
        for carrier in carriers[first:]:
            if carrier.from_ >= end:
                break
            _pair(made, level, carrier)
    return made


def _pair(made: Load, level: Row, carrier: Row) -> None:
    start, end = max(level.from_, carrier.from_), min(level.to or 0, carrier.to or 0)
    held = (start, end) == (carrier.from_, carrier.to)
    if carrier.quantity == "wastewater_volume":
        if not held:
            raise _in_part(level, carrier, start)
        litres = carrier.value * 1000
    else:
        if not held and (start, end) != (level.from_, level.to):
            raise _in_part(level, carrier, start)
        litres = carrier.value * Fraction(end - start, SECOND)
    made.mass += level.value * litres
    made.volume += litres
    made.common += end - start
    made.rows |= {level.block, carrier.block}


def _in_part(level: Row, carrier: Row, at: int) -> InsufficientData:
    what = TwoQuantitiesOfPoint(level.quantity, carrier.quantity, level.point)
    return InsufficientData(PartialOverlap(what, written(at)))


def loads(ground: Ground, answers: Answers) -> None:
    """Mass and mean of each pollutant at each point that has rows of it."""
    for code in POLLUTANTS:
        for point in ground.points.with_rows(code):
            for kind in (f"{code}_kg", f"{code}_mean_mg_l"):
                answers.take(
                    kind, point, lambda kind=kind, code=code, point=point: _figure(ground, kind, point, code)
                )


def _figure(ground: Ground, kind: str, point: str, code: str) -> Figure:
    if point not in ground.points.all:
        raise InsufficientData(UnknownPoint(code, point))
    rows = rows_at(ground, point, code)
    levels = intervals(rows, code, point)
    found = load(levels, flows(ground, point))
    if not found.common and levels:
        raise InsufficientData(NoFlowForTimes(point, code))
    if not found.common:
        alone = SamplesWithoutInterval(len(rows), code, point) if rows else NoRows(code, point)
        raise InsufficientData(alone)
    if kind.endswith("_kg"):
        value, unit = found.mass / 10**6, "kg"
    elif found.volume:
        value, unit = found.mass / found.volume, "mg/L"
    else:
        raise InsufficientData(NothingFlowed(point, code))
    volume = {
        "point": point,
        "quantity": "wastewater_volume",
        "value": upto(found.volume / 1000, 12),
        "unit": "m3",
    }
    return ground.figure(
        kind, point, upto(value, 3), unit, "steelyard/load/1",
        Fraction(found.common, ground.amounts.to - ground.amounts.from_), Fraction(0), found.rows, [volume],
    )  # fmt: skip
