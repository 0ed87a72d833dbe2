"""Statements of desks -> tables. The same ledger gives the same tables, whenever and however often it is read."""

from __future__ import annotations

from itertools import islice, takewhile
from pathlib import Path

from sqlalchemy import Connection, Engine, case, delete, insert, literal, select, union_all
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from cloud import ledger
from cloud.registry import imports as rows
from cloud.registry.desk_statements import DeskStatement, desk_statements
from cloud.registry.tables import PROJECTED, declarations, imports, progress
from contract import declared, statement
from contract.declared import Correction, Withdrawal
from contract.imported import Part
from contract.remarks import withdrawn
from contract.statement import Statement

BATCH = 20_000
"""Ledger records that are looked at between two commits."""


def catch_up(engine: Engine, folder: Path) -> None:
    """Bring the tables up to the ledger's end. Others may do the same at once. Raises OSError."""
    while True:
        with engine.begin() as connection:
            start = _cursor(connection)
        batch = list(islice(ledger.read(folder, start), BATCH))
        if not batch:
            return
        found = list(desk_statements(batch))
        with engine.begin() as connection:
            if _cursor(connection) != start:
                continue  # somebody else was here meanwhile
            for item in found:
                _apply(connection, item)
            if any(isinstance(item.declared.what, Withdrawal) for item in found):
                _redo(connection, folder, batch[-1].next)
            connection.execute(delete(progress))
            connection.execute(insert(progress), [{"id": 1, "cursor": batch[-1].next}])
        if len(batch) < BATCH:
            return


def forget(engine: Engine) -> None:
    """Empty every table that is made from statements."""
    with engine.begin() as connection:
        for table in PROJECTED:
            connection.execute(delete(table))


def gone(connection: Connection, site: str) -> set[str]:
    """Hashes in hex of the statements of a site's desk that were withdrawn."""
    d, i = declarations.c, imports.c
    any_ = select(d.position).where((d.site == site) & (d.kind == "withdraw")).limit(1)
    if connection.execute(any_).first() is None:
        return set()
    asked = union_all(
        select(
            d.position, d.hash, d.kind, case((d.kind == "withdraw", d.body), else_="").label("body")
        ).where(d.site == site),
        select(i.position, i.hash, literal("import").label("kind"), literal("").label("body")).where(
            i.site == site
        ),
    ).order_by("position")
    statements = [
        (bytes.fromhex(row.hash), _target(row.body) if row.kind == "withdraw" else None)
        for row in connection.execute(asked)
    ]
    return {item.hex() for item in withdrawn(statements)}


def _target(body: str) -> bytes:
    what = declared.parse(Statement("withdraw", statement.parse(body.encode()))).what
    assert isinstance(what, Withdrawal)
    return what.statement


def _cursor(connection: Connection) -> int:
    return int(connection.execute(select(progress.c.cursor)).scalar() or 0)


def _apply(connection: Connection, item: DeskStatement) -> None:
    declaration = item.declared
    if isinstance(declaration.what, Part):
        rows.note(connection, item, declaration.what)
        rows.add(connection, item, declaration.what)
        return
    row = {
        "position": item.position, "hash": item.hash, "site": declaration.site,
        "kind": item.statement.kind, "by": declaration.by, "at": declaration.at, "note": declaration.note,
        "body": statement.canonical(item.statement.fields).decode(),
    }  # fmt: skip
    connection.execute(insert_or_ignore(declarations).on_conflict_do_nothing(), [row])
    if isinstance(declaration.what, Correction):
        rows.correct(connection, item, declaration.what.row)


def _redo(connection: Connection, folder: Path, end: int) -> None:
    """The imported rows anew, from the ledger before a position: something was withdrawn."""
    sites = set(connection.execute(select(declarations.c.site).distinct()).scalars())
    records = takewhile(lambda record: record.position < end, ledger.read(folder))
    rows.redo(connection, desk_statements(records), {site: gone(connection, site) for site in sites})
