"""Damaged bytes in an edge's folder: it starts, loses only what they held, says so, and delivers everything else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from edge import missing
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
        keeper = damaged.start(files)
        online = cloud if life == 0 or chance.random() < 0.3 else None
        keeper.connected(online.publish if online else None)
        scan = damaged.live(keeper, machine, online, chance.randrange(8, 20))
        keeper.connected(None)
        damaged.live(keeper, machine, None, chance.randrange(2, 14), scan)
        if chance.random() < 0.5:
            keeper.close()
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
    touched = damaged.touched_by(old, files.durable) - delivered
    keeper, took = damaged.timed(files)
    keeper.connected(cloud.publish)
    damaged.live(keeper, machine, cloud, 9)
    keeper.seal_all()
    stuck = damaged.settle(keeper, machine, cloud)
    keeper.close()
    cloud.close()
    verdict = damaged.judge(machine, cloud, before, touched, stuck)
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
    for seed in range(24, 1000):
        machine.begin()
        verdict = trial(machine, tmp_path / f"{seed}", seed, names)
        if not verdict.good:
            bad[seed] = verdict
    assert not bad
