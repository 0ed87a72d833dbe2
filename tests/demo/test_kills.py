"""kill -9 of edge, cloud and broker inside a running system, twenty times: nothing lost, doubled or unexplained."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

KILLS = 20
# Whom each kill hits, and what it waits for: any moment, or a file that grows when a block is under way.
PLAN = (
    ("edge", None),
    ("cloud", "cloud/ledger"),
    ("edge", "edge/journal"),
    ("broker", "edge/journal"),
    ("cloud", "cloud/ledger"),
)


def size(folder: Path) -> int:
    """Bytes of all files under a folder, as far as they stay while we look."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def grows(folder: Path, seconds: float = 6.0) -> bool:
    """Wait until a folder has more bytes."""
    before, end = size(folder), time.monotonic() + seconds
    while time.monotonic() < end:
        if size(folder) > before:
            return True
        time.sleep(0.002)
    return False


def strike(run: Any, seed: int, wait_for: Callable[..., bool]) -> str:
    """Kill one program once the system runs; answers its name."""
    name, watched = PLAN[seed % len(PLAN)]
    chance = random.Random(seed)
    trace = run.folder / "trace.txt"
    rows = trace.stat().st_size
    assert wait_for(lambda: trace.stat().st_size > rows, 20.0), f"nothing accepted before kill {seed}"
    if watched is None:
        time.sleep(chance.uniform(0.0, 2.0))
    else:
        grows(run.folder / watched)
        time.sleep(chance.uniform(0.0, 0.03))
    os.kill(run.pids()[name], signal.SIGKILL)
    return name


@pytest.mark.parametrize("broker", ["nats", "mosquitto"])
def test_twenty_kills_lose_nothing(
    demo: Callable[..., Any], broker: str, needs: Callable[[str], None], wait_for: Callable[..., bool]
) -> None:
    if broker == "mosquitto":
        needs("mosquitto")
    run = demo("--check", "--broker", broker)
    assert wait_for(lambda: (run.folder / "trace.txt").exists() and len(run.pids()) == 4, 60.0)
    began = time.monotonic()
    for seed in range(KILLS):
        strike(run, seed, wait_for)
        before = json.dumps(run.pids())
        assert wait_for(lambda old=before: json.dumps(run.pids()) != old, 20.0), (
            f"no restart after kill {seed}"
        )
    took = time.monotonic() - began
    run.process.send_signal(signal.SIGINT)
    found = run.answer(90)
    zero = {key: found.get(key) for key in ("lost", "uncovered", "duplicated", "different")}
    assert zero == dict.fromkeys(zero, 0), found
    assert (found["exit"], found["energy_error"], found["restarts"]) == (0, "0.00", KILLS), found
    assert min(found["kills_hit"].values()) >= 5, found["kills_hit"]
    assert found["accepted"] > 500 and took < 120.0
