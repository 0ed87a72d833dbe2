"""Statements of desks -> tables. The same ledger gives the same tables, whenever and however often it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or_ignore

from cloud import ledger
from cloud.ledger import Decoded, Decoder
from cloud.registry.tables import PROJECTED, declarations, pending, progress, readings
from contract import declared, statement
from contract.block import ROWS
from contract.declared import Declaration
from contract.errors import Malformed
from contract.imported import Part
from contract.statement import DESK_KINDS, Statement
from journal.segments import Record

BATCH = 20_000
"""Ledger records that are looked at between two commits."""


@dataclass(frozen=True)
class Found:
    """A statement of a desk in the ledger: its position, hash, incarnation, what it declares, and its fields."""

    position: int
    hash: str
    incarnation: str
    declared: Declaration
    said: Statement


def catch_up(engine: Engine, folder: Path) -> None:
    """Bring the tables up to the ledger's end. Others may do the same at once. Raises OSError."""
    while True:
        with engine.begin() as connection:
            start = _cursor(connection)
        batch = list(islice(ledger.read(folder, start), BATCH))
        if not batch:
            return
        found = list(_desks(batch))
        with engine.begin() as connection:
            if _cursor(connection) != start:
                continue  # somebody else was here meanwhile
            for item in found:
                _apply(connection, item)
            connection.execute(delete(progress))
            connection.execute(insert(progress), [{"id": 1, "cursor": batch[-1].next}])
        if len(batch) < BATCH:
            return


def forget(engine: Engine) -> None:
    """Empty every table that is made from statements."""
    with engine.begin() as connection:
        for table in PROJECTED:
            connection.execute(delete(table))


def _cursor(connection: Connection) -> int:
    return int(connection.execute(select(progress.c.cursor)).scalar() or 0)


def _desks(batch: Sequence[Record]) -> Iterator[Found]:
    """The statements that a site's own desk made about that site; whatever else is signed is not the desk's."""
    decoder = Decoder()
    for record in batch:
        try:
            decoded = decoder.skim(record.data)
            if decoded.header.kind != ROWS and decoded.statement is not None:
                found = _found(record, decoded, decoded.statement)
                if found is not None:
                    yield found
        except Malformed:
            continue  # `steelyard-cloud blocks` names it; a statement that nobody can read declares nothing


def _found(record: Record, decoded: Decoded, said: Statement) -> Found | None:
    if said.kind not in DESK_KINDS or decoded.header.node != f"desk-{said.fields.get('site')}":
        return None
    incarnation = f"{decoded.header.incarnation:016x}"
    return Found(record.position, decoded.hash.hex(), incarnation, declared.parse(said), said)


def _apply(connection: Connection, item: Found) -> None:
    said, body = item.declared, statement.canonical(item.said.fields).decode()
    if isinstance(said.what, Part):
        _part(connection, item, said.what, body)
        return
    row = {
        "position": item.position, "hash": item.hash, "site": said.site, "kind": item.said.kind,
        "by": said.by, "at": said.at, "note": said.note, "body": body,
    }  # fmt: skip
    connection.execute(insert_or_ignore(declarations).on_conflict_do_nothing(), [row])


def _part(connection: Connection, item: Found, part: Part, body: str) -> None:
    """Keep a part until its file is complete within one incarnation; then its rows count."""
    row = {
        "incarnation": item.incarnation, "file": part.file, "part": part.part, "parts": part.parts,
        "site": item.declared.site, "hash": item.hash, "body": body,
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
        rows = [
            {
                "site": item.declared.site, "point": r.point, "quantity": r.quantity, "from_ns": r.from_,
                "to_ns": r.to, "value": f"{r.value:f}", "unit": r.unit, "hash": other["hash"],
            }
            for r in what.rows
        ]  # fmt: skip
        connection.execute(insert_or_ignore(readings).on_conflict_do_nothing(), rows)
    connection.execute(delete(pending).where(same))
