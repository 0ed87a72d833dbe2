"""The OPC UA driver against a real server: every change once, with the source's time and status."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from asyncua import ua as ua_types
from asyncua.server.server import Server

from contract.quality import Quality
from contract.tags import EVENT, Group, Layout, Rows, Tag, from_bits
from drivers.base import Driver
from drivers.opcua.plan import OpcuaDevice, OpcuaGroup
from drivers.table import driver

ua: Any = ua_types  # its annotations name wire types
START = datetime(2026, 1, 1, tzinfo=UTC)
START_NS = 1_767_225_600 * 10**9


@asynccontextmanager
async def serving(port: int = 0) -> AsyncIterator[tuple[Server, int]]:
    """A server with one variable of each kind; its port stays the same when given."""
    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port or free_port()}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    await server.register_namespace("urn:test")
    objects = server.nodes.objects
    for name, value, kind in (
        ("speed", 1.5, ua.VariantType.Double), ("state", 2, ua.VariantType.Int16), ("on", True, ua.VariantType.Boolean),
        ("count", 2**40, ua.VariantType.UInt64), ("text", "words", ua.VariantType.String),
    ):  # fmt: skip
        await objects.add_variable(ua.NodeId(name, 2), name, value, kind)
    await server.start()
    try:
        yield server, int(server.endpoint.port or 0)
    finally:
        await server.stop()


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def write(server: Server, name: str, value: Any, kind: Any, at_us: int, status: int = 0) -> None:
    stamp = START + timedelta(microseconds=at_us)
    await server.write_attribute_value(
        ua.NodeId(name, 2), ua.DataValue(ua.Variant(value, kind), ua.StatusCode(status), stamp, stamp)
    )


def group(id_: str, every: float, **types: str) -> OpcuaGroup:
    tags = tuple(Tag(f"{id_}.{name}", type_, "1", source=f"ns=2;s={name}") for name, type_ in types.items())
    made = Group(id_, "d", "opcua", "process", Layout.EVENTS, round(every * 1e9), "source", tags)
    return OpcuaGroup(made, tuple(f"ns=2;s={name}" for name in types), 100)


def device(port: int, *groups: OpcuaGroup, timeout: float = 2.0) -> OpcuaDevice:
    return OpcuaDevice("d", f"opc.tcp://127.0.0.1:{port}", timeout, groups)


@asynccontextmanager
async def running(device: OpcuaDevice, sink: Any) -> AsyncIterator[Driver]:
    made = driver(device)
    task = asyncio.create_task(made.run(sink))
    try:
        yield made
    finally:
        made.stop()
        await asyncio.wait_for(task, 6)


def events(rows: list[Rows], name: str) -> list[tuple[int, Any, int]]:
    """(microseconds since START, value, status) of a tag, in the order of arrival."""
    found = []
    for piece in rows:
        index = next(i for i, tag in enumerate(piece.group.tags) if tag.name.endswith("." + name))
        for i in np.flatnonzero(piece.data["tag"] == index):
            value = from_bits(piece.data["value"][i : i + 1], piece.group.tags[index].dtype)[0].item()
            status = 0 if piece.status is None else int(piece.status[i])
            found.append(((int(piece.time[i]) - START_NS) // 1000, value, status))
    return found


async def test_every_change_arrives_once_with_its_time_and_status(sink: Any) -> None:
    tasks = len(asyncio.all_tasks())
    async with serving() as (server, port):
        plan = group("g", 0.2, speed="float64", state="int32", on="bool", count="uint64")
        async with running(device(port, plan), sink):
            await sink.until(lambda s: len(s.all_rows()) >= 1)
            for i in range(60):
                await write(server, "speed", i / 7, ua.VariantType.Double, 1000 * i + 7)
                await write(server, "state", -i, ua.VariantType.Int16, 1000 * i + 3)
            await write(server, "speed", 9.0, ua.VariantType.Double, 99_000, 0x40F20000)
            await write(server, "on", False, ua.VariantType.Boolean, 99_001, 0x808C0000)
            await sink.until(lambda s: len(events(s.all_rows(), "on")) >= 2)
            await write(
                server, "count", 2**64 - 1, ua.VariantType.UInt64, 99_002
            )  # comes with the last publish
        assert not server.iserver.subscription_service.subscriptions  # unsubscribed, not left to expire
    rows = sink.all_rows()
    assert events(rows, "speed")[1:] == [(1000 * i + 7, i / 7, 0) for i in range(60)] + [(99_000, 9.0, 7)]
    assert events(rows, "state")[1:] == [(1000 * i + 3, -i, 0) for i in range(60)]
    assert events(rows, "on")[1:] == [(99_001, 0, 11)] and events(rows, "count")[1:] == [
        (99_002, 2**64 - 1, 0)
    ]
    assert [value for name in ("speed", "state", "on", "count") for _, value, _ in events(rows[:1], name)] == [
        1.5, 2, 1, 2**40,
    ]  # fmt: skip
    assert len(rows) <= 5, "one piece of rows a publish"
    for piece in rows:
        order = list(zip(piece.data["tag"].tolist(), piece.time.tolist(), strict=True))
        assert order == sorted(order) and piece.data.dtype == EVENT and piece.time.dtype == np.int64
    assert not sink.gaps() and len(asyncio.all_tasks()) == tasks


async def test_a_silent_subscription_is_alive(sink: Any) -> None:
    async with serving() as (_, port), running(device(port, group("g", 0.25, speed="float64")), sink):
        await sink.until(lambda s: sum(kind == "alive" for kind, _, _ in s.log) >= 3)
        until = [value for kind, _, value in sink.log if kind == "alive"]
        assert 0 <= time.time_ns() - until[-1] < 10**9 and until == sorted(until)
        assert len(sink.all_rows()) == 1 and not sink.gaps()


async def test_it_comes_back_after_the_server_was_away(sink: Any, quick: None) -> None:
    async with serving() as (_, port):
        run = running(device(port, group("g", 0.1, speed="float64"), group("h", 0.1, state="int16")), sink)
        await run.__aenter__()
        await sink.until(lambda s: len(s.all_rows()) >= 2)
    await sink.until(lambda s: len(s.gaps()) >= 2, 8)
    assert {id_ for id_, _ in sink.gaps()} == {"g", "h"}
    await asyncio.sleep(0.3)
    assert len(sink.gaps()) == 2, "an open hole is told once"
    seen = len(sink.log)
    async with serving(port) as (server, _):
        await sink.until(lambda s: {g for kind, g, _ in s.log[seen:] if kind == "rows"} == {"g", "h"}, 8)
        await write(server, "speed", 42.0, ua.VariantType.Double, 5)
        await sink.until(lambda s: (5, 42.0, 0) in events(s.all_rows("g"), "speed"))
        await run.__aexit__(None, None, None)


@asynccontextmanager
async def relay(port: int) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """A way to the server on *port*; while the event is not set, what the server says is under way."""
    flows, tasks = asyncio.Event(), set[asyncio.Task[None]]()
    flows.set()

    async def pump(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter, may: asyncio.Event | None
    ) -> None:
        while some := await reader.read(65536):
            if may is not None:
                await may.wait()
            writer.write(some)
        writer.close()

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner, outer = await asyncio.open_connection("127.0.0.1", port)
        tasks.update(
            {asyncio.create_task(pump(reader, outer, None)), asyncio.create_task(pump(inner, writer, flows))}
        )

    listening = await asyncio.start_server(join, "127.0.0.1", 0)
    try:
        yield int(listening.sockets[0].getsockname()[1]), flows
    finally:
        listening.close()
        await asyncio.gather(*tasks)


async def test_what_is_queued_when_stop_is_called_is_taken_before_the_end(sink: Any) -> None:
    """A publish is under way when stop is called, and a value is queued behind it: it needs the next publish."""
    async with serving() as (server, behind), relay(behind) as (port, flows):
        async with running(
            device(port, group("g", 1.0, speed="float64"), group("h", 1.0, state="int32")), sink
        ):
            await sink.until(lambda s: {g for kind, g, _ in s.log if kind == "rows"} == {"g", "h"})
            await asyncio.sleep(0.2)  # the server has a request for its next publish, which is not due yet
            flows.clear()
            await write(server, "speed", 2.5, ua.VariantType.Double, 1)
            for subscription in server.iserver.subscription_service.subscriptions.values():
                await subscription.publish_results()
            await write(server, "speed", 3.5, ua.VariantType.Double, 2)
            await write(server, "state", 3, ua.VariantType.Int16, 3)
            asyncio.get_running_loop().call_later(0.2, flows.set)
        assert [v for _, v, _ in events(sink.all_rows("g"), "speed")] == [1.5, 2.5, 3.5]
        assert [v for _, v, _ in events(sink.all_rows("h"), "state")] == [2, 3]
    assert not sink.gaps()


async def test_a_server_that_is_lost_while_stop_waits_for_it_leaves_a_hole(sink: Any) -> None:
    plan = group("g", 2.0, speed="float64")
    async with serving() as (server, port), running(device(port, plan), sink):
        await sink.until(lambda s: bool(s.all_rows()))
        await write(server, "speed", 2.5, ua.VariantType.Double, 1)
        listening: Any = server.bserver
        asyncio.get_running_loop().call_later(0.4, listening.clients[0].transport.abort)
    assert [v for _, v, _ in events(sink.all_rows(), "speed")] == [1.5]
    assert [group for group, _ in sink.gaps()] == ["g"]


async def test_a_server_that_is_not_there_or_says_nothing(sink: Any, quick: None) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    async with running(device(port, group("g", 0.1, speed="float64"), timeout=0.2), sink):
        await sink.until(lambda s: bool(s.gaps()))
    silent.close()
    assert "no answer" in sink.gaps()[0][1]
    async with running(device(free_port(), group("h", 0.1, speed="float64")), sink):
        await sink.until(lambda s: len(s.gaps()) >= 2)
    assert sink.gaps()[1][0] == "h" and "no connection" in sink.gaps()[1][1]


async def test_values_that_do_not_fit_are_bad_and_the_rest_goes_on(sink: Any) -> None:
    async with serving() as (server, port):
        plan = group(
            "g", 0.1, speed="int16", text="int32", nowhere="float64", state="float64", count="uint32"
        )
        async with running(device(port, plan), sink):
            await sink.until(lambda s: len(s.all_rows()) >= 1)
            await write(server, "speed", 7.0, ua.VariantType.Double, 1)
            await write(server, "speed", 1e9, ua.VariantType.Double, 2)
            await sink.until(lambda s: len(events(s.all_rows(), "speed")) >= 3)
    rows = sink.all_rows()
    assert [(v, q) for _, v, q in events(rows, "speed")] == [(0, 13), (7, 0), (0, 13)]
    assert [(v, q) for _, v, q in events(rows, "text")] == [(0, 13)]
    assert [(v, q) for _, v, q in events(rows, "count")] == [(0, 13)]  # 2**40 does not fit
    assert [(v, q) for _, v, q in events(rows, "state")] == [(2.0, 0)] and not events(rows, "nowhere")


async def test_what_the_sink_raises_ends_the_run(sink: Any) -> None:
    class Full(Exception):
        pass

    def full(rows: Rows, first: object) -> None:
        raise Full("no space left")

    sink.rows = full
    async with serving() as (_, port):
        with pytest.raises(Full):
            await asyncio.wait_for(driver(device(port, group("g", 0.1, speed="float64"))).run(sink), 5)


async def test_check_shows_each_tag_once() -> None:
    async with serving() as (server, port):
        await write(server, "on", True, ua.VariantType.Boolean, 1, 0x40900000)
        plan = group("g", 1.0, speed="float64", state="int32", text="int32", nowhere="float64", on="bool")
        readings = await driver(device(port, plan)).check()
    found = {r.tag: (r.raw, r.quality, r.hex) for r in readings}
    assert found == {
        "g.speed": (1.5, "good", "000000000000f83f"), "g.state": (2, "good", "0200"),
        "g.text": (None, "bad", "05000000776f726473"), "g.nowhere": (None, "bad", ""), "g.on": (1, "stale", "01"),
    }  # fmt: skip
    assert (
        "String" in str(readings[2].why)
        and "BadNodeIdUnknown" in str(readings[3].why)
        and readings[0].latency is not None
    )
    gone = await driver(device(port, plan)).check()
    assert {r.quality for r in gone} == {Quality.COMM_FAULT.label} and "no connection" in str(gone[0].why)
