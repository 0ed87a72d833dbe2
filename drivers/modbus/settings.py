"""The section of edge.yaml for a Modbus TCP device, and the plan it makes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

import settings
from contract.message import Message
from contract.tags import MAX_TAGS, Group, Layout
from drivers.modbus.messages import (
    BeyondLastRegister,
    BitsForm,
    BitsOfOtherType,
    BitsOutside,
    OrderOfOtherType,
    ReadCounterType,
    SeveralBits,
    SeveralReads,
)
from drivers.modbus.plan import ModbusDevice, ModbusGroup, Plan, Point, plan, registers
from drivers.modbus.types import BITS_TYPES, FORMS, ORDERS, TagType
from drivers.tag_settings import INTEGERS, NS, GroupSettings, Host, Id, Port, TagSettings
from settings.model import Fault


def _placed(address: int, type_: str, order: str | None) -> Iterator[Fault]:
    orders = FORMS[type_].orders
    if order is not None and order not in orders:
        yield settings.fault("order", OrderOfOtherType(type_, orders, order))
    if address + registers(type_) > 65536:
        yield settings.fault("address", BeyondLastRegister(type_, address))


def _as_text(said: Any) -> Any:
    """One bit may be written as a number."""
    return str(said) if type(said) is int else said


def _bits(said: str | None) -> tuple[int, int] | None:
    """First and last bit; None where none are named or it is no such text."""
    found = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", said or "", re.ASCII)
    return None if found is None else (int(found[1]), int(found[2] or found[1]))


def _wrong_bits(type_: str, said: str | None) -> Message | None:
    if said is None:
        return None
    last, bits = registers(type_) * 16 - 1, _bits(said)
    if type_ not in BITS_TYPES:
        return BitsOfOtherType(type_, BITS_TYPES)
    if bits is None or bits[0] > bits[1]:
        return BitsForm(said[:40])
    if bits[1] > last:
        return BitsOutside(type_, last)
    return SeveralBits() if type_ == "bool" and bits[0] != bits[1] else None


class ModbusTag(TagSettings):
    """A value in registers."""

    type: TagType = Field(
        description="how the registers hold the value (docs/registers.md); kept as read; text is not read"
    )
    address: int = Field(ge=0, le=65535, description="address of its first register, from 0, as on the wire")
    table: Literal["holding", "input"] = Field(
        "holding", description="holding (function 3) or input (function 4)"
    )
    order: str | None = Field(
        None,
        description="bytes in the order sent, A the most significant: ABCD, CDAB, BADC, ... "
        "By default the first of its type in docs/registers.md",
    )
    bits: Annotated[str | None, BeforeValidator(_as_text)] = Field(
        None, description="of bool, uint16, uint32, uint64: only this bit (3) or these (4-7), 0 the lowest"
    )

    def _faults(self) -> Iterator[Fault]:
        yield from super()._faults()
        yield from _placed(self.address, self.type, self.order)
        if (why := _wrong_bits(self.type, self.bits)) is not None:
            yield settings.fault("bits", why)

    @property
    def raw_type(self) -> str:
        """The type of contract.tags in which the raw value is kept."""
        return FORMS[self.type].raw

    @property
    def point(self) -> Point:
        """Where the value lies."""
        order = self.order or FORMS[self.type].orders[0]
        return Point(self.table, self.address, self.type, order, _bits(self.bits))


class TimeFrom(settings.Model):
    """Registers that hold the device's own clock."""

    address: int = Field(ge=0, le=65535, description="address of the clock's first register")
    type: Literal["uint64", "int64"] = Field(description="type of the clock: nanoseconds UTC since 1970")
    order: str | None = Field(None, description="byte order, as for a tag; default ABCDEFGH")
    table: Literal["holding", "input"] | None = Field(
        None, description="default: the table of the group's first tag"
    )

    @model_validator(mode="after")
    def _check(self) -> TimeFrom:
        settings.faults("time_from", _placed(self.address, self.type, self.order))
        return self


class ModbusGroupSettings(GroupSettings):
    """Registers that are read together: one row a read."""

    every: float = Field(ge=0, le=86400, description="seconds between reads; 0 reads back to back")
    read_counter: str | None = Field(
        None, description="tag that carries the device's own read counter (integer)"
    )
    time_from: TimeFrom | None = Field(
        None, description="registers with the device's clock: row time is the device's"
    )
    tags: tuple[ModbusTag, ...] = Field(min_length=1, max_length=MAX_TAGS, description="the values to read")

    @model_validator(mode="after")
    def _check(self) -> ModbusGroupSettings:
        settings.faults("group", self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        types = {tag.name: tag.raw_type for tag in self.tags}
        if self.read_counter in types and types[self.read_counter] not in INTEGERS:
            yield settings.fault("read_counter", ReadCounterType(types[self.read_counter]))

    @property
    def clock(self) -> Point | None:
        """Where the device's clock lies, if the row time comes from it."""
        if self.time_from is None:
            return None
        at = self.time_from
        return Point(at.table or self.tags[0].table, at.address, at.type, at.order or ORDERS[4][0])

    def reads(self, max_gap: int) -> Plan:
        """The requests that this group takes."""
        clock = () if self.clock is None else (self.clock,)
        return plan([*(tag.point for tag in self.tags), *clock], max_gap)


class ModbusSettings(settings.Model):
    """A Modbus TCP device."""

    id: Id = Field(description="name of the device, unique in the node")
    protocol: Literal["modbus-tcp"] = Field(description="how to speak to the device")
    host: Host = Field(description="name or address of the device")
    port: Port = Field(502, description="TCP port")
    unit: int = Field(1, ge=0, le=255, description="Modbus unit id")
    timeout: float = Field(
        1.0, ge=0.01, le=60, description="seconds until a read without an answer has failed"
    )
    max_gap: int = Field(8, ge=0, le=124, description="registers that may be read in vain to join two reads")
    groups: tuple[ModbusGroupSettings, ...] = Field(min_length=1, description="what is read, and how often")
    history: str | None = Field(
        None,
        min_length=1,
        description="file of rows that were recorded earlier (.npz: time, and raw numbers a tag), sent once",
    )

    @model_validator(mode="after")
    def _check(self) -> ModbusSettings:
        settings.faults("device", self._faults())
        return self

    def _faults(self) -> Iterator[Fault]:
        for i, group in enumerate(self.groups):
            key = "time_from" if group.time_from else "read_counter" if group.read_counter else None
            count = len(group.reads(self.max_gap).reads)
            if key and count > 1:
                yield ("groups", i, key), SeveralReads(count, self.max_gap, key)

    def to_groups(self) -> tuple[Group, ...]:
        """The groups as of contract.tags."""
        return tuple(
            Group(
                group.id, self.id, self.protocol, group.stream, Layout.TABLE, round(group.every * NS),
                "device" if group.time_from else "edge", tuple(tag.tag(str(tag.point)) for tag in group.tags),
            )
            for group in self.groups
        )  # fmt: skip

    def to_device(self, known: Mapping[str, Group]) -> ModbusDevice:
        """What the driver is given; *known*: the groups by id."""
        groups = tuple(ModbusGroup(known[g.id], tuple(t.point for t in g.tags), g.clock) for g in self.groups)
        return ModbusDevice(self.id, self.host, self.port, self.unit, self.timeout, self.max_gap, groups)

    def read_counters(self) -> dict[str, int]:
        """Index of the tag that carries the read counter, by group id, where one is named."""
        named = ((g, g.read_counter) for g in self.groups)
        return {g.id: [t.name for t in g.tags].index(name) for g, name in named if name is not None}
