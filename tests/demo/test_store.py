"""The demo on a real InfluxDB: started as a child, or there already; killed in the midst, it loses nothing."""

from __future__ import annotations

import json
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demo.errors import BadInput
from demo.options import Options

ZERO = ("lost", "uncovered", "duplicated", "different")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"store": "sqlite"}, "--store sqlite: parquet or influx"),
        ({"influx_org": "mill"}, "--influx-org needs --store influx"),
        ({"store": "influx", "influx_token": "t"}, "--influx-token needs --influx-url"),
        ({"store": "influx", "influx_url": "mill:8086"}, "--influx-url mill:8086: such as http://127.0.0.1:8086"),
        ({"store": "influx", "influx_url": "http://127.0.0.1:8086"}, "--influx-url needs --influx-org and"),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_named(given: dict[str, str], reason: str) -> None:
    with pytest.raises(BadInput) as error:
        Options(**given).check_all()  # type: ignore[arg-type]
    assert str(error.value).startswith(reason)


@pytest.mark.long
@pytest.mark.timeout(200)
def test_a_child_influxdb_that_is_killed_comes_back_with_everything(
    demo: Callable[..., Any], influxd: Path, wait_for: Callable[..., bool]
) -> None:
    run = demo("--seconds", "25", "--check", "--store", "influx", "--seed", "5")
    assert wait_for(lambda: (run.folder / "trace.txt").exists() and rows(run) > 200, 60.0)
    token = run.folder / "cloud" / "influx.token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    os.kill(run.pids()["influx"], signal.SIGKILL)
    found = run.answer(150)
    assert found["exit"] == 0, found
    assert found["served"] == found["accepted"] == found["ledger"] == found["stored"] > 500
    assert {key: found[key] for key in ZERO} == dict.fromkeys(ZERO, 0) and found["restarts"] == 1
    assert "influx: {" not in found["said"] and token.read_text().strip() not in found["said"]
    store = json.loads((run.folder / "manifest.json").read_text())["ports"]
    assert store["influx"] > 0


@pytest.mark.long
@pytest.mark.timeout(200)
def test_an_influxdb_that_is_there_is_used_and_a_wrong_token_is_named(
    demo: Callable[..., Any], influxd: Path, tmp_path: Path
) -> None:
    from tests.cloud.influx_server import TOKEN, running

    with running(influxd, tmp_path / "server") as server:
        where = ("--store", "influx", "--influx-url", server.url, "--influx-org", "steelyard")
        wrong = demo(*where, "--influx-token", "wrong", "--seconds", "5").answer(60)
        assert wrong["exit"] == 3 and "check --influx-org and the token" in wrong["error"]["message"]
        found = demo(*where, "--influx-token", TOKEN, "--seconds", "8", "--check").answer(120)
    assert found["exit"] == 0, found
    assert found["stored"] == found["served"] > 100


def rows(run: Any) -> int:
    return int((run.folder / "trace.txt").read_bytes().count(b"\n"))
