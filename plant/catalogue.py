"""What stands in the mill: the devices, their tags and the rates behind them, read from mill.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from plant import wire

CLOCK_ADDRESS = 2
NAMESPACE = 2
"""Namespace index of the nodes on the OPC UA server."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One value that a device serves: raw * scale + offset in *unit* (a UCUM code).

    max_rate is in units per second (counters); address and order (Modbus) or node (OPC UA) say where it is;
    shows says what the number is made of; step is the seconds between possible changes (OPC UA).
    """

    name: str
    type: str
    unit: str
    kind: str
    zh: str
    en: str
    group: str
    stream: str
    shows: dict[str, Any]
    address: int | None = None
    order: str | None = None
    node: str | None = None
    scale: str = "1"
    offset: str = "0"
    max_rate: str | None = None
    meter: str | None = None
    carrier: str | None = None
    step: float = 1.0


@dataclass(frozen=True, slots=True)
class Device:
    """One device on the plant's network; unit is its Modbus unit id, table the registers it has."""

    id: str
    protocol: str
    tags: tuple[Tag, ...]
    unit: int | None = None
    table: str | None = None

    @property
    def registers(self) -> int:
        """How many registers its map has, from address 0 (Modbus)."""
        return max((tag.address or 0) + wire.size(tag.type) // 2 for tag in self.tags)

    @property
    def read_counter(self) -> str:
        """The tag that carries the number of reads answered (Modbus)."""
        return f"{self.id}.reads"


@dataclass(frozen=True, slots=True)
class Mill:
    """Every device of the mill and the rates (quantity per hour) that their counters sum up."""

    devices: tuple[Device, ...]
    rates: dict[str, dict[str, Any]]

    def only(self, device: str, tags: tuple[str, ...]) -> Mill:
        """The mill with one device and of that the named tags and its read counter."""
        kept = next(d for d in self.devices if d.id == device)
        names = (kept.read_counter, *tags)
        left = tuple(tag for tag in kept.tags if tag.name in names)
        return Mill((Device(kept.id, kept.protocol, left, kept.unit, kept.table),), self.rates)


def load() -> Mill:
    """The mill of mill.yaml, which ships with the plant."""
    plain = yaml.safe_load((Path(__file__).parent / "mill.yaml").read_text(encoding="utf-8"))
    return Mill(tuple(_device(entry) for entry in plain["devices"]), plain["rates"])


def _device(entry: dict[str, Any]) -> Device:
    tags = [_tag(entry["id"], dict(fields)) for fields in entry["tags"]]
    if entry["protocol"] == "modbus-tcp":
        tags.insert(0, _reads(entry["id"]))
    return Device(entry["id"], entry["protocol"], tuple(tags), entry.get("unit"), entry.get("table"))


def _tag(device: str, fields: dict[str, Any]) -> Tag:
    fields["shows"] = fields.pop("is")
    return Tag(**({"group": device, "stream": "account"} | fields))


def _reads(device: str) -> Tag:
    return Tag(
        name=f"{device}.reads",
        type="uint32",
        unit="{count}",
        kind="state",
        zh="读数次数",
        en="Reads answered",
        group=device,
        stream="account",
        shows={},
        address=0,
        order="ABCD",
    )
