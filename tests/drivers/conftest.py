"""A Modbus TCP server of raw bytes that misbehaves on demand, and a sink that keeps what it is given."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest

from contract.message import Message
from contract.tags import Rows
from drivers import backoff

Reply = Iterable[float | bytes | None]
"""What the server does with a request: wait seconds, send bytes, or (None) drop the connection."""


@dataclass
class Request:
    """One request as it came."""

    transaction: int
    unit: int
    function: int
    address: int
    count: int

    def frame(self, body: bytes, transaction: int | None = None, unit: int | None = None) -> bytes:
        """An answer frame with a PDU of *body*."""
        tid = self.transaction if transaction is None else transaction
        return struct.pack(">HHHB", tid, 0, len(body) + 1, self.unit if unit is None else unit) + body


class ModbusPeer:
    """Registers hold their own address (plus 0x8000 in the input table) unless *image* says otherwise."""

    def __init__(self) -> None:
        self.image: dict[int, bytes] = {}
        self.requests: list[Request] = []
        self.reply: Callable[[Request], Reply] = lambda request: [self.good(request)]
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    def registers(self, request: Request) -> bytes:
        """The registers asked for, as they stand."""
        plain = 0x8000 if request.function == 4 else 0
        return b"".join(
            self.image.get(a, struct.pack(">H", (plain + a) & 0xFFFF))
            for a in range(request.address, request.address + request.count)
        )

    def good(self, request: Request, **other: int) -> bytes:
        """The right answer; *other*: another transaction or unit."""
        data = self.registers(request)
        return request.frame(bytes([request.function, len(data)]) + data, **other)

    @staticmethod
    def exception(request: Request, code: int) -> bytes:
        """An exception answer."""
        return request.frame(bytes([request.function | 0x80, code]))

    async def start(self, port: int = 0) -> None:
        """Listen on loopback, on a free port unless one is given."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port or self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the listener and drop every connection."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._writers):
                writer.close()
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readexactly(12)
                tid, _, _, unit, function, address, count = struct.unpack(">HHHBBHH", head)
                request = Request(tid, unit, function, address, count)
                self.requests.append(request)
                for step in self.reply(request):
                    if step is None:
                        return
                    if isinstance(step, bytes):
                        writer.write(step)
                    else:
                        await asyncio.sleep(step)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()


@dataclass
class Recorder:
    """A sink: everything it was told, in order, and a way to wait for it."""

    log: list[tuple[str, str, str | int | Rows]] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def rows(self, rows: Rows, first: object = None) -> None:
        self._note(("rows", rows.group.id, rows))

    def gap(self, group_id: str, cause: Message) -> None:
        self._note(("gap", group_id, str(cause)))

    def alive(self, group_id: str, until_ns: int) -> None:
        self._note(("alive", group_id, until_ns))

    def _note(self, item: tuple[str, str, str | int | Rows]) -> None:
        self.log.append(item)
        self.told.set()

    def all_rows(self, group: str | None = None) -> list[Rows]:
        """The rows, of one group or all."""
        return [r for _, g, r in self.log if isinstance(r, Rows) and group in (None, g)]

    def gaps(self) -> list[tuple[str, str]]:
        """(group, cause in English) of each gap."""
        return [(group, str(cause)) for kind, group, cause in self.log if kind == "gap"]

    async def until(self, done: Callable[[Recorder], bool], seconds: float = 5.0) -> None:
        """Wait until *done* holds; fails after *seconds*."""

        async def wait() -> None:
            while not done(self):
                self.told.clear()
                await self.told.wait()

        await asyncio.wait_for(wait(), seconds)


@pytest.fixture
def peer() -> ModbusPeer:
    return ModbusPeer()


@pytest.fixture
def sink() -> Recorder:
    return Recorder()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back-off in milliseconds."""
    monkeypatch.setattr(backoff, "FIRST_WAIT", 0.005)
    monkeypatch.setattr(backoff, "LONGEST_WAIT", 0.02)
