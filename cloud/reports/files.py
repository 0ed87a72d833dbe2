"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO


class Whole:
    """A file that appears under its name only once it is complete."""

    def __init__(self, path: Path) -> None:
        self._path, self._part = path, path.with_name(f".{path.name}.{os.getpid()}.part")

    def __enter__(self) -> IO[bytes]:
        self._file = self._part.open("wb")
        return self._file

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            self._part.replace(self._path)
        else:
            self._part.unlink(missing_ok=True)


def write(path: Path, data: bytes) -> None:
    """Write a file that is there whole or not at all. Raises OSError."""
    with Whole(path) as file:
        file.write(data)
