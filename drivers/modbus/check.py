"""One read of each tag of a Modbus device, with the reason where it fails."""

from __future__ import annotations

import math
import time

from contract.message import Message
from contract.quality import Quality
from contract.tags import Tag
from drivers.base import Reading
from drivers.modbus import messages
from drivers.modbus.client import Connection, DeviceRefused, Lost
from drivers.modbus.kernel import Decoder, decoded
from drivers.modbus.plan import ModbusDevice, ModbusGroup, Point, Read
from drivers.modbus.plan import registers as width

_MEANING: dict[int, tuple[Quality, Message]] = {
    1: (Quality.BAD, messages.IllegalFunction()),
    2: (Quality.BAD, messages.IllegalAddress()),
    3: (Quality.BAD, messages.IllegalValue()),
    4: (Quality.SENSOR_FAULT, messages.DeviceFailure()),
    5: (Quality.STALE, messages.NotReadyYet()),
    6: (Quality.STALE, messages.DeviceBusy()),
    8: (Quality.SENSOR_FAULT, messages.ParityError()),
    10: (Quality.COMM_FAULT, messages.NoGatewayPath()),
    11: (Quality.COMM_FAULT, messages.NoGatewayAnswer()),
}
"""Quality and meaning of each exception code (Modbus Application Protocol V1.1b3, section 7)."""

_Answer = tuple[bytes, float] | tuple[Quality, Message]
"""Registers and seconds, or why there are none."""


async def check(device: ModbusDevice) -> list[Reading]:
    """Read each tag once; a group that is refused as a whole is read tag by tag."""
    connection = Connection(device)
    try:
        return [reading for group in device.groups for reading in await _group(connection, device, group)]
    finally:
        connection.close()


async def _group(connection: Connection, device: ModbusDevice, group: ModbusGroup) -> list[Reading]:
    plan = Decoder(group, device.max_gap).plan
    whole = [(read, await _ask(connection, read)) for read in plan.reads]
    found = []
    for tag, point in zip(group.group.tags, group.points, strict=True):
        read, got = next((r, g) for r, g in whole if _inside(point, r))
        if isinstance(got[0], bytes):
            at = (point.address - read.address) * 2
            got = got[0][at : at + width(point.type) * 2], got[1]
        elif got[0] != Quality.COMM_FAULT or isinstance(got[1], messages.MalformedAnswer):
            got = await _ask(connection, Read(point.table, point.address, width(point.type)))
        found.append(_reading(tag, point, got))
    return found


def _inside(point: Point, read: Read) -> bool:
    return (
        point.table == read.table and read.address <= point.address and point.end <= read.address + read.count
    )


async def _ask(connection: Connection, read: Read) -> _Answer:
    try:
        if not connection.open:
            await connection.connect()
        start = time.perf_counter()
        answer = await connection.read(read)
        return answer, time.perf_counter() - start
    except DeviceRefused as error:
        quality, meaning = _MEANING.get(error.code, (Quality.BAD, messages.UnknownException()))
        return quality, messages.ExplainedException(error.message, meaning)
    except Lost as error:
        return Quality.COMM_FAULT, error.message


def _reading(tag: Tag, point: Point, got: _Answer) -> Reading:
    if isinstance(got[1], Message):
        return Reading(tag.name, None, tag.unit, None, Quality(got[0]).label, None, "", got[1])
    answer, latency = bytes(got[0]), got[1]
    raw = decoded(answer, point)
    if raw is None:
        why: Message | None = messages.NotOfType(answer.hex(), point.type)
        return Reading(tag.name, None, tag.unit, None, Quality.BAD.label, latency, answer.hex(), why)
    value = tag.value(raw)
    why = None if math.isfinite(value) else messages.WrongEncoding(repr(raw))
    quality = Quality.GOOD if why is None else Quality.BAD
    return Reading(tag.name, value, tag.unit, raw, quality.label, latency, answer.hex(), why)
