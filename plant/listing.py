"""What the plant serves, as one JSON object: enough to write an edge's settings from."""

from __future__ import annotations

from typing import Any

from plant import catalogue, replay
from plant.catalogue import CLOCK_ADDRESS, NAMESPACE, Device, Mill, Tag


def mill_of(replayed: bool) -> Mill:
    """The devices that are served: all, or in a replay the main meter alone."""
    mill = catalogue.load()
    return mill.only(replay.DEVICE, replay.TAGS) if replayed else mill


def listing(mill: Mill, host: str, ports: dict[str, int]) -> dict[str, Any]:
    """Devices and tags, where and how each is read: unit is the Modbus unit id, physical_unit a UCUM code.

    The entry with `time: true` is a device's clock register (UTC ns): a place to take the row time from,
    no tag of the account. The entry with `read_counter: true` is a tag like any other.
    """
    devices = [_device(device, host, ports[device.id]) for device in mill.devices]
    tags = []
    for device, where in zip(mill.devices, devices, strict=True):
        tags += [_tag(device, where, tag) for tag in device.tags]
        if device.protocol == "modbus-tcp":
            tags.append(_clock(device, where))
    return {"devices": devices, "tags": tags}


def _device(device: Device, host: str, port: int) -> dict[str, Any]:
    endpoint = f"opc.tcp://{host}:{port}" if device.protocol == "opcua" else None
    return {
        "id": device.id,
        "protocol": device.protocol,
        "host": host,
        "port": port,
        "unit": device.unit,
        "endpoint": endpoint,
    }


def _tag(device: Device, where: dict[str, Any], tag: Tag) -> dict[str, Any]:
    return {
        **_place(device, where),
        "address": tag.address,
        "node": None if tag.node is None else f"ns={NAMESPACE};s={tag.node}",
        "type": tag.type,
        "order": tag.order,
        "tag": tag.name,
        "scale": tag.scale,
        "offset": tag.offset,
        "physical_unit": tag.unit,
        "kind": tag.kind,
        "max_rate": tag.max_rate,
        "meter": tag.meter,
        "carrier": tag.carrier,
        "title": {"zh": tag.zh, "en": tag.en},
        "stream": tag.stream,
        "group": tag.group,
        "read_counter": device.protocol == "modbus-tcp" and tag.name == device.read_counter,
        "time": False,
    }


def _clock(device: Device, where: dict[str, Any]) -> dict[str, Any]:
    clock = Tag(
        name=f"{device.id}.clock",
        type="uint64",
        unit="ns",
        kind="state",
        zh="设备时钟",
        en="Device clock",
        group=device.id,
        stream=device.tags[0].stream,
        shows={},
        address=CLOCK_ADDRESS,
        order="ABCDEFGH",
    )
    return _tag(device, where, clock) | {"time": True}


def _place(device: Device, where: dict[str, Any]) -> dict[str, Any]:
    place = {key: where[key] for key in ("host", "port", "unit", "endpoint")}
    return {"device": device.id, **place, "table": device.table}
