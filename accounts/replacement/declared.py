"""A project as a person wrote it -> its frozen type, or every fault with the path of its key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from accounts.replacement import declared_money, declared_rows
from accounts.replacement.declared_messages import BesideOutput, NamedOnly, NoSuchColumn, UnusableFactor
from accounts.replacement.intensity import Emissions, PerUnit, Use
from accounts.replacement.keys import amount, dotted, inside, unit_of
from accounts.replacement.labour import Crew, Labour
from accounts.replacement.oee import Oee, Run
from accounts.replacement.project import Project, Rows
from accounts.replacement.quantity import Missing
from contract.fields import Fault, Fields

FORMAT = "steelyard-replacement/1"
PARTS = ("money", "labour", "oee", "per_unit", "emissions", "energy")


def read(value: dict[str, Any], factors: Collection[str]) -> tuple[Project | None, list[Fault]]:
    """The project that plain values (lists, not tuples) hold, or None and every fault.

    factors: ids of the grid factors that are known. An input that is absent is no fault: its figures are refused.
    """
    faults: list[Fault] = []
    look = Fields(value, faults)
    look.choice("format", (FORMAT,))
    name = look.text("name")
    parts = {key: inside(look, key) for key in PARTS}
    if all(value.get(key) is None for key in PARTS):
        look.fault("name", NamedOnly(PARTS))
    money, labour, oee, each, emissions, energy = parts.values()
    project = Project(
        name,
        declared_money.money(money) if money else None,
        _labour(labour) if labour else None,
        _oee(oee) if oee else None,
        _per_unit(each) if each else None,
        _emissions(emissions, factors) if emissions else None,
        declared_rows.rows(energy) if energy else None,
    )
    if project.per_unit and each:
        _column(each, project.per_unit.column, project.rows)
    for part in (look, *(part for part in parts.values() if part)):
        part.close()
    return (None if faults else project), faults


def read_parts(
    name: str, parts: Mapping[str, Any], factors: Collection[str]
) -> tuple[Project | None, list[Fault]]:
    """The same from the parts of a site's statement, which has no rows of energy: those are the site's own."""
    if not parts:
        return Project(name, None, None, None, None, None, None), []
    return read({"format": FORMAT, "name": name, **parts}, factors)


def _labour(look: Fields) -> Labour:
    unit = unit_of(look)
    return Labour(
        unit, _crew(look, "before", unit), _crew(look, "after", unit), amount(look, "person_year", "h/a")
    )


def _crew(look: Fields, key: str, unit: str) -> Crew:
    inner = inside(look, key) or Fields({}, look.faults, (*look.at, key))
    found = Crew(
        amount(inner, "output", unit),
        amount(inner, "hours", "h"),
        amount(inner, "period", "d"),
        amount(inner, "operators", "{person}"),
    )
    inner.close()
    return found


def _oee(look: Fields) -> Oee:
    unit = unit_of(look)
    return Oee(unit, _run(look, "before", unit), _run(look, "after", unit))


def _run(look: Fields, key: str, unit: str) -> Run | None:
    inner = inside(look, key)
    if inner is None:
        return None
    found = Run(
        amount(inner, "planned_busy", "min"),
        amount(inner, "actual_production", "min"),
        amount(inner, "planned_run_per_item", f"min/{unit}"),
        amount(inner, "produced", unit),
        amount(inner, "good", unit),
    )
    inner.close()
    return found


def _per_unit(look: Fields) -> PerUnit:
    unit, column = unit_of(look), look.maybe("output")
    if column is not None:
        for key in ("before", "after"):
            if look.get(key, required=False) is not None:
                look.fault(key, BesideOutput())
        return PerUnit(unit, Use(None, None), Use(None, None), column)
    return PerUnit(unit, _use(look, "before", unit), _use(look, "after", unit))


def _column(look: Fields, column: str | None, rows: Rows | None) -> None:
    """Note an output that is no column of the rows; those of a site are known to the site alone."""
    if column is not None and rows is not None and column not in rows.columns:
        look.fault("output", NoSuchColumn(tuple(rows.columns), column))


def _use(look: Fields, key: str, unit: str) -> Use:
    inner = inside(look, key) or Fields({}, look.faults, (*look.at, key))
    found = Use(amount(inner, "energy", "kW.h"), amount(inner, "output", unit))
    inner.close()
    return found


def _emissions(look: Fields, factors: Collection[str]) -> Emissions:
    return Emissions(*(_factor(look, key, factors) for key in ("factor", "factor_before", "factor_after")))


def _factor(look: Fields, key: str, factors: Collection[str]) -> str | Missing:
    name = look.maybe(key)
    if not name:
        return Missing(dotted(look, key))
    if name not in factors:
        look.fault(key, UnusableFactor(name))
    return name
