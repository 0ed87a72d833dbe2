"""Replay of a recorded table through the main meter."""

from __future__ import annotations

import json
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from plant import replay
from plant.clock import Clock
from plant.errors import BadInput

BEGIN = datetime.fromisoformat("2018-01-01T00:00:00+08:00")
READ = (1, "holding", 0, 10)


def stamp(minutes: int) -> int:
    """UTC ns of so many minutes after the start of the year."""
    return int((BEGIN + timedelta(minutes=minutes)).timestamp()) * 10**9


def take(wire: Any) -> tuple[int, int, int, int]:
    """Read counter, clock, main.kwh, main.kw of one read."""
    counter, clock, kwh, kw = struct.unpack(">IQIi", wire.registers(*READ))
    return counter, clock, kwh, kw


@pytest.fixture(scope="session")
def steel(steelyard_data: Path) -> Path:
    file = steelyard_data / "energy_steel_15min.npz"
    if not file.exists():
        pytest.skip(f"needs recorded data: no {file.name}")
    return file


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """A table of four readings as CSV."""
    file = tmp_path / "short.csv"
    file.write_text("register,other\n4294967290,1.5\n4294967295,nan\n10,2\n20,x\n")
    return file


def test_the_steel_year_passes_read_by_read(plant: Any, steel: Path) -> None:
    column = np.load(steel)["register_cWh_u32"]
    plant.start("--replay", str(steel), "--column", "register_cWh_u32", "--speed", "max")
    assert [d["id"] for d in plant.listed("--replay", str(steel))["devices"]] == ["main-meter"]
    assert [d["id"] for d in plant.listed()["devices"]] == ["main-meter"]
    began = time.monotonic()
    with plant.connect("main-meter") as wire:
        got = [take(wire) for _ in range(901)]
    rate = 901 / (time.monotonic() - began)
    assert rate > 600
    assert [g[0] for g in got] == list(range(1, 902))
    assert [g[1] for g in got] == [stamp(15 * i) for i in range(901)]
    assert [g[2] for g in got] == [18_432_000, *column[:900].tolist()]
    assert [g[3] for g in got][1:] == (np.diff(column[:900], prepend=18_432_000) * 4).tolist()
    status = json.loads(plant.command("status", "--json").stdout)
    assert status["rows"] == 35041
    assert status["rows_left"] == 35041 - 901
    assert status["replay_done"] is False


def test_a_killed_replay_goes_on_with_the_next_row(plant: Any, steel: Path) -> None:
    column = np.load(steel)["register_cWh_u32"]
    words = ("--replay", str(steel), "--column", "register_cWh_u32", "--speed", "max")
    plant.start(*words)
    with plant.connect("main-meter") as wire:
        for _ in range(100):
            take(wire)
    plant.kill()
    plant.start(*words)
    with plant.connect("main-meter") as wire:
        assert take(wire)[:3] == (101, stamp(15 * 100), column[99])
    rows = [r for r in plant.rows() if r["tag"] == "main.kwh"]
    assert [int(r["counter"]) for r in rows] == list(range(1, 102))


def test_after_the_last_row_the_device_is_busy(plant: Any, short: Path) -> None:
    plant.start("--replay", str(short), "--column", "register", "--speed", "max")
    with plant.connect("main-meter") as wire:
        got = [take(wire) for _ in range(4)]
        for _ in range(3):
            assert wire.request(1, struct.pack(">BHH", 3, 0, 10)) == bytes([0x83, 6])
    assert [g[2] for g in got] == [4294967290, 4294967295, 10, 20]
    assert [g[3] for g in got] == [0, 20, 44, 40]
    assert [g[1] for g in got] == [stamp(15 * i) for i in (1, 2, 3, 4)]
    assert json.loads(plant.command("status", "--json").stdout)["replay_done"] is True
    plant.term()
    assert len(plant.rows()) == 12


def test_a_read_without_the_counter_moves_nothing_on(plant: Any, short: Path) -> None:
    plant.start("--replay", str(short), "--column", "register", "--speed", "max")
    with plant.connect("main-meter") as wire:
        wire.registers(1, "holding", 8, 2)
        assert take(wire)[2] == 4294967290
        assert plant.command("hold").returncode == 0
        assert wire.request(1, struct.pack(">BHH", 3, 0, 10)) == bytes([0x83, 6])


def test_paced_replay_stamps_the_first_read_of_a_row_with_its_end() -> None:
    table = replay.Table(np.array([100, 110, 130]), stamp(0))
    feed = replay.Paced(table, stamp(0) - 1, Clock(stamp(0), 30000.0))
    seen: list[tuple[int, int]] = []
    until = time.monotonic() + 5
    while (reading := feed.reading()) is not None and time.monotonic() < until:
        seen.append((reading[0], int(reading[1][0])))
        feed.taken(["main.kwh", "main.kw"])
        time.sleep(0.001)
    assert feed.left == 0
    times = [t for t, _ in seen]
    assert times == sorted(set(times))
    for index, value in enumerate((100, 110, 130)):
        own = [t for t, v in seen if v == value]
        assert own[0] == stamp(15 * index)
        assert own[-1] < stamp(15 * (index + 1))


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("missing", "no column"),
        ("other", "whole numbers"),
        ("words", "column words"),
        ("low", "whole numbers"),
    ],
)
def test_columns_that_are_no_register_are_refused(tmp_path: Path, column: str, message: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text("other,words,low\n1.5,a,-1\nnan,b,2\n")
    with pytest.raises(BadInput, match=message):
        replay.read(file, column, 0)


def test_a_broken_npz_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "t.npz"
    file.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(BadInput, match=r"t\.npz"):
        replay.read(file, "c", 0)
