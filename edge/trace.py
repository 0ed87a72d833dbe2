"""The acceptance trace: one line for each row that is on the disk, for tests that count lost rows."""

from __future__ import annotations

import os

import structlog

from contract.tags import Layout, Rows

log = structlog.get_logger()


class Trace:
    """Writes the acceptance trace: one line a row, after its fdatasync returned, one write a flush."""

    def __init__(self, fd: int, counters: dict[str, int]) -> None:
        """fd: where to; counters: index of the read counter's tag, by group id."""
        self._fd, self._counters = fd, counters
        self._lines: list[str] = []

    def accepted(self, stream: str, first: int, rows: Rows) -> None:
        """Add the lines of accepted rows; `flush` writes them."""
        if rows.group.layout is Layout.EVENTS:
            names = [rows.group.tags[int(i)].name for i in rows.data["tag"]]
            times = rows.time if rows.source_time is None else rows.source_time
            marks = [
                f"E {stream} {first + i} {n} {int(t)}"
                for i, (n, t) in enumerate(zip(names, times, strict=True))
            ]
        else:
            at = self._counters.get(rows.group.id)
            counts = ["-"] * len(rows) if at is None else [str(int(v)) for v in rows.data[f"f{at}"]]
            marks = [f"T {stream} {first + i} {rows.group.device} {c}" for i, c in enumerate(counts)]
        self._lines += marks

    def flush(self) -> None:
        """Write the lines. When the reader is gone the trace ends, not the edge."""
        if not self._lines:
            return
        data = ("\n".join(self._lines) + "\n").encode()
        self._lines.clear()
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            log.warning("the trace is not read any more", why=str(error))
            self._fd = os.open(os.devnull, os.O_WRONLY)
