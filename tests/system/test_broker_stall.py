"""A broker that stands still for a while: values come late, and their age says so."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.demo.conftest import Demo

pytestmark = [pytest.mark.long, pytest.mark.timeout(150)]

STALL = 6.0


def test_age_is_that_of_the_row_and_never_that_of_its_arrival(
    demo: Callable[..., Demo], wait_for: Callable[..., bool]
) -> None:
    run = demo("--seconds", "22", "--check")
    assert wait_for(lambda: bool(latest(run)), 60.0)
    time.sleep(2.0)
    broker = run.pids()["broker"]
    os.kill(broker, signal.SIGSTOP)
    try:
        stalled = watch(run, STALL)
    finally:
        os.kill(broker, signal.SIGCONT)
    later = watch(run, 6.0)
    for now, time_, age in stalled + later:
        assert abs((now - time_).total_seconds() - age) < 0.002
    assert max(age for *_, age in stalled) >= STALL - 1
    assert later[-1][2] < 5.0 and later[-1][1] > stalled[-1][1], "it has caught up"
    found = run.answer(90)
    assert (found["exit"], found["lost"], found["unaccepted"], found["restarts"]) == (0, 0, 0, 0), found


def latest(run: Demo) -> list[tuple[datetime, datetime, float]]:
    """(now, row time, age in s) of each value read by Modbus, as the API says them; [] while it does not answer."""
    try:
        answer: dict[str, Any] = run.page.get("sites/demo-mill/latest", timeout=3.0)
    except OSError:
        return []
    rows = [row for row in answer["rows"] if row["meter"] is not None and row["time"] is not None]
    now = datetime.fromisoformat(answer["now"])
    return [(now, datetime.fromisoformat(row["time"]), float(row["age_s"])) for row in rows]


def watch(run: Demo, seconds: float) -> list[tuple[datetime, datetime, float]]:
    """What the API says all the while."""
    seen, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        seen += latest(run)
        time.sleep(0.2)
    assert seen
    return seen
