"""Entries of the index: a block on the edge's disk, and the head of a stream."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from contract.block import NO_HASH

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
class Head:
    """The last durable block of a stream, and its position in the journal."""

    incarnation: int
    seq: int
    hash: bytes
    row_last: int
    position: int


def as_head(stored: StoredBlock) -> Head:
    """A block as the head of its stream."""
    return Head(stored.incarnation, stored.seq, stored.hash, stored.row_last, stored.position)


def previous_fields(head: Head | None) -> dict[str, Any] | None:
    """The `previous` field of an `open` statement."""
    if head is None:
        return None
    return {
        "incarnation": f"{head.incarnation:016x}",
        "seq": head.seq,
        "row_last": head.row_last,
        "hash": head.hash.hex(),
    }


def first_link(head: Head | None) -> bytes:
    """The hash that an `open` statement links to: of the last durable header, else zeros."""
    return NO_HASH if head is None else head.hash
