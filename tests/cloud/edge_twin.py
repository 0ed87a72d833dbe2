"""A node without machines: seals blocks of given rows, and speaks MQTT as an edge does, for tests of the cloud."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import paho.mqtt.client as paho
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from paho.mqtt.enums import CallbackAPIVersion

from contract import block, downlink, topics
from contract.downlink import Receipt
from contract.quality import Origin
from contract.schema import Schema
from contract.seal import Clock, Sealed, Sealer, seal_rows, seal_statement
from contract.statement import Statement
from contract.tags import Group, Layout, Rows, Tag, to_bits

SECOND = 10**9
T0 = 1_700_000_000 * SECOND
KWH = Tag("main.kwh", "uint32", "kW.h", kind="counter", scale="0.01", max_rate="0.5", meter="main")
KW = Tag("main.kw", "float32", "kW", meter="main")
METER = Group("meter", "meter", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge", (KWH, KW))
SPEED = Tag("染色机1.布速", "float64", "m/min")
DYEING = Group("dyeing", "dyeing", "opcua", "account", Layout.EVENTS, SECOND, "source", (SPEED, KWH))


def table(group: Group, times: list[int], *columns: list[Any], origin: Origin = Origin.LIVE) -> Rows:
    """Rows of a table group from one list a tag; None is a missing value."""
    data = np.zeros(len(times), group.row)
    status = np.zeros((len(times), len(columns)), np.uint8)
    for i, column in enumerate(columns):
        status[:, i] = [14 if value is None else 0 for value in column]
        data[f"f{i}"] = [0 if value is None else value for value in column]
    return Rows(group, np.array(times, np.int64), data, status if status.any() else None, origin=origin)


def events(group: Group, tag: int, times: list[int], values: list[Any]) -> Rows:
    """Events rows of one tag."""
    data = np.zeros(len(times), group.row)
    data["tag"] = tag
    data["value"] = to_bits(np.array(values, group.tags[tag].dtype))
    return Rows(group, np.array(times, np.int64), data)


class Node:
    """A node that seals; blocks: the bytes of every block, in order."""

    def __init__(
        self,
        *groups: Group,
        name: str = "mill-edge",
        site: str = "demo-mill",
        key: Ed25519PrivateKey | None = None,
        incarnation: int = 7,
        stream: str = "account",
    ) -> None:
        self.name, self.site, self.stream = name, site, stream
        self.key = key or Ed25519PrivateKey.generate()
        self.schema = Schema("00" * 32, 2 * SECOND, groups or (METER,))
        self.chain = Sealer(name, stream, incarnation, bytes(16))
        self.blocks: list[bytes] = []
        self.hashes: list[bytes] = []

    def begin(self, previous: Node | None = None) -> Node:
        """Seal the open and schema statements."""
        before = None
        if previous is not None:
            last = previous.chain
            before = {
                "incarnation": f"{last.incarnation:016x}",
                "seq": last.seq - 1,
                "row_last": last.row_next - 1,
                "hash": last.prev.hex(),
            }
            self.chain = Sealer(
                last.node,
                last.stream,
                self.chain.incarnation,
                bytes(16),
                0,
                last.prev,
                row_next=last.row_next,
            )
        self.say("open", node=self.name, site=self.site, previous=before, cause="start")
        self.say("schema", **self.schema.to_fields())
        return self

    def say(self, kind: str, **fields: Any) -> Sealed:
        """Seal a statement."""
        sealed = seal_statement(Statement(kind, fields), self.chain, self._clock(), self.key, os.urandom(16))
        return self._keep(sealed)

    def rows(self, *parts: Rows) -> Sealed:
        """Seal rows."""
        count = sum(len(part) for part in parts)
        sealed = seal_rows(parts, count, self.schema, self.chain, self._clock(), self.key, os.urandom(16))
        return self._keep(sealed)

    def reading(self, number: int) -> Sealed:
        """Seal one row of the meter: kWh = number, kW = number / 4, at second number."""
        return self.rows(table(METER, [T0 + number * SECOND], [number], [number / 4]))

    def trust(self, folder: Path) -> None:
        """List the node's key in a trust folder."""
        folder.mkdir(parents=True, exist_ok=True)
        pem = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / f"{self.name}.pub").write_bytes(pem)

    def _keep(self, sealed: Sealed) -> Sealed:
        self.chain = sealed.chain
        self.blocks.append(sealed.data)
        self.hashes.append(sealed.hash)
        return sealed

    def _clock(self) -> Clock:
        return Clock(T0, 1, 2)


def raw(node: Node, body: bytes, kind: int = 0) -> bytes:
    """A block of the node with any body at all, correctly linked and signed; the chain goes on behind it."""
    last = block.parse(node.blocks[-1])[0]
    header = replace(
        last,
        seq=node.chain.seq,
        prev=node.chain.prev,
        schema_seq=node.chain.schema_seq,
        schema=node.chain.schema,
        kind=kind,
        body_len=len(body),
        body_hash=sha256(body).digest(),
    )
    data = header.pack() + node.key.sign(header.hash) + body
    node.chain = replace(node.chain, seq=node.chain.seq + 1, prev=header.hash)
    node.blocks.append(data)
    node.hashes.append(header.hash)
    return data


class Client:
    """A node's end of the broker: publishes, and keeps the receipts that came."""

    def __init__(self, node: str, port: int, user: str | None = None, password: str | None = None) -> None:
        self.raw: list[bytes] = []
        ready: list[bool] = []
        self._node = node
        self._client = paho.Client(CallbackAPIVersion.VERSION2, clean_session=True)
        if user is not None:
            self._client.username_pw_set(user, password)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_connect = lambda client, *_: client.subscribe(topics.all_down(node))
        self._client.on_subscribe = lambda *_: ready.append(True)
        self._client.on_message = self._take
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        until(lambda: ready)

    def send(self, data: bytes, kind: str = "block", node: str | None = None) -> None:
        """Publish one message at QoS 0."""
        self._client.publish(f"{topics.PREFIX}/up/{node or self._node}/{kind}", data)

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def _take(self, client: Any, data: Any, message: Any) -> None:
        self.raw.append(message.payload)

    def read(self, cloud: Any) -> list[Receipt]:
        """The receipts so far, checked against the cloud's public key."""
        keys = downlink.by_fingerprint([cloud])
        found = [downlink.read(data, keys) for data in list(self.raw)]
        assert all(isinstance(item, Receipt) for item in found)
        return found  # type: ignore[return-value]


def until(true: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Wait for something to become true and return it."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)
    return found


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listening(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def mosquitto(folder: Path, port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """A real broker without persistence, ended with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"listener {port} 127.0.0.1", "persistence false", "user root", *more]
    if not more:
        lines.append("allow_anonymous true")
    (folder / "mosquitto.conf").write_text("\n".join(lines) + "\n")
    log = (folder / "mosquitto.log").open("ab")
    command = ["/usr/sbin/mosquitto", "-c", str(folder / "mosquitto.conf")]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        until(lambda: listening(port))
        yield process
    finally:
        process.terminate()
        process.wait(10)
        log.close()


def command(*words: str) -> list[str]:
    """A command line of steelyard-cloud as it is installed."""
    return [str(Path(sys.executable).parent / "steelyard-cloud"), *words]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of steelyard-cloud to its end."""
    return subprocess.run(command(*words), capture_output=True, text=True, timeout=60, check=False)


def workdir(folder: Path, broker_port: int, http_port: int, *nodes: Node) -> Path:
    """A folder with cloud.yaml, the cloud's key and the nodes' keys; returns it."""
    cloud = folder / "cloud"
    cloud.mkdir(parents=True, exist_ok=True)
    (cloud / "cloud.yaml").write_text(
        f"broker: {{host: 127.0.0.1, port: {broker_port}}}\n"
        f"http: {{host: 127.0.0.1, port: {http_port}}}\n"
        "sites:\n"
        "  - {id: demo-mill, name_zh: 演示印染厂, name_en: Demo mill, tz: Asia/Shanghai, province: 浙江}\n",
        encoding="utf-8",
    )
    done = run("init", "--workdir", str(folder))
    assert done.returncode == 0, done.stderr
    for node in nodes:
        node.trust(cloud / "trust")
    return folder
