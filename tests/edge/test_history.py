"""A recorded history beside live rows: power cuts at any write lose and double none of both; live goes first."""

from __future__ import annotations

import contextlib
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import block, downlink, seal
from contract.block import SALT
from contract.downlink import Hello, Receipt, Run
from contract.quality import Origin
from contract.schema import Schema
from contract.tags import Group, Layout, Rows, Tag
from edge import edge_store
from edge.edge_store import EdgeStore
from edge.history import SLICE, History
from edge.node import Node
from edge.pieces import raw_size
from edge.scan import Fresh
from journal.simulated import PowerCut, SimulatedFiles

NODE_KEY, CLOUD_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
FOLDER = Path("/journal")
QUARTER = 900 * 10**9


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Little is on its way, so that the history takes many steps."""
    monkeypatch.setattr(edge_store, "AHEAD", 70_000)


def group(name: str) -> Group:
    tags = tuple(Tag(f"{name}.{i}", "uint32", "kW.h", "counter", max_rate="10") for i in range(20))
    return Group(name, name, "modbus-tcp", "account", Layout.TABLE, 10**9, "device", tags)


GROUPS = (group("a"), group("b"))
SCHEMA = Schema("0" * 64, 10**9, GROUPS)


def rows(of: Group, first: int, count: int, origin: Origin = Origin.BACKFILL) -> Rows:
    """Rows a quarter of an hour apart, from quarter *first* on; each value is the number of its quarter."""
    data = np.zeros(count, of.row)
    for name in data.dtype.names or ():
        data[name] = np.arange(first, first + count)
    return Rows(of, (first + np.arange(count, dtype=np.int64)) * QUARTER, data, origin=origin)


def recorded() -> list[Rows]:
    return [rows(GROUPS[0], 1, 4000), rows(GROUPS[1], 500, 2000)]


class Cloud:
    """Takes what links, and says so; loses some messages when *chance* says so."""

    def __init__(self) -> None:
        self.blocks: dict[tuple[int, int], bytes] = {}
        self.inbox: list[bytes] = []
        self.order: list[int] = []

    def publish(self, topic: str, payload: bytes) -> bool:
        if topic.endswith("/block"):
            header, _ = seal.verify(payload, NODE_KEY.public_key())
            before = self.blocks.get((header.incarnation, header.seq - 1))
            if header.seq == 0 or (before and block.parse(before)[0].hash == header.prev):
                self.blocks[header.incarnation, header.seq] = payload
                self.order.append(header.origins)
            self.inbox.append(self._receipt(header.incarnation, None))
        else:
            hello = downlink.read(payload, downlink.by_fingerprint([NODE_KEY.public_key()]))
            assert isinstance(hello, Hello)
            for head in hello.heads:
                self.inbox.append(self._receipt(downlink.incarnation(head.incarnation), hello.nonce))
        return True

    def _receipt(self, incarnation: int, nonce: str | None) -> bytes:
        last = max((seq for of, seq in self.blocks if of == incarnation), default=-1)
        runs: tuple[Run, ...] = ()
        if last >= 0:
            runs = (Run(0, last, block.parse(self.blocks[incarnation, last])[0].hash.hex()),)
        said = Receipt("n", "account", f"{incarnation:016x}", runs, last, last, (), nonce)
        return downlink.write(said, CLOUD_KEY)

    def stored(self) -> Counter[tuple[str, int, int]]:
        """(group, origin, quarter) of every row; its values are checked."""
        found: Counter[tuple[str, int, int]] = Counter()
        for data in self.blocks.values():
            header, _, body = block.parse(data)
            if header.kind == block.STATEMENT:
                continue
            for part in block.decode_rows(body[SALT:], SCHEMA):
                for at, values in zip(part.time.tolist(), part.data.tolist(), strict=True):
                    assert set(values) == {at // QUARTER}
                    found[part.group.id, int(part.origin), at // QUARTER] += 1
        return found


def store(files: SimulatedFiles) -> EdgeStore:
    trust = {"cloud": CLOUD_KEY.public_key()}
    made = EdgeStore(
        FOLDER, Node("n", "s", NODE_KEY), SCHEMA, trust, 1 << 20, files, history=History(recorded())
    )
    made.begin()
    return made


def live(sut: EdgeStore, quarter: int) -> None:
    sut.step([Fresh("account", None, rows(GROUPS[0], quarter, 1, Origin.LIVE))])


@pytest.mark.parametrize("seed", range(25))
def test_power_cuts_lose_and_double_nothing(seed: int) -> None:
    chance, cloud, files, quarter = random.Random(seed), Cloud(), SimulatedFiles(seed), 100_000
    accepted: set[int] = set()
    for n in range(8):
        files._left = None if n == 7 else chance.randrange(1, 40)
        with contextlib.suppress(PowerCut):
            sut = store(files)
            sut.connected(cloud.publish)
            for _ in range(4 if n < 7 else 60):
                quarter += 1
                live(sut, quarter)
                accepted.add(quarter)
                while cloud.inbox:
                    message = cloud.inbox.pop(0)
                    if chance.random() < 0.8 or n == 7:
                        sut.receive(message)
                sut.connected(cloud.publish)
            sut.seal_all()
            while cloud.inbox:
                sut.receive(cloud.inbox.pop(0))
        files = files if n == 7 else files.cut()
        cloud.inbox.clear()
    assert sut.status()["recorded_left"] == 0 and sut.unreceipted() == 0
    stored = cloud.stored()
    assert set(stored.values()) == {1}
    found = {key for key in stored if key[1] == Origin.BACKFILL}
    assert found == {(part.group.id, 1, int(t) // QUARTER) for part in recorded() for t in part.time}
    assert accepted <= {quarter for _, origin, quarter in stored if origin == Origin.LIVE}


def test_a_node_that_begins_again_hands_nothing_over_twice() -> None:
    files, cloud = SimulatedFiles(1), Cloud()
    for _ in range(3):
        sut = store(files)
        sut.connected(cloud.publish)
        for _ in range(30):
            sut.step([])
            while cloud.inbox:
                sut.receive(cloud.inbox.pop(0))
        assert sut.status()["recorded_left"] == 0
        sut.close()
    assert len(cloud.stored()) == 6000 and set(cloud.stored().values()) == {1}


def test_without_a_cloud_little_is_handed_over_and_what_is_live_goes_on() -> None:
    sut = store(SimulatedFiles(1))
    for quarter in range(100_000, 100_050):
        live(sut, quarter)
    assert sut.status()["recorded_left"] > 0
    assert sut.status()["unreceipted_bytes"] < 2 * edge_store.AHEAD
    assert sut.status()["accepted_rows"] - (6000 - sut.status()["recorded_left"]) == 50


def test_a_block_holds_live_or_recorded_rows_but_not_both_and_live_ones_go_first() -> None:
    files, cloud = SimulatedFiles(1), Cloud()
    sut = store(files)
    sut.connected(cloud.publish)
    for quarter in range(100_000, 100_020):
        live(sut, quarter)
        while cloud.inbox:
            sut.receive(cloud.inbox.pop(0))
    origins = [item for item in cloud.order if item]
    assert set(origins) == {1, 2} and origins[0] == 1


def test_slices_are_small_and_go_on_from_old_to_new_over_all_groups() -> None:
    history = History(recorded())
    history.resume({"a": 10 * QUARTER})
    assert history.left == 3990 + 2000
    newest, seen = 0, 0
    while found := history.next("account"):
        assert sum(map(raw_size, found)) <= SLICE + 200
        assert min(int(part.time[0]) for part in found) > newest
        newest = max(int(part.time[-1]) for part in found)
        seen += sum(map(len, found))
    assert (seen, history.left, history.next("process")) == (5990, 0, [])


EDGE = """\
node: n
site: s
devices:
  - id: m
    protocol: modbus-tcp
    host: 127.0.0.1
    history: old/m.npz
    groups:
      - {id: m, every: 1, tags: [{name: m.kw, type: int16, unit: kW, address: 0}]}
"""


def test_a_file_that_does_not_fit_is_one_line_and_exit_2(tmp_path: Path) -> None:
    config = tmp_path / "edge.yaml"
    config.write_text(EDGE)
    command = Path(sys.executable).parent / "steelyard-edge"

    def run(what: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([command, what, "--config", config], capture_output=True, text=True, timeout=60)

    assert run("init").returncode == 0
    path = tmp_path / "old" / "m.npz"
    path.parent.mkdir()
    for content, said in ((None, "no such file"), (b"time,m.kw", "not a recorded history (.npz)")):
        if content is not None:
            path.write_bytes(content)
        found = run("run")
        assert found.returncode == 2
        (line,) = [line for line in found.stderr.splitlines() if "history" in line or "file" in line]
        assert line.startswith(f"{path}: {said}") and "Traceback" not in found.stderr
