"""The intake log: segments of blocks, each stamped with the time it came (UTC ns)."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from cloud.ledger.heads import ChainKey
from cloud.ledger.messages import AnotherWriter
from cloud.ledger.refusals import Refusals
from contract.downlink import RefusedSeq
from contract.errors import CannotBeDone
from journal.records import Damage, Record
from journal.segments import Reader, Segments

SEGMENT = 4 << 20
"""Bytes after which a segment is closed and the next one begun; whoever follows the ledger reads one at a time."""


class Ledger:
    """The ledger of one cloud, with this process as its one writer.

    Raises CannotBeDone while another process has it open for writing.
    """

    def __init__(self, folder: Path, limit: int = SEGMENT) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder)
        self._segments = Segments(folder, limit=limit)
        self._refusals = Refusals(folder)

    @property
    def end(self) -> int:
        """The position of the next block."""
        return self._segments.end

    @property
    def damage(self) -> list[Damage]:
        """Bytes that were no record when the ledger was opened."""
        return self._segments.damage

    def append(self, received_at: int, data: bytes) -> int:
        """Write a block that came at *received_at* (UTC ns); durable after the next sync. Raises OSError."""
        return self._segments.append(received_at, data)

    def refuse(self, received_at: int, key: ChainKey, item: RefusedSeq) -> None:
        """Write down that a block was refused; durable after the next sync. Raises OSError."""
        self._refusals.append(received_at, key, item)

    def sync(self) -> None:
        """Return once everything written so far is on the disk. After an OSError write nothing more."""
        self._segments.sync()
        self._refusals.sync()

    def scan(self, from_: int = 0) -> Iterator[Record]:
        """Every block at or after a position, in the order it came."""
        return self._segments.scan(from_)

    def refused(self) -> Iterator[tuple[ChainKey, RefusedSeq]]:
        """Every block that was refused, oldest first."""
        return self._refusals.scan()

    def close(self) -> None:
        """Sync, close and let another writer in."""
        self._segments.close()
        self._refusals.close()
        os.close(self._lock)


def read(folder: Path, from_: int = 0) -> Reader:
    """Blocks of a ledger that another process may be writing; changes nothing."""
    return Segments.read(folder, from_)


def _lock(folder: Path) -> int:
    """Take the writer's lock of a ledger folder; the file descriptor holds it until it is closed."""
    path = folder / "writer.lock"
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise CannotBeDone(AnotherWriter(str(folder), path.name)) from None
    return fd
