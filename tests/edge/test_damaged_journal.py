"""Damaged bytes in an edge's folder: it starts, loses only what they held, says so, and delivers everything else."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from contract.sequence_gaps import SequenceGap
from edge import gap_bounds, missing
from journal.simulated import SimulatedFiles
from tests.edge import damaged
from tests.edge.damaged import Clock, Cloud, Verdict, machine

__all__ = ["machine"]
EVERYWHERE = (".seg", "tail", "begin", "cursor")


def backlog(machine: Clock, cloud: Cloud, seed: int) -> dict[Path, bytes]:
    """The folder of an edge after three lives: a part is receipted, most waits, some rows are in the tail."""
    files = SimulatedFiles(seed)
    chance = random.Random(seed)
    for life in range(3):
        store = damaged.start(files)
        online = cloud if life == 0 or chance.random() < 0.3 else None
        store.connected(online.publish if online else None)
        scan = damaged.live(store, machine, online, chance.randrange(8, 20))
        store.connected(None)
        damaged.live(store, machine, None, chance.randrange(2, 14), scan)
        if chance.random() < 0.5:
            store.close()
    return {path: files.read(path) for path in files.durable}


def trial(machine: Clock, folder: Path, seed: int, names: tuple[str, ...] = (".seg",)) -> Verdict:
    chance = random.Random(seed)
    random.seed(seed)  # the jitter of the sender
    cloud = Cloud(folder, 0.1, seed)
    old = backlog(machine, cloud, seed)
    before = set(cloud.blocks())
    delivered = set(damaged.counts_in(list(before)))
    files = SimulatedFiles(seed)
    files.durable = damaged.damage(old, chance, names)
    touched = damaged.touched_by(old, files.durable) | damaged.beginnings(old, files.durable)
    store, took = damaged.timed(files)
    store.connected(cloud.publish)
    damaged.live(store, machine, cloud, 9)
    store.seal_all()
    stuck = damaged.settle(store, machine, cloud)
    store.close()
    cloud.close()
    verdict = damaged.judge(machine, cloud, before, touched, stuck)
    verdict.too_many |= verdict.lost & delivered
    verdict.slow = took
    return verdict


@pytest.mark.parametrize("seed", range(24))
def test_damage_in_segments_costs_only_what_it_touches(machine: Clock, tmp_path: Path, seed: int) -> None:
    verdict = trial(machine, tmp_path, seed)
    assert verdict.good, verdict


@pytest.mark.parametrize("seed", range(24))
def test_damage_anywhere_in_the_folder(machine: Clock, tmp_path: Path, seed: int) -> None:
    """Tails, the copies of beginnings and the cursor as well."""
    verdict = trial(machine, tmp_path, seed, EVERYWHERE)
    assert verdict.good, verdict


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("names", [(".seg",), EVERYWHERE])
def test_much_damage(machine: Clock, tmp_path: Path, names: tuple[str, ...]) -> None:
    bad = {}
    for seed in range(24, 324):
        machine.begin()
        verdict = trial(machine, tmp_path / f"{seed}", seed, names)
        if not verdict.good:
            bad[seed] = verdict
    assert not bad


def _planted(machine: Clock, folder: Path, good: int) -> list[Verdict]:
    """The verdicts of some trials."""
    found = []
    for seed in range(good):
        machine.begin()
        found.append(trial(machine, folder / f"{seed}", seed))
    return found


def test_an_edge_that_declares_nothing_is_found(
    machine: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(missing, "gaps", lambda *given: [])
    assert any(verdict.stuck for verdict in _planted(machine, tmp_path, 5))


def test_an_edge_that_declares_too_much_is_found(
    machine: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hole that begins one block early."""
    real = missing.gaps

    def early(*given: Any) -> list[SequenceGap]:
        return [replace(hole, first=max(1, hole.first - 1)) for hole in real(*given)]

    monkeypatch.setattr(missing, "gaps", early)
    assert any("declared gone" in why for v in _planted(machine, tmp_path, 5) for why in v.wrong)


def test_an_edge_that_states_no_gap_is_found(
    machine: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gap_bounds, "gaps", lambda *given: [])
    assert any(verdict.unsaid for verdict in _planted(machine, tmp_path, 5))


def test_damaged_bytes_are_put_aside_once(machine: Clock) -> None:
    files = SimulatedFiles(0)
    store = damaged.start(files)
    damaged.live(store, machine, None, 12)
    store.close()
    path = damaged.FOLDER / "00000000.seg"
    spans = damaged.edges(files.read(path))
    a, b = spans[4]
    data = bytearray(files.read(path))
    data[a + 30] ^= 4
    files.durable[path], hit = bytes(data), bytes(data[a:b])
    for _ in range(2):
        damaged.start(files).close()
        aside = {p.name: data for p, data in files.durable.items() if p.suffix == ".bad"}
        assert aside == {f"00000000.{a}.bad": hit}


def test_an_edge_that_lost_its_schema_block_sends_the_copy(machine: Clock, tmp_path: Path) -> None:
    files = SimulatedFiles(0)
    store = damaged.start(files)
    damaged.live(store, machine, None, 12)
    store.close()
    path = damaged.FOLDER / "00000000.seg"
    data = bytearray(files.read(path))
    for a, b in damaged.edges(bytes(data))[:2]:
        data[a:b] = bytes(b - a)
    files.durable[path] = bytes(data)
    cloud = Cloud(tmp_path)
    store = damaged.start(files)
    store.connected(cloud.publish)
    assert damaged.settle(store, machine, cloud) == 0
    cloud.close()
    verdict = damaged.judge(machine, cloud, set(), set(), 0)
    assert verdict.good and not verdict.lost
    assert damaged.statements(cloud.blocks(), "hole") == []


def test_damage_while_the_edge_runs_stops_nothing(machine: Clock, tmp_path: Path) -> None:
    """A block that can't be read back when its turn comes: no stop, a hole, and the rest goes on."""
    random.seed(0)
    files, cloud = SimulatedFiles(0), Cloud(tmp_path)
    store = damaged.start(files)
    scan = damaged.live(store, machine, None, 30)
    path = damaged.FOLDER / "00000000.seg"
    old = files.read(path)
    files.settle(path)
    a, _ = damaged.edges(old)[6]
    files.durable[path] = old[: a + 40] + bytes([old[a + 40] ^ 1]) + old[a + 41 :]
    touched = damaged.touched_by({path: old}, files.durable)
    assert touched
    store.connected(cloud.publish)
    damaged.live(store, machine, cloud, 12, scan)
    store.seal_all()
    stuck = damaged.settle(store, machine, cloud)
    store.close()
    cloud.close()
    verdict = damaged.judge(machine, cloud, set(), touched, stuck)
    assert verdict.good and verdict.lost == touched, verdict
    assert len(damaged.statements(cloud.blocks(), "hole")) == 1
