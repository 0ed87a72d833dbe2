"""Savings projects as figures: rows by day or month out of amounts, the model of accounts.savings, its CO2."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from accounts.amounts import Flow, flow, flows, inputs
from accounts.calendar import Calendar, Period
from accounts.energy import grid_choice
from accounts.factors import Factor, Tables
from accounts.figure import Draft, Lacking
from accounts.load import end, intervals
from accounts.savings import Period as Dates
from accounts.savings import Result, Table, emission_twin, evaluate
from accounts.tree import AMOUNTS, PRODUCTION, SUFFIX, Tree, in_unit, unit_of
from contract.errors import BadInput
from contract.sites import Project

CONFIDENCE = 0.9
_DAY = timedelta(days=1)
_SIX = Context(prec=6)


@dataclass(frozen=True)
class Saving:
    """A project's result, and what its rows were made from."""

    project: Project
    result: Result
    inputs: frozenset[bytes]


def reporting(project: Project, calendar_: Calendar) -> Period:
    """The reporting period as dates, half-open."""
    return Period(calendar_, project.reporting[0], project.reporting[1] + _DAY)


def kind_of(project: Project) -> str:
    """The kind of the project's saving."""
    return f"saving_{SUFFIX[unit_of(_quantity(project.quantity))]}"


def saving(tree: Tree, project: Project, calendar_: Calendar) -> Saving:
    """The avoided use of a project. Raises Lacking with what its model lacks."""
    table, proof = _table(tree, project, calendar_)
    drivers = None if project.drivers is None else list(project.drivers)
    try:
        result = evaluate(
            table, Dates(*project.baseline), Dates(*project.reporting), drivers, None, CONFIDENCE
        )
    except BadInput as error:
        raise Lacking(str(error)) from None
    if result.refused:
        raise Lacking("; ".join(result.refused))
    return Saving(project, result, proof)


def avoided(found: Saving) -> Draft:
    """The avoided use with its interval."""
    value, band = Fraction(_short(found.result.avoided)), found.result.band
    more = {
        "interval": [_text(band.low), _text(band.high)], "confidence": str(CONFIDENCE), "form": band.form,
        "drivers": list(found.result.fit.drivers), "project": found.project.id, "warnings": list(found.result.warnings),
    }  # fmt: skip
    unit = unit_of(_quantity(found.project.quantity))
    return Draft(value, unit, 12, False, Fraction(1), Fraction(0), found.inputs, more=more)


def twin(tree: Tree, found: Saving, tables: Tables) -> Draft:
    """t of CO2 of the avoided electricity, one factor for both periods. Raises Lacking."""
    if found.project.quantity != "electricity":
        raise Lacking(f"the saving of {found.project.quantity} has no factor of one kWh")
    record = grid_choice(tree, tables)("electricity", found.project.reporting[1].year)
    assert isinstance(record, Factor)
    value = Fraction(emission_twin(found.result.avoided, record))
    more = {"project": found.project.id}
    return Draft(value, "t{CO2}", 3, True, Fraction(1), Fraction(0), found.inputs, (record,), more=more)


def _table(tree: Tree, project: Project, calendar_: Calendar) -> tuple[Table, frozenset[bytes]]:
    """One row for each day or month of both periods that is whole."""
    times: list[date] = []
    energy: list[Decimal] = []
    names = _drivers(tree, project)
    columns: dict[str, list[Decimal]] = {name: [] for name in names}
    proof: frozenset[bytes] = frozenset()
    for period in _periods(project, calendar_):
        try:
            used, hashes = _use(tree, project, period)
            values = {name: _driver(tree, name, period) for name in names}
        except Lacking:
            continue
        times.append(period.first)
        energy.append(used)
        for name, (value, more) in values.items():
            columns[name].append(value)
            hashes |= more
        proof |= hashes
    if not times:
        raise Lacking(f"no whole {project.interval} of {project.quantity} in the periods of the project")
    return Table.of(times, energy, columns), proof


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
    """The drivers that were named, or every other quantity that the site carries."""
    if project.drivers is not None:
        return list(project.drivers)
    of = {item.row.quantity for item in tree.declared.rows}
    return sorted(of - {project.quantity})


def _use(tree: Tree, project: Project, period: Period) -> tuple[Decimal, frozenset[bytes]]:
    quantity = _quantity(project.quantity)
    if project.points is None:
        found: Sequence[Flow] = flows(tree, quantity, period)
    else:
        missing = next((name for name in project.points if name not in tree.points), None)
        if missing is not None:
            raise Lacking(f"project {project.id!r} names point {missing!r}, which is not there")
        found = [flow(tree, tree.points[name], quantity, period) for name in project.points]
    return _whole(found)


def _driver(tree: Tree, name: str, period: Period) -> tuple[Decimal, frozenset[bytes]]:
    """A driver in a period: a whole amount, or a mean by time. Raises Lacking."""
    if name == "production":
        found = [item for of in PRODUCTION.values() for item in flows(tree, of, period) if tree.carrying(of)]
        return _whole(found)
    if name in AMOUNTS:
        return _whole(flows(tree, name, period))
    rows = [row for point in tree.points for row in intervals(tree, point, name, period)]
    length = sum(end(row) - row.row.from_ for row in rows)
    if not length:
        raise Lacking(f"no rows of {name}")
    total = sum((in_unit(row) * (end(row) - row.row.from_) for row in rows), Fraction(0))
    return _decimal(total / length), frozenset(row.block for row in rows)


def _whole(found: Sequence[Flow]) -> tuple[Decimal, frozenset[bytes]]:
    if not found or any(item.completeness < 1 for item in found):
        raise Lacking("not whole")
    return _decimal(sum((item.value for item in found), Fraction(0))), inputs(found)


def _quantity(code: str) -> str:
    return "production_t" if code == "production" else code


def _decimal(value: Fraction) -> Decimal:
    return Context(prec=40).divide(Decimal(value.numerator), Decimal(value.denominator))


def _short(value: float) -> Decimal:
    return _SIX.create_decimal_from_float(value)


def _text(value: float) -> str:
    return f"{_short(value):f}"
