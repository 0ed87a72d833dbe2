"""The acceptance trace: what the edge writes into a pipe after each fdatasync, appended to trace.txt."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

_PIPE_BYTES = 1 << 20  # room for the edge's lines while this process is busy


class TraceLog:
    """Takes whole lines out of the pipes. Each start of the edge has a pipe of its own, so that a line cut
    off by its death is not continued by the next one's first: such a piece is dropped, the row it was
    about then counts as not accepted."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        _cut_torn_line(path)
        self._pipes: dict[int, bytes] = {}
        self.rows = 0  # accepted since this log was opened
        self.first_at: float | None = None  # monotonic
        self.last_at: float | None = None

    def open_pipe(self) -> int:
        """A new pipe; answers its write end, which the caller gives to the edge and then closes."""
        read, write = os.pipe()
        os.set_blocking(read, False)
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._pipes[read] = b""
        return write

    def pump(self) -> None:
        """Write what has come; never waits."""
        for pipe in list(self._pipes):
            while self._read(pipe):
                pass

    def _read(self, pipe: int) -> bool:
        try:
            data = os.read(pipe, _PIPE_BYTES)
        except BlockingIOError:
            return False
        if not data:
            os.close(pipe)
            del self._pipes[pipe]
            return False
        whole, newline, rest = (self._pipes[pipe] + data).rpartition(b"\n")
        self._pipes[pipe] = rest
        if newline:
            self._append(whole + newline)
        return True

    def _append(self, lines: bytes) -> None:
        while lines:
            written = os.write(self._file, lines)
            self.rows += lines[:written].count(b"\n")
            lines = lines[written:]
        self.last_at = time.monotonic()
        self.first_at = self.first_at or self.last_at

    def close(self) -> None:
        """Take what is left, then close all."""
        self.pump()
        for pipe in self._pipes:
            os.close(pipe)
        self._pipes.clear()
        os.close(self._file)


def _cut_torn_line(path: Path) -> None:
    """Drop a last line without its end: half a counter would be another counter."""
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 4096))
        tail = file.read()
        if tail and not tail.endswith(b"\n"):
            file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)
