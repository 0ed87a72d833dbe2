"""An edge of the tests' own making: meters and a machine whose values the tests know."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

import numpy as np
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from contract import topics
from contract.quality import Quality
from contract.schema import Schema
from contract.seal import Clock, Sealed, Sealer, seal_rows, seal_statement
from contract.statement import Statement
from contract.tags import EVENT, Group, Layout, Rows, Tag, to_bits

SECOND = 10**9


class Node:
    """Seals a block a second of each device that is not in ``stopped``; ``rewind`` makes it send all of them again."""

    GROUPS = (
        ("main-meter", "main", "electricity", ("总表", "Main meter"), "kW.h", "kW", 525.0),
        ("steam-meter", "steam", "steam", ("蒸汽", "Steam"), "t", "t/h", 6.5),
        ("gas-meter", "gas", "gas", ("天然气", "Natural gas"), "m3", "m3/h", 150.0),
        ("water-meter", "water", "water", ("用水", "Water"), "m3", "m3/h", 42.0),
    )

    def __init__(self, key: Any, port: int) -> None:
        self.stopped: set[str] = set()
        self.rewind = threading.Event()
        self._key, self._ends = key, threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="small-edge")
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._chain = Sealer("small-edge", "account", int.from_bytes(os.urandom(8), "big"), os.urandom(16))
        self._schema = Schema("0" * 64, SECOND, (*(_meter(*g) for g in self.GROUPS), _machines()))
        self._sent: list[bytes] = []
        self._thread = threading.Thread(target=self._run, name="node of the test", daemon=True)

    def start(self) -> None:
        """Declare what the node reads, with ten minutes of history, and go on second by second."""
        self._say("open", node="small-edge", site="small-mill", previous=None, cause="start", boot="00" * 16,
                  clock={"boot_ns": str(time.monotonic_ns()), "utc_ns": str(time.time_ns())}, version="0")  # fmt: skip
        self._say("schema", **self._schema.to_fields())
        now = time.time_ns() // SECOND
        known = [second for second in range(now - 620, now) if not now - 300 < second < now - 240]
        for start in range(0, len(known), 60):
            self._rows(known[start : start + 60])
        self._thread.start()

    def close(self) -> None:
        """Stop reading."""
        self._ends.set()
        self._thread.join(5)
        self._client.disconnect()
        self._client.loop_stop()

    def _run(self) -> None:
        second = time.time_ns() // SECOND
        while not self._ends.wait(max(second + 1 - time.time(), 0)):
            second += 1
            if self.rewind.is_set():
                self.rewind.clear()
                for data in self._sent:
                    self._publish(data)
            self._rows([second])

    def _say(self, kind: str, **fields: Any) -> None:
        self._send(seal_statement(Statement(kind, fields), self._chain, _clock(), self._key, os.urandom(16)))

    def _rows(self, seconds: list[int]) -> None:
        groups = [g for g in self._schema.groups if g.device not in self.stopped]
        rows = [_table(g, seconds) if g.layout is Layout.TABLE else _events(g, seconds) for g in groups]
        rows = [each for each in rows if len(each)]
        if rows:
            count = sum(map(len, rows))
            salt = os.urandom(16)
            self._send(seal_rows(rows, count, self._schema, self._chain, _clock(), self._key, salt))

    def _send(self, sealed: Sealed) -> None:
        self._chain = sealed.chain
        self._sent.append(sealed.data)
        self._publish(sealed.data)

    def _publish(self, data: bytes) -> None:
        self._client.publish(topics.block("small-edge"), data).wait_for_publish(5)


def _meter(
    device: str, meter: str, carrier: str, title: tuple[str, str], total: str, flow: str, _middle: float
) -> Group:
    zh, en = title
    of = {"meter": meter, "carrier": carrier}
    counter = Tag(
        f"{meter}.total",
        "uint32",
        total,
        "counter",
        "0.01",
        max_rate="10",
        zh=f"{zh}累计",
        en=f"{en} total",
        **of,
    )
    gauge = Tag(f"{meter}.flow", "float32", flow, zh=f"{zh}瞬时", en=f"{en} rate", **of)
    return Group(device, device, "modbus-tcp", "account", Layout.TABLE, SECOND, "edge", (counter, gauge))


def _machines() -> Group:
    tags = (
        Tag("染色机1.布速", "float64", "m/min", zh="1号染色机布速", en="Dyeing machine 1 cloth speed"),
        Tag("wastewater.ph", "float64", "[pH]", zh="污水站酸碱度", en="Wastewater pH"),
    )
    return Group("machines", "machines", "opcua", "account", Layout.EVENTS, SECOND, "source", tags)


def _table(group: Group, seconds: list[int]) -> Rows:
    middle = next(g[-1] for g in Node.GROUPS if g[0] == group.device)
    at = np.array(seconds, np.int64)
    data = np.zeros(len(at), group.row)
    data["f0"] = (at - at[0] // 86400 * 86400 + 1000).astype("<u4")
    data["f1"] = middle * (1 + 0.05 * np.sin(at / 40))
    return Rows(group, at * SECOND, data)


def _events(group: Group, seconds: list[int]) -> Rows:
    at = np.array(seconds * len(group.tags), np.int64)
    data = np.zeros(len(at), EVENT)
    data["tag"] = np.repeat(np.arange(len(group.tags)), len(seconds))
    data["value"] = to_bits(np.where(data["tag"] == 0, 62.5, 7.4) + np.sin(at / 30) * 0.1)
    status = np.where(data["tag"] == 0, Quality.GOOD, Quality.UNCERTAIN).astype(np.uint8)
    return Rows(group, at * SECOND, data, status, alive_until=int(at[-1]) * SECOND)


def _clock() -> Clock:
    return Clock(time.time_ns(), time.monotonic_ns(), time.monotonic_ns())
