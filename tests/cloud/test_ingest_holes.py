"""Holes in a chain: only the node's own key declares one, it hides nothing, and the block behind it is taken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cloud.ledger import integrity
from contract import topics
from contract.downlink import Receipt
from contract.seal import Sealed
from contract.sequence_gaps import SequenceGap
from tests.cloud.edge_twin import METER, T0, Node, table
from tests.cloud.test_ingest_commit import Desk, ranges


def chain(count: int = 6) -> Node:
    """open, schema and readings 2 … count + 1."""
    node = Node().begin()
    for number in range(count):
        node.reading(number)
    return node


def declare(node: Node, *holes: SequenceGap, incarnation: int = 8, key: Any = None) -> Node:
    """A new incarnation of the node that declares holes."""
    new = Node(key=key or node.key, incarnation=incarnation)
    new.begin(previous=node)
    for hole in holes:
        statement = hole.to_statement()
        new.say(statement.kind, **statement.fields)
    return new


def hole(node: Node, first: int, last: int, incarnation: int = 7, digest: bytes | None = None) -> SequenceGap:
    return SequenceGap(incarnation, first, last, node.hashes[last] if digest is None else digest, "damaged")


def runs(found: list[Receipt], incarnation: int = 7) -> list[tuple[int, int]]:
    return [(a, b) for r in found if r.incarnation == f"{incarnation:016x}" for a, b, _ in ranges(r)]


def test_the_block_behind_a_hole_is_taken_and_receipted(tmp_path: Path) -> None:
    node = chain()
    desk = Desk(tmp_path, node)
    desk.blocks(node, 0, 1, 2)
    assert desk.blocks(node, 5) == []
    desk.blocks(declare(node, hole(node, 3, 4)))
    (receipt,) = desk.blocks(node, 5, 6, 7)
    assert runs([receipt]) == [(0, 2), (5, 7)] and receipt.have == 2
    desk = desk.again()
    node.reading(9)
    assert runs(desk.blocks(node, 8)) == [(0, 2), (5, 8)], "a restart knows the hole again"
    found = integrity.survey(tmp_path / "ledger", {node.name: node.key.public_key()}).report(None)
    assert found["bad"] == []
    assert found["holes"] == [
        {
            "node": "mill-edge",
            "stream": "account",
            "incarnation": f"{7:016x}",
            "first": 3,
            "last": 4,
            "cause": "damaged",
        }
    ]
    desk.ledger.close()


def test_what_comes_after_all_fills_the_hole(tmp_path: Path) -> None:
    node = chain()
    desk = Desk(tmp_path, node)
    desk.blocks(node, 0, 1, 2)
    desk.blocks(declare(node, hole(node, 3, 4)))
    desk.blocks(node, 5, 6)
    (receipt,) = desk.blocks(node, 3, 4)
    assert ranges(receipt) == [(0, 6, node.hashes[6].hex())] and receipt.have == 6
    desk.ledger.close()


def test_a_hole_over_blocks_that_are_there_hides_none(tmp_path: Path) -> None:
    """Declared by the node itself, or replayed later: the chain goes on, and every block stays receipted."""
    node = chain()
    desk = Desk(tmp_path, node)
    liar = declare(node, hole(node, 2, 5))
    before = runs(desk.blocks(node, *range(7)))
    desk.blocks(liar)
    desk.blocks(liar)
    assert runs(desk.blocks(node, 0)) == before == [(0, 6)]
    assert runs(desk.blocks(node, 7)) == [(0, 7)]
    assert desk.counters.forks == desk.counters.refused == 0
    desk.ledger.close()


def test_nobody_else_declares_a_hole(tmp_path: Path) -> None:
    """Another key under the node's name, and another node in its own name: the chain stays as it is."""
    node, stranger = chain(), Node(name="stranger").begin()
    desk = Desk(tmp_path, node, stranger)
    desk.blocks(node, 0, 1, 2)
    forged = declare(node, hole(node, 3, 4), key=stranger.key)
    desk.blocks(forged)
    assert desk.counters.unknown_keys == len(forged.blocks)
    statement = hole(node, 3, 4).to_statement()
    stranger.say(statement.kind, **statement.fields)
    assert len(desk.blocks(stranger)) == 1
    assert desk.blocks(node, 5) == [] and desk.counters.unlinked == 1
    under = [(topics.block("mill-edge"), data) for data in stranger.blocks]
    assert desk.take(*under) == []
    desk.ledger.close()


def test_a_hole_that_names_another_block_than_the_ledger_has_is_refused(tmp_path: Path) -> None:
    node = chain()
    desk = Desk(tmp_path, node)
    desk.blocks(node, *range(6))
    wrong = hole(node, 3, 4, digest=b"\x07" * 32)
    (receipt,) = desk.blocks(declare(node, wrong))
    assert [(item.seq, item.reason) for item in receipt.refused] == [
        (2, "block 4 of the ledger is not the one that the hole names")
    ]
    assert runs(desk.blocks(node, 6)) == [(0, 6)]
    desk.ledger.close()


def test_only_the_block_that_a_hole_names_can_end_it(tmp_path: Path) -> None:
    """A block of the last missing seq with another hash is a fork, not a filling."""
    node = chain(1)
    before = node.chain
    true = node.reading(1)
    node.chain = before
    other: Sealed = node.rows(table(METER, [T0], [9], [9.0]))
    desk = Desk(tmp_path, node)
    desk.blocks(node, 0, 1, 2)
    desk.blocks(declare(node, hole(node, 3, 3, digest=true.hash)))
    desk.take((topics.block(node.name), other.data))
    assert desk.counters.forks == 1
    desk.ledger.close()


@pytest.mark.parametrize("first", [0, 2])
def test_nothing_links_behind_a_beginning_that_nobody_has(tmp_path: Path, first: int) -> None:
    """The blocks before the hole may still come: until then the one behind it waits; a hole from 0 on never opens."""
    node = chain()
    desk = Desk(tmp_path, node)
    desk.blocks(declare(node, hole(node, first, 4)))
    assert desk.blocks(node, 5) == []
    desk.blocks(node, 0, 1)
    assert runs(desk.blocks(node, 5)) == ([(0, 1), (5, 5)] if first else [])
    desk.ledger.close()


def test_holes_that_touch_carry_each_other(tmp_path: Path) -> None:
    node = chain()
    desk = Desk(tmp_path, node)
    desk.blocks(node, 0, 1, 2)
    desk.blocks(declare(node, hole(node, 3, 4), hole(node, 5, 5)))
    assert runs(desk.blocks(node, 6)) == [(0, 2), (6, 6)]
    desk.ledger.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": 5},
        {"last": "4"},
        {"hash": "ab"},
        {"cause": ""},
        {"incarnation": "7"},
        {"more": 1},
        {"first": True},
    ],
)
def test_a_hole_of_another_form_is_refused(tmp_path: Path, wrong: dict[str, Any]) -> None:
    node = chain()
    desk = Desk(tmp_path, node)
    new = declare(node)
    new.say("hole", **(hole(node, 3, 4).to_statement().fields | wrong))
    (receipt,) = desk.blocks(new)
    assert [item.seq for item in receipt.refused] == [2]
    desk.ledger.close()
