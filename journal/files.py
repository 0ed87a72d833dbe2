"""The few file operations that durability rests on, so that a power cut can be simulated behind them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol


class File(Protocol):
    """An open file that is written at given offsets."""

    def write(self, offset: int, data: bytes) -> None:
        """Write *data* at *offset*; raises OSError."""

    def sync(self) -> None:
        """Return once all that was written is on the disk (fdatasync); raises OSError."""

    def truncate(self, size: int) -> None:
        """Cut the file to *size* bytes."""

    def close(self) -> None:
        """Close the file; what was not synced may be lost at a power cut."""


class Files(Protocol):
    """A folder tree that survives power cuts as far as it was synced."""

    def open(self, path: Path) -> File:
        """Open for writing, created when absent (the folder is synced then)."""

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""

    def read_range(self, path: Path, offset: int, size: int) -> bytes:
        """Up to *size* bytes of a file from *offset* on."""

    def exists(self, path: Path) -> bool:
        """Whether the file is there."""

    def names(self, folder: Path) -> list[str]:
        """Sorted names in a folder, which is made when absent."""

    def replace(self, path: Path, data: bytes) -> None:
        """Put *data* in place of a file, whole or not at all: temporary file, sync, rename, sync of the folder."""

    def unlink(self, path: Path) -> None:
        """Remove a file."""


class _RealFile:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def write(self, offset: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            done = os.pwrite(self._fd, view, offset)
            view, offset = view[done:], offset + done

    def sync(self) -> None:
        os.fdatasync(self._fd)

    def truncate(self, size: int) -> None:
        os.ftruncate(self._fd, size)

    def close(self) -> None:
        os.close(self._fd)


class RealFiles:
    """Files of the operating system."""

    def open(self, path: Path) -> File:
        """Open for writing, created when absent (the folder is synced then)."""
        known = path.exists()
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        if not known:
            _sync_folder(path.parent)
        return _RealFile(fd)

    def read(self, path: Path) -> bytes:
        """All bytes of a file."""
        return path.read_bytes()

    def read_range(self, path: Path, offset: int, size: int) -> bytes:
        """Up to *size* bytes of a file from *offset* on."""
        with path.open("rb") as file:
            there = os.fstat(file.fileno()).st_size - offset
            file.seek(offset)
            return file.read(max(0, min(size, there)))

    def exists(self, path: Path) -> bool:
        """Whether the file is there."""
        return path.exists()

    def names(self, folder: Path) -> list[str]:
        """Sorted names in a folder, which is made when absent."""
        folder.mkdir(parents=True, exist_ok=True)
        return sorted(os.listdir(folder))

    def replace(self, path: Path, data: bytes) -> None:
        """Put *data* in place of a file, whole or not at all."""
        partial = path.with_name(path.name + ".tmp")
        fd = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640)
        file = _RealFile(fd)
        try:
            file.write(0, data)
            os.fsync(fd)
        except OSError:
            partial.unlink()  # on a full disk it would keep what little room there is
            raise
        finally:
            file.close()
        os.replace(partial, path)
        _sync_folder(path.parent)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


REAL = RealFiles()
