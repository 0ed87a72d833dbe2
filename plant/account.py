"""The plant's own account of every value it served: one CSV row a value, written before the answer leaves."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from plant.errors import CannotRun
from plant.words import Text

HEADER = b"device,tag,counter,time,raw,hex\n"


class Account:
    """account.csv, open for appending; only one plant at a time holds it.

    Raises CannotRun when another plant holds the file or it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRun(Text.ACCOUNT_IN_USE(path=path)) from None
        except OSError as error:
            raise CannotRun(Text.SYSTEM(path=path, why=str(error.strerror))) from None
        self.size = self._whole_lines()
        self.rows = 0
        if self.size == 0:
            self.write(HEADER, 0)

    @property
    def has_rows(self) -> bool:
        """Whether any value has been served yet, in this run or before."""
        return self.size > len(HEADER)

    def write(self, lines: bytes, rows: int) -> None:
        """Append whole lines in one write. Raises CannotRun on a full disk; it then ends before them."""
        try:
            written = os.write(self._fd, lines)
        except OSError as error:
            raise CannotRun(Text.SYSTEM(path=self.path, why=str(error.strerror))) from None
        if written != len(lines):
            os.ftruncate(self._fd, self.size)
            raise CannotRun(Text.ACCOUNT_DISK_FULL(path=self.path))
        self.size += written
        self.rows += rows

    def close(self) -> None:
        """Give the file back."""
        os.close(self._fd)

    def _whole_lines(self) -> int:
        """Cut a line that was torn by a crash (its value was never sent) and go to the end."""
        size = os.fstat(self._fd).st_size
        end = size
        while end > 0:
            start = max(0, end - 65536)
            newline = os.pread(self._fd, end - start, start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        if end != size:
            os.ftruncate(self._fd, end)
        os.lseek(self._fd, end, os.SEEK_SET)
        return end


def scan(path: Path, offset: int) -> Iterator[tuple[str, str, int, int]]:
    """(device, tag, counter or -1, time in UTC ns) of the account's rows from a byte offset on."""
    with path.open("rb") as file:
        file.seek(offset)
        for line in file:
            if line == HEADER:
                continue
            device, tag, counter, time, _raw, _hex = line.decode().rstrip("\n").split(",")
            yield device, tag, int(counter) if counter else -1, parse_time(time)


class Stamp:
    """RFC 3339 text of UTC ns with nine decimals and Z, with the last second kept."""

    def __init__(self) -> None:
        self._second = -1
        self._text = ""

    def __call__(self, time_ns: int) -> str:
        second, fraction = divmod(time_ns, 1_000_000_000)
        if second != self._second:
            self._second = second
            self._text = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._text}.{fraction:09d}Z"


def parse_time(text: str) -> int:
    """UTC ns of an RFC 3339 time with at most nine decimals. Raises ValueError."""
    body, mark, zone = _zone(text)
    whole, _, fraction = body.partition(".")
    second = int(datetime.fromisoformat(whole + mark + zone).timestamp())
    return second * 1_000_000_000 + int(fraction.ljust(9, "0") or 0)


def _zone(text: str) -> tuple[str, str, str]:
    if text[-1:] in ("Z", "z"):
        return text[:-1], "+", "00:00"
    if len(text) > 6 and text[-6] in "+-":
        return text[:-6], text[-6], text[-5:]
    raise ValueError(f"{text!r} is no RFC 3339 time with a zone")
