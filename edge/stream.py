"""One stream of the edge: rows to tail to sealed block to journal, in the order that loses nothing.

row -> tail, fdatasync (accepted) -> block: encode, decode, compare, link, sign -> journal, fdatasync -> only then
published. A tail file is used again only when every row in it is in a durable block.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import codec1
from contract.block import SALT, Codec
from contract.errors import SealMismatch
from contract.holes import DAMAGED, SequenceGap
from contract.seal import Clock, Sealed, Sealer, seal_rows, seal_statement
from contract.statement import Statement
from contract.tags import Rows, Schema
from edge import clock, gap_bounds, recovery, statements
from edge.book import Book
from edge.gap import DataGap
from edge.pieces import empty, merge, split
from edge.stored_block import first_link
from edge.write_ahead_log import WriteAheadLog
from journal.files import Files

log = structlog.get_logger()

FULL = 64 * 1024
"""Raw bytes of the rows of a full block."""
GROWN_ROWS = 1024
GROWN_NS = 15 * 60 * 10**9
"""A block that waits for a receipt grows to this many rows or this age, then it is sealed all the same."""


@dataclass(frozen=True)
class Node:
    """Who writes: node id, site, seal key, and the codec of new blocks."""

    id: str
    site: str
    key: Ed25519PrivateKey
    codec: Codec = codec1


Accepted = Callable[[str, int, Rows], None]
"""Called with (stream, number of the first row, rows) once the rows are on the disk."""


class Stream:
    """The writer of one stream. Not thread-safe: one thread owns it. Raises OSError when the disk does."""

    def __init__(
        self,
        name: str,
        node: Node,
        schema: Schema,
        book: Book,
        folder: Path,
        files: Files,
        accepted: Accepted,
    ) -> None:
        self.name, self._node, self._book, self._accepted = name, node, book, accepted
        self.schema = schema.of_stream(name)
        self._tail = WriteAheadLog(folder, name, self.schema, files)
        self._fresh: list[tuple[int, Rows]] = []
        self._since: int | None = None
        self._boot_first: int | None = None
        self._alive: dict[str, int] = {}
        self._sealed_schema: Schema | None = None
        self.seal_errors = 0
        head = book.heads.get(name)
        self._previous = head
        self._chain = Sealer(
            node.id, name, secrets.randbits(64), clock.boot_id(),
            prev=first_link(head), row_next=1 + (head.row_last if head else 0),
        )  # fmt: skip
        self._row_next = self._chain.row_next

    @property
    def started_before(self) -> bool:
        """Whether an earlier run of this stream is known."""
        return self._previous is not None

    @property
    def unsealed(self) -> int:
        """Rows that no block holds yet."""
        return self._tail.rows

    @property
    def size(self) -> int:
        """Raw bytes of the rows that no block holds yet."""
        return self._tail.size

    def begin(self) -> None:
        """Open a new incarnation: `open`, then what the last run left in its tail, then the schema of today."""
        found = self._tail.recover()
        left = recovery.left(found, self._chain.row_next)
        here = gap_bounds.nearest(self._book, self.schema, reversed(self._book.index.held(self.name)))
        recovered = gap_bounds.of_rows(rows for item in found for rows in item.rows)
        for item in found:
            for rows in item.rows:
                self._book.last.see(rows)
        newest = {group: last for (group, old), (_, last) in (here | recovered).items() if not old}
        recovery.lower(self._book.last, newest, self.schema)
        first = left[0].pieces[0][0] if left else recovery.row_after(found)
        lost = first > self._chain.row_next
        self._chain = replace(self._chain, row_next=max(first, self._chain.row_next))
        self._say(self._open("start" if self._previous is None else "recovered" if left else "restart"))
        if lost and not left:
            self._say_gaps(here, {})
        for run in left:
            if run.broken:
                self._say_gaps(here, gap_bounds.of_rows(run.rows))
            if self._sealed_schema != run.schema:
                self._say_schema(run.schema)
            self._seal_pieces(run.rows, run.schema)
            here |= gap_bounds.of_rows(run.rows)
        if self._sealed_schema != self.schema:
            self._say_schema(self.schema)
        at = self._chain.row_next - sum(len(rows) for run in left for rows in run.rows)
        for rows in (rows for run in left for rows in run.rows):
            self._accepted(self.name, at, rows)
            at += len(rows)
        self._row_next = self._chain.row_next
        self._tail.reset(self._row_next)

    def declare(self, holes: Sequence[SequenceGap]) -> None:
        """Go on in a new incarnation that declares *holes* of this stream, with a gap for each group they may touch."""
        self.seal()
        self._previous = self._book.heads[self.name]
        old = self._chain
        self._chain = Sealer(
            self._node.id,
            self.name,
            secrets.randbits(64),
            clock.boot_id(),
            prev=old.prev,
            row_next=old.row_next,
        )
        self._sealed_schema = None
        self._say(self._open("hole"))
        for hole in holes:
            self._say(hole.to_statement())
        for hole in holes:
            place = (hole.incarnation, hole.first, hole.last)
            for gap in gap_bounds.gaps(
                self._book, self.name, self.schema, *place, statements.LOST[hole.cause]
            ):
                self.say_gap(gap)
        self._say_schema(self.schema)

    def add(self, rows: Rows) -> None:
        """Take rows in; they are accepted after the next `sync`."""
        if self._since is None:
            self._since, self._boot_first = clock.boottime(), clock.boottime()
        if len(rows) == 0:
            self._alive[rows.group.id] = rows.alive_until
            return
        self._tail.append(rows, self._row_next)
        self._fresh.append((self._row_next, rows))
        self._row_next += len(rows)

    def say_gap(self, gap: DataGap) -> None:
        """Seal a gap statement; it is on the disk when this returns. Call it before the first row after the hole."""
        self._say(statements.gap(self.schema.groups[self.schema.index[gap.group]], gap))

    def sync(self) -> None:
        """Make the rows that were added accepted."""
        self._tail.sync()
        for first, rows in self._fresh:
            self._book.last.see(rows)
            self._accepted(self.name, first, rows)
        self._fresh.clear()

    def due(self, seal_after: int, waiting: bool) -> bool:
        """Whether to seal now: the block is full, or old enough and no other is *waiting* for a receipt."""
        if self._since is None:
            return False
        age = clock.boottime() - self._since
        if self._tail.size >= FULL:
            return True
        return age >= seal_after and (not waiting or self._tail.rows >= GROWN_ROWS or age >= GROWN_NS)

    def seal(self) -> bool:
        """Seal what is accepted. False when the encoder's output did not decode to the rows: they stay in the tail."""
        pieces = self._tail.take(self._row_next)
        try:
            self._seal_pieces(pieces + self._heartbeats(), self.schema)
        except SealMismatch as error:
            self.seal_errors += 1
            log.error("seal refused; the rows stay in the tail", stream=self.name, why=str(error))
            return False
        self._tail.release()
        self._alive.clear()
        self._since = self._boot_first = clock.boottime() if self._tail.rows else None
        return True

    def close(self) -> None:
        """Close the tail."""
        self._tail.close()

    def _heartbeats(self) -> list[Rows]:
        groups = [(self.schema.groups[self.schema.index[g]], until) for g, until in self._alive.items()]
        return [empty(group, until) for group, until in groups]

    def _seal_pieces(self, pieces: Sequence[Rows], schema: Schema) -> None:
        """All or nothing: the chain moves on only when every block of *pieces* has been sealed."""
        chain, blocks = self._chain, []
        for chunk in split(pieces, FULL):
            parts = merge(chunk)
            count = sum(map(len, parts))
            sealed = seal_rows(
                parts, count, schema, chain, self._now(), self._node.key, _salt(), self._node.codec
            )
            blocks.append(sealed)
            chain = sealed.chain
        for sealed in blocks:
            self._keep(sealed)

    def _open(self, cause: str) -> Statement:
        clocks = (clock.boottime(), clock.utc())
        return statements.opened(
            self._node.id, self._node.site, self._previous, cause, self._chain.boot, clocks
        )

    def _say_gaps(self, before: gap_bounds.Ends, behind: gap_bounds.Ends) -> None:
        for gap in gap_bounds.between(self.schema, self._book, before, behind, statements.LOST[DAMAGED]):
            self.say_gap(gap)

    def _say_schema(self, schema: Schema) -> None:
        self._say(Statement("schema", schema.to_fields()))
        self._sealed_schema = schema

    def _say(self, said: Statement) -> None:
        self._keep(seal_statement(said, self._chain, self._now(), self._node.key, _salt()))

    def _keep(self, sealed: Sealed) -> None:
        self._book.append(sealed.data, sealed.header, sealed.hash, sealed.header.sealed_at)
        self._book.sync()
        self._chain = sealed.chain

    def _now(self) -> Clock:
        return clock.now(self._boot_first)


def _salt() -> bytes:
    return secrets.token_bytes(SALT)
