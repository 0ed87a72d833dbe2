"""The real demo with a past: it is filled in time; kill -9 in the midst loses and doubles no recorded row."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cloud import ledger
from cloud.ledger import Decoder
from contract.quality import Origin

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]


def recorded(folder: Path) -> Counter[tuple[str, int]]:
    """(device, time) of every recorded row in the cloud's ledger."""
    found: Counter[tuple[str, int]] = Counter()
    decoder = Decoder()
    for record in ledger.read(folder / "cloud" / "ledger"):
        for rows in decoder.feed(record.data).rows or ():
            if rows.origin is Origin.BACKFILL:
                found.update((rows.group.device, at) for at in rows.time.tolist())
    return found


def share(run: Any) -> float:
    try:
        history = run.page.get("health", timeout=2.0)["history"]
    except OSError:
        return 0.0
    return float(history["demo-mill"]["share"]) if history else 0.0


def test_kills_in_the_midst_lose_and_double_nothing(
    demo: Callable[..., Any], wait_for: Callable[..., bool]
) -> None:
    run = demo("--history-days", "365", "--seed", "3")
    for level, name in ((0.0, "edge"), (0.2, "cloud"), (0.4, "edge")):
        assert wait_for(lambda level=level: level < share(run) < 1.0, 60.0), name
        os.kill(run.pids()[name], signal.SIGKILL)
        time.sleep(1.0)
    assert wait_for(lambda: share(run) == 1.0, 90.0)
    assert wait_for(lambda: _left(run.folder) == 0, 30.0)
    time.sleep(3.0)
    run.process.send_signal(signal.SIGINT)
    assert run.answer(30)["exit"] == 0
    expected: set[tuple[str, int]] = set()
    for path in (run.folder / "plant" / "history").glob("*.npz"):
        with np.load(path) as arrays:
            expected |= {(path.stem, at) for at in arrays["time"].tolist()}
    found = recorded(run.folder)
    assert set(found) == expected and len(expected) > 240_000
    assert set(found.values()) == {1}


def test_the_page_is_there_in_a_minute_and_the_year_in_three(
    demo: Callable[..., Any], wait_for: Callable[..., bool]
) -> None:
    began = time.monotonic()
    run = demo()
    assert wait_for(lambda: run.page.health() is not None, 60.0)
    page = time.monotonic() - began
    assert wait_for(lambda: share(run) == 1.0, 180.0 - page)
    assert wait_for(lambda: _days(run.folder) >= 7 * 365, 180.0 - (time.monotonic() - began))
    filled = time.monotonic() - began
    print(f"page after {page:.1f} s, all filled after {filled:.1f} s")
    assert page <= 60.0 and filled <= 180.0
    run.process.send_signal(signal.SIGINT)
    assert run.answer(30)["exit"] == 0


def _days(folder: Path) -> int:
    """Sealed days of counters; looks into the ledger at most once a second."""
    time.sleep(1.0)
    decoder = Decoder()
    said = (decoder.skim(record.data).statement for record in ledger.read(folder / "cloud" / "ledger"))
    return sum(item is not None and item.kind == "hours" for item in said)


def _left(folder: Path) -> int:
    try:
        return int(json.loads((folder / "edge" / "journal" / "status.json").read_text())["recorded_left"])
    except (OSError, ValueError):
        return -1
