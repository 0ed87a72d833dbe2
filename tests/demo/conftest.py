"""Small real programs for the supervisor to keep."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from demo import ports
from demo.page import Page
from demo.process import tool
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


class Demo:
    """One run of steelyard-demo in a folder of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.page = Page(ports.choose())
        port = self.page.address.rpartition(":")[2]
        command = [tool("steelyard-demo"), "--workdir", str(folder), "--port", port, "--json", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def answer(self, seconds: float) -> dict[str, Any]:
        """Wait for the end; the one object on stdout, with the exit code and what was said on stderr."""
        out, err = self.process.communicate(timeout=seconds)
        found: dict[str, Any] = json.loads(out)
        return found | {"exit": self.process.returncode, "said": err}

    def pids(self) -> dict[str, int]:
        """pids.json, {} before it is there."""
        path = self.folder / "pids.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def end(self) -> None:
        """Stop it, whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """`demo(*arguments)` starts a run in the same folder each time."""
    started: list[Demo] = []

    def run(*arguments: str) -> Demo:
        started.append(Demo(tmp_path / "demo", *arguments))
        return started[-1]

    yield run
    for one in started:
        one.end()
