"""Sealing of one stream: rows and statements as linked blocks in the journal, each durable when its call returns.

encode, decode, compare, link, sign -> journal, fdatasync. Published is only what has come this far.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

from contract import schema_split
from contract.block import SALT
from contract.opening import opening
from contract.schema import Schema
from contract.schema_pages import PagePlace
from contract.seal import Clock, Sealed, Sealer, seal_rows, seal_statement
from contract.statement import Statement
from contract.tags import Rows
from edge import clock
from edge.book import Book
from edge.node import Node
from edge.pieces import merge, split
from edge.stored_block import first_link

FULL = 64 * 1024
"""Raw bytes of the rows of a full block."""
MOST_CHAINS = 16
"""Earlier incarnations whose pages a schema may list; above, all are stated anew and the old chains can go."""


class Chain:
    """The newest incarnation of a stream. Raises OSError when the disk does.

    schema: the one that the incarnation has declared last, None before its first. boot_first: CLOCK_BOOTTIME (ns) of
    the oldest row that no block holds, None without one. previous: the last block before this incarnation, None when
    the stream has none.
    """

    def __init__(self, stream: str, node: Node, book: Book) -> None:
        self._stream, self._node, self._book = stream, node, book
        self.schema: Schema | None = None
        self.boot_first: int | None = None
        self.previous = head = book.heads.get(stream)
        self._sealer = Sealer(
            node.id, stream, secrets.randbits(64), clock.boot_id(),
            prev=first_link(head), row_next=1 + (head.row_last if head else 0),
        )  # fmt: skip

    @property
    def row_next(self) -> int:
        """The number of the next row."""
        return self._sealer.row_next

    def skip_to(self, row: int) -> None:
        """Leave out the numbers of lost rows, up to *row*."""
        self._sealer = replace(self._sealer, row_next=max(row, self.row_next))

    def open(self, cause: str) -> None:
        """Begin the incarnation with its `open` statement."""
        clocks = (clock.boottime(), clock.utc())
        boot, node = self._sealer.boot, self._node
        self.state(opening(node.id, node.site, self.previous, cause, boot, clocks, version("steelyard")))

    def open_anew(self, cause: str) -> None:
        """Begin another incarnation behind the last block."""
        self.previous, old = self._book.heads[self._stream], self._sealer
        self._sealer = Sealer(
            self._node.id, self._stream, secrets.randbits(64), clock.boot_id(), prev=old.prev, row_next=old.row_next
        )  # fmt: skip
        self.schema = None
        self.open(cause)

    def state(self, statement: Statement) -> None:
        """Seal a statement."""
        self._store(seal_statement(statement, self._sealer, self._now(), self._node.key, _salt()))

    def declare_schema(self, schema: Schema) -> None:
        """Seal the `schema` statement, unless it is the one that holds, behind those of its pages that are new."""
        if self.schema == schema:
            return
        if schema_split.fits(schema):
            self.state(Statement("schema", schema.to_fields()))
        else:
            self.state(schema_split.list_statement(schema, self._state_pages(schema)))
        self.schema = schema

    def seal(self, pieces: Sequence[Rows], schema: Schema) -> None:
        """Seal rows in as many blocks as they take, all or none. Raises SealMismatch."""
        sealer, blocks = self._sealer, list[Sealed]()
        for chunk in split(pieces, FULL):
            parts = merge(chunk)
            count = sum(map(len, parts))
            sealed = seal_rows(
                parts, count, schema, sealer, self._now(), self._node.key, _salt(), self._node.codec
            )
            blocks.append(sealed)
            sealer = sealed.chain
        for sealed in blocks:
            self._store(sealed)

    def _state_pages(self, schema: Schema) -> list[PagePlace]:
        """Where the pages of a schema stand, those that are new sealed."""
        pages, own = schema_split.pages(schema), self._sealer.incarnation
        known = self._book.index.pages(self._stream, self._node.site)
        others = {known[page.hash].incarnation for page in pages if page.hash in known} - {own}
        if len(others) > MOST_CHAINS:
            known = {digest: place for digest, place in known.items() if place.incarnation == own}
        for page in pages:
            if page.hash not in known:
                known[page.hash] = PagePlace(own, self._sealer.seq, page.hash)
                self.state(page.statement)
        return [known[page.hash] for page in pages]

    def _store(self, sealed: Sealed) -> None:
        self._book.append(sealed.data, sealed.header, sealed.hash, sealed.header.sealed_at)
        self._book.sync()
        self._sealer = sealed.chain

    def _now(self) -> Clock:
        return clock.now(self.boot_first)


def _salt() -> bytes:
    return secrets.token_bytes(SALT)
