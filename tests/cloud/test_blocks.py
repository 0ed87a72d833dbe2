"""What `blocks` counts, and that nothing wrong in a ledger escapes `blocks --verify`."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cloud.ledger import Ledger, integrity, read
from contract import block
from contract.downlink import RefusedSeq
from contract.seal import Sealer
from tests.cloud.edge_twin import DYEING, METER, SECOND, T0, Node, events, table


def description(item: dict[str, Any]) -> tuple[str, str]:
    """Where, and the English of what is wrong."""
    return item["where"], item["message"]


def keep(folder: Path, data: list[bytes], limit: int = 1 << 20) -> Path:
    """A ledger of these blocks, with a new one in its place."""
    for path in folder.glob("*.seg"):
        path.unlink()
    ledger = Ledger(folder, limit)
    for item in data:
        ledger.append(1, item)
    ledger.sync()
    ledger.close()
    return folder


def look(folder: Path, *nodes: Node) -> dict[str, Any]:
    """The report, verified with the keys of these nodes (of none: not verified)."""
    keys = {node.name: node.key.public_key() for node in nodes} or None
    return integrity.survey(folder, keys).report(None)


def small(rows: int = 3) -> Node:
    """A node with open, schema and some readings."""
    node = Node().begin()
    for number in range(rows):
        node.reading(number)
    return node


def place(node: Node, seq: int) -> str:
    """How a finding names a block."""
    return f"{node.stream}/{node.chain.incarnation:016x}/{seq}"


def test_counts(tmp_path: Path) -> None:
    node = Node(METER, DYEING).begin()
    node.rows(table(METER, [T0, T0 + 1], [1, None], [1.5, 2.5]), events(DYEING, 0, [T0], [2.5]))
    node.say("gap", group="meter", device="meter", **{"from": None, "to": str(T0), "cause": "stopped"})
    node.say(
        "gap", group="dyeing", device="dyeing", **{"from": str(T0), "to": str(T0 + 5), "cause": "overflow"}
    )
    found = look(keep(tmp_path, node.blocks), node)
    assert (found["blocks"], found["values"], found["statements"]) == (5, 4, 4)
    assert (found["bad"], found["duplicates"], found["unprojected"]) == ([], 0, 5)
    assert found["streams"] == [
        {
            "node": "mill-edge",
            "stream": "account",
            "incarnation": f"{7:016x}",
            "first": 0,
            "last": 4,
            "row_first": 1,
            "row_last": 3,
        }
    ]
    common = {"node": "mill-edge", "stream": "account"}
    assert found["gaps"] == [
        {
            **common,
            "group": "meter",
            "device": "meter",
            "from": None,
            "to": "2023-11-14T22:13:20.000000000Z",
            "cause": "stopped",
        },
        {
            **common,
            "group": "dyeing",
            "device": "dyeing",
            "from": "2023-11-14T22:13:20.000000000Z",
            "to": "2023-11-14T22:13:20.000000005Z",
            "cause": "overflow",
        },
    ]


def test_a_gap_without_times_is_bad_and_no_traceback(tmp_path: Path) -> None:
    node = small(1)
    for wrong in ("soon", "9" * 40, [1]):
        node.say("gap", group="meter", device="meter", to=None, cause="x", **{"from": wrong})
    bad = look(keep(tmp_path, node.blocks), node)["bad"]
    assert [item["where"] for item in bad][:3] == [place(node, seq) for seq in (3, 4, 5)]


def test_unprojected_counts_from_the_cursor(tmp_path: Path) -> None:
    node = small()
    positions = [record.position for record in read(keep(tmp_path, node.blocks))]
    assert integrity.survey(tmp_path).report(positions[3])["unprojected"] == 2
    assert integrity.survey(tmp_path).report(positions[4] + 1)["unprojected"] == 0


def test_row_numbers_that_two_blocks_cover_are_duplicates(tmp_path: Path) -> None:
    old = small(4)
    new = Node(key=old.key, incarnation=8).begin(previous=old)
    new.chain = replace(new.chain, row_next=3)  # rows 3 and 4 are sealed a second time
    new.rows(table(METER, [T0 + i * SECOND for i in range(3)], [1, 2, 3], [1, 2, 3]))
    found = look(keep(tmp_path, old.blocks + new.blocks), old)
    assert found["duplicates"] == 2


def test_every_flipped_byte_is_found_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "TORN_S", 0.0)
    node = small(2)
    folder = keep(tmp_path, node.blocks, limit=600)
    paths = sorted(folder.glob("*.seg"))
    assert len(paths) == 2
    starts = {
        path.name: [r.position & 0xFFFFFFFF for r in read(folder) if _name(r) == path.name] for path in paths
    }
    assert look(folder, node)["bad"] == []
    for path in paths:
        sound = path.read_bytes()
        for at in range(len(sound)):
            path.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << at % 8]) + sound[at + 1 :])
            bad = look(folder, node)["bad"]
            record = max(start for start in starts[path.name] if start <= at)
            assert f"{path.name}:{record}" in [item["where"] for item in bad], at
            assert all(item["message"] for item in bad)
        path.write_bytes(sound)


def _name(record: Any) -> str:
    return f"{record.position >> 32:08d}.seg"


def test_damage_is_named_with_its_neighbours(tmp_path: Path) -> None:
    node = small(3)
    folder = keep(tmp_path, node.blocks)
    third = [record.position for record in read(folder)][2]
    (path,) = folder.glob("*.seg")
    data = bytearray(path.read_bytes())
    data[third + 30] ^= 4
    path.write_bytes(data)
    for keys in ((), (node,)):
        bad = look(folder, *keys)["bad"]
        assert bad[0]["where"] == f"00000000.seg:{third}"
        assert f"after {place(node, 1)}, before {place(node, 3)}" in bad[0]["message"]
    assert description(bad[1]) == (place(node, 2), "it is not in the ledger, but 3 links to it")


def test_a_record_that_is_still_being_written_is_waited_for_and_not_called_bad(tmp_path: Path) -> None:
    node = small(3)
    folder = keep(tmp_path, node.blocks)
    (path,) = folder.glob("*.seg")
    sound = path.read_bytes()
    path.write_bytes(sound[:-10])
    later = threading.Timer(0.2, lambda: path.write_bytes(sound))
    later.start()
    assert look(folder, node)["bad"] == []
    later.join()
    path.write_bytes(sound[:-10])
    (bad,) = look(folder, node)["bad"]
    last = [record.next for record in read(folder)][-1]
    assert bad["where"] == f"00000000.seg:{last}"


def test_a_removed_swapped_or_foreign_block_is_named(tmp_path: Path) -> None:
    node, other = small(4), small(4)
    without = [data for i, data in enumerate(node.blocks) if i != 3]
    bad = look(keep(tmp_path, without), node)["bad"]
    assert [description(item) for item in bad] == [
        (place(node, 3), "it is not in the ledger, but 4 links to it")
    ]
    foreign = [*node.blocks[:3], other.blocks[3], *node.blocks[4:]]
    found = {item["where"] for item in look(keep(tmp_path, foreign), node)["bad"]}
    assert place(node, 3) in found
    assert look(keep(tmp_path, node.blocks), node)["bad"] == []
    assert len(look(keep(tmp_path, node.blocks), Node(name="nobody"))["bad"]) == 6


def test_another_block_signed_with_the_same_key_breaks_the_links(tmp_path: Path) -> None:
    node = small(2)
    chain = node.chain
    node.reading(8)
    node.chain = chain
    fork = node.reading(9).data
    after = node.reading(10).data
    blocks_there = [*node.blocks[:5], after]
    bad = look(keep(tmp_path, blocks_there), node)["bad"]
    assert [description(item) for item in bad] == [
        (place(node, 5), "it does not link to the block before it")
    ]
    bad = look(keep(tmp_path, [*node.blocks[:5], fork]), node)["bad"]
    assert description(bad[0]) == (place(node, 4), "another block in the ledger has the same seq (fork)")


def test_a_refused_block_leaves_no_hole(tmp_path: Path) -> None:
    node = small(3)
    folder = keep(tmp_path, [*node.blocks[:3], node.blocks[4]])
    assert len(look(folder, node)["bad"]) == 1
    ledger = Ledger(folder)
    ledger.refuse(1, ("mill-edge", "account", 7), RefusedSeq(3, node.hashes[3].hex(), "no"))
    ledger.sync()
    ledger.close()
    assert look(folder, node)["bad"] == []


def test_the_last_blocks_of_an_incarnation_cannot_be_cut_off_unseen(tmp_path: Path) -> None:
    old = small(3)
    new = Node(key=old.key, incarnation=8).begin(previous=old)
    assert look(keep(tmp_path, old.blocks + new.blocks), old)["bad"] == []
    bad = look(keep(tmp_path, old.blocks[:-1] + new.blocks), old)["bad"]
    assert [item["where"] for item in bad] == [place(old, 4)]
    assert look(keep(tmp_path, new.blocks), old)["bad"] == []


def test_an_undecodable_record_is_named_by_its_place(tmp_path: Path) -> None:
    node = small(1)
    folder = keep(tmp_path, [b"nonsense", *node.blocks])
    bad = look(folder, node)["bad"]
    assert [description(item) for item in bad] == [("00000000.seg:0", "not a block of version 1")]


def test_blocks_of_another_incarnation_do_not_help(tmp_path: Path) -> None:
    """Rows that name a schema of another incarnation do not decode."""
    node = small(1)
    header, _, _ = block.parse(node.blocks[1])
    moved = Node(key=node.key)
    moved.chain = Sealer("mill-edge", "account", 9, bytes(16), schema_seq=1, schema=header.hash[:8])
    moved.reading(1)
    bad = look(keep(tmp_path, node.blocks + moved.blocks), node)["bad"]
    assert len(bad) == 1 and "is not known" in bad[0]["message"]
