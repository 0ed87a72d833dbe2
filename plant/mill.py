"""The running mill: devices on their ports, the control socket, the kept state."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from typing import Any, Protocol

import structlog
from asyncua.server.server import Server

from plant import control, opcua, replay, settings, state
from plant.account import Account, Stamp
from plant.clock import Clock
from plant.errors import BadInput, PlantError
from plant.listing import mill_of
from plant.meter import Feed, Live, Meter
from plant.modbus import ModbusServer
from plant.opcua import OpcUaServer
from plant.options import Options
from plant.settings import Settings
from plant.sources import Sources
from plant.words import Text

SAVE_S = 1.0
"""Real seconds between two saves of the state; what was served since is taken from the account."""
_log = structlog.get_logger()


class Answering(Protocol):
    """A device that can be stopped and started."""

    @property
    def running(self) -> bool:
        """Whether it answers."""

    async def start(self, listener: socket.socket) -> None:
        """Answer on a bound socket."""

    async def stop(self) -> None:
        """Answer nothing more."""


def run(chosen: Settings, options: Options) -> None:
    """Run the plant until SIGTERM or SIGINT. Raises PlantError."""
    settings.make_folder(chosen.folder)
    asyncio.run(_Running(chosen, options).run())


class _Running:
    def __init__(self, chosen: Settings, options: Options) -> None:
        self._settings = chosen
        self._options = options
        self._table = self._read_table()
        self._mill = mill_of(self._table is not None)
        self._account = Account(chosen.folder / "account.csv")
        self._ports = settings.ports(chosen, self._mill)
        self._listeners = {device.id: self._listen(device.id) for device in self._mill.devices}
        self._state = self._resume()
        self._clock = Clock(0)
        self._feed: replay.Stepper | replay.Paced | None = None
        self._meters: dict[str, ModbusServer] = {}
        self._machines: OpcUaServer | None = None
        self._ended = asyncio.Event()
        self._failure: PlantError | None = None

    def _read_table(self) -> replay.Table | None:
        if self._options.table is None:
            return None
        start_ns = replay.START_NS if self._options.start_ns is None else self._options.start_ns
        return replay.read(self._options.table, self._options.column or "", start_ns)

    def _resume(self) -> state.State:
        kept, folder = state.load(self._settings.folder), self._settings.folder
        seed = self._options.seed if self._options.seed is not None else self._settings.seed
        if kept is None and self._account.has_rows:
            raise BadInput(Text.NO_STATE(folder=folder))
        if kept is None:
            kept = state.State(1 if seed is None else seed, self._options.source, self._first_start(), 0)
        elif seed is not None and seed != kept.seed:
            raise BadInput(Text.OTHER_SEED(folder=folder, kept=kept.seed, asked=seed))
        elif kept.source != self._options.source:
            raise BadInput(Text.OTHER_SOURCE(folder=folder, kept=kept.source, asked=self._options.source))
        kept.follow(folder / "account.csv")
        kept.save(folder)
        return kept

    def _first_start(self) -> int:
        if self._table is not None:
            return self._table.first_ns
        return time.time_ns() if self._options.start_ns is None else self._options.start_ns

    def _first_time(self) -> int:
        """Where the clock begins: real time for a mill at speed 1, else where it stopped; never back."""
        wanted = self._options.start_ns
        if wanted is None:
            wanted = time.time_ns() if self._options.speed == 1.0 and self._table is None else 0
        return max(wanted, self._state.origin_ns, self._state.plant_ns)

    def _replay_feed(self) -> replay.Stepper | replay.Paced | None:
        if self._table is None:
            return None
        resume_ns = self._state.latest.get(replay.TAGS[0], self._table.first_ns - 1)
        if self._options.stepping:
            return replay.Stepper(self._table, resume_ns)
        return replay.Paced(self._table, resume_ns, self._clock)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._ended.set)
        try:
            address_space = await opcua.address_space() if self._table is None else None
            self._clock = Clock(self._first_time(), 1.0 if self._options.stepping else self._options.speed)
            self._feed = self._replay_feed()
            await self._start_devices(address_space)
            server = await control.serve(self._settings.folder, self._command)
            _log.info("ready", devices=len(self._mill.devices), folder=str(self._settings.folder))
            await self._keep()
            server.close()
        finally:
            await self._close()
        if self._failure is not None:
            raise self._failure

    async def _start_devices(self, address_space: Server | None) -> None:
        sources = Sources(self._mill, self._state.seed, self._state.origin_ns)
        for device in self._mill.devices:
            if device.protocol == "modbus-tcp":
                feed: Feed = self._feed or Live([sources.of(tag) for tag in device.tags[1:]], self._clock)
                meter = Meter(device, feed, self._account, self._state.counters.get(device.id, 0))
                self._meters[device.id] = ModbusServer(meter, self._failed)
            elif address_space is not None:
                shown = [sources.of(tag) for tag in device.tags]
                self._machines = OpcUaServer(
                    address_space, device, shown, self._clock, self._account, self._state.latest
                )
                await self._machines.prepare(self._settings.host, self._ports[device.id])
            await self._start(device.id)

    async def _start(self, device: str) -> None:
        answering = self._device(device)
        if not answering.running:
            held = device in self._listeners
            await answering.start(self._listeners.pop(device) if held else self._listen(device))

    def _listen(self, device: str) -> socket.socket:
        return settings.listen(self._settings.host, self._ports[device], device)

    def _device(self, device: str | None) -> Answering:
        if device in self._meters:
            return self._meters[device]
        if self._machines is not None and device == self._machines.device.id:
            return self._machines
        known = tuple(each.id for each in self._mill.devices)
        raise BadInput(Text.UNKNOWN_DEVICE(device=str(device), devices=known))

    def _failed(self, error: PlantError) -> None:
        self._failure = self._failure or error
        self._ended.set()

    async def _keep(self) -> None:
        """Show changes and save the state until the end is asked for."""
        showing = asyncio.create_task(self._show(), name="changes")
        try:
            while not self._ended.is_set():
                self._save()
                try:
                    await asyncio.wait_for(self._ended.wait(), SAVE_S)
                except TimeoutError:
                    continue
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _show(self) -> None:
        try:
            if self._machines is not None:
                await self._machines.run()
        except PlantError as error:
            self._failed(error)

    def _save(self) -> None:
        kept = self._state
        if self._feed is None:
            kept.plant_ns = self._clock.now()
        else:
            kept.plant_ns = kept.latest[replay.TAGS[0]] = self._feed.served_ns
        kept.counters |= {name: server.meter.counter for name, server in self._meters.items()}
        kept.account_bytes = self._account.size
        kept.save(self._settings.folder)

    async def _close(self) -> None:
        for server in self._meters.values():
            await server.stop()
        if self._machines is not None:
            await self._machines.close()
        self._save()
        (self._settings.folder / control.NAME).unlink(missing_ok=True)
        self._account.close()

    async def _command(self, command: str, device: str | None) -> dict[str, Any]:
        if command == "stop":
            await self._device(device).stop()
            return {"device": device, "running": False}
        if command == "start":
            self._device(device)
            await self._start(str(device))
            return {"device": device, "running": True}
        if command == "hold":
            self._clock.hold()
            if self._feed is not None:
                self._feed.held = True
            return {"held": True}
        if command == "status":
            return self._status()
        raise BadInput(Text.UNKNOWN_COMMAND(command=command))

    def _status(self) -> dict[str, Any]:
        left = 0 if self._feed is None else self._feed.left
        running = {device.id: self._device(device.id).running for device in self._mill.devices}
        return {
            "replay_done": self._feed is not None and left == 0,
            "rows": 0 if self._table is None else len(self._table),
            "rows_left": left,
            "held": self._clock.held,
            "time": Stamp()(self._clock.now() if self._feed is None else self._feed.served_ns),
            "account_rows": self._account.rows,
            "devices": running,
        }
