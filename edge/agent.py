"""The running edge: drivers in the event loop, the edge store and the MQTT client in a thread of their own each.

driver -> scan -> (each flush interval) -> edge store: write-ahead log, seal, journal, uplink -> MQTT
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import topics
from contract.errors import CannotBeDone
from contract.message import Text
from contract.schema import Schema
from drivers.base import Driver
from edge import clock
from edge.book import KEEP
from edge.edge_store import EdgeStore
from edge.history import History
from edge.messages import DriverBroke, JournalUnwritable
from edge.node import Node
from edge.scan import Fresh, Scan
from edge.trace import Trace
from journal.files import REAL, Files
from mqtt.link import Address, Link

log = structlog.get_logger()
NS = 10**9
STATUS_EVERY = 2.0
"""Seconds between two writes of the status file."""
RECONNECT_S = (1.0, 30.0)
"""Longest wait before the first attempt to reach the broker again, and before any, seconds."""
LAST_READS = 10.0
"""Seconds that reads in flight get at the stop."""


@dataclass(frozen=True)
class Plan:
    """All that an agent needs. flush and drain in s, max_skew in ns, window and keep in bytes."""

    journal: Path
    node: Node
    schema: Schema
    trust: dict[str, Ed25519PublicKey]
    broker: Address
    flush: float
    max_skew: int
    window: int
    drain: float
    files: Files = REAL
    history: History | None = None
    keep: int = KEEP


class Agent:
    """Runs until SIGTERM, SIGINT or an error of disk or driver, which `run` raises."""

    def __init__(self, plan: Plan, drivers: Sequence[Driver], trace: Trace | None = None) -> None:
        self._plan, self._drivers, self._trace = plan, drivers, trace
        self._store_thread = ThreadPoolExecutor(1, "edge-store")
        self._fault: BaseException | None = None
        self._draining = False

    async def run(self) -> None:
        """Read, store, send; at the stop seal everything and drain. Raises CannotBeDone, OSError."""
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._stop_now = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._stop_asked)
        self._store = await self._in_store_thread(self._open_store)
        known = {name for name, stream in self._store.streams.items() if stream.started_before}
        self._scan = Scan(
            list(self._plan.schema.groups), self._store.book.last, self._plan.max_skew, clock.utc, known
        )
        node = self._plan.node.id
        link = self._link = Link(
            self._plan.broker,
            f"steelyard-{node}",
            [topics.all_down(node)],
            RECONNECT_S,
            self._message,
            self._connected,
        )
        link.start()
        try:
            await self._read()
            await self._drain()
        finally:
            link.stop()
            await self._in_store_thread(self._store.close)
            self._store_thread.shutdown()
        if self._fault is not None:
            raise self._fault

    def _open_store(self) -> EdgeStore:
        plan = self._plan
        store = EdgeStore(
            plan.journal,
            plan.node,
            plan.schema,
            plan.trust,
            plan.window,
            plan.files,
            self._trace,
            plan.history,
            plan.keep,
        )
        store.begin()
        return store

    async def _read(self) -> None:
        """Run the drivers and flush, until the stop is asked for or something fails."""
        tasks = [
            asyncio.create_task(self._drive(driver), name=f"driver {i}")
            for i, driver in enumerate(self._drivers)
        ]
        ticker = asyncio.create_task(self._tick(), name="flush")
        await self._stop.wait()
        for driver in self._drivers:
            driver.stop()
        _, late = await asyncio.wait(tasks, timeout=LAST_READS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)
        ticker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticker

    async def _drive(self, driver: Driver) -> None:
        try:
            await driver.run(self._scan)
        except CannotBeDone as error:
            self._fail(error)
        except Exception as error:  # an error of the driver itself must not look like a silent device
            groups, place = tuple(group.id for group in driver.groups), extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            self._fail(CannotBeDone(DriverBroke(groups, repr(error), where)))

    async def _tick(self) -> None:
        last_status = 0.0
        while True:
            await asyncio.sleep(self._plan.flush)
            await self._step(self._scan.take())
            if self._loop.time() - last_status > STATUS_EVERY:
                last_status = self._loop.time()
                await self._in_store_thread(self._write_status)

    async def _step(self, fresh: list[Fresh]) -> None:
        try:
            await asyncio.shield(self._in_store_thread(self._store.step, fresh))
        except OSError as error:
            self._fail(CannotBeDone(JournalUnwritable(Text(str(error)))))

    async def _drain(self) -> None:
        """Seal what is accepted and wait for receipts, for at most the drain time or until a second signal."""
        if self._fault is not None:
            return
        await self._step(self._scan.take() + self._scan.end())
        await self._in_store_thread(self._store.seal_all)
        deadline = self._loop.time() + self._plan.drain
        while await self._in_store_thread(self._store.unreceipted):
            if self._loop.time() > deadline or self._stop_now.is_set():
                log.warning("stopped with blocks that have no receipt; they stay in the journal")
                break
            await asyncio.sleep(0.1)
            await self._step([])
        await self._in_store_thread(self._write_status)

    def _write_status(self) -> None:
        self._store.write_status({"repeats": self._scan.repeats, "gaps": dict(self._scan.gaps)})

    def _stop_asked(self) -> None:
        if self._stop.is_set():
            self._stop_now.set()
        self._stop.set()

    def _connected(self, up: bool) -> None:
        self._submit(self._store.connected, self._link.publish if up else None)

    def _message(self, topic: str, payload: bytes) -> None:
        self._submit(self._store.receive, payload)

    def _submit(self, call: Callable[..., Any], *args: Any) -> None:
        """Run a call in the store's thread; called from the MQTT client's."""
        with contextlib.suppress(RuntimeError):  # the thread has been shut down: the message comes too late
            self._store_thread.submit(call, *args).add_done_callback(self._done)

    def _done(self, future: Future[Any]) -> None:
        error = future.exception()
        if error is not None:
            self._loop.call_soon_threadsafe(self._fail, error)

    def _fail(self, error: BaseException) -> None:
        self._fault = self._fault or error
        self._stop.set()

    async def _in_store_thread(self, call: Callable[..., Any], *args: Any) -> Any:
        return await self._loop.run_in_executor(self._store_thread, call, *args)
