"""Keeps programs running: starts them, restarts one that dies, writes pids.json, stops them all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from demo.errors import CannotRun, Stopped
from demo.folder import write_json
from demo.inspections import Hits, Inspection, InspectionSpec
from demo.process import Process, signal_group, start, tail
from demo.screen import Screen
from demo.trace import TraceLog
from demo.words import Text

TICK = 0.05  # s between two polls of the children
QUICK = 5.0  # s: who lives shorter died quickly
GIVE_UP = 6  # quick deaths of its own in a row


@dataclass
class Child:
    """One program that is kept running; with `traced` it gets `--trace-accepted FD`."""

    name: str
    command: Sequence[str]
    log: Path
    traced: bool = False
    process: Process | None = None
    wanted: bool = True
    started: float = 0.0
    quick_deaths: int = 0
    not_before: float = 0.0
    restarts: int = 0
    exit_code: int | None = None
    inspection: Inspection | None = None

    @property
    def running(self) -> bool:
        """Whether its process has not been seen to end."""
        return self.process is not None


@dataclass
class Supervisor:
    """All from one thread: `pump` is called wherever one would wait.

    `inspections`: which commands to run, before a restart, when SIGKILL ended a program.
    """

    pids: Path
    screen: Screen
    trace: TraceLog
    inspections: Mapping[str, Sequence[InspectionSpec]] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)
    hits: Hits = field(default_factory=Hits)
    stop_asked: int = 0
    stop_seen: int = 0

    def watch_signals(self) -> None:
        """Ctrl-C and SIGTERM are counted from now on; who waits by `pump` sees them."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: object) -> None:
        self.stop_asked += 1

    def run(self, child: Child) -> None:
        """Start a program and keep it from now on."""
        self.children[child.name] = child
        self._start(child)

    def pump(self, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Serve trace and children for `seconds` or until `until()`; returns what `until` returned last.

        Stopped once for each time a signal asked to stop; CannotRun if a program dies again and again.
        """
        end = time.monotonic() + seconds
        while True:
            self.trace.pump()
            self._tick()
            if until():
                return True
            if self.stop_asked > self.stop_seen:
                self.stop_seen = self.stop_asked
                raise Stopped(Text.STOPPED_EARLY())
            left = end - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(TICK, left))

    @property
    def restarts(self) -> int:
        """Restarts of all programs so far."""
        return sum(child.restarts for child in self.children.values())

    def _tick(self) -> None:
        for child in self.children.values():
            if child.process is not None and (code := child.process.poll()) is not None:
                self._died(child, code)
            if child.inspection is not None and child.inspection.done(self.hits):
                child.inspection = None
            if self._due(child):
                child.restarts += 1
                self._start(child)

    def _due(self, child: Child) -> bool:
        idle = child.process is None and child.inspection is None
        return idle and child.wanted and time.monotonic() >= child.not_before

    def _died(self, child: Child, code: int) -> None:
        if child.process is not None:
            signal_group(child.process, signal.SIGKILL)  # what it may have started
        child.process, child.exit_code = None, code
        if not child.wanted:
            return
        killed = code == -signal.SIGKILL
        how = Text.KILLED() if killed else Text.ENDED(code=code)
        quick = time.monotonic() - child.started < QUICK
        child.quick_deaths = child.quick_deaths + 1 if quick else 0
        if child.quick_deaths >= GIVE_UP and not killed:
            log = tail(child.log)
            raise CannotRun(Text.DIES_AGAIN(program=child.name, how=how, path=child.log, log=log))
        pause = 0.0 if child.quick_deaths < 2 else min(8.0, 0.25 * 2.0 ** (child.quick_deaths - 2))
        child.not_before = time.monotonic() + pause
        later = Text.STARTED_AGAIN_LATER(how=how, seconds=f"{pause:g}")
        self.screen.say(child.name, later if pause else Text.STARTED_AGAIN(how=how))
        if killed and child.name in self.inspections:
            child.inspection = Inspection(self.inspections[child.name])

    def _start(self, child: Child) -> None:
        command, fds = list(child.command), []
        if child.traced:
            fds = [self.trace.open_pipe()]
            command += ["--trace-accepted", str(fds[0])]
        with child.log.open("ab") as log:
            try:
                child.process = start(command, log, log, fds)
            except OSError as error:
                why = str(error.strerror)
                raise CannotRun(Text.NOT_STARTED(program=child.name, path=command[0], why=why)) from error
            finally:
                for fd in fds:
                    os.close(fd)
        child.started, child.exit_code = time.monotonic(), None
        self._write_pids()

    def _write_pids(self) -> None:
        write_json(
            self.pids, {c.name: c.process.pid for c in self.children.values() if c.process is not None}
        )

    def end(self, name: str, patience: float) -> int | None:
        """SIGTERM to one program, SIGKILL after `patience` seconds; answers its exit code, if it has one."""
        child = self.children.get(name)
        if child is None:
            return None
        child.wanted = False
        if child.process is not None:
            signal_group(child.process, signal.SIGTERM)
            deadline = time.monotonic() + patience
            while child.running and time.monotonic() < deadline:
                self.trace.pump()
                self._tick()
                time.sleep(TICK / 5)
        if child.process is not None:
            signal_group(child.process, signal.SIGKILL)
            child.exit_code = child.process.wait()
            child.process = None
        return child.exit_code

    def end_all(self, patience: float = 5.0) -> None:
        """Stop every program, the edge first so that it can still deliver, the broker last."""
        for child in self.children.values():
            child.wanted = False
        for name in ("edge", "plant", "cloud", "broker", *self.children):
            self.end(name, patience)
        for child in self.children.values():
            if child.inspection is not None:
                child.inspection.cancel()
