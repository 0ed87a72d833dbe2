"""Savings projects as figures: rows by day or month out of amounts, the model of accounts.savings, its CO2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from fractions import Fraction

from accounts.energy.energy import grid_choice
from accounts.figure import carbon
from accounts.figure.calendar import Calendar, Period
from accounts.figure.factors import USABLE, Factor, Tables
from accounts.figure.figure import Draft, InsufficientData, short
from accounts.inputs.tree import SUFFIX, Tree, unit_of
from accounts.savings import Period as Dates
from accounts.savings import Result, Table, emission_twin, evaluate
from accounts.savings.project_messages import NoEnergyFactor, NoSuchGridFactor, NoWholePeriod, Refused
from accounts.savings.project_rows import Cell, cell, code_of, driver, drivers, periods, use
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


def reporting(project: Project, calendar_: Calendar) -> Period:
    """The reporting period as dates, half-open."""
    return Period(calendar_, project.reporting[0], project.reporting[1] + _DAY)


def kind_of(project: Project) -> str:
    """The kind of the project's saving."""
    return f"saving_{SUFFIX[unit(project)]}"


def unit(project: Project) -> str:
    """The unit of what the project saves."""
    return unit_of(code_of(project.quantity))


def saving(tree: Tree, project: Project, calendar_: Calendar) -> Saving:
    """The avoided use of a project. Raises InsufficientData with what its model lacks."""
    found = model(tree, project, calendar_)
    if found.result.refused:
        raise InsufficientData(Refused(found.result.refused))
    return found


def model(tree: Tree, project: Project, calendar_: Calendar) -> Saving:
    """The model of a project, refused or not. Raises InsufficientData where there is none."""
    table, proof, share = _table(tree, project, calendar_)
    named = None if project.drivers is None else list(project.drivers)
    try:
        result = evaluate(
            table,
            Dates(*project.baseline),
            Dates(*project.reporting),
            named,
            None,
            float(project.confidence),
        )
    except BadInput as error:
        raise InsufficientData(error.message) from None
    return Saving(project, result, proof, share, table)


def avoided(found: Saving) -> Draft:
    """The avoided use with its interval."""
    value, band = Fraction(_short(found.result.avoided)), found.result.band
    more = {
        "interval": [_text(band.low), _text(band.high)], "confidence": f"{found.project.confidence:f}",
        "form": band.form, "drivers": list(found.result.fit.drivers), "project": found.project.id,
        "warnings": [one.json() for one in found.result.warnings],
    }  # fmt: skip
    return Draft(
        value, unit(found.project), 12, False, Fraction(1), found.substituted, found.inputs, more=more
    )


def twin(tree: Tree, found: Saving, tables: Tables) -> Draft:
    """t of CO2 of the avoided electricity, one factor for both periods. Raises InsufficientData."""
    if found.project.quantity != "electricity":
        raise InsufficientData(NoEnergyFactor(found.project.quantity))
    record = _record(tree, found.project, tables)
    value = Fraction(emission_twin(found.result.avoided, record))
    more = {"project": found.project.id}
    return Draft(
        value,
        carbon.UNIT,
        carbon.DIGITS,
        True,
        Fraction(1),
        found.substituted,
        found.inputs,
        (record,),
        more=more,
    )


def _record(tree: Tree, project: Project, tables: Tables) -> Factor:
    """The factor that the project names, or the one of the site's choice. Raises InsufficientData."""
    if project.factor == SITES:
        record = grid_choice(tree, tables)("electricity", project.reporting[1].year)
        assert isinstance(record, Factor)
        return record
    found = next((one for one in tables.grid if one.id == project.factor and one.trust in USABLE), None)
    if found is None:
        raise InsufficientData(NoSuchGridFactor(str(project.factor)))
    return found


def _table(tree: Tree, project: Project, calendar_: Calendar) -> tuple[Table, frozenset[bytes], Fraction]:
    """One row for each day or month of both periods that is whole; what they were made from."""
    found = ((period, cell(use, tree, project, period)) for period in periods(project, calendar_))
    used = {period.first: (period, made) for period, made in found if made}
    if not used:
        raise InsufficientData(NoWholePeriod(project.interval, project.quantity))
    columns: dict[str, dict[date, Cell]] = {}
    for name in drivers(tree, project):
        cells = {day: cell(driver, tree, name, period) for day, (period, _) in used.items()}
        columns[name] = {day: made for day, made in cells.items() if made is not None}
    if project.drivers is None:  # a quantity that lacks a row of the energy's can be no driver
        columns = {name: cells for name, cells in columns.items() if len(cells) == len(used)}
    times = [day for day in used if all(day in cells for cells in columns.values())]
    kept = [used[day][1] for day in times] + [cells[day] for cells in columns.values() for day in times]
    energy = [used[day][1].value for day in times]
    table = Table.of(
        times, energy, {name: [cells[day].value for day in times] for name, cells in columns.items()}
    )
    late = [used[day][1].substituted for day in times if day >= project.reporting[0]]
    return table, frozenset().union(*(made.inputs for made in kept)), max(late, default=Fraction(0))


def _short(value: float) -> Decimal:
    return _SIX.create_decimal_from_float(value)


def _text(value: float) -> str:
    return short(Fraction(_short(value)))
