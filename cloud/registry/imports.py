"""Imported rows -> tables: files whose parts are complete, as corrected, without what was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from cloud.registry.desk_statements import DeskStatement
from cloud.registry.tables import imports, pending, readings
from contract import declared, statement
from contract.imported import Part, Row
from contract.statement import Statement


def note(connection: Connection, item: DeskStatement, part: Part) -> None:
    """Keep that the ledger has a part of an import."""
    row = {
        "position": item.position, "hash": item.hash, "site": item.declared.site, "incarnation": item.incarnation,
        "file": part.file, "part": part.part, "parts": part.parts, "rows": len(part.rows), "by": item.declared.by,
        "at": item.declared.at, "note": item.declared.note,
    }  # fmt: skip
    connection.execute(insert_or_ignore(imports).on_conflict_do_nothing(), [row])


def add(connection: Connection, item: DeskStatement, part: Part) -> None:
    """Keep a part until its file is complete within one incarnation; then its rows count."""
    row = {
        "incarnation": item.incarnation, "file": part.file, "part": part.part, "parts": part.parts,
        "site": item.declared.site, "hash": item.hash, "body": statement.canonical(item.statement.fields).decode(),
    }  # fmt: skip
    connection.execute(insert_or_ignore(pending).on_conflict_do_nothing(), [row])
    same = (pending.c.incarnation == item.incarnation) & (pending.c.file == part.file)
    agreed = select(func.count()).select_from(pending).where(same & (pending.c.parts == part.parts))
    if (connection.execute(agreed).scalar() or 0) < part.parts:
        return
    for other in connection.execute(select(pending).where(same).order_by(pending.c.part)).mappings().all():
        fields: dict[str, Any] = statement.parse(other["body"].encode())
        what = declared.parse(Statement("import", fields)).what
        assert isinstance(what, Part)
        rows = [_reading(item.declared.site, found, other["hash"]) for found in what.rows]
        connection.execute(insert_or_ignore(readings).on_conflict_do_nothing(), rows)
    connection.execute(delete(pending).where(same))


def correct(connection: Connection, item: DeskStatement, row: Row) -> None:
    """The row of the same point, quantity, from and to has another value; nothing where there is none."""
    c = readings.c
    same = (c.site == item.declared.site) & (c.point == row.point) & (c.quantity == row.quantity)
    same &= (c.from_ns == row.from_) & (c.to_ns.is_(None) if row.to is None else c.to_ns == row.to)
    new = {"value": f"{row.value:f}", "unit": row.unit, "hash": item.hash}
    connection.execute(update(readings).where(same).values(**new))


def redo(connection: Connection, statements: Iterable[DeskStatement], gone: dict[str, set[str]]) -> None:
    """Every row anew from all imports and corrections of the ledger so far; gone: withdrawn hashes by site."""
    connection.execute(delete(readings))
    connection.execute(delete(pending))
    for item in statements:
        what = item.declared.what
        if item.hash in gone.get(item.declared.site, ()):
            continue
        if isinstance(what, Part):
            add(connection, item, what)
        elif isinstance(what, declared.Correction):
            correct(connection, item, what.row)


def _reading(site: str, row: Row, block: str) -> dict[str, Any]:
    return {
        "site": site, "point": row.point, "quantity": row.quantity, "from_ns": row.from_, "to_ns": row.to,
        "value": f"{row.value:f}", "unit": row.unit, "hash": block,
    }  # fmt: skip
