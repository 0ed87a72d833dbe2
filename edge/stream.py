"""One stream of the edge: rows to the write-ahead log, from there to sealed blocks, in the order that loses nothing.

row -> write-ahead log, fdatasync (accepted) -> block in the journal (edge.chain), fdatasync -> only then published.
A file of the log is used again only when every row in it is in a durable block.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from contract.errors import SealMismatch
from contract.schema import Schema
from contract.sequence_gaps import DAMAGED, SequenceGap
from contract.tags import Rows
from edge import clock, gap_bounds, recovery, statements
from edge.book import Book
from edge.chain import FULL, Chain
from edge.gap import DataGap
from edge.node import Node
from edge.pieces import empty
from edge.write_ahead_log import Recovered, WriteAheadLog
from journal.files import Files

log = structlog.get_logger()

GROWN_ROWS = 1024
GROWN_NS = 15 * 60 * 10**9
"""A block that waits for a receipt grows to this many rows or this age, then it is sealed all the same."""
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
        self.name, self._book, self._accepted = name, book, accepted
        self.schema = schema.of_stream(name)
        self._log = WriteAheadLog(folder, name, self.schema, files)
        self._chain = Chain(name, node, book)
        self._unsynced: list[tuple[int, Rows]] = []
        self._since: int | None = None
        self._alive: dict[str, int] = {}
        self.seal_errors = 0
        self._row_next = self._chain.row_next

    @property
    def started_before(self) -> bool:
        """Whether an earlier run of this stream is known."""
        return self._chain.previous is not None

    @property
    def unsealed(self) -> int:
        """Rows that no block holds yet."""
        return self._log.rows

    @property
    def size(self) -> int:
        """Raw bytes of the rows that no block holds yet."""
        return self._log.size

    def begin(self) -> None:
        """Open a new incarnation: `open`, then the rows that the last run left in its log, then the schema of today."""
        recovered = self._log.recover()
        left = recovery.left(recovered, self._chain.row_next)
        before = self._last_known(recovered)
        first = left[0].pieces[0][0] if left else recovery.row_after(recovered)
        lost = first > self._chain.row_next
        self._chain.skip_to(first)
        self._chain.open("start" if not self.started_before else "recovered" if left else "restart")
        if lost and not left:
            self._state_gaps(before, {})
        self._seal_left(left, before)
        self._chain.declare_schema(self.schema)
        self._accept_left([rows for run in left for rows in run.rows])
        self._row_next = self._chain.row_next
        self._log.reset(self._row_next)

    def declare(self, missing: Sequence[SequenceGap]) -> None:
        """Go on in a new incarnation that declares the *missing* blocks, and data gaps of the groups they may touch."""
        self.seal()
        self._chain.open_anew("hole")
        for gone in missing:
            self._chain.state(gone.to_statement())
        gaps = (gap for gone in missing for gap in self._gaps_of(gone))
        for gap in dict.fromkeys(gaps):  # of two ranges without rows between them they are the same
            self.state_gap(gap)
        self._chain.declare_schema(self.schema)

    def _gaps_of(self, gone: SequenceGap) -> list[DataGap]:
        """The data gaps that missing blocks make."""
        place, cause = (gone.incarnation, gone.first, gone.last), statements.LOST[gone.cause]
        return gap_bounds.gaps(self._book, self.name, self.schema, *place, cause)

    def add(self, rows: Rows) -> None:
        """Take rows in; they are accepted after the next `sync`."""
        if self._since is None:
            self._since = self._chain.boot_first = clock.boottime()
        if len(rows) == 0:
            self._alive[rows.group.id] = rows.alive_until
            return
        self._log.append(rows, self._row_next)
        self._unsynced.append((self._row_next, rows))
        self._row_next += len(rows)

    def state_gap(self, gap: DataGap) -> None:
        """Seal a gap statement; it is on the disk when this returns. Call it before the first row after the gap."""
        self._chain.state(statements.gap(self.schema.groups[self.schema.index[gap.group]], gap))

    def sync(self) -> None:
        """Make the rows that were added accepted."""
        self._log.sync()
        for first, rows in self._unsynced:
            self._book.last.update(rows)
            self._accepted(self.name, first, rows)
        self._unsynced.clear()

    def due(self, seal_after: int, waiting: bool) -> bool:
        """Whether to seal now: the block is full, or old enough and no other is *waiting* for a receipt."""
        if self._since is None:
            return False
        age = clock.boottime() - self._since
        if self._log.size >= FULL:
            return True
        return age >= seal_after and (not waiting or self._log.rows >= GROWN_ROWS or age >= GROWN_NS)

    def seal(self) -> bool:
        """Seal the accepted rows. False when the encoder's output did not decode to them: they stay in the log."""
        pieces = self._log.take(self._row_next)
        try:
            self._chain.seal(pieces + self._heartbeats(), self.schema)
        except SealMismatch as error:
            self.seal_errors += 1
            log.error("seal refused; the rows stay in the write-ahead log", stream=self.name, why=str(error))
            return False
        self._log.release()
        self._alive.clear()
        self._since = self._chain.boot_first = clock.boottime() if self._log.rows else None
        return True

    def close(self) -> None:
        """Close the write-ahead log."""
        self._log.close()

    def _heartbeats(self) -> list[Rows]:
        groups = [(self.schema.groups[self.schema.index[g]], until) for g, until in self._alive.items()]
        return [empty(group, until) for group, until in groups]

    def _last_known(self, recovered: Sequence[Recovered]) -> gap_bounds.Ends:
        """The nearest rows before this start in the journal; sets the book's last rows to those that are there."""
        journal = gap_bounds.nearest(self._book, self.schema, reversed(self._book.index.held(self.name)))
        logged = [rows for item in recovered for rows in item.rows]
        for rows in logged:
            self._book.last.update(rows)
        ends = journal | gap_bounds.of_rows(logged)
        newest = {group: last for (group, recorded), (_, last) in ends.items() if not recorded}
        recovery.lower(self._book.last, newest, self.schema)
        return journal

    def _seal_left(self, left: Sequence[recovery.Left], before: gap_bounds.Ends) -> None:
        """Seal the rows of an earlier run under their schemas; before: the nearest rows in the journal."""
        for run in left:
            ends = gap_bounds.of_rows(run.rows)
            if run.broken:
                self._state_gaps(before, ends)
            self._chain.declare_schema(run.schema)
            self._chain.seal(run.rows, run.schema)
            before = before | ends

    def _accept_left(self, pieces: Sequence[Rows]) -> None:
        """Report the rows of an earlier run as accepted; they are the last ones of the chain."""
        at = self._chain.row_next - sum(map(len, pieces))
        for rows in pieces:
            self._accepted(self.name, at, rows)
            at += len(rows)

    def _state_gaps(self, before: gap_bounds.Ends, behind: gap_bounds.Ends) -> None:
        for gap in gap_bounds.between(self.schema, self._book, before, behind, statements.LOST[DAMAGED]):
            self.state_gap(gap)
