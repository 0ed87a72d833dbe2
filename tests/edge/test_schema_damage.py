"""Pages of a schema through lost messages, power cuts and damaged bytes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cloud.ledger import Decoder
from journal.simulated import PowerCut, SimulatedFiles
from tests.edge import wide
from tests.edge.damaged import SECOND, Clock, Cloud, answer, damage, machine
from tests.edge.test_schema_pages import PLANT, read

__all__ = ["machine"]


@pytest.mark.parametrize("seed", range(3))
def test_pages_and_lists_that_are_lost_on_the_way_come_again(
    seed: int, machine: Clock, tmp_path: Path
) -> None:
    """Starts without a connection, then one that loses a third of the messages: lists overtake their pages."""
    files, cloud = SimulatedFiles(0), Cloud(tmp_path, 0.3, seed)
    for number in range(5):
        store = wide.start(wide.changed(PLANT, number, config=str(number)), files)
        machine.now += SECOND
        wide.add(store, number, machine.now, number)
        store.seal_all()
        if number < 4:
            store.close()
    wide.deliver(store, cloud, machine, 2000)
    assert sorted(read(cloud)[1].values()) == [0, 1, 2, 3, 4]
    store.close()
    cloud.close()


@pytest.mark.parametrize("seed", range(12))
def test_power_cuts_at_any_change_of_the_disk_lose_no_accepted_row(
    seed: int, machine: Clock, tmp_path: Path
) -> None:
    """Each life reads under another schema; it ends at some write of a page, a list, a log or a row."""
    chance, files, cloud = random.Random(seed), SimulatedFiles(seed), Cloud(tmp_path)
    accepted, cuts = set[tuple[str, int]](), 0
    for number in range(6):
        durable = files.cut().durable
        files = SimulatedFiles(seed, chance.randrange(1, 40))
        files.durable = durable
        try:
            store = wide.start(wide.changed(PLANT, number, config=str(number)), files)
            store.connected(cloud.publish)
            for _ in range(5):
                machine.now += SECOND
                wide.add(store, number, machine.now, number)
                accepted.add((f"line{number}", machine.now))
                store.step([])
                answer(store, cloud)
        except PowerCut:
            cuts += 1
    files = files.cut()
    store = wide.start(PLANT, files)
    wide.deliver(store, cloud, machine, 400)
    assert cuts and accepted <= set(read(cloud)[1])
    store.close()
    cloud.close()


@pytest.mark.parametrize("seed", range(6))
def test_damaged_pages_cost_rows_of_before_and_never_new_ones(
    seed: int, machine: Clock, tmp_path: Path
) -> None:
    """Four starts that hardly reach the cloud, bytes of journal and copies damaged behind each; then one that does."""
    chance, files, cloud = random.Random(seed), SimulatedFiles(seed), Cloud(tmp_path)
    for number in range(4):
        store = wide.start(wide.changed(PLANT, number, config=str(number)), files)
        for _ in range(3):
            machine.now += SECOND
            wide.add(store, number, machine.now, number)
        store.seal_all()
        if chance.random() < 0.3:
            wide.deliver(store, cloud, machine, 400)
        store.close()
        durable = damage(files.durable, chance, (".seg", ".blocks", ".pages"))
        files = SimulatedFiles(seed)
        files.durable = durable
    store = wide.start(wide.changed(PLANT, 5, config="9"), files)
    machine.now += SECOND
    wide.add(store, 5, machine.now, 55)
    at = machine.now
    store.seal_all()
    wide.deliver(store, cloud, machine, 600)
    decoder = Decoder()
    rows = [part for data in cloud.blocks() for part in decoder.feed(data).rows or ()]
    assert ("line5", at) in {(part.group.id, time) for part in rows for time in part.time.tolist()}
    store.close()
    cloud.close()
