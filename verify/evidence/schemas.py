"""The schemas that edges state in a pack, whole or by pages, for the rows behind them."""

from __future__ import annotations

from typing import Any

from verify.blocks import schema_pages
from verify.blocks.schema_pages import Groups, Page, Place
from verify.evidence.ledger import Entry
from verify.evidence.summary import Chain
from verify.formats.findings import Bad, Findings


class Schemas:
    """Takes statements in the order of the ledger; groups: of each schema by its chain and seq."""

    def __init__(self) -> None:
        self.groups: dict[tuple[Chain, int], Groups] = {}
        self._pages: dict[Place, Page] = {}

    def take(self, entry: Entry, statement: dict[str, Any]) -> Groups | None:
        """Note a schema or a page; the groups of a schema, None for another statement. Raises Bad."""
        header, body = entry.block.header, entry.block.body or b""
        if statement["kind"] == "schema-page":
            self._pages[*header.chain, header.seq] = schema_pages.page(statement, body)
        if statement["kind"] != "schema":
            return None
        found = schema_pages.groups(statement, header.node, header.stream, self._pages)
        self.groups[header.chain, header.seq] = found
        return found


def check(entries: list[Entry], findings: Findings) -> None:
    """Read every schema; one whose pages are not what it lists is a fault of `links`."""
    schemas = Schemas()
    for entry in entries:
        try:
            if entry.statement is not None:
                schemas.take(entry, entry.statement)
        except Bad as bad:
            findings.bad("links", entry.name, bad.why)
