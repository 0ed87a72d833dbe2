"""When a receipt is written, what it names, and that a restart knows all of it again."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cloud.ingest.commit import Commit, Trust
from cloud.ingest.health import IngestCounters
from cloud.ingest.inbox import Message
from cloud.ledger import Ledger, read
from contract import downlink, topics
from contract.downlink import Head, Hello, Receipt
from tests.cloud.edge_twin import Node, raw

CLOUD = Ed25519PrivateKey.generate()


class Desk:
    """A commit over a real folder, with its clock and its answers."""

    def __init__(self, folder: Path, *nodes: Node) -> None:
        self.folder, self.counters = folder, IngestCounters()
        for node in nodes:
            node.trust(folder / "trust")
        self.ledger = Ledger(folder / "ledger")
        self.commit = Commit(self.ledger, Trust(folder / "trust"), CLOUD, self.counters)
        self.retained: list[bool] = []

    def take(self, *messages: tuple[str, bytes]) -> list[Receipt]:
        """The receipts for a group of (topic, data)."""
        out = self.commit.group(Message(topic, data, 1000 + i) for i, (topic, data) in enumerate(messages))
        self.retained = [item.retain for item in out]
        keys = downlink.by_fingerprint([CLOUD.public_key()])
        receipts = [downlink.read(item.data, keys) for item in out]
        assert [item.topic for item in out] == [topics.receipt(r.node, r.stream) for r in receipts]  # type: ignore[union-attr]
        return receipts  # type: ignore[return-value]

    def blocks(self, node: Node, *numbers: int) -> list[Receipt]:
        """The receipts for blocks of a node, by number; all of them for none."""
        chosen = [node.blocks[i] for i in numbers] if numbers else node.blocks
        return self.take(*((topics.block(node.name), data) for data in chosen))

    def again(self) -> Desk:
        """The same folder after a restart."""
        self.ledger.close()
        return Desk(self.folder)


def ranges(receipt: Receipt) -> list[tuple[int, int, str]]:
    """The runs of a receipt."""
    return [(run.first, run.last, run.hash) for run in receipt.runs]


def test_one_receipt_for_all_blocks_of_a_group(tmp_path: Path) -> None:
    node = Node().begin()
    node.reading(1)
    desk = Desk(tmp_path, node)
    (receipt,) = desk.blocks(node)
    assert ranges(receipt) == [(0, 2, node.hashes[2].hex())]
    assert (receipt.have, receipt.safe, receipt.nonce, receipt.incarnation) == (2, 2, None, f"{7:016x}")
    assert [(r.stamp, r.data) for r in read(tmp_path / "ledger")] == [
        (1000 + i, b) for i, b in enumerate(node.blocks)
    ]
    assert desk.blocks(node) == [receipt]
    assert desk.counters.duplicates == 3 and desk.counters.blocks == 3
    assert len(list(read(tmp_path / "ledger"))) == 3
    desk.ledger.close()


def test_a_restart_knows_every_head_again(tmp_path: Path) -> None:
    node = Node().begin()
    desk = Desk(tmp_path, node)
    before = desk.blocks(node)
    node.reading(1)
    desk = desk.again()
    assert desk.blocks(node, 0) == before
    (after,) = desk.blocks(node, 2)
    assert ranges(after) == [(0, 2, node.hashes[2].hex())]
    desk.ledger.close()


def test_a_refused_block_is_named_for_good_and_never_stops_its_stream(tmp_path: Path) -> None:
    node = Node().begin()
    node.reading(1)
    raw(node, os.urandom(90))
    raw(node, os.urandom(90))
    desk = Desk(tmp_path, node)
    (receipt,) = desk.blocks(node)
    assert ranges(receipt) == [(0, 2, node.hashes[2].hex())] and receipt.have == 2
    assert [(item.seq, item.hash) for item in receipt.refused] == [
        (3, node.hashes[3].hex()),
        (4, node.hashes[4].hex()),
    ]
    assert desk.counters.refused == 2
    node.reading(2)
    desk = (
        desk.again()
    )  # the edge does not send a refused block again: its hash must still be there to link to
    (receipt,) = desk.blocks(node, 5)
    assert ranges(receipt) == [(0, 2, node.hashes[2].hex()), (5, 5, node.hashes[5].hex())]
    assert [item.seq for item in receipt.refused] == [3, 4] and receipt.have == 2
    desk = desk.again()
    node.reading(3)
    (receipt,) = desk.blocks(node, 6)
    assert ranges(receipt) == [(0, 2, node.hashes[2].hex()), (5, 6, node.hashes[6].hex())]
    desk.ledger.close()


def test_a_fork_is_counted_and_refused(tmp_path: Path) -> None:
    node = Node().begin()
    chain = node.chain
    node.reading(1)
    node.chain = chain
    node.reading(2)
    desk = Desk(tmp_path, node)
    (receipt,) = desk.blocks(node)
    assert desk.counters.forks == 1
    assert ranges(receipt) == [(0, 2, node.hashes[2].hex())]
    assert [(item.seq, item.hash) for item in receipt.refused] == [(2, node.hashes[3].hex())]
    assert "fork" in receipt.refused[0].reason
    desk.ledger.close()


def test_unlinked_strange_and_broken_messages_leave_no_trace_but_a_count(tmp_path: Path) -> None:
    node, stranger = Node().begin(), Node(name="stranger").begin()
    node.reading(1)
    desk = Desk(tmp_path, node)
    assert desk.blocks(node, 2) == []
    assert desk.blocks(stranger) == []
    block_topic = topics.block("mill-edge")
    assert desk.take((block_topic, b""), (block_topic, b"SYB1"), ("steelyard/v1/up/x y/block", b"x")) == []
    assert desk.take((topics.block("stranger"), node.blocks[0])) == []
    counters = desk.counters
    assert (counters.unlinked, counters.unknown_keys, counters.dropped, counters.blocks) == (1, 2, 4, 0)
    assert list(read(tmp_path / "ledger")) == []
    desk.ledger.close()


def hello(node: Node, nonce: str, *incarnations: int) -> tuple[str, bytes]:
    """A hello of the node that lists some blocks of these incarnations."""
    heads = tuple(Head("account", f"{number:016x}", 0, 1, "00" * 32) for number in incarnations)
    return topics.hello(node.name), downlink.write(Hello(node.name, nonce, heads), node.key)


def test_a_hello_is_answered_with_its_nonce_for_each_incarnation_it_lists(tmp_path: Path) -> None:
    node = Node().begin()
    desk = Desk(tmp_path, node)
    found = desk.take(
        *((topics.block(node.name), data) for data in node.blocks), hello(node, "n1", 7, 1 << 63)
    )
    known, unknown = sorted(found, key=lambda receipt: -receipt.have)
    assert (known.nonce, known.have, known.incarnation) == ("n1", 1, f"{7:016x}")
    assert (unknown.nonce, unknown.have, unknown.runs) == ("n1", -1, ())
    assert unknown.incarnation == f"{1 << 63:016x}"
    assert sorted(desk.retained) == [False, True]
    assert desk.take(hello(node, "n2")) == []
    other = Node()
    impostor = downlink.write(Hello(node.name, "n3", ()), other.key)
    assert desk.take((topics.hello(node.name), impostor)) == []
    assert desk.take((topics.hello(node.name), b'{"body":1}')) == []
    assert (desk.counters.unknown_keys, desk.counters.dropped) == (1, 1)
    desk.ledger.close()


def test_only_the_latest_incarnation_is_retained(tmp_path: Path) -> None:
    old = Node(incarnation=9).begin()
    new = Node(incarnation=4, key=old.key).begin(previous=old)
    desk = Desk(tmp_path, old)
    desk.blocks(old)
    assert desk.retained == [True]
    desk.blocks(new)
    assert desk.retained == [True]
    desk.blocks(old, 1)
    assert desk.retained == [False]
    desk = desk.again()
    desk.blocks(old, 1)
    assert desk.retained == [False]
    desk.ledger.close()


def test_a_key_that_is_listed_later_is_believed_from_then_on(tmp_path: Path) -> None:
    node = Node().begin()
    desk = Desk(tmp_path)
    assert desk.blocks(node, 0) == [] and desk.counters.unknown_keys == 1
    node.trust(tmp_path / "trust")
    assert [receipt.have for receipt in desk.blocks(node, 0)] == [0]
    (tmp_path / "trust" / "broken.pub").write_text("no key")
    assert [receipt.have for receipt in desk.blocks(node, 1)] == [1]
    desk.ledger.close()


def test_nothing_is_receipted_when_the_disk_takes_no_more(tmp_path: Path) -> None:
    node = Node().begin()
    desk = Desk(tmp_path, node)
    desk.blocks(node)
    node.reading(1)
    size = sum(path.stat().st_size for path in (tmp_path / "ledger").glob("*.seg"))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            desk.blocks(node, 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    desk = desk.again()  # the torn record is cut off, and the block is taken when it comes again
    assert [receipt.have for receipt in desk.blocks(node, 2)] == [2]
    desk.ledger.close()
