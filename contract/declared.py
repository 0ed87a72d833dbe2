"""What the desk of a site declares, as frozen types: parsed from a statement, or from what a person wrote.

Each statement also carries site, by (pseudonym of the person), at (UTC ns as text) and note. Which one counts: of one
node ``desk-<site>`` in the order of the ledger the latest `site`, `points`, `factors` and `savings`; of tariffs
the latest with its valid_from; of permits the latest with its document; of replacements the latest with its id; all
imports whose parts are complete, each row as corrected last. What was withdrawn never counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from contract import imported, points, quantities, remarks
from contract.declared_messages import (
    DayStartTooLate,
    FaultInStatement,
    MustBeginAfterBaseline,
    MustMapQuantities,
    NoDeclaration,
    ProjectTwice,
    UnknownQuantityKey,
    UnknownZone,
)
from contract.errors import Malformed
from contract.fields import ID, Fault, Fields
from contract.form_messages import (
    IdOfLetters,
    IdOfSite,
    MustBeText,
    Pseudonym,
    TooLong,
    UtcNanoseconds,
)
from contract.imported import Part
from contract.permits import permit
from contract.remarks import Correction, Note, Withdrawal
from contract.replacements import Replacement, replacement
from contract.sites import (
    DAY,
    Access,
    Band,
    Factors,
    Limit,
    Permit,
    Point,
    Points,
    Project,
    Savings,
    Site,
    Tariff,
)
from contract.spans import confidence, names, span
from contract.statement import DESK_KINDS, Statement
from contract.tariffs import tariff

__all__ = [
    "Access", "Band", "Content", "Correction", "Declaration", "Factors", "Limit", "Note", "Part", "Permit", "Point",
    "Points", "Project", "Replacement", "Savings", "Site", "Tariff", "Withdrawal", "check", "parse",
]  # fmt: skip
PERSON = re.compile(r"p-[0-9a-f]{12}")
MAX_SITE = 58
"""Longest site id: its desk is the node ``desk-<site>``."""


Content = (
    Site
    | Points
    | Factors
    | Tariff
    | Permit
    | Savings
    | Part
    | Access
    | Replacement
    | Note
    | Correction
    | Withdrawal
)


@dataclass(frozen=True)
class Declaration:
    """A statement of a desk: its author (pseudonym), its time (UTC ns) and its content."""

    site: str
    by: str
    at: int
    note: str
    what: Content


def check(kind: str, fields: dict[str, Any]) -> tuple[Content | None, list[Fault]]:
    """The content that fields of a kind hold, or None and every fault. No site, by, at, note among the fields."""
    faults: list[Fault] = []
    look = Fields(fields, faults)
    found = _READERS[kind](look)
    look.close()
    return (None if faults else found), faults


def parse(statement: Statement) -> Declaration:
    """The declaration in a statement of a desk kind. Raises Malformed with the first fault."""
    if statement.kind not in DESK_KINDS:
        raise Malformed(NoDeclaration(statement.kind))
    head: dict[str, Any] = {
        key: statement.fields[key] for key in ("site", "by", "at", "note") if key in statement.fields
    }
    faults: list[Fault] = []
    look = Fields(head, faults)
    site, by = look.text("site", ID, IdOfSite()), look.text("by", PERSON, Pseudonym())
    at, note = look.text("at", re.compile(r"\d{1,19}", re.ASCII), UtcNanoseconds()), look.get("note")
    if not isinstance(note, str) or len(note) > 2000:
        look.fault("note", MustBeText(2000))
    what, more = check(
        statement.kind, {key: value for key, value in statement.fields.items() if key not in head}
    )
    if faults or more or what is None:
        path, why = (faults + more)[0]
        raise Malformed(FaultInStatement(statement.kind, ".".join(map(str, path)), why))
    return Declaration(site, by, int(at), str(note), what)


def _site(look: Fields) -> Site:
    name = look.text("id", ID, IdOfLetters())
    if len(name) > MAX_SITE:
        look.fault("id", TooLong(MAX_SITE, len(name)))
    zh, en, tz = look.text("name_zh"), look.text("name_en"), look.text("tz")
    if tz and not _is_zone(tz):
        look.fault("tz", UnknownZone(tz))
    start = look.clock("day_start")
    if start == DAY:
        look.fault("day_start", DayStartTooLate())
    return Site(name, zh, en, tz, look.text("province"), start)


def _is_zone(name: str) -> bool:
    try:
        return ZoneInfo(name).key == name
    except (KeyError, ValueError, OSError):  # absent, not a relative path, or a folder of zones
        return False


def _factors(look: Fields) -> Factors:
    grid, heat = look.text("grid"), look.maybe("heat")
    named = look.get("named", {}, required=False)
    if not isinstance(named, dict):
        look.fault("named", MustMapQuantities())
        named = {}
    inner = Fields(named, look.faults, (*look.at, "named"))
    for code in named:
        inner.text(code)
        if code not in quantities.QUANTITIES:
            inner.fault(code, UnknownQuantityKey(tuple(quantities.QUANTITIES)))
    return Factors(grid, heat, tuple(sorted(named.items())))


def _savings(look: Fields) -> Savings:
    found: list[Project] = []
    for item in look.objects("projects", most=200):
        project = _project(item)
        if any(project.id == other.id for other in found):
            item.fault("id", ProjectTwice(project.id))
        found.append(project)
    return Savings(tuple(found))


def _project(item: Fields) -> Project:
    name, quantity = (
        item.text("id", ID, IdOfLetters()),
        item.choice("quantity", quantities.QUANTITIES),
    )
    points, drivers = names(item, "points"), names(item, "drivers")
    interval = item.choice("interval", ("day", "month"))
    baseline, reporting = span(item, "baseline"), span(item, "reporting")
    if reporting[0] <= baseline[1]:
        item.fault("reporting", MustBeginAfterBaseline())
    return Project(name, quantity, points, drivers, interval, baseline, reporting, confidence(item, False))


def _access(look: Fields) -> Access:
    return Access(look.text("who"), look.text("what"), look.count("status", 100))


_READERS: dict[str, Callable[[Fields], Content]] = {
    "site": _site,
    "points": points.tree,
    "factors": _factors,
    "tariff": tariff,
    "permit": permit,
    "savings": _savings,
    "import": imported.part,
    "access": _access,
    "replacement": replacement,
    "note": remarks.note,
    "correction": remarks.correction,
    "withdraw": remarks.withdrawal,
}
