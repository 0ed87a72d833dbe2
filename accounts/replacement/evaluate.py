"""From a declared replacement project to its figures: one JSON object of decimal strings, refusals and warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.figure.factors import Factor
from accounts.replacement import avoided, labour, oee, per_unit
from accounts.replacement.cash_flow import worth
from accounts.replacement.labour import Labour
from accounts.replacement.messages import MoreHours, OfKind, OneSideOfOee
from accounts.replacement.oee import Oee, Run
from accounts.replacement.per_unit import Paired
from accounts.replacement.project import Project
from accounts.replacement.quantity import Missing, counted, significant
from accounts.replacement.results import Results
from accounts.savings import Result
from contract.message import Message

CONFORMITY = (
    "Steelyard methods by their ids (docs/methods-replacement.md); no conformity with ISO 22400-2, GB/T 28750, "
    "IPMVP or another standard is claimed."
)


@dataclass(frozen=True)
class Measured:
    """The model of the site's own readings, or why there is none. paired: energy and output row by row where per_unit
    names an output."""

    model: Result | Message
    paired: Paired | None = None


def evaluate(
    project: Project, factors: Mapping[str, Factor], measured: Measured | None = None
) -> dict[str, Any]:
    """Every figure of a project; factors by id. What was not declared is null and named in ``not_asked``.

    measured: from the site's readings, in kW.h, for a project that has no rows of its own.
    """
    energy = project.rows if measured is None else measured.model
    book = Results()
    found: dict[str, Any] = {"name": project.name}
    found |= avoided.energy(energy, project.emissions, factors, book)
    found |= worth(project.money, avoided.published(found, energy is not None), book)
    found["labour"] = _labour(project.labour, book) if project.labour else None
    found["oee"] = _oee(project.oee, book) if project.oee else None
    found["per_unit"] = _per_unit(project, measured, factors, book)
    found["not_asked"] = _not_asked(project, energy is not None)
    found["refused"] = [{"kind": kind, **why.json()} for kind, why in book.refused]
    found["warnings"] = [one.json() for one in book.warnings]
    found["methods"] = dict(sorted(book.methods.items()))
    found["conformity"] = CONFORMITY
    return found


def _not_asked(project: Project, energy: bool) -> list[str]:
    """Figures for which nothing was declared."""
    own = project.emissions
    parts = {"avoided": energy or None, "money": project.money, "labour": project.labour, "oee": project.oee}
    found = [name for name, part in {**parts, "per_unit": project.per_unit}.items() if part is None]
    named = own is not None and not isinstance(own.factor_before, Missing)
    named |= own is not None and not isinstance(own.factor_after, Missing)
    return found if named and project.per_unit else [*found, "grid_effect"]


def _labour(declared: Labour, book: Results) -> dict[str, Any]:
    unit = declared.product_unit
    found: dict[str, Any] = {"product_unit": unit}
    for when, crew in (("before", declared.before), ("after", declared.after)):
        rate = book.figure(
            f"labour.{when}.productivity", "labour-productivity", labour.productivity, crew.output, crew.hours
        )
        hours = book.figure(
            f"labour.{when}.hours_per_unit", "labour-hours", labour.hours_per_unit, crew.output, crew.hours
        )
        operators = None if isinstance(crew.operators, Missing) else counted(crew.operators)
        found[when] = {"productivity": _six(rate), "hours_per_unit": _six(hours), "operators": operators}
    before, after = declared.before, declared.after
    saved = book.figure(
        "labour.hours_saved", "labour-saved", labour.hours_saved,
        before.output, before.hours, after.output, after.hours,
    )  # fmt: skip
    people = book.figure(
        "labour.fte", "labour-fte", labour.full_time, saved, after.days, declared.person_year_h
    )
    if saved is not None and saved < 0:
        book.warn(MoreHours(unit))
    found |= {"hours_saved": _six(saved), "fte": _six(people)}
    found["units"] = {"productivity": f"{unit}/h", "hours_per_unit": f"h/{unit}", "hours_saved": "h"}
    return found


def _oee(declared: Oee, book: Results) -> dict[str, Any]:
    found: dict[str, Any] = {"product_unit": declared.product_unit}
    for when, run in (("before", declared.before), ("after", declared.after)):
        found[when] = _run(when, run, book) if run else None
    if declared.before is None or declared.after is None:
        book.warn(OneSideOfOee())
    return found


def _run(when: str, run: Run, book: Results) -> dict[str, Any]:
    at, busy, made = f"oee.{when}", run.planned_busy_min, run.actual_production_min
    each, produced, good = run.planned_run_min, run.produced, run.good
    found = {
        "availability": book.figure(f"{at}.availability", "oee-availability", oee.availability, busy, made),
        "effectiveness": book.figure(
            f"{at}.effectiveness", "oee-effectiveness", oee.effectiveness, each, produced, made
        ),
        "quality_ratio": book.figure(
            f"{at}.quality_ratio", "oee-quality-ratio", oee.quality_ratio, good, produced
        ),
        "oee_index": book.figure(
            f"{at}.oee_index", "oee-index", oee.oee_index, busy, made, each, produced, good
        ),
    }
    flags = oee.flags(found)
    for flag in flags:
        book.warn(OfKind(at, flag))
    return {**{name: _six(value) for name, value in found.items()}, "flags": [one.json() for one in flags]}


def _per_unit(
    project: Project, measured: Measured | None, factors: Mapping[str, Factor], book: Results
) -> dict[str, Any] | None:
    declared = project.per_unit
    if declared is None:
        return None
    paired = per_unit.of_rows(project.rows, declared.column) if measured is None else measured.paired
    return per_unit.per_unit(declared, paired, project.emissions, factors, book)


def _six(value: Fraction | None) -> str | None:
    return None if value is None else significant(value)
