"""Power cuts at any write: nothing accepted is lost, nothing is stored twice, every hole has a gap statement.

The run is a real edge store over a simulated disk and a cloud that is a plain dictionary of blocks. The verdict is
reached here, from the trace and the blocks alone.
"""

from __future__ import annotations

import contextlib
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import block, downlink, seal, statement
from contract.block import SALT
from contract.downlink import Hello, Receipt, Run
from contract.schema import Schema
from contract.tags import Group, Layout, Rows, Tag
from edge import uplink, write_ahead_log
from edge.book import Book
from edge.edge_store import EdgeStore
from edge.last_accepted import LastAccepted
from edge.node import Node
from edge.scan import Scan
from edge.trace import Trace
from journal.simulated import PowerCut, SimulatedFiles

NODE_KEY, CLOUD_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
TAGS = (
    Tag("m.reads", "uint32", "{count}", "counter", max_rate="10"),
    Tag("m.kwh", "uint32", "kW.h", "counter", "0.01", max_rate="10"),
)
GROUP = Group("m", "m", "modbus-tcp", "account", Layout.TABLE, 10**9, "edge", TAGS)
SCHEMA = Schema("0" * 64, 0, (GROUP,))
FOLDER = Path("/journal")


class Cloud:
    """Blocks by (incarnation, seq), kept for ever; takes only what links, as the real one does."""

    def __init__(self) -> None:
        self.blocks: dict[tuple[int, int], bytes] = {}
        self.forks = 0

    def take(self, data: bytes) -> tuple[int, int]:
        header, _ = seal.verify(data, NODE_KEY.public_key())
        key = (header.incarnation, header.seq)
        known = self.blocks.get(key)
        before = self.blocks.get((header.incarnation, header.seq - 1))
        if known is not None and known != data:
            self.forks += 1
        elif header.seq == 0 or (before is not None and block.parse(before)[0].hash == header.prev):
            self.blocks[key] = data
        return key

    def receipt(self, incarnation: int, nonce: str | None) -> bytes:
        seqs = [seq for inc, seq in self.blocks if inc == incarnation]
        runs: tuple[Run, ...] = ()
        if seqs:
            last = block.parse(self.blocks[incarnation, max(seqs)])[0]
            runs = (Run(0, last.seq, last.hash.hex()),)
        have = max(seqs, default=-1)
        receipt = Receipt("n", "account", f"{incarnation:016x}", runs, have, have, (), nonce)
        return downlink.write(receipt, CLOUD_KEY)


class Plant:
    """Serves a counter; remembers what it served and when."""

    def __init__(self) -> None:
        self.served: dict[int, int] = {}
        self.now = 10**18

    def read(self) -> Rows:
        self.now += 10**9
        number = len(self.served) + 1
        self.served[number] = self.now
        data = np.array([(number, number * 7)], GROUP.row)
        return Rows(GROUP, np.array([self.now], np.int64), data)


def life(files: SimulatedFiles, plant: Plant, cloud: Cloud, trace_fd: int, chance: random.Random) -> None:
    """One life of the edge: it reads and sends over a network that loses messages, until the power is cut."""
    trust = {"cloud": CLOUD_KEY.public_key()}
    trace = Trace(trace_fd, {"m": 0})
    store = EdgeStore(FOLDER, Node("n", "s", NODE_KEY), SCHEMA, trust, 1 << 20, files, trace)
    store.begin()
    known = {"account"} if store.streams["account"].started_before else set()
    scan = Scan([GROUP], store.book.last, 5 * 10**9, lambda: plant.now, known)
    inbox: list[bytes] = []

    def publish(topic: str, payload: bytes) -> bool:
        if chance.random() < 0.2:
            return True  # QoS 0: lost
        if topic.endswith("/block"):
            inbox.append(cloud.receipt(cloud.take(payload)[0], None))
        else:
            hello = downlink.read(payload, downlink.by_fingerprint([NODE_KEY.public_key()]))
            assert isinstance(hello, Hello)
            inbox.extend(cloud.receipt(downlink.incarnation(h.incarnation), hello.nonce) for h in hello.heads)
        return True

    store.connected(publish)
    for _ in range(12):
        for _ in range(chance.randrange(3)):
            scan.rows(plant.read())
        store.step(scan.take())
        while inbox:
            if chance.random() < 0.8:
                store.receive(inbox.pop(0))
            else:
                inbox.pop(0)
        if chance.random() < 0.2:
            store.connected(publish)


def verdict(plant: Plant, cloud: Cloud, trace: str) -> Counter[str]:
    """Judge from what was served, the trace, and the cloud's blocks."""
    accepted = {int(line.split()[4]) for line in trace.splitlines()}
    stored: Counter[int] = Counter()
    numbers: Counter[int] = Counter()
    gaps: list[tuple[int, int]] = []
    found = Counter(lost=0, uncovered=0, duplicated=0, different=0, forks=cloud.forks)
    for data in cloud.blocks.values():
        header, _, body = block.parse(data)
        if header.kind == block.STATEMENT:
            said = statement.load(body[SALT:])
            if said.kind == "gap":
                from_, to = said.fields["from"], said.fields["to"]
                gaps.append((int(from_ or 0), int(to or 1 << 62)))
            continue
        numbers.update(range(header.row_first, header.row_last + 1))
        for rows in block.decode_rows(body[SALT:], SCHEMA):
            for time, (count, value) in zip(rows.time.tolist(), rows.data.tolist(), strict=True):
                stored[count] += 1
                found["different"] += value != count * 7 or plant.served[count] != time
    found["lost"] = len(accepted - set(stored))
    found["duplicated"] = sum(n - 1 for n in stored.values()) + sum(n - 1 for n in numbers.values())
    holes = [n for n in plant.served if n not in stored]
    found["uncovered"] = sum(not any(a <= plant.served[n] <= b for a, b in gaps) for n in holes)
    found["rows"] = len(stored)
    return found


def trial(seed: int, lives: int = 6) -> Counter[str]:
    """Lives that end in a power cut at a random operation, then one that ends in peace; all of it judged."""
    chance = random.Random(seed)
    plant, cloud = Plant(), Cloud()
    reader, writer = os.pipe()
    files = SimulatedFiles(seed)
    trace, stuck = b"", 0
    for n in range(lives + 1):
        last = n == lives
        files._left = None if last else chance.randrange(1, 60)
        with contextlib.suppress(PowerCut):
            life(files, plant, cloud, writer, chance)
        if last:
            stuck = settle(files, plant, cloud, writer)
        trace += _drain(reader)
        files = files if last else files.cut()
    os.close(reader)
    os.close(writer)
    return verdict(plant, cloud, trace.decode()) + Counter(stuck=stuck)


def settle(files: SimulatedFiles, plant: Plant, cloud: Cloud, trace_fd: int) -> int:
    """A last, undisturbed start: everything left is delivered over a perfect network.

    Returns the number of blocks that the cloud still does not take.
    """
    trust = {"cloud": CLOUD_KEY.public_key()}
    store = EdgeStore(
        FOLDER, Node("n", "s", NODE_KEY), SCHEMA, trust, 1 << 20, files, Trace(trace_fd, {"m": 0})
    )
    store.begin()
    scan = Scan([GROUP], store.book.last, 5 * 10**9, lambda: plant.now, {"account"})
    inbox: list[bytes] = []

    def publish(topic: str, payload: bytes) -> bool:
        if topic.endswith("/block"):
            cloud.take(payload)
        else:
            hello = downlink.read(payload, downlink.by_fingerprint([NODE_KEY.public_key()]))
            assert isinstance(hello, Hello)
            inbox.extend(cloud.receipt(downlink.incarnation(h.incarnation), hello.nonce) for h in hello.heads)
        return True

    scan.rows(plant.read())
    store.step(scan.take())
    store.seal_all()
    for _ in range(4):
        store.connected(publish)
        while inbox:
            store.receive(inbox.pop(0))
    store.close()
    return store.unreceipted()


def _drain(fd: int) -> bytes:
    os.set_blocking(fd, False)
    out = b""
    while True:
        try:
            piece = os.read(fd, 1 << 16)
        except BlockingIOError:
            return out
        if not piece:
            return out
        out += piece


BAD = ("lost", "uncovered", "duplicated", "different", "forks", "stuck")


def bad(found: Counter[str]) -> int:
    return sum(found[name] for name in BAD)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_lost_at_power_cuts(seed: int) -> None:
    found = trial(seed)
    assert {name: found[name] for name in BAD} == dict.fromkeys(BAD, 0)
    assert found["rows"] > 10


def test_planted_no_tail_sync_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def lazy(self: Any) -> None:
        if self._pending:
            data = b"".join(self._pending)
            self._file(self._active).write(self._size, data)
            self._size += len(data)
            self._pending.clear()

    monkeypatch.setattr(write_ahead_log.WriteAheadLog, "sync", lazy)
    assert any(trial(seed)["lost"] for seed in range(20))


def test_planted_publish_before_sync_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks go out at once and are synced some blocks later: after a cut their rows are sealed a second time."""

    def later(self: Any) -> None:
        self._unsynced = getattr(self, "_unsynced", 0) + 1
        if self._unsynced % 8 == 0:
            self.segments.sync()
        self._durable, self._fresh = self._durable + self._fresh, []

    monkeypatch.setattr(Book, "sync", later)
    assert any(bad(trial(seed)) for seed in range(40))


def test_planted_freeing_by_seq_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cloud that holds another block of the same number: freeing by seq alone loses ours."""
    key = Ed25519PrivateKey.generate()
    for by_hash in (True, False):
        if not by_hash:
            monkeypatch.setattr(uplink, "received", _free_by_seq(uplink.received))
        files = SimulatedFiles(0)
        store = EdgeStore(
            FOLDER, Node("n", "s", key), SCHEMA, {"cloud": CLOUD_KEY.public_key()}, 1 << 20, files
        )
        store.begin()
        sent: list[bytes] = []
        store.connected(lambda topic, payload, sent=sent: sent.append(payload) is None)  # type: ignore[misc]
        message = downlink.read(sent[0], downlink.by_fingerprint([key.public_key()]))
        assert isinstance(message, Hello)
        (head,) = message.heads
        foreign = (Run(0, head.last, "ab" * 32),)
        receipt = Receipt("n", "account", head.incarnation, foreign, head.last, head.last)
        store.receive(downlink.write(receipt, CLOUD_KEY))
        assert store.unreceipted() == (2 if by_hash else 0)
        assert store.counts.forks == (1 if by_hash else 0)


def _free_by_seq(real: Any) -> Any:
    def received(lane: Any, receipt: Receipt, now: int) -> Any:
        hashes = {kept.seq: kept.hash.hex() for kept in lane.queue}
        runs = tuple(Run(r.first, r.last, hashes.get(r.last, r.hash)) for r in receipt.runs)
        return real(lane, Receipt(**(receipt.__dict__ | {"runs": runs})), now)

    return received


def test_what_was_receipted_stays_so_over_restarts() -> None:
    """Receipts of an earlier run count as long as its blocks are in the journal, though it is no head any more."""
    files, plant, cloud = SimulatedFiles(0), Plant(), Cloud()
    reader, writer = os.pipe()
    for _ in range(3):
        assert settle(files, plant, cloud, writer) == 0
    os.close(reader)
    os.close(writer)
    assert Book(FOLDER, files).unreceipted == {}
    assert len({incarnation for incarnation, _ in cloud.blocks}) == 3


def test_a_flipped_bit_of_the_encoder_refuses_the_seal_and_loses_nothing() -> None:
    from contract import codec1

    class Flipping:
        ID = codec1.ID
        broken = True

        def encode(self, columns: Any) -> bytes:
            good = bytearray(codec1.encode(columns))
            if self.broken:
                good[-1] ^= 1
            return bytes(good)

        def decode(self, data: bytes, shapes: Any) -> Any:
            return codec1.decode(data, shapes)

    codec, files, plant = Flipping(), SimulatedFiles(0), Plant()
    node = Node("n", "s", NODE_KEY, codec)
    store = EdgeStore(FOLDER, node, SCHEMA, {}, 1 << 20, files)
    store.begin()
    scan = Scan([GROUP], LastAccepted(), 5 * 10**9, lambda: plant.now, set())
    for _ in range(5):
        scan.rows(plant.read())
    store.step(scan.take())
    stream = store.streams["account"]
    before = len(list(store.book.segments.scan()))
    assert stream.seal() is False
    assert stream.unsealed == 5
    assert stream.seal_errors >= 1
    assert len(list(store.book.segments.scan())) == before
    codec.broken = False
    assert stream.seal() is True
    assert stream.unsealed == 0
    header = block.parse(list(store.book.segments.scan())[-1].data)[0]
    assert header.row_last - header.row_first + 1 == 5
