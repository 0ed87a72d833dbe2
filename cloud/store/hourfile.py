"""One hour of the embedded store: in memory while it is open, as a Parquet file once it is settled."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from cloud.store.base import Column
from cloud.store.rows import ROW, Growing

HOUR = 3_600 * 10**9
Name = tuple[str, str, bool]
"""Node, tag, and whether the raw values are integers."""

FILE = pa.schema(
    [
        ("node", pa.dictionary(pa.int32(), pa.string())),
        ("tag", pa.dictionary(pa.int32(), pa.string())),
        ("time", pa.int64()),  # UTC ns
        ("value", pa.float64()),  # in the tag's unit
        ("raw", pa.int64()),  # as read, where that is an integer (a uint64 by its bits), else null
        ("status", pa.uint8()),
        ("origin", pa.uint8()),
    ]
)
"""The columns of a file; its rows stand by node, tag and time."""


class OpenHour:
    """The rows of an hour; dirty: they differ from the file's."""

    def __init__(self) -> None:
        self.tags: dict[Name, Growing] = {}
        self.dirty = False
        self._size: int | None = 0

    def __len__(self) -> int:
        if self._size is None:
            self._size = sum(map(len, self.tags.values()))
        return self._size

    def keep(self, key: Name, rows: npt.NDArray[Any]) -> None:
        """Replace the rows of one tag."""
        self.tags[key] = Growing(rows)
        self.dirty, self._size = True, None

    def add(self, key: Name, rows: npt.NDArray[Any]) -> None:
        """Add rows of one tag in order of time."""
        if key in self.tags:
            self.tags[key].add(rows)
        else:
            self.tags[key] = Growing(rows)
        self.dirty, self._size = True, None

    def table(self, keys: list[Name]) -> pa.Table:
        """The rows of some tags in the columns of FILE."""
        parts = [self.tags[key].array() for key in keys]
        rows = np.concatenate(parts) if parts else np.empty(0, ROW)
        counts = [len(part) for part in parts]
        whole = np.repeat(np.array([key[2] for key in keys], bool), counts)
        named = [_names([key[0] for key in keys], counts), _names([key[1] for key in keys], counts)]
        raw = pa.array(rows["raw"], mask=~whole)
        rest = [pa.array(np.ascontiguousarray(rows[name])) for name in ("status", "origin")]
        times, values = (pa.array(np.ascontiguousarray(rows[name])) for name in ("time", "value"))
        return pa.Table.from_arrays([*named, times, values, raw, *rest], schema=FILE)


def name_of(column: Column) -> Name:
    """Where a column's rows go in an hour."""
    return column.node, column.tag.name, column.raw.dtype.kind in "iu"


def by_hour(column: Column) -> list[tuple[int, npt.NDArray[Any]]]:
    """The column's rows, cut where the UTC hour changes."""
    rows = np.zeros(len(column), ROW)
    rows["time"], rows["value"] = column.time, column.value
    rows["status"], rows["origin"] = column.status, column.origin
    if column.raw.dtype.kind in "iu":
        rows["raw"] = column.raw.astype(np.int64)
    hours = column.time // HOUR
    cuts = [0, *(np.flatnonzero(hours[1:] != hours[:-1]) + 1).tolist(), len(hours)]
    return [(int(hours[a]), rows[a:b]) for a, b in pairwise(cuts) if b > a]


def _names(names: list[str], counts: list[int]) -> pa.DictionaryArray:
    words = sorted(set(names))
    index = np.repeat(np.array([words.index(name) for name in names], np.int32), counts)
    return pa.DictionaryArray.from_arrays(pa.array(index, pa.int32()), pa.array(words, pa.string()))


def opened(table: pa.Table) -> OpenHour:
    """A settled hour back in memory, from the columns of FILE."""
    hour = OpenHour()
    rows = np.zeros(len(table), ROW)
    for name in ("time", "value", "status", "origin"):
        rows[name] = table[name].to_numpy()
    rows["raw"] = table["raw"].fill_null(0).to_numpy()
    whole = table["raw"].is_valid().to_numpy()
    nodes, tags = (table[name].to_pylist() for name in ("node", "tag"))
    keys = list(zip(nodes, tags, whole.tolist(), strict=True))
    cuts = [0, *(i for i in range(1, len(keys)) if keys[i] != keys[i - 1]), len(keys)]
    for start, stop in pairwise(cuts):
        if stop > start:
            hour.add(keys[start], rows[start:stop])
    hour.dirty = False
    return hour


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under another name, sync it, give it its name, sync the folder."""
    tmp = path.with_name(path.name + ".tmp")
    write(tmp)
    sync(tmp)
    os.replace(tmp, path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Return once a file or folder is on the disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
