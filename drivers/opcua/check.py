"""One read of each tag of an OPC UA server, with the reason where it fails."""

from __future__ import annotations

import math
import time

import numpy as np
from asyncua import ua
from asyncua.ua.ua_binary import variant_to_binary

from contract.errors import Malformed
from contract.message import Message, Text
from contract.quality import Quality
from contract.tags import Tag, from_bits
from drivers.base import Reading
from drivers.messages import NoNumber
from drivers.opcua.client import Session, why
from drivers.opcua.messages import DeclaredOtherwise, NoValue
from drivers.opcua.plan import OpcuaDevice
from drivers.opcua.values import bits, quality


async def check(device: OpcuaDevice) -> list[Reading]:
    """Read each tag once, one request a group."""
    session = Session(device)
    found: list[Reading] = []
    try:
        await session.connect()
        for group in device.groups:
            start = time.perf_counter()
            values = await session.read(group.nodes)
            latency = time.perf_counter() - start
            found += [
                _reading(tag, value, latency) for tag, value in zip(group.group.tags, values, strict=True)
            ]
    except Exception as error:  # the library raises whatever it met
        tags = [tag for group in device.groups for tag in group.group.tags][len(found) :]
        found += [_nothing(tag, Quality.COMM_FAULT, None, why(error, device)) for tag in tags]
    finally:
        await session.end()
    return found


def _nothing(tag: Tag, found: Quality, latency: float | None, why: Message) -> Reading:
    return Reading(tag.name, None, tag.unit, None, found.label, latency, "", why)


def _reading(tag: Tag, value: ua.DataValue, latency: float) -> Reading:
    status = value.StatusCode or ua.StatusCode()
    found = quality(int(status.value))
    sent = value.Value.Value if value.Value is not None else None
    if value.Value is None or sent is None:
        bad = Quality.MISSING if found is Quality.GOOD else found
        return _nothing(tag, bad, latency, NoValue() if status.is_good() else Text(status.name))
    wire = variant_to_binary(value.Value)[1:].hex()
    why: Message | None = None if found is Quality.GOOD else Text(f"{status.name}: {status.doc}")
    try:
        raw = from_bits(np.array([bits(tag.type, sent)], "<u8"), tag.dtype)[0].item()
    except Malformed as error:
        why = DeclaredOtherwise(value.Value.VariantType.name, error.message, tag.type)
        return Reading(tag.name, None, tag.unit, None, Quality.BAD.label, latency, wire, why)
    number = tag.value(raw)
    if not math.isfinite(number) and why is None:
        found, why = Quality.BAD, NoNumber(repr(raw))
    return Reading(tag.name, number, tag.unit, raw, found.label, latency, wire, why)
