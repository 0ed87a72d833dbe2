"""Rows of a block: parts, groups and tags (docs/block-format.md, Rows)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.blocks.block import Block
from verify.blocks.codec1 import MOST_BYTES, TYPES, decode
from verify.blocks.messages import (
    BlockWithoutRows,
    BytesFollow,
    ColumnsTooLarge,
    OtherOrigins,
    OtherRowTimes,
    PartTooLarge,
    RowCountUnfit,
    RowsEndEarly,
    RunsUnequal,
    RunsUnordered,
    UnknownPart,
    UnknownStatus,
    UnreadableTags,
)
from verify.formats.findings import Bad

PART = struct.Struct("<HBBBBIqBI")
MISSING = 14


@dataclass(frozen=True)
class Series:
    """One tag's values in one part: times (ns), status codes, values as read."""

    tag: dict[str, Any]
    time: NDArray[np.int64]
    status: NDArray[np.uint8]
    values: NDArray[Any]


@dataclass(frozen=True)
class Part:
    """group: as in the schema; layout 0 table, 1 events; time of every row of the part."""

    group: dict[str, Any]
    layout: int
    origin: int
    alive_until: int
    rows: int
    time: NDArray[np.int64]
    series: list[Series]


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise Bad(RowsEndEarly())
        self.at += size
        return self.data[self.at - size : self.at]

    def unpack(self, form: str) -> tuple[int, ...]:
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))


def _tags(group: dict[str, Any]) -> list[dict[str, Any]]:
    tags = group.get("tags")
    if not isinstance(tags, list) or not all(
        isinstance(tag, dict) and tag.get("type") in TYPES for tag in tags
    ):
        raise Bad(UnreadableTags())
    return tags


def _table(
    data: bytes, group: dict[str, Any], flags: int, n: int
) -> tuple[NDArray[np.int64], list[Series], int]:
    tags = _tags(group)
    shape = [("int64", n)]
    shape += [("u8", n * len(tags))] if flags & 1 else []
    shape += [("int64", n)] if flags & 2 else []
    shape += [(tag["type"], n) for tag in tags]
    columns = decode(data, shape)
    good = np.zeros(n, np.uint8)
    status = list(columns[1].reshape(len(tags), n)) if flags & 1 else [good] * len(tags)
    first = len(columns) - len(tags)
    series = [Series(tag, columns[0], status[i], columns[first + i]) for i, tag in enumerate(tags)]
    return columns[0], series, sum(column.nbytes for column in columns)


def _events(
    data: bytes, group: dict[str, Any], flags: int, n: int, runs: list[tuple[int, ...]]
) -> tuple[NDArray[np.int64], list[Series], int]:
    tags = _tags(group)
    if sum(count for _, count in runs) != n or any(tag >= len(tags) for tag, _ in runs):
        raise Bad(RunsUnequal())
    if any(after[0] <= before[0] for before, after in pairwise(runs)):
        raise Bad(RunsUnordered())
    shape = [("int64", n)] + [("u8", n)] * (flags & 1) + [("int64", n)] * (flags >> 1)
    shape += [(tags[tag]["type"], count) for tag, count in runs]
    columns = decode(data, shape)
    status = columns[1] if flags & 1 else np.zeros(n, np.uint8)
    series, at = [], 0
    for (tag, count), values in zip(runs, columns[len(columns) - len(runs) :], strict=True):
        span = slice(at, at + count)
        series.append(Series(tags[tag], columns[0][span], status[span], values))
        at += count
    return columns[0], series, sum(column.nbytes for column in columns)


def parts(block: Block, groups: list[dict[str, Any]]) -> list[Part]:
    """The parts of a rows block; `groups` is the list in its schema statement. Raises Bad."""
    if block.body is None or block.header.kind != 0:
        raise Bad(BlockWithoutRows())
    reader = _Reader(block.body[16:])
    (count,) = reader.unpack("H")
    made, size = [], 0
    for _ in range(count):
        group, layout, origin, base, flags, n, alive, codec, length = PART.unpack(reader.take(PART.size))
        if group >= len(groups) or layout > 1 or origin > 4 or base or flags > 3 or codec != 1:
            raise Bad(UnknownPart())
        # One row of a part takes eight bytes for its time alone, so that a count is bounded before it is used.
        if n * 8 > MOST_BYTES:
            raise Bad(PartTooLarge())
        runs = [reader.unpack("HI") for _ in range(reader.unpack("H")[0])] if layout else []
        data = reader.take(length)
        if layout:
            time, series, nbytes = _events(data, groups[group], flags, n, runs)
        else:
            time, series, nbytes = _table(data, groups[group], flags, n)
        size += nbytes
        made.append(Part(groups[group], layout, origin, alive, n, time, series))
    if reader.at != len(reader.data):
        raise Bad(BytesFollow())
    if size > MOST_BYTES:
        raise Bad(ColumnsTooLarge())
    _fits(block, made)
    return made


def _fits(block: Block, made: list[Part]) -> None:
    """Refuse rows that differ from what their header says of them."""
    header = block.header
    times = [part.time for part in made if part.rows]
    if sum(part.rows for part in made) != header.rows:
        raise Bad(RowCountUnfit())
    if times and (int(min(map(np.min, times))), int(max(map(np.max, times)))) != (
        header.utc_first,
        header.utc_last,
    ):
        raise Bad(OtherRowTimes())
    held, named = (sum({1 << part.origin for part in made if part.rows or all_}) for all_ in (False, True))
    if held & ~header.origins or header.origins & ~named:
        raise Bad(OtherOrigins())
    for part in made:
        for series in part.series:
            if series.status.size and int(series.status.max()) > MISSING:
                raise Bad(UnknownStatus())
