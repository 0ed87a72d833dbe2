"""Append-only segments of records, found again after a torn write or a flipped byte.

Bytes that are cut off a torn end are kept beside the segment, in a file that ends in `.cut`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from journal.files import REAL, File, Files
from journal.records import HEAD, MAX_RECORD, Damage, Record, pack, record_at, torn, walk

_NAME = re.compile(r"(\d{8})\.seg")
MAX_SEGMENT = 1 << 32
"""Bytes of a segment are fewer: an offset has 32 bits."""


class Segments:
    """A folder of segments with one writer. Opening it repairs the end: bytes after the last record are cut off.

    Damage elsewhere is kept in place, skipped and listed in `damage`. Raises OSError when the disk does.
    """

    def __init__(self, folder: Path, files: Files = REAL, limit: int = 4 << 20) -> None:
        self._folder, self._files, self._limit = folder, files, limit
        self.damage: list[Damage] = []
        numbers = self.numbers()
        self._number = numbers[-1] if numbers else 0
        self._file: File | None = None
        self._size = self._repair() if numbers else 0

    @property
    def end(self) -> int:
        """The position of the next record."""
        return self._number << 32 | self._size

    def numbers(self) -> list[int]:
        """Numbers of the segments that are there, oldest first."""
        found = (_NAME.fullmatch(name) for name in self._files.names(self._folder))
        return [int(match.group(1)) for match in found if match]

    def append(self, stamp: int, data: bytes) -> int:
        """Write a record behind the last one and return its position; durable after the next `sync`."""
        if len(data) > MAX_RECORD:
            raise ValueError(f"a record of {len(data)} bytes is over the limit of {MAX_RECORD}")
        if self._size >= self._limit:
            self.roll()
        if self._file is None:
            self._file = self._files.open(self._path(self._number))
        position, record = self.end, pack(stamp, data)
        try:
            self._file.write(self._size, record)
        except OSError:
            self._file.truncate(self._size)  # half a record would stay as damage once the segment is full
            raise
        self._size += len(record)
        return position

    def sync(self) -> None:
        """Return once every record written so far is on the disk."""
        if self._file is not None:
            self._file.sync()

    def roll(self) -> None:
        """Go on in a new segment; the old one is synced first.

        The new file is made at once: positions go on from it, also when every older segment has been dropped.
        """
        self.close()
        self._number, self._size = self._number + 1, 0
        self._file = self._files.open(self._path(self._number))

    def drop(self, number: int) -> None:
        """Remove one segment that is not the one being written."""
        if number == self._number:
            raise ValueError("the segment that is being written can't be dropped")
        self._files.unlink(self._path(number))

    def close(self) -> None:
        """Sync and close."""
        if self._file is not None:
            self._file.sync()
            self._file.close()
            self._file = None

    def scan(self, from_: int = 0) -> Iterator[Record]:
        """Every record at or after a position, in order."""
        for number in self.numbers():
            if number >= from_ >> 32:
                yield from self._records(number, from_)

    def get(self, position: int, size: int) -> bytes | None:
        """The data of one record of *size* bytes at a position; None when no such record can be read there."""
        path, offset = self._path(position >> 32), position & 0xFFFFFFFF
        try:
            data = self._files.read_range(path, offset, HEAD.size + size)
        except FileNotFoundError:
            return None
        record = record_at(data, 0, position >> 32)
        return record.data if record is not None and len(record.data) == size else None

    @classmethod
    def read(cls, folder: Path, from_: int = 0) -> Reader:
        """Read a folder that another process may be writing; never changes anything."""
        return Reader(folder, from_)

    def _records(self, number: int, from_: int) -> Iterator[Record]:
        start = from_ & 0xFFFFFFFF if number == from_ >> 32 else 0
        end = self._size if number == self._number else MAX_SEGMENT
        data = self._files.read_range(self._path(number), start, max(0, end - start))
        yield from (item for item in walk(data, number, start) if isinstance(item, Record))

    def _repair(self) -> int:
        for number in self.numbers()[:-1]:
            self._note(number)
        return self._note(self._number)

    def _note(self, number: int) -> int:
        """List the damage of a segment; cut what follows the last record of the one being written."""
        data = self._files.read(self._path(number))
        size = 0
        pending: Damage | None = None
        for item in walk(data, number):
            if isinstance(item, Record):
                size = item.next & 0xFFFFFFFF
            else:
                pending = item
                if number != self._number or item.end < len(data):
                    self.damage.append(item)
        if number == self._number and pending is not None and pending.end == len(data):
            self._files.replace(self._aside(number, size), data[size:])
            self._file = self._files.open(self._path(number))
            self._file.truncate(size)
            self._file.sync()
        return size

    def _aside(self, number: int, size: int) -> Path:
        """A new name for bytes that are cut off: what was cut off before stays."""
        path, again = self._folder / f"{number:08d}.{size}.cut", 0
        while self._files.exists(path):
            again += 1
            path = self._folder / f"{number:08d}.{size}.{again}.cut"
        return path

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08d}.seg"


class Reader:
    """Records of a folder as they stand now. `damage` is complete once the records have been read to the end."""

    def __init__(self, folder: Path, from_: int = 0) -> None:
        self._folder, self._from = folder, from_
        self.damage: list[Damage] = []

    def __iter__(self) -> Iterator[Record]:
        self.damage = []
        paths = sorted(p for p in self._folder.glob("*.seg") if _NAME.fullmatch(p.name))
        for path in paths:
            number = int(path.stem)
            if number < self._from >> 32:
                continue
            start = self._from & 0xFFFFFFFF if number == self._from >> 32 else 0
            try:
                data = REAL.read_range(path, start, MAX_SEGMENT)
            except FileNotFoundError:
                continue  # freed by its writer between the listing and here
            for item in walk(data, number, start):
                if isinstance(item, Record):
                    yield item
                elif (
                    path is not paths[-1]
                    or item.end < start + len(data)
                    or not torn(data[item.offset - start :])
                ):
                    self.damage.append(item)
