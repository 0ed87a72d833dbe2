"""Small real programs for the supervisor to keep."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from demo.screen import Screen
from demo.supervisor import Supervisor
from demo.trace import TraceLog


def _wait_for(what: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Poll `what` until it holds or the time is over."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def _gone(pid: int) -> bool:
    """Whether a process has ended (a zombie has)."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@pytest.fixture
def wait_for() -> Callable[..., bool]:
    """`wait_for(what, seconds=10.0)`."""
    return _wait_for


@pytest.fixture
def gone() -> Callable[[int], bool]:
    """`gone(pid)`."""
    return _gone


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A supervisor in an empty folder; it stops what it runs."""
    supervisor = Supervisor(tmp_path / "pids.json", Screen(), TraceLog(tmp_path / "trace.txt"))
    yield supervisor
    supervisor.end_all(patience=2.0)
    supervisor.trace.close()


@pytest.fixture
def program() -> Iterator[Callable[[str], subprocess.Popen[bytes]]]:
    """Run Python source in a process that is killed when the test ends."""
    running: list[subprocess.Popen[bytes]] = []

    def run(source: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE)
        running.append(process)
        return process

    yield run
    for process in running:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
