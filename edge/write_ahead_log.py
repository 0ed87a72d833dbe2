"""The write-ahead log of one stream: rows that are accepted (on the disk) and not yet in a sealed block.

Two files are used in turn. Each begins with the schema its rows follow (edge.log_schema); a record of an earlier use
of the file carries an older generation and is not read again.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import structlog

from contract.errors import Malformed
from contract.quality import Origin
from contract.schema import Schema
from contract.tags import Group, Layout, Rows
from edge import log_schema
from edge.log_schema import LogSchema
from edge.messages import RecordOfOtherGroup
from edge.pieces import raw_size
from journal.files import REAL, File, Files
from journal.records import Record, pack, walk

log = structlog.get_logger()
_SCHEMA, _ROWS = 0, 1
_HEAD = struct.Struct("<QBHBBIq")
_STATUS, _SOURCE_TIME = 1, 2


@dataclass(frozen=True)
class Recovered:
    """A run of rows in a file at start: their schema, pieces without a missing row, the number of the first row."""

    schema: Schema
    rows: tuple[Rows, ...]
    row_first: int


class WriteAheadLog:
    """`append` then `sync` makes rows accepted; `take`, seal, `release` frees them."""

    def __init__(self, folder: Path, stream: str, schema: Schema, files: Files) -> None:
        self._paths = [folder / f"tail-{stream}-{name}" for name in "ab"]
        self._files, self._schema = files, schema
        self._head = LogSchema(folder, stream, schema, files)
        self._read_schema = partial(log_schema.read, folder, stream, files)
        self._open: list[File | None] = [None, None]
        self._active, self._size, self._generation = 0, 0, 0
        self._pending: list[bytes] = []
        self._held: list[Rows] = []
        self._taken: list[Rows] = []

    def recover(self) -> list[Recovered]:
        """The rows in the two files, oldest first. Call once, before anything is appended."""
        runs = []
        for path in self._paths:
            if self._files.exists(path):
                generation, items = _read(self._files.read(path), self._read_schema)
                self._generation = max(self._generation, generation)
                runs += [(generation, item) for item in items]
        return [item for _, item in sorted(runs, key=lambda pair: pair[0])]

    def reset(self, row_next: int) -> None:
        """Begin anew; every row of `recover` must be in a durable block by now."""
        unused = self._head.write()
        for which in (1, 0) if unused else (0,):
            self._begin(which, row_next)
            self._file(which).sync()
        for path in unused:
            self._files.unlink(path)

    @property
    def size(self) -> int:
        """Raw bytes of the rows that no block holds yet."""
        return sum(raw_size(rows) for rows in self._held) + sum(raw_size(rows) for rows in self._taken)

    @property
    def rows(self) -> int:
        """Number of rows that no block holds yet."""
        return sum(map(len, self._held)) + sum(map(len, self._taken))

    def append(self, rows: Rows, row_no: int) -> None:
        """Add rows, the first of which has number *row_no*; not accepted before the next `sync`."""
        index = self._schema.index[rows.group.id]
        self._pending.append(pack(row_no, _pack(self._generation, index, rows)))
        self._held.append(rows)

    def sync(self) -> None:
        """Return once all appended rows are on the disk. Raises OSError."""
        if not self._pending:
            return
        data = b"".join(self._pending)
        file = self._file(self._active)
        file.write(self._size, data)
        file.sync()
        self._size += len(data)
        self._pending.clear()

    def take(self, row_next: int) -> list[Rows]:
        """The accepted rows for sealing. New rows (from *row_next* on) go to the other file until `release`."""
        if self._pending:
            raise ValueError("rows that are not synced can't be taken")
        if not self._taken and self._held:
            self._taken, self._held = self._held, []
            self._begin(1 - self._active, row_next)
        return list(self._taken)

    def release(self) -> None:
        """The taken rows are in a durable block."""
        self._taken = []

    def close(self) -> None:
        """Close the files."""
        for file in self._open:
            if file is not None:
                file.close()
        self._open = [None, None]

    def _begin(self, which: int, row_next: int) -> None:
        self._generation += 1
        self._active = which
        record = pack(row_next, _HEAD.pack(self._generation, _SCHEMA, 0, 0, 0, 0, 0) + self._head.head)
        file = self._file(which)
        file.write(0, record)
        self._size = len(record)

    def _file(self, which: int) -> File:
        file = self._open[which]
        if file is None:
            file = self._open[which] = self._files.open(self._paths[which])
        return file


def _pack(generation: int, index: int, rows: Rows) -> bytes:
    flags = _STATUS * (rows.status is not None) + _SOURCE_TIME * (rows.source_time is not None)
    head = _HEAD.pack(generation, _ROWS, index, rows.origin, flags, len(rows), rows.alive_until)
    columns = [rows.time.astype("<i8", copy=False)]
    columns += [column for column in (rows.status, rows.source_time) if column is not None]
    return head + b"".join(column.tobytes() for column in [*columns, rows.data])


def _read(data: bytes, read_schema: Callable[[bytes], Schema]) -> tuple[int, list[Recovered]]:
    """Generation of a file and its rows of this generation, in runs: rows are missing where bytes were damaged."""
    generation, schema = 0, None
    runs: list[tuple[int, list[Rows]]] = []
    expected = 0
    for item in walk(data, 0):
        if not isinstance(item, Record) or len(item.data) < _HEAD.size:
            if schema is None:
                break
            continue
        its, kind, index, origin, flags, count, alive = _HEAD.unpack_from(item.data)
        body = item.data[_HEAD.size :]
        if schema is None:
            if kind != _SCHEMA:
                break
            generation, expected = its, item.stamp
            try:
                schema = read_schema(body)
            except Malformed as error:
                log.error("the rows of a write-ahead log can't be read", why=str(error))
                break
            runs.append((expected, []))
        elif kind == _ROWS and its == generation and item.stamp >= expected:
            if item.stamp > expected:
                runs.append((item.stamp, []))
            runs[-1][1].append(_unpack(body, schema.groups[index], Origin(origin), flags, count, alive))
            expected = item.stamp + count
        else:
            break
    if schema is None:
        return generation, []
    return generation, [Recovered(schema, tuple(pieces), first) for first, pieces in runs]


def _unpack(body: bytes, group: Group, origin: Origin, flags: int, count: int, alive: int) -> Rows:
    width = 1 if group.layout is Layout.EVENTS else len(group.tags)
    sizes = [8 * count, count * width * bool(flags & _STATUS), 8 * count * bool(flags & _SOURCE_TIME)]
    if len(body) != sum(sizes) + count * group.row.itemsize:
        raise Malformed(RecordOfOtherGroup())
    at = np.cumsum([0, *sizes])
    time = np.frombuffer(body[: at[1]], "<i8")
    status = np.frombuffer(body[at[1] : at[2]], np.uint8) if flags & _STATUS else None
    if status is not None and group.layout is Layout.TABLE:
        status = status.reshape(count, width)
    source = np.frombuffer(body[at[2] : at[3]], "<i8") if flags & _SOURCE_TIME else None
    return Rows(group, time, np.frombuffer(body[at[3] :], group.row), status, source, origin, alive)


def left_in(folder: Path, stream: str, sealed: int) -> int:
    """How many rows in the files of a stream have a number above *sealed*. Reads only, also while the edge runs."""
    count = 0
    for name in "ab":
        path = folder / f"tail-{stream}-{name}"
        read_schema = partial(log_schema.read, folder, stream, REAL)
        for item in _read(path.read_bytes(), read_schema)[1] if path.exists() else ():
            last = item.row_first + sum(map(len, item.rows)) - 1
            count += max(0, last - max(sealed, item.row_first - 1))
    return count
