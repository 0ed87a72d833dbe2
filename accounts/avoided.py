"""Savings projects as figures: rows by day or month out of amounts, the model of accounts.savings, its CO2."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from accounts.amounts import Flow, flow, flows, inputs
from accounts.calendar import Calendar, Period
from accounts.energy import grid_choice
from accounts.factors import USABLE, Factor, Tables
from accounts.figure import Draft, Lacking, short
from accounts.load import end, intervals
from accounts.savings import Period as Dates
from accounts.savings import Result, Table, emission_twin, evaluate
from accounts.tree import AMOUNTS, PRODUCTION, SUFFIX, Tree, in_unit, unit_of
from contract.errors import BadInput
from contract.sites import SITES, Project

_DAY = timedelta(days=1)
_SIX = Context(prec=6)


@dataclass(frozen=True)
class Saving:
    """A project's result, what its rows were made from, and the highest substituted share of its reporting rows."""

    project: Project
    result: Result
    inputs: frozenset[bytes]
    substituted: Fraction
    table: Table


@dataclass(frozen=True)
class Cell:
    """A number of one row, what it was made from, and its substituted share."""

    value: Decimal
    inputs: frozenset[bytes]
    substituted: Fraction = Fraction(0)


def reporting(project: Project, calendar_: Calendar) -> Period:
    """The reporting period as dates, half-open."""
    return Period(calendar_, project.reporting[0], project.reporting[1] + _DAY)


def kind_of(project: Project) -> str:
    """The kind of the project's saving."""
    return f"saving_{SUFFIX[unit(project)]}"


def unit(project: Project) -> str:
    """The unit of what the project saves."""
    return unit_of(_quantity(project.quantity))


def saving(tree: Tree, project: Project, calendar_: Calendar) -> Saving:
    """The avoided use of a project. Raises Lacking with what its model lacks."""
    found = model(tree, project, calendar_)
    if found.result.refused:
        raise Lacking("; ".join(found.result.refused))
    return found


def model(tree: Tree, project: Project, calendar_: Calendar) -> Saving:
    """What the model of a project says, be it refused or not. Raises Lacking where there is none."""
    table, proof, share = _table(tree, project, calendar_)
    drivers = None if project.drivers is None else list(project.drivers)
    try:
        result = evaluate(
            table,
            Dates(*project.baseline),
            Dates(*project.reporting),
            drivers,
            None,
            float(project.confidence),
        )
    except BadInput as error:
        raise Lacking(str(error)) from None
    return Saving(project, result, proof, share, table)


def avoided(found: Saving) -> Draft:
    """The avoided use with its interval."""
    value, band = Fraction(_short(found.result.avoided)), found.result.band
    more = {
        "interval": [_text(band.low), _text(band.high)], "confidence": f"{found.project.confidence:f}",
        "form": band.form, "drivers": list(found.result.fit.drivers), "project": found.project.id,
        "warnings": list(found.result.warnings),
    }  # fmt: skip
    return Draft(
        value, unit(found.project), 12, False, Fraction(1), found.substituted, found.inputs, more=more
    )


def twin(tree: Tree, found: Saving, tables: Tables) -> Draft:
    """t of CO2 of the avoided electricity, one factor for both periods. Raises Lacking."""
    if found.project.quantity != "electricity":
        raise Lacking(f"the saving of {found.project.quantity} has no factor of one kWh")
    record = _record(tree, found.project, tables)
    value = Fraction(emission_twin(found.result.avoided, record))
    more = {"project": found.project.id}
    return Draft(value, "t{CO2}", 3, True, Fraction(1), found.substituted, found.inputs, (record,), more=more)


def _record(tree: Tree, project: Project, tables: Tables) -> Factor:
    """The factor that the project names, or the one of the site's choice. Raises Lacking."""
    if project.factor == SITES:
        record = grid_choice(tree, tables)("electricity", project.reporting[1].year)
        assert isinstance(record, Factor)
        return record
    found = next((one for one in tables.grid if one.id == project.factor and one.trust in USABLE), None)
    if found is None:
        raise Lacking(f"no usable grid factor has the id {project.factor!r}")
    return found


def _table(tree: Tree, project: Project, calendar_: Calendar) -> tuple[Table, frozenset[bytes], Fraction]:
    """One row for each day or month of both periods that is whole; what they were made from."""
    periods = _periods(project, calendar_)
    used = {
        period.first: (period, cell) for period in periods if (cell := _cell(_use, tree, project, period))
    }
    if not used:
        raise Lacking(f"no whole {project.interval} of {project.quantity} in the periods of the project")
    columns: dict[str, dict[date, Cell]] = {}
    for name in _drivers(tree, project):
        cells = {day: _cell(_driver, tree, name, period) for day, (period, _) in used.items()}
        columns[name] = {day: cell for day, cell in cells.items() if cell is not None}
    if project.drivers is None:  # a quantity that lacks a row of the energy's can be no driver
        columns = {name: cells for name, cells in columns.items() if len(cells) == len(used)}
    times = [day for day in used if all(day in cells for cells in columns.values())]
    kept = [used[day][1] for day in times] + [cells[day] for cells in columns.values() for day in times]
    energy = [used[day][1].value for day in times]
    table = Table.of(
        times, energy, {name: [cells[day].value for day in times] for name, cells in columns.items()}
    )
    late = [used[day][1].substituted for day in times if day >= project.reporting[0]]
    return table, frozenset().union(*(cell.inputs for cell in kept)), max(late, default=Fraction(0))


def _cell(make: Callable[[Tree, Any, Period], Cell], tree: Tree, of: object, period: Period) -> Cell | None:
    """A number, or None where it is not whole."""
    try:
        return make(tree, of, period)
    except Lacking:
        return None


def _periods(project: Project, calendar_: Calendar) -> list[Period]:
    found: list[Period] = []
    for first, last in (project.baseline, project.reporting):
        day = first
        while day <= last:
            length = (
                1 if project.interval == "day" else calendar.monthrange(day.year, day.month)[1] - day.day + 1
            )
            found.append(Period(calendar_, day, day + length * _DAY))
            day += length * _DAY
    return found


def _drivers(tree: Tree, project: Project) -> list[str]:
    """The drivers that were named, or every quantity but the project's own."""
    if project.drivers is not None:
        return list(project.drivers)
    carried = {of for of in AMOUNTS if tree.carrying(of)} | {item.row.quantity for item in tree.declared.rows}
    codes = {"production" if of in PRODUCTION.values() else of for of in carried}
    return sorted(codes - {project.quantity})


def _use(tree: Tree, project: Project, period: Period) -> Cell:
    quantity = _quantity(project.quantity)
    if project.points is None:
        return _whole(flows(tree, quantity, period))
    missing = next((name for name in project.points if name not in tree.points), None)
    if missing is not None:
        raise Lacking(f"project {project.id!r} names point {missing!r}, which is not there")
    return _whole([flow(tree, tree.points[name], quantity, period) for name in project.points])


def _driver(tree: Tree, name: str, period: Period) -> Cell:
    """A driver in a period: a whole amount, or a mean by time. Raises Lacking."""
    if name == "production":
        return _whole([item for of in PRODUCTION.values() for item in flows(tree, of, period)])
    if name in AMOUNTS:
        return _whole(flows(tree, name, period))
    rows = [row for point in tree.points for row in intervals(tree, point, name, period)]
    length = sum(end(row) - row.row.from_ for row in rows)
    if not length:
        raise Lacking(f"no rows of {name}")
    total = sum((in_unit(row) * (end(row) - row.row.from_) for row in rows), Fraction(0))
    return Cell(_decimal(total / length), frozenset(row.block for row in rows))


def _whole(found: Sequence[Flow]) -> Cell:
    if not found or not all(item.whole for item in found):
        raise Lacking("not whole")
    total = sum((item.value for item in found), Fraction(0))
    return Cell(_decimal(total), inputs(found), max(item.substituted for item in found))


def _quantity(code: str) -> str:
    return "production_t" if code == "production" else code


def _decimal(value: Fraction) -> Decimal:
    return Context(prec=40).divide(Decimal(value.numerator), Decimal(value.denominator))


def _short(value: float) -> Decimal:
    return _SIX.create_decimal_from_float(value)


def _text(value: float) -> str:
    return short(Fraction(_short(value)))
