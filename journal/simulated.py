"""A folder in memory that loses what was not synced at a power cut: the twin of journal.files for tests."""

from __future__ import annotations

import random
from pathlib import Path

from journal.files import File

SECTOR = 512


class _SimulatedFile:
    def __init__(self, disk: SimulatedFiles, path: Path) -> None:
        self._disk, self._path = disk, path

    def write(self, offset: int, data: bytes) -> None:
        self._disk.count()
        self._disk.pending.setdefault(self._path, []).append((offset, data))

    def sync(self) -> None:
        self._disk.count()
        self._disk.settle(self._path)

    def truncate(self, size: int) -> None:
        self._disk.settle(self._path)
        self._disk.durable[self._path] = self._disk.durable[self._path][:size]

    def close(self) -> None:
        pass


class PowerCut(BaseException):
    """The power went away in the middle of an operation."""


class SimulatedFiles:
    """Files of journal.files with power cuts: `cut` drops, tears or keeps each unsynced sector by chance."""

    def __init__(self, seed: int, cut_after: int | None = None) -> None:
        """cut_after: number of writes and syncs after which PowerCut is raised (None: never)."""
        self._random = random.Random(seed)
        self._left = cut_after
        self.durable: dict[Path, bytes] = {}
        self.pending: dict[Path, list[tuple[int, bytes]]] = {}

    def count(self) -> None:
        """One more operation; raises PowerCut when its time has come."""
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise PowerCut

    def settle(self, path: Path) -> None:
        """Make all that was written to a file durable."""
        self.durable[path] = _apply(self.durable[path], self.pending.pop(path, []))

    def cut(self) -> SimulatedFiles:
        """The disk after a power cut: each unsynced sector is there or not, in any combination."""
        after = SimulatedFiles(self._random.randrange(1 << 30))
        after.durable = dict(self.durable)
        for path, writes in self.pending.items():
            kept = [
                s for offset, data in writes for s in _sectors(offset, data) if self._random.random() < 0.5
            ]
            after.durable[path] = _apply(after.durable[path], kept)
        return after

    def open(self, path: Path) -> File:
        """Open for writing; the name of a new file is durable at once."""
        self.durable.setdefault(path, b"")
        return _SimulatedFile(self, path)

    def read(self, path: Path) -> bytes:
        """All bytes of a file as a running program sees them."""
        if path not in self.durable:
            raise FileNotFoundError(str(path))
        return _apply(self.durable[path], self.pending.get(path, []))

    def read_range(self, path: Path, offset: int, size: int) -> bytes:
        """Some bytes of a file as a running program sees them."""
        return self.read(path)[offset : offset + size]

    def exists(self, path: Path) -> bool:
        """Whether the file is there."""
        return path in self.durable

    def names(self, folder: Path) -> list[str]:
        """Sorted names in a folder."""
        return sorted(path.name for path in self.durable if path.parent == folder)

    def replace(self, path: Path, data: bytes) -> None:
        """Put *data* in place of a file, whole or not at all."""
        self.count()
        self.pending.pop(path, None)
        self.durable[path] = data

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        self.count()
        self.durable.pop(path)
        self.pending.pop(path, None)


def _sectors(offset: int, data: bytes) -> list[tuple[int, bytes]]:
    pieces, at = [], 0
    while at < len(data):
        size = min(SECTOR - (offset + at) % SECTOR, len(data) - at)
        pieces.append((offset + at, data[at : at + size]))
        at += size
    return pieces


def _apply(data: bytes, writes: list[tuple[int, bytes]]) -> bytes:
    out = bytearray(data)
    for offset, piece in writes:
        if offset > len(out):
            out += bytes(offset - len(out))
        out[offset : offset + len(piece)] = piece
    return bytes(out)
