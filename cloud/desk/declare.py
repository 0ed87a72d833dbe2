"""A declaration that a person wrote -> statements of the site's desk. Every fault is named with its line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloud import factors
from cloud.desk import deliver, keys
from cloud.registry import Registry
from cloud.registry import sites as all_sites
from cloud.settings import Settings
from contract import declared, statement
from contract.declared import Content, Factors, Permit, Points, Savings, Site, Tariff
from contract.fields import Path as Where
from contract.statement import Statement
from settings import SettingsError, nearest
from settings.problem import Problem
from settings.tree import MAX_BYTES, Tree, read

KINDS = ("site", "points", "factors", "tariff", "permit", "savings")
ROOM = 1000
"""Bytes that site, by, at and note take at most beside the content of a statement (a note has a limit of its own)."""
MAX_NOTE = 500
_POINT = {"carrier": None, "parent": None, "node": None, "tag": None}


@dataclass(frozen=True)
class Wish:
    """One statement to be: its kind, the fields, where they stand in the file, and what they mean."""

    kind: str
    fields: dict[str, Any]
    at: Where
    what: Content


def declare(settings: Settings, file: Path, by: str) -> dict[str, Any]:
    """Seal what a file declares and is not so already; *by* is the name of the person.

    Returns {site, by (pseudonym), sealed: [kind], unchanged: [kind]}. Raises SettingsError with every fault,
    CannotBeDone when the ledger can't be reached.
    """
    tree = _tree(file)
    wishes, note = list(_wishes(tree)), tree.value.get("note", "")
    if not isinstance(note, str) or len(note) > MAX_NOTE:
        tree.add(("note",), f"must be text of at most {MAX_NOTE} characters")
    registry = Registry(settings)
    registry.catch_up()
    site = _site(tree, wishes, settings, registry)
    if tree.problems:
        raise SettingsError(tree.problems)
    node = deliver.node_of(site)
    with keys.turn(settings, node) as key, deliver.channel(settings) as way:
        registry.catch_up()
        _cross(tree, wishes, registry, site)
        if tree.problems:
            raise SettingsError(tree.problems)
        fresh = [wish for wish in wishes if not _is_so(wish, registry, site)]
        person = registry.people.pseudonym(by)
        head = {"site": site, "by": person, "note": note}
        said = [Statement(w.kind, {**w.fields, **head, "at": str(time.time_ns())}) for w in fresh]
        if said:
            deliver.hand_over(way, key, node, site, said)
    registry.catch_up()
    registry.close()
    unchanged = [wish.kind for wish in wishes if wish not in fresh]
    return {"site": site, "by": person, "sealed": [wish.kind for wish in fresh], "unchanged": unchanged}


def _tree(file: Path) -> Tree:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError([Problem(str(file), 1, "", f"can't be read: {error.strerror}")]) from None
    return read(str(file), data)


def _wishes(tree: Tree) -> Iterator[Wish]:
    """What the file holds, in the order in which it is said; faults go into the tree."""
    for key in tree.value:
        if key not in (*KINDS, "note"):
            tree.add(
                (key,),
                "unknown key" + (nearest(str(key), KINDS) or f"; known here: {', '.join(KINDS)}, note"),
            )
    for kind in KINDS:
        raw = tree.value.get(kind)
        if kind not in tree.value or (kind == "site" and not isinstance(raw, dict)):
            continue
        plain = _plain(tree, (kind,), raw)
        several = isinstance(plain, list) and kind in ("tariff", "permit")
        for number, item in enumerate(plain if several else [plain]):
            yield from _wish(tree, kind, (kind, number) if several else (kind,), item)


def _wish(tree: Tree, kind: str, at: Where, item: Any) -> Iterator[Wish]:
    inner = {"points": "points", "savings": "projects"}.get(kind)
    if inner is not None:
        item = {inner: item}
    if not isinstance(item, dict):
        tree.add(at, "must be a mapping of keys to values")
        return
    fields = _complete(kind, item)
    what, faults = declared.check(kind, fields)
    for path, said in faults:
        tree.add((*at, *(path[1:] if inner is not None else path)), said)
    if what is None:
        return
    size = len(statement.canonical(fields))
    if size + ROOM + 4 * MAX_NOTE > statement.MAX_BYTES:
        tree.add(at, f"{size} bytes are more than a statement holds")
        return
    yield Wish(kind, fields, at, what)


def _complete(kind: str, item: dict[str, Any]) -> dict[str, Any]:
    """The fields with what a person may leave out."""
    if kind == "site":
        return {"day_start": "00:00", **item}
    if kind == "factors":
        return {"grid": "province", "heat": None, "named": {}, **item}
    if kind == "permit":
        return {"valid_to": None, **item, **_each(item, "limits", {"limit_low": None})}
    if kind == "savings":
        return {**item, **_each(item, "projects", {"points": None, "drivers": None})}
    if kind == "points" and isinstance(item["points"], list):
        named = [
            {**_POINT, "zh": p.get("id"), "en": p.get("id"), **p} if isinstance(p, dict) else p
            for p in item["points"]
        ]
        return {"points": named}
    return item


def _each(item: dict[str, Any], key: str, absent: dict[str, Any]) -> dict[str, Any]:
    found = item.get(key)
    if not isinstance(found, list):
        return {}
    return {key: [{**absent, **each} if isinstance(each, dict) else each for each in found]}


def _plain(tree: Tree, at: Where, value: Any) -> Any:
    """Values of YAML as a statement has them: lists, and decimal numbers as text."""
    if isinstance(value, dict):
        return {key: _plain(tree, (*at, key), item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(tree, (*at, i), item) for i, item in enumerate(value)]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    text = repr(value)
    if "e" in text or "n" in text or sum(map(str.isdigit, text)) > 15:
        tree.add(at, "write this number in quotes, all its digits and no exponent")
        return "0"
    return text.removesuffix(".0") if isinstance(value, float) else text


def _site(tree: Tree, wishes: list[Wish], settings: Settings, registry: Registry) -> str:
    """The id of the site that the file is about; one without names must be known already."""
    raw = tree.value.get("site")
    site = next((wish.what.id for wish in wishes if isinstance(wish.what, Site)), None)
    if site is not None or isinstance(raw, dict):
        return site or ""
    if "site" not in tree.value:
        tree.add(("site",), "is required: the id of a site, or a new one with its names")
    elif not isinstance(raw, str):
        tree.add(("site",), "must be the id of a site, or a mapping with id, names, tz and province")
    elif all_sites.find(settings, registry, raw) is None:
        tree.add(("site",), f"no site {raw!r}; declare it with id, name_zh, name_en, tz and province")
    elif len(raw) > declared.MAX_SITE:
        tree.add(("site",), f"a site with a desk has an id of at most {declared.MAX_SITE} characters")
    return raw if isinstance(raw, str) else ""


def _cross(tree: Tree, wishes: list[Wish], registry: Registry, site: str) -> None:
    """Points and factors that are named must be there."""
    own = next((wish.what for wish in wishes if isinstance(wish.what, Points)), None)
    tree_of = own or registry.points(site)
    points = {point.id for point in tree_of.points} if tree_of is not None else set()
    for wish in wishes:
        what = wish.what
        if isinstance(what, Permit):
            for number, limit in enumerate(what.limits):
                if limit.point not in points:
                    _unknown(tree, (*wish.at, "limits", number, "point"), limit.point, points)
        elif isinstance(what, Savings):
            for number, project in enumerate(what.projects):
                for i, name in enumerate(project.points or ()):
                    if name not in points:
                        _unknown(tree, (*wish.at, number, "points", i), name, points)
        elif isinstance(what, Factors):
            known = {"province", "national", *(factor.id for factor in factors.shipped())}
            if what.grid not in known:
                said = f"no factor {what.grid!r}{nearest(what.grid, known)}; see GET /api/v1/factors"
                tree.add((*wish.at, "grid"), said)


def _unknown(tree: Tree, at: Where, name: str, points: set[str]) -> None:
    tree.add(at, f"no point {name!r} is declared{nearest(name, points)}")


def _is_so(wish: Wish, registry: Registry, site: str) -> bool:
    """Whether the registry says exactly this already."""
    what = wish.what
    if isinstance(what, Tariff):
        return what in registry.tariffs(site)
    if isinstance(what, Permit):
        return what in registry.permits(site)
    now = {
        "site": registry.site, "points": registry.points, "factors": registry.factors, "savings": registry.savings
    }  # fmt: skip
    return bool(now[wish.kind](site) == what)
