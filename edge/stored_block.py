"""Entries of the index: a block on the edge's disk, and the head of a stream."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract.block import NO_HASH
from contract.opening import Head

COPY = -1
"""Position of a block that only edge.opening_copies has."""


@dataclass(frozen=True)
class StoredBlock:
    """A block on the edge's disk. size in bytes; row_last counts row numbers; previous: hash that it links to."""

    stream: str
    incarnation: int
    seq: int
    hash: bytes
    position: int
    size: int
    row_last: int
    previous: bytes

    def as_copy(self) -> StoredBlock:
        """The same block where only its copy is left."""
        return replace(self, position=COPY)

    @property
    def place(self) -> tuple[str, int, int]:
        """Stream, incarnation, seq."""
        return self.stream, self.incarnation, self.seq


@dataclass(frozen=True)
class JournalHead(Head):
    """The last durable block of a stream with its position in the journal."""

    position: int = 0


def as_head(stored: StoredBlock) -> JournalHead:
    """A block as the head of its stream."""
    return JournalHead(stored.incarnation, stored.seq, stored.hash, stored.row_last, stored.position)


def first_link(head: Head | None) -> bytes:
    """The hash that an `open` statement links to: of the last durable header, else zeros."""
    return NO_HASH if head is None else head.hash
