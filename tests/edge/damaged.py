"""An edge with damaged bytes in its folder, before a real ledger; and a judge that looks at blocks alone."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cloud.ingest.commit import Commit, Trust
from cloud.ingest.health import IngestCounters
from cloud.ingest.inbox import Message
from cloud.ledger import Ledger, integrity, read
from contract import block, seal, statement
from contract.block import SALT, Header
from contract.schema import Schema
from contract.statement import Statement
from contract.tags import Group, Layout, Rows, Tag
from edge import clock
from edge.edge_store import EdgeStore
from edge.node import Node
from edge.scan import Scan
from journal.records import Record, walk
from journal.simulated import SimulatedFiles

SECOND = 10**9
NODE_KEY, CLOUD_KEY = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
TAGS = (Tag("m.reads", "uint32", "{count}", "counter", max_rate="10"),)
GROUP = Group("m", "m", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge", TAGS)
SCHEMA = Schema("0" * 64, 0, (GROUP,))
FOLDER = Path("/journal")


class Clock:
    """Time that goes on only when it is told to; the plant serves one count a second."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new plant."""
        self.now = 10**18
        self.served: dict[int, int] = {}

    def read(self) -> Rows:
        self.now += SECOND
        number = len(self.served) + 1
        self.served[number] = self.now
        return Rows(GROUP, np.array([self.now], np.int64), np.array([(number,)], GROUP.row))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the test, which is the edge's as well."""
    found = Clock()
    monkeypatch.setattr(clock, "boottime", lambda: found.now - 10**18)
    monkeypatch.setattr(clock, "utc", lambda: found.now)
    return found


class Cloud:
    """A real commit over a ledger in a folder; what goes up may be lost on the way."""

    def __init__(self, folder: Path, loss: float = 0.0, seed: int = 0) -> None:
        self.folder, self.counters, self._loss, self._chance = (
            folder,
            IngestCounters(),
            loss,
            random.Random(seed),
        )
        (folder / "trust").mkdir(parents=True, exist_ok=True)
        pem = NODE_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "trust" / "n.pub").write_bytes(pem)
        self.ledger = Ledger(folder / "ledger")
        self._commit = Commit(self.ledger, Trust(folder / "trust"), CLOUD_KEY, self.counters)
        self.inbox: list[bytes] = []

    def publish(self, topic: str, payload: bytes) -> bool:
        """Take one message in; the receipts wait in the inbox."""
        if self._chance.random() >= self._loss:
            self.inbox += [item.data for item in self._commit.group([Message(topic, payload, 1)])]
        return True

    def close(self) -> None:
        self.ledger.close()

    def blocks(self) -> list[bytes]:
        return [record.data for record in read(self.folder / "ledger")]


def start(files: SimulatedFiles, keep: int = 64 << 20) -> EdgeStore:
    """An edge store that has begun."""
    trust = {"cloud": CLOUD_KEY.public_key()}
    store = EdgeStore(FOLDER, Node("n", "s", NODE_KEY), SCHEMA, trust, 1 << 18, files, keep=keep)
    store.begin()
    return store


def scan_of(store: EdgeStore, machine: Clock) -> Scan:
    known = {"account"} if store.streams["account"].started_before else set()
    return Scan([GROUP], store.book.last, 5 * SECOND, lambda: machine.now, known)


def live(
    store: EdgeStore,
    machine: Clock,
    cloud: Cloud | None,
    steps: int,
    scan: Scan | None = None,
    seal_each: int = 3,
) -> Scan:
    """Some steps of a running edge, one read each; with a cloud or without a connection."""
    scan = scan or scan_of(store, machine)
    for step in range(steps):
        scan.rows(machine.read())
        store.step(scan.take())
        if step % seal_each == seal_each - 1:
            store.seal_all()
        answer(store, cloud)
    return scan


def answer(store: EdgeStore, cloud: Cloud | None) -> None:
    """Hand the receipts over that wait."""
    while cloud is not None and cloud.inbox:
        store.receive(cloud.inbox.pop(0))


def settle(store: EdgeStore, machine: Clock, cloud: Cloud, most: int = 400) -> int:
    """Time goes on until nothing waits for a receipt any more; the number of blocks that still do."""
    for _ in range(most):
        machine.now += SECOND
        store.step([])
        answer(store, cloud)
        if store.unreceipted() == 0:
            break
    return store.unreceipted()


def headers(data: list[bytes]) -> Iterator[tuple[Header, bytes]]:
    for item in data:
        header, body = seal.verify(item, NODE_KEY.public_key())
        yield header, body


def statements(data: list[bytes], kind: str) -> list[Statement]:
    """The statements of one kind."""
    found = [statement.load(body[SALT:]) for header, body in headers(data) if header.kind == block.STATEMENT]
    return [item for item in found if item.kind == kind]


def counts_in(data: list[bytes], again: set[int] | None = None) -> dict[int, int]:
    """The counts in these blocks and their time; each must stand once, but for those *again* at the same time."""
    found: dict[int, int] = {}
    for header, body in headers(data):
        for rows in block.decode_rows(body[SALT:], SCHEMA) if header.kind == block.ROWS else ():
            for at, (count,) in zip(rows.time.tolist(), rows.data.tolist(), strict=True):
                twice = count in found and not (again and count in again and found[count] == at)
                assert not twice, f"count {count} stands twice"
                found[count] = at
    return found


@dataclass
class Verdict:
    """What the judge found; everything empty or 0 is what must be, but lost, which damage may cost."""

    stuck: int = 0
    slow: float = 0.0
    lost: set[int] = field(default_factory=set)
    too_many: set[int] = field(default_factory=set)
    unsaid: set[int] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return not (self.stuck or self.too_many or self.unsaid or self.wrong) and self.slow <= 2.0


def judge(machine: Clock, cloud: Cloud, before: set[bytes], touched: set[int], stuck: int) -> Verdict:
    """Compare the ledger with what the plant served.

    before: blocks that the cloud had before the damage. When the journal lost such a block and the cursor did not know
    of its receipt, its rows may still be in the tail and are sealed again: equal rows, of which precedence takes one.
    touched: counts whose bytes the damage hit.
    """
    verdict = Verdict(stuck)
    data = cloud.blocks()
    found = counts_in(data, set(counts_in(list(before))) & touched)
    verdict.wrong += [f"count {n} at another time" for n, at in found.items() if machine.served.get(n) != at]
    verdict.lost = set(machine.served) - set(found)
    verdict.too_many = verdict.lost - touched
    gaps = [(int(g.fields["from"] or 0), int(g.fields["to"] or 1 << 62)) for g in statements(data, "gap")]
    verdict.unsaid = {n for n in verdict.lost if not any(a <= machine.served[n] <= b for a, b in gaps)}
    keys = {"n": NODE_KEY.public_key()}
    verdict.wrong += [f"{b.where}: {b.why}" for b in integrity.survey(cloud.folder / "ledger", keys).bad]
    verdict.wrong += list(_holes(data))
    return verdict


def _holes(data: list[bytes]) -> Iterator[str]:
    """Every seq that is missing is declared, and none that is there."""
    there = {(header.incarnation, header.seq) for header, _ in headers(data)}
    declared = set()
    for hole in statements(data, "hole"):
        number = int(hole.fields["incarnation"], 16)
        declared |= {(number, seq) for seq in range(hole.fields["first"], hole.fields["last"] + 1)}
    yield from (f"{number:016x}/{seq} is there and declared gone" for number, seq in declared & there)
    ends = {number: max(seq for n, seq in there if n == number) for number, _ in there}
    for number, last in ends.items():
        missing = {(number, seq) for seq in range(last)} - there - declared
        yield from (f"{number:016x}/{seq} is missing and nobody says so" for _, seq in missing)


def touched_by(old: dict[Path, bytes], new: dict[Path, bytes]) -> set[int]:
    """The counts in records of segments and tails whose bytes are not what they were."""
    found: set[int] = set()
    for path, data in old.items():
        now = new.get(path, b"")
        items = [item for item in walk(data, 0) if isinstance(item, Record)]
        for item in items:
            a, b = item.position & 0xFFFFFFFF, item.next & 0xFFFFFFFF
            if now[a:b] != data[a:b]:
                found |= _counts(path, item.data)
        if path.name.startswith("tail") and items and now[: items[0].next] != data[: items[0].next]:
            found |= {n for item in items for n in _counts(path, item.data)}
    return found


def beginnings(old: dict[Path, bytes], new: dict[Path, bytes]) -> set[int]:
    """The counts in chains whose beginning was hit in both places: nobody can read their rows any more."""
    hit: dict[tuple[int, int], list[bool]] = {}
    rows: dict[int, set[int]] = {}
    for path, data in old.items():
        for item in walk(data, 0) if path.suffix in (".seg", ".blocks") else ():
            if isinstance(item, Record):
                header, _, _ = block.parse(item.data)
                a, b = item.position & 0xFFFFFFFF, item.next & 0xFFFFFFFF
                hit.setdefault((header.incarnation, header.seq), []).append(new[path][a:b] != data[a:b])
                rows.setdefault(header.incarnation, set()).update(_counts(path, item.data))
    gone = {number for (number, seq), places in hit.items() if len(places) > 1 and all(places)}
    return {count for number in gone for count in rows[number]}


def _counts(path: Path, data: bytes) -> set[int]:
    if path.suffix == ".seg":
        header, _, body = block.parse(data)
        rows = block.decode_rows(body[SALT:], SCHEMA) if header.kind == block.ROWS else []
        return {count for part in rows for (count,) in part.data.tolist()}
    if path.name.startswith("tail"):  # one record for each read: the count is the last word
        return {int.from_bytes(data[-4:], "little")}
    return set()


def damage(files: dict[Path, bytes], chance: random.Random, names: tuple[str, ...]) -> dict[Path, bytes]:
    """One to three changes at random places: flipped bits, runs of zeros or noise, a cut."""
    out = dict(files)
    paths = [path for path in out if path.name.endswith(names) or path.name.startswith(names)]
    weights = [len(out[path]) for path in paths]
    for _ in range(chance.choice([1, 1, 2, 3])):
        path = chance.choices(paths, weights)[0]
        data = bytearray(out[path])
        if not data:
            continue
        at, how = chance.randrange(len(data)), chance.randrange(5)
        size = min(chance.randrange(1, 600), len(data) - at)
        if how <= 1:
            data[at] ^= 1 << chance.randrange(8)
        elif how == 2:
            data[at : at + size] = bytes(size)
        elif how == 3:
            data[at : at + size] = chance.randbytes(size)
        else:
            del data[at:]
        out[path] = bytes(data)
    return out


def edges(data: bytes) -> list[tuple[int, int]]:
    """Begin and end of each record of a segment."""
    ends = [item.next & 0xFFFFFFFF for item in walk(data, 0) if isinstance(item, Record)]
    return list(pairwise([0, *ends]))


def timed(files: SimulatedFiles, keep: int = 64 << 20) -> tuple[EdgeStore, float]:
    """A start and how long it took, s."""
    begun = time.monotonic()
    return start(files, keep), time.monotonic() - begun
