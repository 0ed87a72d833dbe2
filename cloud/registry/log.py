"""The log of a site's desk: every statement with its author and time, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, select

from cloud.registry import projection
from cloud.registry.tables import declarations, imports, people
from contract import statement


@dataclass(frozen=True)
class Entry:
    """A statement, or an import with all its parts. hash: hex, of the block (an import's first part); at: UTC ns.

    by: name of the person, or the pseudonym where nobody knows it; fields: as declared, of an import {rows}.
    """

    hash: str
    kind: str
    at: int
    by: str
    note: str
    withdrawn: bool
    fields: dict[str, Any]


def entries(engine: Engine, site: str, most: int) -> list[Entry]:
    """The newest *most* statements of a desk, without the accesses of regulators."""
    with engine.begin() as connection:
        gone = projection.gone(connection, site)
        names = {row.pseudonym: row.name for row in connection.execute(select(people)).all()}
        d, i = declarations.c, imports.c
        rows = connection.execute(
            select(declarations)
            .where((d.site == site) & (d.kind != "access"))
            .order_by(d.position.desc())
            .limit(most)
        ).all()
        files = connection.execute(
            select(
                func.min(i.position).label("position"),
                i.hash,
                i.at,
                i.by,
                i.note,
                func.sum(i.rows).label("rows"),
            )
            .where(i.site == site)
            .group_by(i.incarnation, i.file)
            .order_by(func.min(i.position).desc())
            .limit(most)
        ).all()
    found = [(row.position, _entry(row, names, gone)) for row in rows]
    found += [(row.position, _import(row, names, gone)) for row in files]
    return [entry for _, entry in sorted(found, key=lambda pair: -pair[0])][:most]


def entry(engine: Engine, site: str, name: str) -> Entry | None:
    """The statement of a desk whose block has this hash (hex), if there is one; no import."""
    return _first(engine, site, declarations.c.hash == name, False)


def latest(engine: Engine, site: str, kind: str) -> Entry | None:
    """The newest statement of a kind that was not withdrawn."""
    return _first(engine, site, declarations.c.kind == kind, True)


def _first(engine: Engine, site: str, which: ColumnElement[bool], counting: bool) -> Entry | None:
    d = declarations.c
    with engine.begin() as connection:
        gone = projection.gone(connection, site)
        asked = select(declarations).where((d.site == site) & which).order_by(d.position.desc())
        rows = connection.execute(asked)
        row = next((row for row in rows if not counting or row.hash not in gone), None)
        names = {row.pseudonym: row.name for row in connection.execute(select(people)).all()}
    return None if row is None else _entry(row, names, gone)


def _entry(row: Any, names: dict[str, str], gone: set[str]) -> Entry:
    fields = dict(_own(statement.parse(row.body.encode())))
    return Entry(row.hash, row.kind, row.at, names.get(row.by, row.by), row.note, row.hash in gone, fields)


def _import(row: Any, names: dict[str, str], gone: set[str]) -> Entry:
    by = names.get(row.by, row.by)
    return Entry(row.hash, "import", row.at, by, row.note, row.hash in gone, {"rows": row.rows})


def _own(fields: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The fields without those that every statement has."""
    for key, value in fields.items():
        if key not in ("kind", "site", "by", "at", "note"):
            yield key, value
