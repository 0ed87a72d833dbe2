"""OPC UA: what an asyncua client is sent against the plant's account."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import struct
from datetime import UTC, datetime
from typing import Any

import pytest
from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.uaerrors import UaError, UaStatusCodeError

logging.getLogger("asyncua").setLevel(logging.CRITICAL)
LAYOUTS = {"int32": "<i", "uint32": "<I", "float64": "<d"}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Collector:
    """Every notification: (node, value, source time)."""

    def __init__(self) -> None:
        self.got: list[tuple[str, float, datetime]] = []

    def datachange_notification(self, node: Any, value: float, data: Any) -> None:
        stamp = data.monitored_item.Value.SourceTimestamp
        self.got.append((node.nodeid.to_string(), value, stamp))


def tags_of(plant: Any) -> dict[str, dict[str, Any]]:
    return {tag["node"]: tag for tag in plant.listed()["tags"] if tag["node"]}


def endpoint(plant: Any) -> str:
    device = next(d for d in plant.listed()["devices"] if d["protocol"] == "opcua")
    return str(device["endpoint"])


def rfc3339(stamp: datetime) -> str:
    return f"{stamp:%Y-%m-%dT%H:%M:%S.%f}000Z"


def as_rows(plant: Any, got: list[tuple[str, float, datetime]]) -> set[tuple[str, str, str, str]]:
    """What the account must say of these notifications."""
    tags = tags_of(plant)
    rows = set()
    for node, value, stamp in got:
        tag = tags[node]
        wire = struct.pack(LAYOUTS[tag["type"]], value).hex()
        rows.add((tag["tag"], rfc3339(stamp), repr(value), wire))
    return rows


def accounted(plant: Any) -> list[tuple[str, str, str, str]]:
    rows = plant.rows("machines")
    assert all(row["counter"] == "" for row in rows)
    return [(row["tag"], row["time"], row["raw"], row["hex"]) for row in rows]


async def subscribe(client: Client, plant: Any, period_ms: float = 200) -> tuple[Any, Collector]:
    collector = Collector()
    subscription = await client.create_subscription(period_ms, collector)
    nodes = [client.get_node(node) for node in tags_of(plant)]
    await subscription.subscribe_data_change(nodes, queuesize=100)
    return subscription, collector


async def farewell(client: Client) -> None:
    """End a client whose connection may be gone."""
    with contextlib.suppress(ConnectionError, UaError, TimeoutError):
        await client.disconnect()


async def settled(plant: Any, collector: Collector) -> None:
    """Hold the values and wait until no notification comes any more."""
    assert (await asyncio.to_thread(plant.command, "hold")).returncode == 0
    seen = -1
    while seen != len(collector.got):
        seen = len(collector.got)
        await asyncio.sleep(0.5)


@pytest.fixture
def fast(plant: Any) -> Any:
    """A mill at 20 times real time, so that much changes in a short while."""
    plant.start("--seed", "5", "--speed", "20")
    return plant


async def test_a_subscriber_gets_what_the_account_says_and_nothing_else(fast: Any) -> None:
    async with Client(endpoint(fast)) as client:
        assert accounted(fast) == [], "nobody has subscribed yet"
        subscription, collector = await subscribe(client, fast)
        await asyncio.sleep(2)
        await settled(fast, collector)
        await subscription.delete()
    rows = accounted(fast)
    assert len(rows) == len(set(rows))
    assert set(rows) == as_rows(fast, collector.got)
    assert len(collector.got) == len(rows)
    by_tag: dict[str, list[str]] = {}
    for tag, time, _, _ in rows:
        by_tag.setdefault(tag, []).append(time)
    assert set(by_tag) == {tag["tag"] for tag in tags_of(fast).values()}
    assert all(times == sorted(set(times)) for times in by_tag.values())
    assert len(by_tag["染色机1.布速"]) > len(by_tag["wastewater.nh3n"]), "some change rarely"


async def test_names_types_and_grants(fast: Any) -> None:
    tags = tags_of(fast)
    assert sum(any(ord(c) > 0x4E00 for c in t["tag"]) for t in tags.values()) >= 2
    async with Client(endpoint(fast)) as client:
        for node, tag in tags.items():
            name = await client.get_node(node).read_browse_name()
            assert name.Name == tag["tag"]
        variant = ua.DataValue(ua.Variant(5.0, ua.VariantType.Double))
        with pytest.raises(UaStatusCodeError):
            await client.get_node("ns=2;s=dye1.speed").write_value(variant)
    assert {tags[n]["type"] for n in tags} == {"int32", "uint32", "float64"}


async def test_a_second_subscription_accounts_no_value_twice(fast: Any) -> None:
    async with Client(endpoint(fast)) as one, Client(endpoint(fast)) as two:
        _, first = await subscribe(one, fast)
        await asyncio.sleep(0.7)
        _, second = await subscribe(two, fast)
        await asyncio.sleep(0.7)
        await settled(fast, first)
        await settled(fast, second)
    rows = accounted(fast)
    assert len(rows) == len(set(rows))
    assert set(rows) == as_rows(fast, first.got + second.got)


async def test_nothing_is_served_to_a_client_that_is_gone(fast: Any) -> None:
    client = Client(endpoint(fast))
    await client.connect()
    await subscribe(client, fast)
    await asyncio.sleep(0.5)
    protocol: Any = client.uaclient.protocol
    protocol.transport.abort()
    await asyncio.sleep(0.5)
    before = len(accounted(fast))
    await asyncio.sleep(1)
    assert len(accounted(fast)) == before
    await farewell(client)


async def test_stop_sends_what_is_queued_and_start_goes_on(fast: Any) -> None:
    client = Client(endpoint(fast))
    await client.connect()
    _, collector = await subscribe(client, fast, 1000)
    await asyncio.sleep(1.2)
    assert (await asyncio.to_thread(fast.command, "stop", "machines")).returncode == 0
    await asyncio.sleep(0.5)
    stopped = accounted(fast)
    assert set(stopped) == as_rows(fast, collector.got)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", fast.port("machines"))
    done = await asyncio.to_thread(fast.command, "start", "machines", "--json")
    assert json.loads(done.stdout) == {"device": "machines", "running": True}
    async with Client(endpoint(fast)) as again:
        _, collector = await subscribe(again, fast)
        await asyncio.sleep(1)
        await settled(fast, collector)
    assert set(accounted(fast)[len(stopped) :]) <= as_rows(fast, collector.got)
    assert len(accounted(fast)) > len(stopped)
    await farewell(client)


async def test_a_restarted_plant_goes_on_in_time(fast: Any) -> None:
    async with Client(endpoint(fast)) as client:
        await subscribe(client, fast)
        await asyncio.sleep(0.7)
        await asyncio.to_thread(fast.kill)
    await asyncio.to_thread(fast.start, "--speed", "20")
    async with Client(endpoint(fast)) as client:
        _, collector = await subscribe(client, fast)
        await asyncio.sleep(0.7)
        await settled(fast, collector)
    latest: dict[str, str] = {}
    for tag, time, _, _ in accounted(fast):
        assert time > latest.get(tag, "")
        latest[tag] = time


async def test_hostile_bytes_do_not_end_the_server(fast: Any) -> None:
    port = fast.port("machines")
    for data in (b"\0" * 64, b"HELF" + b"\xff" * 60, b"OPNF\x08\0\0\0", b"MSGF\x20\0\0\0" + b"\x41" * 24):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    async with Client(endpoint(fast)) as client:
        assert await client.get_node("ns=2;s=dye1.state").read_value() in range(6)
