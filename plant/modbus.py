"""A small Modbus TCP server on asyncio: one listener a device, any bytes survived."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from plant import wire
from plant.errors import PlantError
from plant.meter import Meter

MAX_CONNECTIONS = 32
"""Connections one device keeps open; further ones are closed at once."""


class ModbusServer:
    """One device on its port. *failed* is called when the account cannot be written: the plant then ends."""

    def __init__(self, meter: Meter, failed: Callable[[PlantError], None]) -> None:
        self.meter = meter
        self.failed = failed
        self.connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None

    @property
    def running(self) -> bool:
        """Whether the device answers."""
        return self._server is not None

    async def start(self, listener: socket.socket) -> None:
        """Answer on a bound socket."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), sock=listener)

    async def stop(self) -> None:
        """Answer nothing more: close the listener and drop the connections. The device's state is kept."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self.connections):
            connection.drop()


class _Connection(asyncio.Protocol):
    """One client. While it does not read its answers, its requests wait."""

    def __init__(self, server: ModbusServer) -> None:
        self._server = server
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if len(self._server.connections) >= MAX_CONNECTIONS:
            self._transport.close()
            return
        self._server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self)
        self._buffer.clear()
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._serve()

    def pause_writing(self) -> None:
        self._waiting = True
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._waiting = False
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
            self._serve()

    def drop(self) -> None:
        """Send what has been answered and close."""
        if self._transport is not None:
            self._transport.close()

    def _serve(self) -> None:
        transport = self._transport
        while transport is not None and not self._waiting and not transport.is_closing():
            try:
                frame = wire.take_frame(self._buffer)
            except wire.NotModbus:
                self.drop()
                return
            if frame is None:
                return
            try:
                pdu = self._server.meter.answer(frame.unit, frame.pdu)
            except PlantError as error:
                transport.abort()
                self._server.failed(error)
                return
            transport.write(wire.answer(frame, pdu))
