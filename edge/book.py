"""The edge's journal on the disk: blocks in segments, copies of the opening blocks, the cursor.

One folder for all streams. Blocks that a receipt freed stay as long as there is room, so that a cloud that lost them
can get them again.
"""

from __future__ import annotations

from pathlib import Path

import structlog

from contract import block, schema_pages
from contract.block import Header
from contract.errors import Malformed
from contract.tags import Rows
from edge import cursor
from edge.index import Index
from edge.last_accepted import LastAccepted
from edge.opening_copies import OPENING, OpeningCopies
from edge.stored_block import COPY, JournalHead, StoredBlock, as_head
from journal.files import Files
from journal.segments import Segments

log = structlog.get_logger()
KEEP = 64 << 20
"""Bytes of blocks that may stay after their receipt, by default."""


class Book:
    """The journal of all streams with its index. Opening it repairs a torn end. Raises OSError."""

    def __init__(self, folder: Path, files: Files, keep: int = KEEP) -> None:
        self._folder, self._files, self._keep = folder, files, keep
        self._cursor = cursor.load(folder, files)
        self._copies = OpeningCopies(folder, files)
        self.segments = Segments(folder, files)
        self.index = Index(self._cursor, self._copies)
        self._within_pages = False
        self._fresh: list[StoredBlock] = []
        self._durable: list[StoredBlock] = []
        self._open()

    @property
    def heads(self) -> dict[str, JournalHead]:
        """The last durable block of each stream."""
        return self._cursor.heads

    @property
    def last(self) -> LastAccepted:
        """The last accepted row of each group and tag."""
        return self._cursor.last

    @property
    def unreceipted(self) -> dict[tuple[str, int, int], StoredBlock]:
        """Blocks without a receipt by stream, incarnation, seq."""
        return self.index.unreceipted

    @property
    def size(self) -> int:
        """Bytes of the blocks without a receipt."""
        return sum(stored.size for stored in self.unreceipted.values())

    def append(self, data: bytes, header: Header, digest: bytes, stamp: int) -> StoredBlock:
        """Write a sealed block; durable after `sync`.

        Sync before the next append: then a power cut can only touch the last record of the journal, never leave a
        sequence gap in a chain.
        """
        try:
            position = self.segments.append(stamp, data)
        except OSError:
            if not self._trim(0):  # blocks without a receipt outrank those with one
                raise
            position = self.segments.append(stamp, data)
        stored = _stored(header, digest, position, len(data))
        self.heads[stored.stream] = as_head(stored)
        self.index.hold(stored)
        statement = self._learn(header, digest, data) if header.kind == block.STATEMENT else None
        self._within_pages = statement == schema_pages.KIND
        self._fresh.append(stored)
        return stored

    def sync(self) -> None:
        """Return once every appended block is on the disk; the copies of pages are saved with their list."""
        self.segments.sync()
        if not self._within_pages:
            self._copies.save()
        self._durable, self._fresh = self._durable + self._fresh, []

    def take_fresh(self) -> list[StoredBlock]:
        """Blocks that have become durable since the last call: only these may be published."""
        fresh, self._durable = self._durable, []
        return fresh

    def read(self, stored: StoredBlock) -> bytes | None:
        """The bytes of a block; None when they can't be read."""
        data = None if stored.position == COPY else self.segments.get(stored.position, stored.size)
        return data if data is not None else self._copies.get((stored.stream, stored.incarnation), stored.seq)

    def free(self, gone: list[StoredBlock]) -> None:
        """Mark blocks as receipted (their hashes agree with the cloud's); they stay as long as there is room."""
        self.index.free(gone)
        self._trim(self._keep)

    def save_cursor(self) -> None:
        """Make durable which blocks are receipted, and the last row of each group."""
        names = {(stream, f"{number:016x}") for stream, number in self.index.live()}
        self._cursor.prune(names)
        self._cursor.mark = self.segments.end
        self._cursor.save(self._folder, self._files)

    def close(self) -> None:
        """Save the cursor and close the journal."""
        self.save_cursor()
        self.segments.close()

    def rows(self, stored: StoredBlock) -> list[Rows]:
        """The rows of a block; none of a statement or of a block that can't be read."""
        data = self.read(stored)
        return [] if data is None else self.index.memory.rows(data)

    def _open(self) -> None:
        """Index the journal and the blocks that only the copies have; put damaged bytes aside."""
        named = dict(self.heads)
        for stream, head in named.items():
            self.index.memory.ended(stream, head)
        late = []
        for record in self.segments.scan():
            try:
                header, _ = block.skim(record.data)  # the record's CRC has just been checked
            except Malformed as error:
                log.error("a record of the journal is no block", position=record.position, why=str(error))
                continue
            stored = _stored(header, header.hash, record.position, len(record.data))
            known = named.get(stored.stream)
            self.index.follow(stored, None if known is None else known.position)
            self.index.hold(stored)
            if header.kind == block.STATEMENT:
                self._learn(header, stored.hash, record.data)
            elif record.position >= self._cursor.mark:
                late.append(stored)
        self._from_copies()
        for rows in (rows for stored in late for rows in self.rows(stored)):
            self.last.update(rows)
        self._put_aside()
        if any(head.position >= self.segments.end for head in named.values()):
            self.segments.roll()  # positions only grow, even where the blocks are gone

    def _from_copies(self) -> None:
        """Index blocks that the journal lost and the copies have."""
        for chain in self._copies.chains():
            for header, data in self._copies.blocks(chain):
                if header.seq not in self.index.chains.get(chain, {}):
                    stored = _stored(header, header.hash, COPY, len(data))
                    self.index.memory.learn(header, stored.hash, _body(header, data))
                    self.index.follow_copy(stored)
                    self.index.hold(stored)

    def _put_aside(self) -> None:
        """Copy damaged bytes to files beside their segments."""
        for damage in self.segments.damage:
            place = {"segment": damage.segment, "offset": damage.offset, "end": damage.end}
            log.error("journal damaged", **place, why=damage.why)
            path = self._folder / f"{damage.segment.removesuffix('.seg')}.{damage.offset}.bad"
            if not self._files.exists(path):
                size = damage.end - damage.offset
                segment = self._folder / damage.segment
                self._files.replace(path, self._files.read_range(segment, damage.offset, size))

    def _learn(self, header: Header, digest: bytes, data: bytes) -> str | None:
        kind = self.index.memory.learn(header, digest, _body(header, data))
        if kind in OPENING:
            self._copies.add(header, data)
        return kind

    def _trim(self, keep: int) -> bool:
        """Drop the oldest segments without a waiting block until at most *keep* bytes are left; whether any went."""
        total = self.index.size
        if total <= keep:
            return False
        needed = self.index.needed() | {self.segments.end >> 32}
        gone = []
        for number in self.segments.numbers():
            if number not in needed and total > keep:
                total -= self.index.size_of(number)
                gone.append(number)
        if gone:
            self.save_cursor()
        for number in gone:
            self.segments.drop(number)
            self.index.forget(number)
        return bool(gone)


def _stored(header: Header, digest: bytes, position: int, size: int) -> StoredBlock:
    place = (header.stream, header.incarnation, header.seq)
    return StoredBlock(*place, digest, position, size, header.row_last, header.prev)


def _body(header: Header, data: bytes) -> bytes:
    return data[len(data) - header.body_len :]
