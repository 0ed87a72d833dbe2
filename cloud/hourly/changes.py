"""Values of counters as rows, and what new ones change.

A *span* (first, last) says what changed: whatever is made of readings, signs of life or gaps between these two moments
(UTC ns) is to be made again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from accounts.metering.registers import BOOL, I64
from cloud.hourly.by_day import DAY, ByDay, Rows
from cloud.ledger.columns import Piece
from cloud.projection.counter_bins import USABLE

VALUE = np.dtype([("time", "<i8"), ("raw", "<u8"), ("block", "<i8"), ("status", "u1"), ("origin", "u1")])
"""A value that won. block: index of its block's hash."""
SIGN = np.dtype([("time", "<i8")])
"""A sign of life."""
FOREVER = int(np.iinfo(np.int64).max)
Span = tuple[int, int]


def usable(rows: Rows) -> BOOL:
    """Which values count as readings."""
    found: BOOL = rows["status"] <= USABLE
    return found


def values_of(items: list[Piece]) -> Rows:
    """Pieces as one table."""
    rows = np.empty(sum(len(item.time) for item in items), VALUE)
    at = 0
    for item in items:
        part = rows[at : at + len(item.time)]
        part["time"], part["raw"], part["status"] = item.time, item.bits, item.status
        part["block"], part["origin"] = item.block, item.origin
        at += len(part)
    return rows


def by_day(rows: Rows) -> Iterator[tuple[int, Rows]]:
    """Rows in order of time, cut where the UTC day changes."""
    days = rows["time"] // DAY
    cuts = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
    return ((int(days[a]), rows[a:b]) for a, b in pairwise(cuts) if b > a)


def differing(old: Rows, now: Rows) -> I64:
    """Times at which the rows are other ones than before; no time of *old* is missing in *now*."""
    at = np.minimum(np.searchsorted(old["time"], now["time"]), max(len(old) - 1, 0))
    times: I64 = now["time"] if not len(old) else now["time"][old[at] != now]
    return times


def spans(values: ByDay, times: I64) -> list[Span]:
    """From the last reading before each changed one to the first after it that did not change, joined."""
    if not len(times):
        return []
    known = values.around(int(times[0]) - 1, int(times[-1]))["time"]
    kept = np.concatenate((known[~np.isin(known, times)], [FOREVER]))
    at = np.searchsorted(kept, times)
    first = np.where(at > 0, kept[at - 1], times)
    joined: list[Span] = []
    for begin, end in sorted({*zip(first.tolist(), kept[at].tolist(), strict=True)}):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined
