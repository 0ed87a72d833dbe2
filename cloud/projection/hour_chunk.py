"""Values of one node and hour after precedence: the unit in which the projector holds, drops and makes anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from accounts.metering.hours import Bins
from cloud.store.rows import Growing
from contract.precedence import winners
from contract.tags import Group, Tag

HOUR = 3_600 * 10**9
VALUE = np.dtype([("time", "<i8"), ("bits", "<u8"), ("block", "<u8"), ("status", "u1"), ("origin", "u1")])
"""A value as it won: bits of the raw value; block: the first 8 bytes of its block's hash as a number."""

Values = npt.NDArray[Any]
_SIGN = np.uint64(1 << 63)


def hour_of(time: int) -> int:
    """The chunk in which a UTC ns lies: hour h holds h * HOUR < time <= (h + 1) * HOUR, as the bins of figures do."""
    return (time - 1) // HOUR


class HourChunk:
    """The winners of one (place, hour), and when its silent subscriptions were known to be alive."""

    def __init__(self) -> None:
        self.values: dict[str, Growing] = {}
        self.kinds: dict[str, tuple[Tag, Group]] = {}
        self.alive: dict[str, set[int]] = {}
        self.bins: dict[str, Bins] = {}
        self.touched = 0.0
        self._size: int | None = None

    def __len__(self) -> int:
        if self._size is None:
            self._size = sum(map(len, self.values.values()))
        return self._size

    def merge(self, tag: Tag, group: Group, rows: Values) -> tuple[Values, bool]:
        """Let values of one tag in. The ones that won, and whether one of them took the place of another."""
        name, self._size = tag.name, None
        self.kinds[name] = tag, group
        if len(rows) > 1 and not (np.diff(rows["time"]) > 0).all():
            rows = rows[_winners(rows)]
        known = self.values.get(name)
        if known is None:
            self.values[name] = Growing(rows)
        elif known.after(int(rows["time"][0])):
            known.add(rows)
        else:
            old = known.array()
            both = np.concatenate((old, rows))
            chosen = _winners(both)
            rows = both[chosen[chosen >= len(old)]]
            if len(rows) == 0:
                return rows, False
            self.values[name] = Growing(both[chosen])
            self.bins.pop(name, None)
            return rows, bool(np.isin(rows["time"], old["time"]).any())
        self.bins.pop(name, None)
        return rows, False

    def seen_alive(self, group: Group, until: int) -> None:
        """Note that a subscription was alive at *until* (UTC ns): its counters had nothing to say."""
        self.alive.setdefault(group.id, set()).add(until)
        for tag in group.tags:
            if tag.kind == "counter" and tag.name not in self.kinds:
                self.kinds[tag.name] = tag, group
                self.values[tag.name] = Growing(np.empty(0, VALUE))
        self.forget_bins(group.id)

    def forget_bins(self, group: str) -> None:
        """What was summed up of a group's counters is no longer right."""
        for name, (_, of) in self.kinds.items():
            if of.id == group:
                self.bins.pop(name, None)


def _winners(rows: Values) -> npt.NDArray[np.int64]:
    rank = (rows["block"] ^ _SIGN).view(np.int64)
    return winners(rows["time"], rows["origin"], rows["status"], rank)
