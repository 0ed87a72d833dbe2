"""The Modbus driver: scans the groups of one device on one connection, and checks its tags one by one."""

from __future__ import annotations

import time
from collections.abc import Callable

from contract.errors import Malformed
from contract.message import Message
from contract.tags import Group
from drivers.backoff import Backoff, Stop
from drivers.base import Reading, Sink
from drivers.modbus.check import check
from drivers.modbus.client import Connection, DeviceRefused, Lost
from drivers.modbus.kernel import Decoder
from drivers.modbus.messages import Overrun
from drivers.modbus.plan import ModbusDevice
from drivers.modbus.schedule import Schedule
from drivers.modbus.self_test import self_test

NS = 1_000_000_000
BUSY = (5, 6)
"""Exceptions acknowledge and device busy: the read may be repeated soon."""
BUSY_WAIT = 0.5
"""Seconds after which a busy device is read again."""


class _Scan:
    """One group: its decoder, its schedule, its back-off, and whether its gap has been reported."""

    def __init__(self, decoder: Decoder, device: str, now: float) -> None:
        self.decoder = decoder
        self.id = decoder.group.id
        self.schedule = Schedule(decoder.group.every / NS, now)
        self.backoff = Backoff(self.schedule.every, device=device, group=self.id)
        self.gap = False


class ModbusDriver:
    """Reads one Modbus TCP device."""

    def __init__(self, device: ModbusDevice, clock: Callable[[], float] = time.monotonic) -> None:
        self._device = device
        self._clock = clock
        self._stop = Stop()
        self._connection = Connection(device)
        self._backoff = Backoff(min(group.group.every for group in device.groups) / NS, device=device.id)
        self._scans = [_Scan(Decoder(group, device.max_gap), device.id, clock()) for group in device.groups]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that this driver reads."""
        return tuple(group.group for group in self._device.groups)

    def stop(self) -> None:
        """Start no new reads; run() returns when what is in flight has been handed over."""
        self._stop.set()

    async def check(self) -> list[Reading]:
        """Read each tag once, on a connection of its own."""
        self_test()
        return await check(self._device)

    async def run(self, sink: Sink, /) -> None:
        """Read until stop(); raises CannotBeDone when the kernel fails its known-answer test."""
        self_test()
        start = self._clock()
        for scan in self._scans:
            scan.schedule = Schedule(scan.schedule.every, start)
        try:
            while not self._stop:
                await self._connect(sink)
                while self._connection.open and not self._stop:
                    await self._next(sink)
        finally:
            self._connection.close()

    async def _connect(self, sink: Sink) -> None:
        try:
            await self._stop.unless(self._connection.connect())
        except Lost as error:
            await self._lost(sink, error.message)

    async def _lost(self, sink: Sink, cause: Message) -> None:
        """The connection is gone: a gap for every group that is due, then wait before the next try."""
        now = self._clock()
        for scan in self._scans:
            if scan.schedule.due <= now:
                self._gap(sink, scan, cause)
        await self._stop.sleep(self._backoff.failed(cause))

    async def _next(self, sink: Sink) -> None:
        """Wait for the group that is due first, and read it."""
        scan = min(self._scans, key=lambda each: each.schedule.due)
        wait = scan.schedule.due - self._clock()
        if wait > 0:
            await self._stop.sleep(wait)
            if self._stop or not self._connection.open:
                return
        try:
            await self._read(sink, scan)
        except DeviceRefused as error:
            failed = scan.backoff.failed(error.message)
            self._gap(sink, scan, error.message)
            scan.schedule.wait(BUSY_WAIT if error.code in BUSY else failed, self._clock())
        except Malformed as error:
            self._gap(sink, scan, error.message)
            scan.schedule.wait(scan.backoff.failed(error.message), self._clock())
        except Lost as error:
            self._gap(sink, scan, error.message)
            await self._lost(sink, error.message)

    async def _read(self, sink: Sink, scan: _Scan) -> None:
        decoder = scan.decoder
        answers = [await self._connection.read(read) for read in decoder.plan.reads]
        rows = decoder.rows(b"".join(answers), time.time_ns())
        if scan.schedule.done(self._clock()):
            self._gap(sink, scan, Overrun())
        sink.rows(rows)
        scan.gap = False
        self._backoff.succeeded()
        scan.backoff.succeeded()

    def _gap(self, sink: Sink, scan: _Scan, cause: Message) -> None:
        """Report a gap once: it lasts until the group's next row."""
        if not scan.gap:
            scan.gap = True
            sink.gap(scan.id, cause)
