"""Recorded rows to add to the streams, oldest first over all groups, each once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from contract.tags import Rows
from edge.pieces import cut, raw_size

SLICE = 60 * 1024
"""Raw bytes of rows that are added together: one block holds them."""


class History:
    """Recorded rows of a node. Those up to the newest recorded time of each group have been added."""

    def __init__(self, recorded: Sequence[Rows]) -> None:
        self._rows = [rows for rows in recorded if len(rows)]
        self._at = [0] * len(self._rows)
        self._until: dict[str, list[int]] = {}

    @property
    def left(self) -> int:
        """Number of rows that are not yet added."""
        return sum(len(rows) - at for rows, at in zip(self._rows, self._at, strict=True))

    def resume(self, newest: Mapping[str, int]) -> None:
        """Begin behind the rows that an earlier run added: the *newest* recorded row of each group, UTC ns."""
        for i, rows in enumerate(self._rows):
            done = newest.get(rows.group.id)
            self._at[i] = 0 if done is None else int(np.searchsorted(rows.time, done, "right"))
        streams = {rows.group.stream for rows in self._rows}
        self._until = {stream: self._cuts(stream) for stream in streams}

    def next(self, stream: str) -> list[Rows]:
        """The next rows of a stream, at most about SLICE bytes; none at the end."""
        cuts = self._until.get(stream)
        if not cuts:
            return []
        until, pieces = cuts.pop(0), []
        for i, rows in enumerate(self._rows):
            if rows.group.stream == stream:
                start, stop = self._at[i], int(np.searchsorted(rows.time, until, "right"))
                if stop > start:
                    pieces.append(cut(rows, start, stop))
                    self._at[i] = stop
        return pieces

    def _cuts(self, stream: str) -> list[int]:
        """Times up to which slices reach, all groups of the stream together, in order."""
        left = [
            (rows.time[at:], raw_size(rows) / len(rows))
            for rows, at in zip(self._rows, self._at, strict=True)
            if rows.group.stream == stream and at < len(rows)
        ]
        if not left:
            return []
        times = np.concatenate([time for time, _ in left])
        sizes = np.repeat([size for _, size in left], [len(time) for time, _ in left])
        order = np.argsort(times, kind="stable")
        number = (np.cumsum(sizes[order]) // SLICE).astype(np.int64)
        ends = np.flatnonzero(np.diff(number))
        return [*np.unique(times[order][ends]).tolist(), int(times[order][-1])]
