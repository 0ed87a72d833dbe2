"""An edge whose schema takes pages: what a start states, what stays on the disk, that rows decode in a cloud."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cloud.ledger import Decoder, integrity
from cloud.ledger.tag_catalogue import Catalogue, SiteNode
from contract import downlink, seal
from contract.downlink import Receipt, RefusedSeq
from contract.schema import Schema
from edge import chain
from edge.edge_store import EdgeStore
from journal.simulated import SimulatedFiles
from tests.edge import wide
from tests.edge.damaged import CLOUD_KEY, NODE_KEY, SECOND, Clock, Cloud, machine

__all__ = ["machine"]
PLANT = wide.plant(50, 20)


def blocks(store: EdgeStore) -> list[bytes]:
    """Every block on the disk of an edge."""
    return [data for stored in store.book.index.held("account") if (data := store.book.read(stored))]


def read(cloud: Cloud) -> tuple[Catalogue, dict[tuple[str, int], int]]:
    """What the ledger decodes to: its tags, and the value of each (group, time)."""
    decoder, catalogue, values = Decoder(), Catalogue(), dict[tuple[str, int], int]()
    for data in cloud.blocks():
        decoded = decoder.feed(data)
        catalogue.learn(decoded)
        for rows in decoded.rows or ():
            for at, row in zip(rows.time.tolist(), rows.data.tolist(), strict=True):
                values[rows.group.id, at] = row[-1]
    keys = {"n": NODE_KEY.public_key()}
    assert not integrity.survey(cloud.folder / "ledger", keys).bad and cloud.counters.refused == 0
    return catalogue, values


def run(
    schema: Schema, files: SimulatedFiles, cloud: Cloud, machine: Clock, keep: int = 64 << 20
) -> list[str]:
    """One start with a row of two groups, all of it delivered; the kinds of its statements."""
    store = wide.start(schema, files, keep)
    for number in (0, 30):
        machine.now += SECOND
        wide.add(store, number, machine.now, number + 1)
    store.seal_all()
    wide.deliver(store, cloud, machine)
    if not keep:
        store.book.segments.roll()
    newest = store.book.heads["account"].incarnation
    mine = [
        statement.kind
        for header, statement in wide.statements(cloud.blocks())
        if header.incarnation == newest
    ]
    store.close()
    return mine


def test_a_restart_states_the_list_alone_and_a_change_of_one_group_its_page(
    machine: Clock, tmp_path: Path
) -> None:
    files, cloud = SimulatedFiles(0), Cloud(tmp_path)
    first = run(PLANT, files, cloud, machine)
    assert first[0] == "open" and first[-1] == "schema" and len(first) > 3
    assert set(first[1:-1]) == {"schema-page"}
    assert run(PLANT, files, cloud, machine) == ["open", "schema"]
    assert run(wide.changed(PLANT, 30), files, cloud, machine) == ["open", "schema-page", "schema"]
    assert run(PLANT, files, cloud, machine) == ["open", "schema"]  # the old page is still there
    catalogue, values = read(cloud)
    tags = catalogue.tags(SiteNode("s", "n"))
    assert len(tags) == 1000 and all(known.current for known in tags.values())
    assert sorted(values.values()) == [1] * 4 + [31] * 4
    cloud.close()


def test_a_schema_that_fits_is_one_statement_as_ever(machine: Clock, tmp_path: Path) -> None:
    small = wide.plant(2, 20)
    cloud = Cloud(tmp_path)
    store = wide.start(small, SimulatedFiles(0))
    wide.deliver(store, cloud, machine)
    (_, _), (_, statement) = wide.statements(cloud.blocks())
    assert statement.fields == small.to_fields() and statement.kind == "schema"
    cloud.close()


def test_pages_outlive_their_blocks_and_go_to_a_cloud_that_lost_all(machine: Clock, tmp_path: Path) -> None:
    """The journal keeps nothing that has a receipt, so only the copies have the first start's pages."""
    files, cloud = SimulatedFiles(0), Cloud(tmp_path / "one")
    for number in range(4):
        run(wide.changed(PLANT, number, config=str(number)), files, cloud, machine, keep=0)
    cloud.close()
    shutil.rmtree(tmp_path / "one")
    assert len([name for name in files.names(wide.JOURNAL) if name.endswith(".seg")]) <= 2
    other = Cloud(tmp_path / "two")
    store = wide.start(wide.changed(PLANT, 3, config="3"), files, 0)
    machine.now += SECOND
    wide.add(store, 7, machine.now, 77)
    store.seal_all()
    wide.deliver(store, other, machine, 400)
    machine.now += SECOND
    wide.add(store, 8, machine.now, 88)
    store.seal_all()
    wide.deliver(store, other, machine, 400)
    catalogue, values = read(other)
    assert {77, 88} <= set(values.values())
    assert len(catalogue.tags(SiteNode("s", "n"))) == 1000
    store.close()
    other.close()


def test_rows_in_the_log_are_sealed_under_the_pages_of_before(machine: Clock, tmp_path: Path) -> None:
    """The edge dies with rows in its log, and starts again with another group."""
    files, cloud = SimulatedFiles(0), Cloud(tmp_path)
    run(PLANT, files, cloud, machine)
    store = wide.start(PLANT, files)
    machine.now += SECOND
    wide.add(store, 30, machine.now, 5)
    at = machine.now
    again = wide.start(wide.changed(PLANT, 30), files)
    machine.now += SECOND
    wide.add(again, 30, machine.now, 6)
    again.seal_all()
    wide.deliver(again, cloud, machine)
    assert wide.kinds(cloud.blocks())[-1] == ["open", "schema", "schema-page", "schema"]
    decoder, units = Decoder(), dict[int, str]()
    for decoded in map(decoder.feed, cloud.blocks()):
        units |= {int(t): rows.group.tags[0].unit for rows in decoded.rows or () for t in rows.time}
    assert units[at] == "kW" and units[machine.now - SECOND] in ("kW", "V") and "V" in units.values()
    names = files.names(wide.JOURNAL)
    assert sum(name.endswith(".pages") for name in names) == 1
    again.close()
    cloud.close()


def test_rows_whose_log_lost_its_pages_are_stated_as_a_fault_and_the_edge_starts(
    machine: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    files = SimulatedFiles(0)
    store = wide.start(PLANT, files)
    wide.add(store, 30, machine.now, 5)
    (name,) = [name for name in files.names(wide.JOURNAL) if name.endswith(".pages")]
    files.unlink(wide.JOURNAL / name)
    wide.start(PLANT, files).close()
    assert f"{name}: the pages of a write-ahead log's schema are damaged or gone" in capsys.readouterr().out


def test_pages_of_too_many_starts_are_stated_anew_and_old_chains_go(machine: Clock, tmp_path: Path) -> None:
    files, cloud = SimulatedFiles(0), Cloud(tmp_path)
    schema, whole = wide.plant(300, 20), 0
    for number in range(0, 300, 10):
        schema = wide.changed(schema, number, config=f"{number % 10}")
        kinds = run(schema, files, cloud, machine, keep=0)
        whole += len(kinds) > 6
        copies = [name for name in files.names(wide.JOURNAL) if name.startswith("begin-")]
        assert len(copies) <= chain.MOST_CHAINS + 3
    assert whole > 1
    assert len(read(cloud)[1]) == 60
    cloud.close()


def test_pages_that_a_cloud_refused_are_stated_anew(machine: Clock) -> None:
    """As a cloud does that does not know them yet."""
    files = SimulatedFiles(0)
    store = wide.start(PLANT, files)
    number = store.book.heads["account"].incarnation
    held = {stored.seq: stored for stored in store.book.index.held("account")}
    refused = tuple(
        RefusedSeq(seq, stored.hash.hex(), "not a statement of a known kind")
        for seq, stored in held.items()
        if seq
    )
    receipt = Receipt("n", "account", f"{number:016x}", (), 0, 0, refused)
    store.connected(lambda topic, payload: True)
    store.step([])
    store.receive(downlink.write(receipt, CLOUD_KEY))
    store.close()
    again = wide.start(PLANT, files)
    first, second = wide.kinds(blocks(again))
    assert first == second and second.count("schema-page") > 2
    again.close()


def test_pages_of_another_site_are_not_listed(machine: Clock) -> None:
    """The pack of a site has the chains of that site alone."""
    files = SimulatedFiles(0)
    wide.start(PLANT, files).close()
    store = wide.start(PLANT, files, site="other")
    first, second = wide.kinds(blocks(store))
    assert first == second
    store.close()


def test_every_block_of_a_wide_edge_is_signed_and_small(machine: Clock) -> None:
    store = wide.start(wide.plant(500, 40), SimulatedFiles(0))
    found = blocks(store)
    assert len(found) > 30 and all(len(data) < 60_000 for data in found)
    assert all(seal.verify(data, NODE_KEY.public_key()) for data in found)
    store.close()
