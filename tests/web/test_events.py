"""Events are made once for all clients, and a client that does not read costs nobody anything."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable

import anyio
import pytest

from cloud.web.sse import Events, Mailbox, frame


def counting(made: list[str]) -> Callable[[str], bytes]:
    def make(site: str) -> bytes:
        made.append(site)
        return b"%d" % len(made)

    return make


async def test_one_event_is_made_for_all_clients() -> None:
    made: list[str] = []
    events = Events(counting(made), period_s=0.05)
    boxes = [events.open("mill") for _ in range(50)]
    async with asyncio.timeout(5):
        for expected in (b"1", b"2", b"3"):
            assert [await box.take() for box in boxes] == [expected] * 50
    assert len(made) <= 4
    events.close()


async def test_a_client_that_never_reads_slows_no_other_and_keeps_one_event() -> None:
    events = Events(counting([]), period_s=0.01)
    idle, reader = events.open("mill"), events.open("mill")
    async with asyncio.timeout(5):
        taken = [await reader.take() for _ in range(20)]
    assert taken == [b"%d" % n for n in range(1, 21)]
    assert idle.replaced == 19
    assert await idle.take() == b"20"
    events.close()


async def test_no_events_are_made_when_nobody_listens() -> None:
    made: list[str] = []
    events = Events(counting(made), period_s=0.02)
    stream = events.stream("mill")
    assert await anext(stream) == b"1"
    assert events.clients("mill") == 1
    await stream.aclose()
    assert events.clients("mill") == 0
    await asyncio.sleep(0.1)
    count = len(made)
    await asyncio.sleep(0.1)
    assert len(made) == count
    again = events.stream("mill")
    async with asyncio.timeout(5):
        assert await anext(again) == b"%d" % (count + 1)
    await again.aclose()
    events.close()


async def test_close_ends_every_stream_at_once_and_for_good() -> None:
    events = Events(counting([]), period_s=60)
    streams = [events.stream(site) for site in ("mill", "mill", "works")]
    for stream in streams:
        await anext(stream)
    waiting = [asyncio.create_task(anext(stream, b"end")) for stream in streams]
    await asyncio.sleep(0)
    events.close()
    async with asyncio.timeout(1):
        assert await asyncio.gather(*waiting) == [b"end"] * 3
        assert await anext(events.stream("mill"), b"end") == b"end"


async def test_a_stream_ends_when_the_server_says_so_and_the_others_go_on() -> None:
    events, ending = Events(counting([]), period_s=60), anyio.Event()
    stream = events.stream("mill", ending)
    await anext(stream)
    other = events.open("mill")
    waiting = asyncio.create_task(anext(stream, b"end"))
    await asyncio.sleep(0)
    ending.set()
    async with asyncio.timeout(1):
        assert await waiting == b"end"
        assert await other.take() == b"1"
    assert events.clients("mill") == 1
    events.close()


async def test_a_new_client_gets_the_newest_event_without_waiting() -> None:
    events = Events(counting([]), period_s=60)
    first = events.open("mill")
    assert await first.take() == b"1"
    async with asyncio.timeout(1):
        assert await events.open("mill").take() == b"1"
    events.close()


async def test_an_event_that_cannot_be_made_ends_the_streams_and_the_next_client_starts_anew() -> None:
    steps = itertools.count()

    def make(site: str) -> bytes:
        if next(steps) == 1:
            raise OSError("the ledger is gone")
        return site.encode()

    events = Events(make, period_s=0.02)
    async with asyncio.timeout(5):
        assert [event async for event in events.stream("mill")] == [b"mill"]
        assert await anext(events.stream("mill")) == b"mill"
    events.close()


async def test_a_mailbox_keeps_the_newest_only() -> None:
    box = Mailbox()
    for event in (b"1", b"2", b"3"):
        box.put(event)
    assert await box.take() == b"3"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await box.take()


def test_a_frame_is_one_event_of_one_line() -> None:
    assert frame({"title": "a\nb"}) == b'event: site\r\nretry: 1000\r\ndata: {"title":"a\\nb"}\r\n\r\n'
