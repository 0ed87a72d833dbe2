"""The rows of a savings project out of a site's amounts: its energy, its drivers, and an output beside the energy."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import InsufficientData
from accounts.inputs.amounts import Flow, flow, flows, inputs
from accounts.inputs.tree import AMOUNTS, PRODUCTION, Tree, in_unit, unit_of
from accounts.permits.load import end, intervals
from accounts.savings import Period as Dates
from accounts.savings import Table
from accounts.savings.project_messages import (
    NoAmount,
    NoDriverOfEnergy,
    NoPointOfProject,
    NoRowsOf,
    NotWhole,
    NoWholeMonths,
    NoWholePair,
    OtherUnit,
)
from accounts.savings.ratio import Pairs, pairs
from contract.errors import BadInput
from contract.sites import Project

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Cell:
    """A number of one row, what it was made from, and its substituted share."""

    value: Decimal
    inputs: frozenset[bytes]
    substituted: Fraction = Fraction(0)


def paired(
    tree: Tree, project: Project, calendar_: Calendar, column: str, counted_in: str
) -> tuple[Pairs, Pairs]:
    """Electricity and an amount of output in the rows of both periods in which both are whole.

    counted_in: the unit of the output. Raises InsufficientData where the site counts it in another or not at all.
    """
    _counts(tree, project, column, counted_in)
    times, cells = [], []
    for period in periods(project, calendar_):
        both = cell(use, tree, project, period), cell(driver, tree, column, period)
        if both[0] is not None and both[1] is not None:
            times.append(period.first)
            cells.append((both[0].value, both[1].value))
    if not times:
        raise InsufficientData(NoWholePair(project.interval, project.quantity, column))
    table = Table.of(times, [energy for energy, _ in cells], {column: [made for _, made in cells]})
    try:
        before, after = (pairs(table, Dates(*span), column) for span in (project.baseline, project.reporting))
    except BadInput as error:
        raise InsufficientData(error.message) from None
    return before, after


def _counts(tree: Tree, project: Project, column: str, unit_: str) -> None:
    """Raises InsufficientData unless the site counts an amount of that name in the unit."""
    if column not in drivers(tree, project):
        raise InsufficientData(NoDriverOfEnergy(column))
    codes = (
        [of for of in PRODUCTION.values() if tree.carrying(of)] if column == "production" else
        [column] if column in AMOUNTS else []
    )  # fmt: skip
    if not codes:
        raise InsufficientData(NoAmount(column))
    units_ = sorted({unit_of(code) for code in codes})
    if units_ != [unit_]:
        raise InsufficientData(OtherUnit(column, ", ".join(units_), unit_))


def cell(make: Callable[[Tree, Any, Period], Cell], tree: Tree, of: object, period: Period) -> Cell | None:
    """A number, or None where it is not whole."""
    try:
        return make(tree, of, period)
    except InsufficientData:
        return None


def periods(project: Project, calendar_: Calendar) -> list[Period]:
    """The days or months of both periods, in order of time.

    Raises InsufficientData where a project by month has a period that begins or ends within one: a part of a month
    is no row like the others, and its other part lies outside the period.
    """
    found: list[Period] = []
    for first, last in (project.baseline, project.reporting):
        if project.interval == "month" and (first.day != 1 or (last + _DAY).day != 1):
            raise InsufficientData(NoWholeMonths(str(first), str(last)))
    for first, last in (project.baseline, project.reporting):
        day = first
        while day <= last:
            length = 1 if project.interval == "day" else calendar.monthrange(day.year, day.month)[1]
            found.append(Period(calendar_, day, day + length * _DAY))
            day += length * _DAY
    return found


def drivers(tree: Tree, project: Project) -> list[str]:
    """The drivers that were named, or every quantity but the project's own."""
    if project.drivers is not None:
        return list(project.drivers)
    carried = {of for of in AMOUNTS if tree.carrying(of)} | {item.row.quantity for item in tree.declared.rows}
    codes = {"production" if of in PRODUCTION.values() else of for of in carried}
    return sorted(codes - {project.quantity})


def use(tree: Tree, project: Project, period: Period) -> Cell:
    """The project's energy in a period, whole. Raises InsufficientData."""
    quantity = code_of(project.quantity)
    if project.points is None:
        return _whole(flows(tree, quantity, period))
    missing = next((name for name in project.points if name not in tree.points), None)
    if missing is not None:
        raise InsufficientData(NoPointOfProject(project.id, missing))
    return _whole([flow(tree, tree.points[name], quantity, period) for name in project.points])


def driver(tree: Tree, name: str, period: Period) -> Cell:
    """A driver in a period: a whole amount, or a mean by time. Raises InsufficientData."""
    if name == "production":
        return _whole([item for of in PRODUCTION.values() for item in flows(tree, of, period)])
    if name in AMOUNTS:
        return _whole(flows(tree, name, period))
    rows = [row for point in tree.points for row in intervals(tree, point, name, period)]
    length = sum(end(row) - row.row.from_ for row in rows)
    if not length:
        raise InsufficientData(NoRowsOf(name))
    total = sum((in_unit(row) * (end(row) - row.row.from_) for row in rows), Fraction(0))
    return Cell(_decimal(total / length), frozenset(row.block for row in rows))


def _whole(found: Sequence[Flow]) -> Cell:
    if not found or not all(item.whole for item in found):
        raise InsufficientData(NotWhole())
    total = sum((item.value for item in found), Fraction(0))
    return Cell(_decimal(total), inputs(found), max(item.substituted for item in found))


def code_of(code: str) -> str:
    """The code of a quantity that is an amount of one unit."""
    return "production_t" if code == "production" else code


def _decimal(value: Fraction) -> Decimal:
    return Context(prec=40).divide(Decimal(value.numerator), Decimal(value.denominator))
