"""From a driver's rows to rows of record: time rules, repeats, data gaps. The sink of all drivers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import structlog

from contract.message import Message
from contract.quality import Quality
from contract.tags import Group, Layout, Rows
from drivers.base import BOOL
from edge.gap import DataGap
from edge.last_accepted import LastAccepted
from edge.messages import Restart
from edge.pieces import empty

log = structlog.get_logger()
_SKEWED = Quality.UNCERTAIN_CLOCK


@dataclass(frozen=True)
class Fresh:
    """Rows for the write-ahead log of a stream, and the gap that must be stated before them."""

    stream: str
    gap: DataGap | None
    rows: Rows | None


class Scan:
    """Sink of the drivers; hands over rows whose time is the time of record. Runs in the event loop's thread."""

    def __init__(
        self, groups: list[Group], last: LastAccepted, max_skew: int, utc: Callable[[], int], known: set[str]
    ) -> None:
        """max_skew in ns; utc: UTC ns now; known: streams that an earlier run has written."""
        self._groups = {group.id: group for group in groups}
        self._last = LastAccepted(dict(last.groups), dict(last.tags))
        self._max_skew, self._utc = max_skew, utc
        self._tag_time = {name: time for name, (time, _, _) in last.tags.items()}
        self._open: dict[str, Message] = {g.id: Restart() for g in groups if g.stream in known}
        self._incoming: list[Fresh] = []
        self.repeats = 0
        self.gaps: Counter[str] = Counter()

    def rows(self, rows: Rows, first: BOOL | None = None) -> None:
        """Take rows from a driver; *first* as drivers.base.Sink says."""
        group = rows.group
        rows = self._events(rows, first) if group.layout is Layout.EVENTS else self._table(rows)
        if len(rows) == 0:
            return
        gap = self._close_gap(group, rows)
        self._last.update(rows)
        self._incoming.append(Fresh(group.stream, gap, rows))

    def gap(self, group: str, cause: Message) -> None:
        """Values of a group may be missing from its last row until its next one."""
        self.gaps[group] += 1
        self._open.setdefault(group, cause)

    def alive(self, group: str, until: int) -> None:
        """A silent subscription was alive until *until* (UTC ns)."""
        silent = self._groups[group]
        if group not in self._open:
            self._incoming.append(Fresh(silent.stream, None, empty(silent, until)))

    def take(self) -> list[Fresh]:
        """What came in since the last call."""
        fresh, self._incoming = self._incoming, []
        return fresh

    def end(self) -> list[Fresh]:
        """Gaps that are still open when the scan stops."""
        left = [(self._groups[group], cause) for group, cause in self._open.items()]
        self._open.clear()
        return [
            Fresh(g.stream, DataGap(g.id, self._last.groups.get(g.id), None, cause), None)
            for g, cause in left
        ]

    def _close_gap(self, group: Group, rows: Rows) -> DataGap | None:
        """The gap that ends with *rows*. One publish of events holds several tags, not in order of time."""
        cause = self._open.pop(group.id, None)
        if cause is None:
            return None
        from_ = self._last.groups.get(group.id)
        events = group.layout is Layout.EVENTS
        if events and from_ is not None:
            from_ -= 2 * group.every
        to = int(rows.time.max() if events else rows.time.min())
        return DataGap(group.id, from_, max(to, from_ or to), cause)

    def _table(self, rows: Rows) -> Rows:
        floor = self._last.groups.get(rows.group.id)
        return replace(rows, time=_increasing(rows.time, floor))

    def _events(self, rows: Rows, first: BOOL | None) -> Rows:
        """Time of record is the source's, or the edge's where the two differ by more than max_skew.

        A value that was current when its subscription began may be as old as it likes.
        """
        keep = np.array([self._is_new(rows, i) for i in range(len(rows))], bool)
        self.repeats += int(len(rows) - keep.sum())
        status = np.zeros(len(rows), np.uint8) if rows.status is None else rows.status.copy()
        source, data = rows.time[keep], rows.data[keep]
        status = status[keep]
        record = source.copy()
        if rows.group.time_source != "device":
            now = self._utc()
            skewed = np.abs(source - now) > self._max_skew
            if first is not None:
                skewed &= ~(first[keep] & (source < now))
            record[skewed] = now
            status[skewed & (status < _SKEWED)] = _SKEWED
        for i in range(len(record)):
            name = rows.group.tags[int(data["tag"][i])].name
            record[i] = self._tag_time[name] = max(int(record[i]), self._tag_time.get(name, -(1 << 62)) + 1)
        moved = not np.array_equal(record, source)
        return replace(
            rows,
            time=record,
            data=data,
            status=status if status.any() else None,
            source_time=source if moved else None,
        )

    def _is_new(self, rows: Rows, i: int) -> bool:
        status = 0 if rows.status is None else int(rows.status[i])
        name = rows.group.tags[int(rows.data["tag"][i])].name
        now = (int(rows.time[i]), int(rows.data["value"][i]), status)
        known = self._last.tags.get(name)
        return known is None or known[:2] != now[:2] or (known[2] != status and known[2] != _SKEWED)


def _increasing(
    time: np.ndarray[tuple[int], np.dtype[np.int64]], floor: int | None
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Times that grow by at least 1 ns from row to row and from *floor*; times that do already stay as they are."""
    steps = np.arange(len(time), dtype=np.int64)
    lifted = time - steps
    if floor is not None:
        lifted = np.maximum(lifted, floor + 1)
    return np.maximum.accumulate(lifted) + steps
