"""A Modbus device: its register image at a moment, and the account of what a read of it served."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from plant import wire
from plant.account import Account, Stamp
from plant.catalogue import CLOCK_ADDRESS, Device, Tag
from plant.clock import Clock
from plant.sources import Number, Source

_TABLES = {wire.READ_HOLDING: "holding", wire.READ_INPUT: "input"}


class Feed(Protocol):
    """Where a device's numbers come from."""

    def reading(self) -> tuple[int, Sequence[Number]] | None:
        """Plant time (UTC ns) and a number for each tag but the read counter; None: nothing is left."""

    def taken(self, tags: Sequence[str]) -> None:
        """These tags of the last reading have been served."""


class Live:
    """The numbers of the running mill."""

    def __init__(self, sources: Sequence[Source], clock: Clock) -> None:
        self._sources = sources
        self._clock = clock

    def reading(self) -> tuple[int, Sequence[Number]]:
        """Plant time and the numbers now (or as held)."""
        now = self._clock.now()
        shown = self._clock.values_at() if self._clock.held else now
        return now, [source(shown) for source in self._sources]

    def taken(self, tags: Sequence[str]) -> None:
        """Nothing moves on: the mill's time does."""


class Meter:
    """One Modbus device. Its read counter rises with each answer that carries at least one whole tag."""

    def __init__(self, device: Device, feed: Feed, account: Account, counter: int) -> None:
        self.device = device
        self.counter = counter
        self._feed = feed
        self._account = account
        self._registers = device.registers
        self._places = [_Place(device, tag) for tag in device.tags]
        self._pack_clock = wire.packer("uint64", "ABCDEFGH")
        self._stamp = Stamp()

    def answer(self, unit: int, pdu: bytes) -> bytes:
        """The response PDU to a request PDU. Raises CannotRun when the account cannot be written."""
        function = pdu[0]
        if unit != self.device.unit:
            return wire.exception(function, wire.NO_TARGET)
        if function not in _TABLES:
            return wire.exception(function, wire.ILLEGAL_FUNCTION)
        if len(pdu) != 5:
            return wire.exception(function, wire.ILLEGAL_VALUE)
        address, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
        if not 1 <= count <= wire.MAX_REGISTERS:
            return wire.exception(function, wire.ILLEGAL_VALUE)
        if _TABLES[function] != self.device.table or address + count > self._registers:
            return wire.exception(function, wire.ILLEGAL_ADDRESS)
        return self._read(function, address, count)

    def _read(self, function: int, address: int, count: int) -> bytes:
        reading = self._feed.reading()
        if reading is None:
            return wire.exception(function, wire.DEVICE_BUSY)
        time_ns, numbers = reading
        counter = (self.counter + 1) & 0xFFFFFFFF
        served = [p for p in self._places if address <= p.first and p.end <= address + count]
        image = bytearray(2 * self._registers)
        image[2 * CLOCK_ADDRESS : 2 * CLOCK_ADDRESS + 8] = self._pack_clock(time_ns)
        lines = []
        tail = f",{counter},{self._stamp(time_ns)},"
        for place, number in zip(self._places, (counter, *numbers), strict=True):
            raw = place.pack(number)
            image[2 * place.first : 2 * place.end] = raw
            if place in served:
                lines.append(f"{place.label}{tail}{number!r},{raw.hex()}\n")
        if served:
            self._account.write("".join(lines).encode(), len(lines))
            self.counter = counter
            self._feed.taken([place.name for place in served])
        return bytes([function, 2 * count]) + image[2 * address : 2 * (address + count)]


class _Place:
    """Where a tag stands in the map and how it is packed."""

    def __init__(self, device: Device, tag: Tag) -> None:
        self.name = tag.name
        self.label = f"{device.id},{tag.name}"
        self.first = tag.address or 0
        self.end = self.first + wire.size(tag.type) // 2
        self.pack: Callable[[float], bytes] = wire.packer(tag.type, tag.order or "")
