"""Which registers to ask for, and where each value lies in the answers. Pure: no sockets, no clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract.tags import Group
from drivers.modbus.types import FORMS

MAX_REGISTERS = 125
"""Most registers in one Modbus response (Modbus Application Protocol V1.1b3, 6.3 and 6.4)."""
TABLES = ("holding", "input")


def registers(type_: str) -> int:
    """How many registers a value of *type_* takes."""
    return FORMS[type_].registers


@dataclass(frozen=True, slots=True)
class Point:
    """Where one value lies: table ``holding`` or ``input``, its first register, type and byte order.

    bits: (first, last) of its word where only these are read, 0 the lowest.
    """

    table: str
    address: int
    type: str
    order: str
    bits: tuple[int, int] | None = None

    @property
    def end(self) -> int:
        """The address after its last register."""
        return self.address + registers(self.type)

    def __str__(self) -> str:
        place = f"{self.table} {self.address} {self.type} {self.order}"
        return place if self.bits is None else f"{place} bits {self.bits[0]}-{self.bits[1]}"


@dataclass(frozen=True, slots=True)
class ModbusGroup:
    """A scan group: points stand in the order of group.tags; clock: UTC ns in the device, or None."""

    group: Group
    points: tuple[Point, ...]
    clock: Point | None = None


@dataclass(frozen=True, slots=True)
class ModbusDevice:
    """A device to read. timeout: seconds; max_gap: registers that may be read in vain."""

    id: str
    host: str
    port: int
    unit: int
    timeout: float
    max_gap: int
    groups: tuple[ModbusGroup, ...]
    protocol: str = "modbus-tcp"


@dataclass(frozen=True, slots=True)
class Read:
    """One request: *count* registers of *table* from *address* on."""

    table: str
    address: int
    count: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests of a group, and the byte at which each point begins in their answers put end to end."""

    reads: tuple[Read, ...]
    offsets: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes of all answers together."""
        return sum(read.count for read in self.reads) * 2


def plan(points: Sequence[Point], max_gap: int) -> Plan:
    """As few requests as possible of at most 125 registers, jumping over at most *max_gap* unused ones."""
    reads: list[Read] = []
    for table in TABLES:
        reads += _joined(table, sorted({(p.address, p.end) for p in points if p.table == table}), max_gap)
    starts, at = [], 0
    for read in reads:
        starts.append(at)
        at += read.count * 2
    offsets = [_offset(point, reads, starts) for point in points]
    return Plan(tuple(reads), tuple(offsets))


def _joined(table: str, spans: Sequence[tuple[int, int]], max_gap: int) -> Iterator[Read]:
    if not spans:
        return
    start, end = spans[0]
    for first, last in spans[1:]:
        if first - end > max_gap or max(end, last) - start > MAX_REGISTERS:
            yield Read(table, start, end - start)
            start, end = first, last
        else:
            end = max(end, last)
    yield Read(table, start, end - start)


def _offset(point: Point, reads: Sequence[Read], starts: Sequence[int]) -> int:
    for read, start in zip(reads, starts, strict=True):
        if (
            read.table == point.table
            and read.address <= point.address
            and point.end <= read.address + read.count
        ):
            return start + (point.address - read.address) * 2
    raise AssertionError(f"no read holds {point}")  # pragma: no cover - every span is inside its own read
