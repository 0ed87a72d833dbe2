"""Machine replacements of a site: which count, and the figures of each from the site's own hour facts and rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from accounts import replacement
from accounts.figure.calendar import Calendar
from accounts.figure.factors import USABLE, Factor
from accounts.figure.figure import InsufficientData, digest
from accounts.inputs.inputs import Declared, Replaced
from accounts.inputs.tree import Tree
from accounts.replacement.intensity import PerUnit
from accounts.savings import avoided, project_rows
from cloud.figures.messages import BadReplacement, NoSuchReplacement
from cloud.hourly import records
from cloud.reference.factors import shipped
from cloud.settings import Settings
from cloud.statements.replay import SiteStatements, replay
from contract.errors import BadInput
from contract.replacements import Machine
from contract.sites import Project
from settings import suggest

Json = dict[str, Any]
_DAY = timedelta(days=1)


class UnknownProject(BadInput):
    """The site has declared no machine replacement of that id, or withdrew it."""


def projects(statements: SiteStatements | Declared) -> tuple[Replaced, ...]:
    """The machine replacements of a site that count, by id."""
    return (statements.declared if isinstance(statements, SiteStatements) else statements).replacements


def find(statements: SiteStatements | Declared, name: str) -> Replaced:
    """The replacement of an id. Raises UnknownProject."""
    known = {item.declaration.id: item for item in projects(statements)}
    if name not in known:
        site = (statements.declared if isinstance(statements, SiteStatements) else statements).site.id
        raise UnknownProject(suggest(NoSuchReplacement(site, name), name, known))
    return known[name]


def span(item: Replaced) -> tuple[date, date]:
    """The dates in which a project reports, half-open: its reporting period, else the day of its machines."""
    energy = item.declaration.energy
    first, last = energy.reporting if energy is not None else (item.declaration.on, item.declaration.on)
    return first, last + _DAY


def evaluate(settings: Settings, site: str, name: str, end: int | None = None, sealed: bool = False) -> Json:
    """Every figure of a site's replacement, as `steelyard-cloud replacement --project` prints it.

    end: ledger position before which blocks count, by default all. sealed: from the hour facts as the accounts node
    has sealed them; else from the readings. Raises BadInput for an unknown site or project, CannotBeDone.
    """
    statements = replay(settings, site, end)
    item, declared = find(statements, name), statements.declared
    if not sealed and item.declaration.energy is not None:
        days = _days(item.declaration.energy)
        declared = replace(declared, facts=tuple(records.facts(settings, statements, days)))
    return of(declared, item)


def of(declared: Declared, item: Replaced, factors: Mapping[str, Factor] | None = None) -> Json:
    """The same from what a site declared, its hour facts among it; factors by id, by default those that ship."""
    known = usable() if factors is None else factors
    declaration, energy = item.declaration, item.declaration.energy
    project, faults = replacement.read_parts(declaration.name_en, declaration.parts, known)
    if project is None:
        path, why = faults[0]
        raise BadInput(BadReplacement(declaration.id, ".".join(map(str, path)), why))
    measured, inputs = (None, None) if energy is None else _measured(declared, energy, project.per_unit)
    found = replacement.evaluate(project, known, measured)
    first, after = span(item)
    named = {
        "site": declared.site.id, "project": declaration.id,
        "name_zh": declaration.name_zh, "name_en": declaration.name_en,
        "date": declaration.on.isoformat(), "tz": declared.site.tz, "from": first.isoformat(), "to": after.isoformat(),
        "statement": item.block.hex(), "machines_out": _machines(declaration.machines_out),
        "machines_in": _machines(declaration.machines_in), "products": list(declaration.products),
        "method": "steelyard/replacement/1", "factors": _factors(declaration.parts, known),
        "emissions": declaration.parts.get("emissions"),
        "figure": None if energy is None or found["avoided"] is None else figure_id(declared, energy), "inputs": inputs,
    }  # fmt: skip
    return {**named, **found}


def figure_id(declared: Declared, energy: Project) -> str:
    """The id of the avoided energy among the figures of the site."""
    from accounts.figure.figure import Figure

    period = avoided.reporting(energy, Calendar.of(declared.site))
    return Figure(
        declared.site.id, avoided.kind_of(energy), energy.id, period.first.isoformat(), period.after.isoformat(),
        "", "", "", "", "steelyard/saving/1",
    ).id  # fmt: skip


def usable() -> dict[str, Factor]:
    """The grid factors that may be used, by id."""
    return {factor.id: factor for factor in shipped() if factor.trust in USABLE}


def _measured(
    declared: Declared, energy: Project, each: PerUnit | None
) -> tuple[replacement.Measured, str | None]:
    """The model of the site's rows, or why there is none; the hash over what it was made from."""
    tree, calendar = Tree(declared), Calendar.of(declared.site)
    paired = _paired(tree, energy, calendar, each)
    try:
        found = avoided.model(tree, energy, calendar)
    except InsufficientData as why:
        return replacement.Measured(why.message, paired), None
    return replacement.Measured(found.result, paired), digest(found.inputs)


def _paired(
    tree: Tree, energy: Project, calendar: Calendar, each: PerUnit | None
) -> replacement.Paired | None:
    """Energy and output row by row, or why there are none; None for a project without such an output."""
    if each is None or each.column is None:
        return None
    confidence = Fraction(energy.confidence)
    try:
        rows = project_rows.paired(tree, energy, calendar, each.column, each.product_unit)
    except InsufficientData as why:
        return replacement.Paired(why.message, confidence)
    return replacement.Paired(rows, confidence)


def _days(energy: Project) -> list[date]:
    return [
        first + number * _DAY
        for first, last in (energy.baseline, energy.reporting)
        for number in range((last - first).days + 1)
    ]


def _machines(machines: tuple[Machine, ...]) -> list[Json]:
    return [
        {
            "name": one.name, "nameplate": one.nameplate,
            "power_kw": None if one.power_kw is None else f"{one.power_kw:f}",
        }
        for one in machines
    ]  # fmt: skip


def _factors(parts: Mapping[str, Any], known: Mapping[str, Factor]) -> list[Json]:
    """The records of the factors that the project names, with their citations."""
    named = {str(name) for name in (parts.get("emissions") or {}).values() if name}
    return [known[name].record() for name in sorted(named) if name in known]
