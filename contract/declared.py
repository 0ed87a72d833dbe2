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

from contract import imported, points, quantities, remarks, units
from contract.errors import Malformed
from contract.fields import ID, Fault, Fields
from contract.imported import Part
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
from contract.tags import TAG_NAME

__all__ = [
    "Access", "Band", "Content", "Correction", "Declaration", "Factors", "Limit", "Note", "Part", "Permit", "Point",
    "Points", "Project", "Replacement", "Savings", "Site", "Tariff", "Withdrawal", "check", "parse",
]  # fmt: skip
PERSON = re.compile(r"p-[0-9a-f]{12}")
PARAMETERS = {"cod": "mg/L", "nh3n": "mg/L", "ph": "[pH]", "tn": "mg/L", "tp": "mg/L", "ss": "mg/L"}
"""Parameters that a permit may limit, and a unit of each one's kind."""
STATISTICS = ("day", "hour")
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
    """A statement of a desk: who said it (pseudonym), when (UTC ns), and what."""

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


def parse(said: Statement) -> Declaration:
    """The declaration in a statement of a desk kind. Raises Malformed with the first fault."""
    if said.kind not in DESK_KINDS:
        raise Malformed(f"a {said.kind} statement is no declaration")
    head: dict[str, Any] = {
        key: said.fields[key] for key in ("site", "by", "at", "note") if key in said.fields
    }
    faults: list[Fault] = []
    look = Fields(head, faults)
    site, by = look.text("site", ID, "the id of a site"), look.text("by", PERSON, "a pseudonym")
    at, note = look.text("at", re.compile(r"\d{1,19}", re.ASCII), "UTC ns as text"), look.get("note")
    if not isinstance(note, str) or len(note) > 2000:
        look.fault("note", "must be text of at most 2000 characters")
    what, more = check(said.kind, {key: value for key, value in said.fields.items() if key not in head})
    if faults or more or what is None:
        path, why = (faults + more)[0]
        raise Malformed(f"a {said.kind} statement: {'.'.join(map(str, path))}: {why}")
    return Declaration(site, by, int(at), str(note), what)


def _site(look: Fields) -> Site:
    name = look.text("id", ID, "an id of a-z, 0-9 and -")
    if len(name) > MAX_SITE:
        look.fault("id", f"must have at most {MAX_SITE} characters, not {len(name)}")
    zh, en, tz = look.text("name_zh"), look.text("name_en"), look.text("tz")
    if tz and not _is_zone(tz):
        look.fault("tz", f"unknown time zone {tz!r}; write it as Asia/Shanghai")
    start = look.clock("day_start")
    if start == DAY:
        look.fault("day_start", "must be before 24:00")
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
        look.fault("named", "must be an object of quantity codes and factor ids")
        named = {}
    inner = Fields(named, look.faults, (*look.at, "named"))
    for code in named:
        inner.text(code)
        if code not in quantities.QUANTITIES:
            inner.fault(code, f"unknown quantity; known are {', '.join(quantities.QUANTITIES)}")
    return Factors(grid, heat, tuple(sorted(named.items())))


def _tariff(look: Fields) -> Tariff:
    currency, source, since = look.choice("currency", ("CNY",)), look.text("source"), look.day("valid_from")
    bands: list[Band] = []
    before = len(look.faults)
    for item in look.objects("bands", most=96):
        band = Band(item.text("name"), item.clock("from"), item.clock("to"), item.number("price"))
        if band.price < 0:
            item.fault("price", "must not be below zero")
        bands.append(band)
    if len(look.faults) == before:
        _covers(look, bands)
    return Tariff(currency, source, since, tuple(bands))


def _covers(look: Fields, bands: list[Band]) -> None:
    owner: dict[int, int] = {}
    for number, band in enumerate(bands):
        for minute in band.minutes():
            if minute in owner:
                clock = f"{minute // 60:02d}:{minute % 60:02d}"
                said = f"{clock} belongs to {bands[owner[minute]].name!r} already"
                look.faults.append((("bands", number, "from"), said))
                return
            owner[minute] = number
    if len(owner) < DAY:
        free = next(minute for minute in range(DAY) if minute not in owner)
        look.fault("bands", f"no band for {free // 60:02d}:{free % 60:02d}; together they cover 24 hours")


def _permit(look: Fields) -> Permit:
    document, example = look.text("document"), look.truth("example")
    since, until = look.day("valid_from"), look.maybe_day("valid_to")
    if until is not None and until < since:
        look.fault("valid_to", f"is before valid_from, {since}")
    limits: list[Limit] = []
    for item in look.objects("limits"):
        limit = _limit(item)
        if any(
            (limit.point, limit.parameter, limit.statistic) == (o.point, o.parameter, o.statistic)
            for o in limits
        ):
            item.fault("parameter", "this point, parameter and statistic stand twice")
        limits.append(limit)
    return Permit(document, example, since, until, tuple(limits))


def _limit(item: Fields) -> Limit:
    point = item.text("point", TAG_NAME, "the id of a point")
    parameter, unit = item.choice("parameter", PARAMETERS), item.text("unit")
    if unit and not units.known(unit):
        item.fault("unit", f"unknown unit {unit!r}")
    elif unit and parameter and units.dimension(unit) != units.dimension(PARAMETERS[parameter]):
        item.fault("unit", f"{unit!r} is no unit of {parameter}; write {PARAMETERS[parameter]}")
    high = item.number("limit")
    low = item.number("limit_low") if item.get("limit_low", required=False) is not None else None
    if low is not None and low > high:
        item.fault("limit_low", f"is above the limit {high}")
    return Limit(point, parameter, high, low, unit, item.choice("statistic", STATISTICS))


def _savings(look: Fields) -> Savings:
    found: list[Project] = []
    for item in look.objects("projects", most=200):
        project = _project(item)
        if any(project.id == other.id for other in found):
            item.fault("id", f"project {project.id!r} stands twice")
        found.append(project)
    return Savings(tuple(found))


def _project(item: Fields) -> Project:
    name, quantity = (
        item.text("id", ID, "an id of a-z, 0-9 and -"),
        item.choice("quantity", quantities.QUANTITIES),
    )
    points, drivers = names(item, "points"), names(item, "drivers")
    interval = item.choice("interval", ("day", "month"))
    baseline, reporting = span(item, "baseline"), span(item, "reporting")
    if reporting[0] <= baseline[1]:
        item.fault("reporting", "must begin after the baseline has ended")
    return Project(name, quantity, points, drivers, interval, baseline, reporting, confidence(item, False))


def _access(look: Fields) -> Access:
    return Access(look.text("who"), look.text("what"), look.count("status", 100))


_READERS: dict[str, Callable[[Fields], Content]] = {
    "site": _site,
    "points": points.tree,
    "factors": _factors,
    "tariff": _tariff,
    "permit": _permit,
    "savings": _savings,
    "import": imported.part,
    "access": _access,
    "replacement": replacement,
    "note": remarks.note,
    "correction": remarks.correction,
    "withdraw": remarks.withdrawal,
}
