"""Each tag of a Modbus device once, with what a person needs to see why it is wrong."""

from __future__ import annotations

import math
import time

import numpy as np

from contract.quality import Quality
from contract.tags import TYPES, Tag
from cython_ext import registers
from drivers.base import Reading
from drivers.modbus.client import MALFORMED, Connection, DeviceRefused, Lost
from drivers.modbus.kernel import Decoder, fields
from drivers.modbus.plan import ModbusDevice, ModbusGroup, Point, Read
from drivers.modbus.plan import registers as width

_MEANING = {
    1: (Quality.BAD, "illegal function: the device has no such table"),
    2: (Quality.BAD, "illegal address: the device has no such register"),
    3: (Quality.BAD, "illegal value: the device does not take this request"),
    4: (Quality.SENSOR_FAULT, "device failure"),
    5: (Quality.STALE, "acknowledged, but not ready yet"),
    6: (Quality.STALE, "device busy"),
    8: (Quality.SENSOR_FAULT, "memory parity error"),
    10: (Quality.COMM_FAULT, "the gateway has no path to the unit"),
    11: (Quality.COMM_FAULT, "the unit behind the gateway does not answer"),
}
"""Quality and words for each exception code (Modbus Application Protocol V1.1b3, section 7)."""

_Got = tuple[bytes, float] | tuple[Quality, str]
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
        elif got[0] != Quality.COMM_FAULT or got[1] == MALFORMED:
            got = await _ask(connection, Read(point.table, point.address, width(point.type)))
        found.append(_reading(tag, point, got))
    return found


def _inside(point: Point, read: Read) -> bool:
    return (
        point.table == read.table and read.address <= point.address and point.end <= read.address + read.count
    )


async def _ask(connection: Connection, read: Read) -> _Got:
    try:
        if not connection.open:
            await connection.connect()
        start = time.perf_counter()
        answer = await connection.read(read)
        return answer, time.perf_counter() - start
    except DeviceRefused as error:
        quality, words = _MEANING.get(error.code, (Quality.BAD, "unknown exception"))
        return quality, f"{error}: {words}"
    except Lost as error:
        return Quality.COMM_FAULT, str(error)


def _reading(tag: Tag, point: Point, got: _Got) -> Reading:
    if isinstance(got[0], Quality):
        return Reading(tag.name, None, tag.unit, None, got[0].label, None, "", str(got[1]))
    answer, latency = got[0], float(got[1])
    cell = np.zeros(1, TYPES[point.type])
    registers.decode(answer, fields([(0, point.type, point.order, 0)]), cell.view(np.uint8))
    raw = cell[0].item()
    value = tag.value(raw)
    good = math.isfinite(value)
    why = "" if good else f"{raw!r} is no number: look at type, order and address"
    quality = Quality.GOOD if good else Quality.BAD
    return Reading(tag.name, value, tag.unit, raw, quality.label, latency, answer.hex(), why)
