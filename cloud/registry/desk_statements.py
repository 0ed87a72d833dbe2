"""Statements of desks in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cloud.ledger import Decoded, Decoder
from contract import declared
from contract.block import ROWS
from contract.declared import Declaration
from contract.errors import Malformed
from contract.statement import DESK_KINDS, Statement
from journal.records import Record


@dataclass(frozen=True)
class DeskStatement:
    """A statement of a desk in the ledger: its position, hash, incarnation, what it declares, and its fields."""

    position: int
    hash: str
    incarnation: str
    declared: Declaration
    statement: Statement


def desk_statements(records: Iterable[Record]) -> Iterator[DeskStatement]:
    """The statements that a site's own desk made about that site; whatever else is signed is not the desk's."""
    decoder = Decoder()
    for record in records:
        try:
            decoded = decoder.skim(record.data)
            if decoded.header.kind != ROWS and decoded.statement is not None:
                found = _desk_statement(record, decoded, decoded.statement)
                if found is not None:
                    yield found
        except Malformed:
            continue  # `steelyard-cloud blocks` names it; a statement that nobody can read declares nothing


def _desk_statement(record: Record, decoded: Decoded, statement: Statement) -> DeskStatement | None:
    if statement.kind not in DESK_KINDS or decoded.header.node != f"desk-{statement.fields.get('site')}":
        return None
    incarnation = f"{decoded.header.incarnation:016x}"
    return DeskStatement(
        record.position, decoded.hash.hex(), incarnation, declared.parse(statement), statement
    )
