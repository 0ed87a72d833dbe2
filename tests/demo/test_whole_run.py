"""The command with real plant, broker, edge and cloud: the counts agree, and Ctrl-C leaves nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.process import tool

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

ZERO = ("lost", "uncovered", "duplicated", "different")


@pytest.mark.parametrize("broker", ["nats", "mosquitto"])
def test_without_kills_every_count_is_the_same(
    demo: Callable[..., Any], broker: str, needs: Callable[[str], None]
) -> None:
    if broker == "mosquitto":
        needs("mosquitto")
    run = demo("--seconds", "20", "--check", "--broker", broker, "--seed", "7")
    found = run.answer(120)
    assert found["exit"] == 0, found
    assert found["served"] == found["accepted"] == found["ledger"] == found["stored"] > 500
    assert {key: found[key] for key in ZERO} == dict.fromkeys(ZERO, 0)
    assert (found["unaccepted"], found["energy_error"], found["verdict"]) == (0, "0.00", "agree")
    assert found["devices"] >= 7 and found["restarts"] == 0 and found["broker"] == broker
    manifest = json.loads((run.folder / "manifest.json").read_text())
    assert manifest["verdict"] == "agree" and manifest["counts"]["served"] == found["served"]
    assert set(manifest["keys"]) == {"edge", "cloud"} and len(manifest["tags"]) > 20


def test_the_mill_is_declared_so_that_its_figures_can_be_packed_and_verified(
    demo: Callable[..., Any], tmp_path: Path
) -> None:
    run = demo("--seconds", "8")
    assert run.answer(120)["exit"] == 0
    where = ["--workdir", str(run.folder), "--site", "demo-mill"]
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    period = ["--from", str(today - timedelta(days=1)), "--to", str(today + timedelta(days=1))]
    said = subprocess.run(
        [tool("steelyard-cloud"), "figures", *where, *period, "--json"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    found = json.loads(said.stdout)
    assert found["refused"] == []
    kinds = {figure["kind"]: figure for figure in found["figures"]}
    assert float(kinds["energy_tce"]["value"]) >= 0 and kinds["scope2_tco2"]["factors"] == [
        "cn-grid-2023-zhejiang"
    ]
    pack = tmp_path / "pack.zip"
    make = [tool("steelyard-cloud"), "pack", *where, *period, "--depth", "full", "-o", str(pack)]
    subprocess.run(make, check=True, capture_output=True, timeout=60)
    check = [
        tool("steelyard-verify"),
        str(pack),
        "--trust",
        str(run.folder / "cloud" / "cloud.pub"),
        "--json",
    ]
    verdict = subprocess.run(check, capture_output=True, text=True, timeout=60)
    assert verdict.returncode == 0, verdict.stdout
    assert all(figure["ok"] for figure in json.loads(verdict.stdout)["figures"])


def test_ctrl_c_stops_everything_and_a_second_run_keeps_the_folder(
    demo: Callable[..., Any], gone: Callable[[int], bool], wait_for: Callable[..., bool]
) -> None:
    first = demo("--history-days", "0")
    assert wait_for(lambda: (first.folder / "trace.txt").exists() and _rows(first) > 0, 60.0)
    pids = first.pids()
    assert set(pids) == {"plant", "edge", "broker", "cloud"}
    first.process.send_signal(signal.SIGINT)
    stopped = first.answer(30)
    assert stopped["exit"] == 0 and stopped["verdict"] == "not judged"
    assert all(gone(pid) for pid in pids.values())
    before = json.loads((first.folder / "manifest.json").read_text())
    found = demo("--seconds", "5", "--check").answer(90)
    assert found["exit"] == 0, found
    after = json.loads((first.folder / "manifest.json").read_text())
    assert after["keys"] == before["keys"] and after["begun"] == before["begun"]
    assert after["ports"]["plant"] == before["ports"]["plant"]
    assert after["ports"]["broker"] == before["ports"]["broker"]


def test_page_is_fresh_within_a_minute(demo: Callable[..., Any], wait_for: Callable[..., bool]) -> None:
    began = time.monotonic()
    run = demo()

    def fresh() -> bool:
        try:
            rows = run.page.get("sites/demo-mill/latest", timeout=2.0)["rows"]
        except OSError:
            return False
        ages = [float(row["age_s"]) for row in rows if row["age_s"] is not None]
        return bool(ages) and min(ages) < 5.0

    assert wait_for(fresh, 60.0)
    assert time.monotonic() - began < 60.0
    run.process.send_signal(signal.SIGTERM)
    assert run.answer(30)["exit"] == 0


def test_all_die_with_a_killed_supervisor(
    demo: Callable[..., Any], gone: Callable[[int], bool], wait_for: Callable[..., bool]
) -> None:
    run = demo()
    assert wait_for(lambda: len(run.pids()) == 4, 60.0)
    pids = run.pids()
    os.kill(run.process.pid, signal.SIGKILL)
    assert wait_for(lambda: all(gone(pid) for pid in pids.values()), 10.0)


def _rows(run: Any) -> int:
    return (run.folder / "trace.txt").read_bytes().count(b"\n")
