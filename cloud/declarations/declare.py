"""A declaration that a person wrote -> statements of the site's desk. Every fault is named with its line."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from cloud.declarations.cross_check import Wish, cross, is_so
from cloud.declarations.declare_messages import (
    MustBeSite,
    NoSiteYet,
    NumberInQuotes,
    SiteIdTooLong,
    SiteRequired,
    StatementFull,
)
from cloud.ingest.channel import Channel
from cloud.registry import Registry
from cloud.registry import sites as all_sites
from cloud.settings import Settings
from cloud.signing import deliver, keys
from contract import declared, provinces, statement
from contract.declared import Site
from contract.errors import BadInput
from contract.fields import Path as Where
from contract.form_messages import MustBeMapping, MustBeText
from contract.statement import Statement
from settings import SettingsError
from settings.loader import unknown_key
from settings.messages import NotReadable, TooDeep
from settings.problem import Problem
from settings.tree import MAX_BYTES, Tree, read
from settings.yaml_reader import MAX_DEPTH

SECTIONS = {
    "site": "site", "points": "points", "factors": "factors", "tariff": "tariff", "permit": "permit",
    "savings": "savings", "replacement": "replacement", "notes": "note", "correction": "correction",
    "withdraw": "withdraw",
}  # fmt: skip
"""The sections of a file, in the order in which they are sealed, and the kinds of their statements."""
SEVERAL = ("tariff", "permit", "replacement", "notes", "correction", "withdraw")
"""Sections that may be lists: a statement for each item."""
ROOM = 1000
"""Bytes that site, by, at and note take at most beside the content of a statement (a note has a limit of its own)."""
MAX_NOTE = 500
_POINT = {"carrier": None, "parent": None, "node": None, "tag": None}


def declare(settings: Settings, file: Path, by: str) -> dict[str, Any]:
    """Seal what a file declares and is not so already; *by* is the name of the person.

    Returns {site, by (pseudonym), sealed: [kind], unchanged: [kind], blocks: [hash of each sealed one]}. Raises
    SettingsError with every fault, CannotBeDone when the ledger can't be reached.
    """
    return say(settings, _tree(file), by, deliver.channel(settings))


def tree_of(value: dict[str, Any]) -> Tree:
    """The tree of a declaration that came as JSON, in the shape of a file; its faults have no line. Raises BadInput."""
    return Tree("", _as_read(value, 0))


def say(settings: Settings, tree: Tree, by: str, ways: AbstractContextManager[Channel]) -> dict[str, Any]:
    """Seal what a tree declares; see `declare`. *ways* is entered once all that it declares is found to be right."""
    wishes, note = list(_wishes(tree)), tree.value.get("note", "")
    if not isinstance(note, str) or len(note) > MAX_NOTE:
        tree.add(("note",), MustBeText(MAX_NOTE))
    registry = Registry(settings)
    registry.catch_up()
    site = _site(tree, wishes, settings, registry)
    if tree.problems:
        raise SettingsError(tree.problems)
    node = deliver.node_of(site)
    with keys.turn(settings, node) as key, ways as way:
        registry.catch_up()
        cross(tree, wishes, registry, site)
        if tree.problems:
            raise SettingsError(tree.problems)
        fresh = [wish for wish in wishes if not is_so(wish, registry, site)]
        person = registry.people.pseudonym(by)
        head = {"site": site, "by": person, "note": note}
        statements = [Statement(w.kind, {**w.fields, **head, "at": str(time.time_ns())}) for w in fresh]
        blocks = deliver.hand_over(way, key, node, site, statements) if statements else []
    registry.catch_up()
    registry.close()
    unchanged = [wish.kind for wish in wishes if wish not in fresh]
    sealed = [wish.kind for wish in fresh]
    return {
        "site": site, "by": person, "sealed": sealed, "unchanged": unchanged, "blocks": [name.hex() for name in blocks],
    }  # fmt: skip


def _as_read(value: Any, depth: int) -> Any:
    """A JSON value as a file is read: lists as tuples."""
    if depth > MAX_DEPTH:
        raise BadInput(TooDeep(MAX_DEPTH))
    if isinstance(value, dict):
        return {key: _as_read(item, depth + 1) for key, item in value.items()}
    return tuple(_as_read(item, depth + 1) for item in value) if isinstance(value, list) else value


def _tree(file: Path) -> Tree:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError([Problem(str(file), 1, "", NotReadable(str(error.strerror)))]) from None
    return read(str(file), data)


def _wishes(tree: Tree) -> Iterator[Wish]:
    """What the file holds, in the order in which it is sealed; faults go into the tree."""
    for key in tree.value:
        if key not in (*SECTIONS, "note"):
            tree.add((key,), unknown_key(str(key), (*SECTIONS, "note")))
    for section, kind in SECTIONS.items():
        raw = tree.value.get(section)
        if section not in tree.value or (kind == "site" and not isinstance(raw, dict)):
            continue
        plain = _plain(tree, (section,), raw)
        several = isinstance(plain, list) and section in SEVERAL
        for number, item in enumerate(plain if several else [plain]):
            yield from _wish(tree, kind, (section, number) if several else (section,), item)


def _wish(tree: Tree, kind: str, at: Where, item: Any) -> Iterator[Wish]:
    inner = {"points": "points", "savings": "projects"}.get(kind)
    if inner is not None:
        item = {inner: item}
    if not isinstance(item, dict):
        tree.add(at, MustBeMapping())
        return
    fields = _complete(kind, item)
    if kind == "site":
        fields = _in_province(tree, at, fields)
    what, faults = declared.check(kind, fields)
    for path, why in faults:
        tree.add((*at, *(path[1:] if inner is not None else path)), why)
    if what is None:
        return
    size = len(statement.canonical(fields))
    if size + ROOM + 4 * MAX_NOTE > statement.MAX_BYTES:
        tree.add(at, StatementFull(size))
        return
    yield Wish(kind, fields, at, what)


def _in_province(tree: Tree, at: Where, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of a site with the short name of its province; one that is none goes into the tree."""
    name = fields.get("province")
    if not isinstance(name, str):
        return fields
    try:
        return {**fields, "province": provinces.short(name)}
    except BadInput as error:
        tree.add((*at, "province"), error.message)
        return fields


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
    if kind == "replacement" and isinstance(item.get("energy"), dict):
        return {**item, "energy": {"points": None, "drivers": None, **item["energy"]}}
    if kind == "correction":
        return {"to": "", **item}
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
        tree.add(at, NumberInQuotes())
        return "0"
    return text.removesuffix(".0") if isinstance(value, float) else text


def _site(tree: Tree, wishes: list[Wish], settings: Settings, registry: Registry) -> str:
    """The id of the site that the file is about; one without names must be known already."""
    raw = tree.value.get("site")
    site = next((wish.what.id for wish in wishes if isinstance(wish.what, Site)), None)
    if site is not None or isinstance(raw, dict):
        return site or ""
    if "site" not in tree.value:
        tree.add(("site",), SiteRequired())
    elif not isinstance(raw, str):
        tree.add(("site",), MustBeSite())
    elif all_sites.find(settings, registry, raw) is None:
        tree.add(("site",), NoSiteYet(raw))
    elif len(raw) > declared.MAX_SITE:
        tree.add(("site",), SiteIdTooLong(declared.MAX_SITE))
    return raw if isinstance(raw, str) else ""
