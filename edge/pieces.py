"""Pieces of rows: their size, cutting them, and joining them into the parts of a block. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from contract.quality import Origin
from contract.tags import Group, Layout, Rows


def raw_size(rows: Rows) -> int:
    """Bytes of the rows before any codec."""
    extra = rows.status.nbytes if rows.status is not None else 0
    return int(rows.time.nbytes + rows.data.nbytes + extra)


def merge(pieces: Sequence[Rows]) -> list[Rows]:
    """Pieces of the same group, origin and columns joined to one part each; events stand by tag, then time."""
    bins: dict[tuple[str, Origin, bool, bool], list[Rows]] = {}
    for rows in pieces:
        key = (rows.group.id, rows.origin, rows.status is None, rows.source_time is None)
        bins.setdefault(key, []).append(rows)
    return [_join(items) for items in bins.values()]


def split(pieces: Sequence[Rows], limit: int) -> list[list[Rows]]:
    """Pieces in order, grouped so that each group has at most *limit* raw bytes and one origin.

    A row is never split.
    """
    groups: list[list[Rows]] = [[]]
    size = 0
    for rows in pieces:
        for part in _chunks(rows, limit):
            other = groups[-1] and groups[-1][-1].origin is not part.origin
            if other or (size + raw_size(part) > limit and groups[-1]):
                groups.append([])
                size = 0
            groups[-1].append(part)
            size += raw_size(part)
    return [group for group in groups if group]


def _chunks(rows: Rows, limit: int) -> list[Rows]:
    each = max(1, limit * len(rows) // max(1, raw_size(rows)))
    if each >= len(rows):
        return [rows]
    return [cut(rows, start, start + each) for start in range(0, len(rows), each)]


def cut(rows: Rows, start: int, stop: int) -> Rows:
    """Rows start..stop of a piece."""
    return replace(
        rows,
        time=rows.time[start:stop],
        data=rows.data[start:stop],
        status=None if rows.status is None else rows.status[start:stop],
        source_time=None if rows.source_time is None else rows.source_time[start:stop],
    )


def _join(items: list[Rows]) -> Rows:
    first = items[0]
    joined = replace(
        first,
        time=np.concatenate([r.time for r in items]),
        data=np.concatenate([r.data for r in items]),
        status=None
        if first.status is None
        else np.concatenate([r.status for r in items if r.status is not None]),
        source_time=None
        if first.source_time is None
        else np.concatenate([r.source_time for r in items if r.source_time is not None]),
        alive_until=max(r.alive_until for r in items),
    )
    if first.group.layout is not Layout.EVENTS:
        return joined
    order = np.lexsort((joined.time, joined.data["tag"]))
    return replace(
        joined,
        time=joined.time[order],
        data=joined.data[order],
        status=None if joined.status is None else joined.status[order],
        source_time=None if joined.source_time is None else joined.source_time[order],
    )


def empty(group: Group, alive_until: int) -> Rows:
    """An empty piece of an events group: a heartbeat of a silent subscription."""
    return Rows(group, np.empty(0, np.int64), np.empty(0, group.row), alive_until=alive_until)
