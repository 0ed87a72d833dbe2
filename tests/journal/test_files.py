"""Files that survive: replace is whole or not at all, also under kill -9 and on a full disk."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from journal.files import REAL

WRITER = """
    import sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[2])
    from journal.files import REAL

    number = 0
    while True:
        number += 1
        REAL.replace(Path(sys.argv[1]), bytes([number % 256]) * 200_000)
"""


def test_replace_puts_new_bytes_in_place(tmp_path: Path) -> None:
    path = tmp_path / "cursor.json"
    for data in (b"", b"one", b"a longer one", b"two"):
        REAL.replace(path, data)
        assert path.read_bytes() == data == REAL.read(path)
    assert REAL.names(tmp_path) == ["cursor.json"]


def test_a_full_disk_keeps_the_old_bytes(tmp_path: Path) -> None:
    path = tmp_path / "cursor.json"
    REAL.replace(path, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError, match="large"):
            REAL.replace(path, b"n" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"old"
    assert REAL.names(tmp_path) == ["cursor.json"]


def test_replace_is_whole_for_readers_and_after_a_kill(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    path, ends = tmp_path / "cursor", 0.0
    for life in range(4):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path), str(pytestconfig.rootpath)]
        writer = subprocess.Popen(command)
        try:
            begun = time.monotonic()
            fresh: set[int] = set()
            while time.monotonic() < begun + 20 and (len(fresh) < 3 or time.monotonic() < ends):
                if path.exists():
                    data = path.read_bytes()
                    assert len(data) == 200_000
                    assert data == data[:1] * 200_000
                    fresh.add(data[0])
                    if len(fresh) == 1:
                        ends = time.monotonic() + 0.1 + life * 0.037
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.wait()
        data = path.read_bytes()
        assert data == data[:1] * 200_000
        assert len(fresh) > 2


def test_files_are_written_at_offsets(tmp_path: Path) -> None:
    path = tmp_path / "a"
    file = REAL.open(path)
    file.write(3, b"def")
    file.write(0, b"abc")
    file.sync()
    assert REAL.read_range(path, 2, 2) == b"cd"
    assert REAL.read_range(path, 5, 100) == b"f"
    file.truncate(4)
    file.close()
    again = REAL.open(path)
    assert REAL.read(path) == b"abcd"
    again.close()
    assert REAL.exists(path)
    REAL.unlink(path)
    assert not REAL.exists(path)


def test_names_makes_the_folder(tmp_path: Path) -> None:
    assert REAL.names(tmp_path / "a" / "b") == []
    assert (tmp_path / "a" / "b").is_dir()
