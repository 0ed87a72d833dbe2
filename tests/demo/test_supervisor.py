"""The supervisor with small real processes: restart, back-off, pids.json, trace, and an end with its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest

from demo.errors import CannotRun, Stopped
from demo.inspections import InspectionSpec, specs
from demo.supervisor import GIVE_UP, Child, Supervisor
from demo.trace import TraceLog

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]

Program = Callable[[str], "subprocess.Popen[bytes]"]
Gone = Callable[[int], bool]
WaitFor = Callable[..., bool]


def pids(supervisor: Supervisor) -> dict[str, int]:
    """What a reader of pids.json sees."""
    found: dict[str, int] = json.loads(supervisor.pids.read_text())
    return found


def _new_process(child: Child, old: object) -> bool:
    return child.process is not None and child.process is not old


def _restarted(child: Child) -> bool:
    return child.restarts == 1


def sleeper(tmp_path: Path, name: str = "edge") -> Child:
    """A program that runs until it is stopped."""
    return Child(name, SLEEP, tmp_path / f"{name}.log")


def test_killed_program_is_restarted_and_pids_are_rewritten(
    supervisor: Supervisor, tmp_path: Path, gone: Gone
) -> None:
    for name in ("edge", "cloud"):
        supervisor.run(sleeper(tmp_path, name))
    before = pids(supervisor)
    assert set(before) == {"edge", "cloud"} and psutil.pid_exists(before["edge"])
    os.kill(before["edge"], signal.SIGKILL)
    assert supervisor.pump(10.0, lambda: pids(supervisor)["edge"] != before["edge"])
    after = pids(supervisor)
    assert after["cloud"] == before["cloud"]
    assert not gone(after["edge"]) and supervisor.restarts == 1


def test_restart_waits_longer_after_each_quick_death(supervisor: Supervisor, tmp_path: Path) -> None:
    child = sleeper(tmp_path)
    supervisor.run(child)
    pauses = []
    for _ in range(4):
        process = child.process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        began = time.monotonic()
        assert supervisor.pump(10.0, partial(_new_process, child, process))
        pauses.append(time.monotonic() - began)
    # A busy machine may add to a pause, never take from it.
    assert all(pause >= least for pause, least in zip(pauses, (0.0, 0.25, 0.5, 1.0), strict=True))
    assert pauses[0] < pauses[3]


def test_program_that_keeps_failing_ends_the_demo_with_its_log(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    source = "import sys; sys.exit('no disk')"
    supervisor.run(Child("cloud", [sys.executable, "-c", source], tmp_path / "cloud.log"))
    with pytest.raises(CannotRun, match="cloud ended with 1 again and again") as caught:
        supervisor.pump(60.0)
    assert str(caught.value).splitlines()[1:] == ["no disk"] * 5
    assert supervisor.restarts == GIVE_UP - 1


def test_missing_program_is_named(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(CannotRun, match=r"edge: /no/such/program cannot be started"):
        supervisor.run(Child("edge", ["/no/such/program"], tmp_path / "edge.log"))


def test_children_die_with_a_killed_supervisor(
    program: Program, tmp_path: Path, gone: Gone, wait_for: WaitFor
) -> None:
    source = f"""
from pathlib import Path
from demo.screen import Screen
from demo.supervisor import Child, Supervisor
from demo.trace import TraceLog
place = Path({str(tmp_path)!r})
supervisor = Supervisor(place / "pids.json", Screen(), TraceLog(place / "trace.txt"))
for name in ("edge", "cloud"):
    supervisor.run(Child(name, {SLEEP!r}, place / "log"))
supervisor.pump(600.0)
"""
    parent = program(source)
    assert wait_for(lambda: (tmp_path / "pids.json").exists() and len(_read(tmp_path)) == 2)
    children = list(_read(tmp_path).values())
    assert not any(gone(pid) for pid in children)
    os.kill(parent.pid, signal.SIGKILL)
    assert wait_for(lambda: all(gone(pid) for pid in children), 5.0)


def _read(tmp_path: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads((tmp_path / "pids.json").read_text())
    return found


def test_end_asks_first_and_kills_who_does_not_listen(
    supervisor: Supervisor, tmp_path: Path, gone: Gone
) -> None:
    deaf = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    polite = deaf.replace("signal.SIG_IGN", "lambda *_: exit(0)")
    for name, source in (("edge", deaf), ("cloud", polite)):
        supervisor.run(Child(name, [sys.executable, "-c", source], tmp_path / f"{name}.log"))
    ready = [tmp_path / "edge.log", tmp_path / "cloud.log"]
    assert supervisor.pump(10.0, lambda: all(log.stat().st_size for log in ready))
    assert supervisor.end("cloud", 5.0) == 0
    assert supervisor.end("edge", 0.3) == -signal.SIGKILL
    assert supervisor.restarts == 0
    assert all(gone(pid) for pid in pids(supervisor).values())


def test_what_a_child_started_is_stopped_too(
    supervisor: Supervisor, tmp_path: Path, gone: Gone, wait_for: WaitFor
) -> None:
    source = (
        f"import subprocess, sys, time\nprint(subprocess.Popen({SLEEP!r}).pid, flush=True)\ntime.sleep(600)"
    )
    log = tmp_path / "plant.log"
    supervisor.run(Child("plant", [sys.executable, "-c", source], log))
    assert supervisor.pump(10.0, lambda: log.read_text().endswith("\n"))
    grandchild = int(log.read_text())
    supervisor.end_all(patience=2.0)
    assert wait_for(lambda: gone(grandchild), 5.0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_the_wait_once(supervisor: Supervisor, number: signal.Signals) -> None:
    kept = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        supervisor.watch_signals()
        os.kill(os.getpid(), number)
        with pytest.raises(Stopped):
            supervisor.pump(5.0)
        assert supervisor.pump(0.1) is False
    finally:
        for n, handler in kept.items():
            signal.signal(n, handler)


def test_trace_survives_kills_without_torn_lines(supervisor: Supervisor, tmp_path: Path) -> None:
    """Each start writes two lines and half a third one, then is killed."""
    source = (
        "import os, sys, signal\n"
        "fd = int(sys.argv[sys.argv.index('--trace-accepted') + 1])\n"
        "os.write(fd, b'T account 1 meter 1\\nT account 2 meter 2\\nT account 3 meter 4')\n"
        "os.kill(os.getpid(), 9)"
    )
    supervisor.run(Child("edge", [sys.executable, "-c", source], tmp_path / "edge.log", traced=True))
    assert supervisor.pump(20.0, lambda: supervisor.restarts >= 2)
    supervisor.end_all()
    supervisor.trace.pump()
    lines = (tmp_path / "trace.txt").read_text().splitlines()
    assert set(lines) == {"T account 1 meter 1", "T account 2 meter 2"}
    assert len(lines) == supervisor.trace.rows >= 4
    assert supervisor.trace.first_at is not None


def test_torn_line_of_a_killed_supervisor_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "trace.txt"
    path.write_text("T account 1 meter 1\nT account 2 meter 1")
    TraceLog(path).close()
    assert path.read_text() == "T account 1 meter 1\n"
    path.write_text("T account 2 me")
    TraceLog(path).close()
    assert path.read_text() == ""


def printing(answer: object) -> list[str]:
    """A command that prints one JSON object."""
    return [sys.executable, "-c", f"print({json.dumps(json.dumps(answer))})"]


def test_look_before_the_restart_counts_what_a_kill_hit(supervisor: Supervisor, tmp_path: Path) -> None:
    real = specs(str(tmp_path))
    journal = {
        "streams": [{"unreceipted": 0}, {"unreceipted": 2}],
        "tail": [{"stream": "account", "rows": 7}],
    }
    empty = {"streams": [{"unreceipted": 0}], "tail": [{"stream": "account", "rows": 0}]}
    cases = [
        ("edge", journal, (1, 1, 0)),
        ("edge", empty, (1, 1, 0)),
        ("broker", journal, (1, 2, 0)),
        ("cloud", {"unprojected": 3}, (1, 2, 1)),
        ("cloud", {"unprojected": 0}, (1, 2, 1)),
    ]
    for number, (name, answer, hits) in enumerate(cases):
        supervisor.inspections = {name: [InspectionSpec(printing(answer), real[name][0].read)]}
        child = sleeper(tmp_path, name)
        supervisor.run(child)
        assert child.process is not None
        os.kill(child.process.pid, signal.SIGKILL)
        assert supervisor.pump(10.0, partial(_restarted, child))
        found = supervisor.hits
        assert (found.tail, found.unreceipted, found.unprojected) == hits, (number, name)
        supervisor.end(name, 2.0)


def test_look_that_fails_counts_nothing_and_does_not_stop_the_restart(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    failing = InspectionSpec(
        [sys.executable, "-c", "import sys; print('no json'); sys.exit(3)"], lambda _: {"tail": 1}
    )
    supervisor.inspections = {"edge": [failing]}
    child = sleeper(tmp_path)
    supervisor.run(child)
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGKILL)
    assert supervisor.pump(10.0, lambda: child.restarts == 1)
    assert supervisor.hits.tail == 0
