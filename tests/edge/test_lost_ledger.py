"""A cloud that lost its ledger, or got an old copy back: the edge fills it again, or says what is gone."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cloud.ledger import integrity, read
from contract import block
from edge.edge_store import EdgeStore
from journal.keyfiles import load_trust
from journal.simulated import SimulatedFiles
from tests.cloud.edge_twin import command, free_port, mosquitto, until
from tests.edge import damaged
from tests.edge.damaged import Clock, Cloud, machine

__all__ = ["machine"]


class Wire:
    """A connection that stays up while the cloud behind it comes and goes."""

    def __init__(self, store: EdgeStore, cloud: Cloud) -> None:
        self.store, self.cloud = store, cloud
        store.connected(lambda topic, payload: self.cloud.publish(topic, payload))

    def run(self, machine: Clock, steps: int, scan: Any) -> None:
        damaged.live(self.store, machine, self.cloud, steps, scan)

    def rest(self, machine: Clock, seconds: int) -> None:
        for _ in range(seconds):
            machine.now += damaged.SECOND
            self.store.step([])
            damaged.answer(self.store, self.cloud)

    def replace(self, ledger: Path | None) -> None:
        """The cloud starts again with another ledger, or with none."""
        self.cloud.close()
        shutil.rmtree(self.cloud.folder / "ledger")
        if ledger is not None:
            shutil.copytree(ledger, self.cloud.folder / "ledger")
        self.cloud = Cloud(self.cloud.folder)


@pytest.mark.parametrize("backup", [0, 5, 25])
def test_an_old_backup_is_filled_again(machine: Clock, tmp_path: Path, backup: int) -> None:
    """The backup is older than this run of the edge, from its beginning, or from its middle."""
    random.seed(backup)
    files = SimulatedFiles(0)
    store = damaged.start(files)
    wire = Wire(store, Cloud(tmp_path / "cloud"))
    scan = damaged.scan_of(store, machine)
    wire.run(machine, backup, scan)
    shutil.copytree(wire.cloud.folder / "ledger", tmp_path / "copy")
    wire.run(machine, 40 - backup, scan)
    store.connected(None)
    store.close()
    store = damaged.start(files)
    wire = Wire(store, wire.cloud)
    wire.run(machine, 20, damaged.scan_of(store, machine))
    wire.rest(machine, 60)
    before = set(wire.cloud.blocks())
    assert len(damaged.counts_in(list(before))) == 60
    wire.replace(tmp_path / "copy")
    wire.rest(machine, 200)
    after = wire.cloud.blocks()
    assert set(after) == before and len(after) == len(before)
    assert (store.status()["relapses"], store.unreceipted()) == (1, 0)
    assert damaged.judge(machine, wire.cloud, set(), set(), 0).good
    store.close()
    wire.cloud.close()


def test_what_the_edge_has_no_more_is_stated_and_new_data_flow(machine: Clock, tmp_path: Path) -> None:
    random.seed(1)
    files = SimulatedFiles(0)
    store = damaged.start(files, keep=0)
    wire = Wire(store, Cloud(tmp_path))
    scan = damaged.scan_of(store, machine)
    wire.run(machine, 30, scan)
    wire.rest(machine, 60)
    store.book.segments.roll()
    wire.run(machine, 10, scan)
    wire.rest(machine, 60)
    here = {int.from_bytes(kept.hash) for kept in store.book.index.held("account")}
    wire.replace(None)
    wire.run(machine, 200, scan)
    wire.rest(machine, 60)
    assert store.unreceipted() == 0
    data = wire.cloud.blocks()
    assert here <= {int.from_bytes(header.hash) for header, _ in damaged.headers(data)}
    (hole,) = damaged.statements(data, "hole")
    assert hole.fields["cause"] == "freed" and hole.fields["first"] == 2
    verdict = damaged.judge(machine, wire.cloud, set(), set(range(1, 31)), 0)
    assert verdict.good and verdict.lost, verdict
    assert max(damaged.counts_in(data)) == 240
    store.close()
    wire.cloud.close()


def test_an_edge_that_never_looks_back_is_found(
    machine: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from edge import missing

    monkeypatch.setattr(missing, "lost", lambda side, answer: False)
    store = damaged.start(SimulatedFiles(0))
    wire = Wire(store, Cloud(tmp_path))
    wire.run(machine, 30, damaged.scan_of(store, machine))
    wire.rest(machine, 60)
    before = set(wire.cloud.blocks())
    wire.replace(None)
    wire.rest(machine, 200)
    assert set(wire.cloud.blocks()) != before
    store.close()
    wire.cloud.close()


# --- the same with real processes

PLANT = [sys.executable, "-c", "from plant.main import main; main()"]
EDGE = str(Path(sys.executable).parent / "steelyard-edge")


@contextmanager
def running(log: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program, ended with the block."""
    with log.open("ab") as out:
        process = subprocess.Popen(words, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def prepare(folder: Path, broker: int) -> Path:
    """Edge and cloud that trust each other; the edge reads one meter of the plant. Returns the edge's settings."""
    listed = json.loads(
        subprocess.run(
            [*PLANT, "--list", "--json", "--workdir", str(folder)], capture_output=True, check=True
        ).stdout
    )
    meter = next(device for device in listed["devices"] if device["endpoint"] is None)
    tag = next(
        t for t in listed["tags"] if t["device"] == meter["id"] and t["kind"] == "counter" and t["meter"]
    )
    (folder / "cloud").mkdir(exist_ok=True)
    (folder / "edge").mkdir(exist_ok=True)
    config = folder / "edge" / "edge.yaml"
    lines = {"name": tag["tag"], "type": tag["type"], "unit": tag["physical_unit"], "kind": "counter",
             "scale": tag["scale"], "meter": tag["meter"], "carrier": tag["carrier"], "max_rate": tag["max_rate"],
             "address": tag["address"], "table": tag["table"]}  # fmt: skip
    device = {"id": "m", "protocol": "modbus-tcp", "host": meter["host"], "port": meter["port"], "unit": meter["unit"],
              "groups": [{"id": "g", "every": 0.1, "tags": [lines]}]}  # fmt: skip
    settings = {"node": "mill-edge", "site": "demo-mill", "flush": 0.1, "seal_after": 0.3,
                "broker": {"host": "127.0.0.1", "port": broker}, "devices": [device]}  # fmt: skip
    config.write_text(json.dumps(settings))
    (folder / "cloud" / "cloud.yaml").write_text(
        f"broker: {{host: 127.0.0.1, port: {broker}}}\nhttp: {{host: 127.0.0.1, port: {free_port()}}}\n"
        "sites:\n  - {id: demo-mill, name_zh: 演示, name_en: Demo, tz: Asia/Shanghai, province: 浙江}\n",
        encoding="utf-8",
    )
    for words in ([EDGE, "init", "--config", str(config)], command("init", "--workdir", str(folder))):
        subprocess.run(words, check=True, capture_output=True)
    (folder / "cloud" / "trust").mkdir(exist_ok=True)
    shutil.copy(folder / "edge" / "node.pub", folder / "cloud" / "trust" / "mill-edge.pub")
    shutil.copy(folder / "cloud" / "cloud.pub", folder / "edge" / "trust" / "cloud.pub")
    return config


def held(folder: Path) -> list[bytes]:
    return [record.data for record in read(folder / "cloud" / "ledger")]


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.needs("mosquitto")
@pytest.mark.parametrize("empty", [False, True])
def test_a_restored_copy_heals_while_the_edge_runs_on(tmp_path: Path, empty: bool) -> None:
    port = free_port()
    ledger, copy, log = tmp_path / "cloud" / "ledger", tmp_path / "copy", tmp_path / "log"
    ingest: Callable[[], Any] = lambda: running(log, *command("ingest", "--workdir", str(tmp_path)))  # noqa: E731
    with mosquitto(tmp_path / "broker", port), running(log, *PLANT, "run", "--workdir", str(tmp_path)):
        until(lambda: (tmp_path / "plant" / "account.csv").exists(), 30)
        config = prepare(tmp_path, port)
        with running(log, EDGE, "run", "--config", str(config)) as edge:
            with ingest():
                until(lambda: len(held(tmp_path)) > 8, 60)
            shutil.copytree(ledger, copy)
            with ingest():
                until(lambda: len(held(tmp_path)) > 25, 90)
            before = held(tmp_path)
            shutil.rmtree(ledger)
            if not empty:
                shutil.copytree(copy, ledger)
                assert len(held(tmp_path)) < len(before) - 5
            with ingest():
                until(lambda: set(before) <= set(held(tmp_path)), 120)
                until(lambda: len(held(tmp_path)) > len(before) + 5, 60)
            assert edge.poll() is None
    after = held(tmp_path)
    assert len(set(after)) == len(after)
    numbers = [block.parse(data)[0] for data in after]
    assert {header.incarnation for header in numbers} == {numbers[0].incarnation}
    assert sorted(header.seq for header in numbers) == list(range(len(after)))
    found = integrity.survey(ledger, load_trust(tmp_path / "cloud" / "trust")).report(None)
    assert (found["bad"], found["holes"], found["duplicates"]) == ([], [], 0)
    assert os.path.exists(tmp_path / "edge" / "journal" / "cursor.json")
