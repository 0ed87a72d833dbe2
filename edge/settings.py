"""edge.yaml: the frozen model of what a node reads and where it sends it, with every check across keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator

import settings
from contract import schema_split
from contract.errors import Malformed
from contract.message import Message
from contract.schema import Schema
from contract.tags import KINDS, Group
from contract.topics import STREAMS
from drivers.modbus.plan import ModbusDevice
from drivers.modbus.settings import ModbusSettings
from drivers.opcua.plan import OpcuaDevice
from drivers.opcua.settings import OpcuaSettings
from drivers.tag_settings import NS, Host, Id, Port
from edge.messages import (
    DeviceTwice,
    GroupTwice,
    NoCounter,
    NotTagOfGroup,
    NoUser,
    SeveralCounters,
    SeveralGauges,
    TagTwice,
    TooManyTags,
)
from settings.model import Fault


class Broker(settings.Model):
    """The MQTT broker."""

    host: Host = Field("127.0.0.1", description="name or address of the broker")
    port: Port = Field(1883, description="TCP port")
    user: str | None = Field(None, min_length=1, max_length=256, description="user name at the broker")
    password_file: str | None = Field(None, min_length=1, description="file with the password, mode 0600")

    @model_validator(mode="after")
    def _check(self) -> Broker:
        if self.password_file is not None and self.user is None:
            settings.faults("broker", [settings.fault("user", NoUser())])
        return self


class Settings(settings.Root):
    """A whole edge.yaml."""

    node: Id = Field(description="name of this node, in every block")
    site: Id = Field(description="site that the node belongs to")
    data: str = Field(
        ".", min_length=1, description="folder of node.key, trust/ and journal/, from this file's folder"
    )
    broker: Broker = Field(Broker(), description="where blocks are sent")  # type: ignore[call-arg]
    flush: float = Field(
        1.0, ge=0.01, le=60, description="seconds between flushes of the write-ahead log to disk"
    )
    seal_after: float = Field(
        15.0, ge=0.1, le=900, description="age in seconds at which a partial block is sealed"
    )
    max_skew: float = Field(5.0, ge=0, le=86400, description="seconds by which a source's clock may be off")
    window: int = Field(1 << 20, ge=1 << 17, le=1 << 30, description="most bytes sent and not yet receipted")
    keep: int = Field(
        64 << 20,
        ge=0,
        le=1 << 34,
        description="bytes of blocks that stay after their receipt, for a cloud that loses them",
    )
    devices: tuple[Annotated[ModbusSettings | OpcuaSettings, Field(discriminator="protocol")], ...] = Field(
        min_length=1, description="the machines to read"
    )

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[Fault]:
        """Names that stand twice, read counters that name no tag, meters without exactly one counter."""
        devices = list(_items(data, ()))
        groups = [group for at, device in devices for group in _items(device, at, "groups")]
        tags = [tag for at, group in groups for tag in _items(group, at, "tags")]
        yield from _twice(DeviceTwice, "id", devices)
        yield from _twice(GroupTwice, "id", groups)
        yield from _twice(TagTwice, "name", tags)
        for at, group in groups:
            yield from _read_counter(at, group)
        yield from _meters(tags)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What the node reads, as of contract.tags."""
        return tuple(group for device in self.devices for group in device.to_groups())

    @property
    def folder(self) -> Path:
        """The folder of node.key, trust/ and journal/."""
        return self.beside(self.data)


_Item = tuple[tuple[str | int, ...], dict[str, Any]]


def _items(holder: dict[str, Any], at: tuple[str | int, ...], key: str = "devices") -> Iterator[_Item]:
    items = holder.get(key)
    for i, item in enumerate(items if isinstance(items, tuple) else ()):
        if isinstance(item, dict):
            yield (*at, key, i), item


def _read_counter(at: tuple[str | int, ...], group: dict[str, Any]) -> Iterator[Fault]:
    name, tags = group.get("read_counter"), [str(tag.get("name")) for _, tag in _items(group, at, "tags")]
    if isinstance(name, str) and name not in tags:
        yield (*at, "read_counter"), settings.suggest(NotTagOfGroup(name), name, tags)


def _twice(refusal: Callable[[str], Message], key: str, items: list[_Item]) -> Iterator[Fault]:
    seen: set[str] = set()
    for at, item in items:
        name = item.get(key)
        if isinstance(name, str) and name in seen:
            yield (*at, key), refusal(name)
        elif isinstance(name, str):
            seen.add(name)


def _meters(tags: list[_Item]) -> Iterator[Fault]:
    parts = [
        (at, item["meter"], item.get("kind", "gauge"))
        for at, item in tags
        if isinstance(item.get("meter"), str)
    ]
    count = Counter((meter, str(kind)) for _, meter, kind in parts)
    first: set[tuple[str, str]] = set()
    for at, meter, kind in parts:
        if kind in ("counter", "gauge") and (meter, kind) in first:
            several = SeveralCounters(meter) if kind == "counter" else SeveralGauges(meter)
            yield (*at, "meter"), several
        sure = all(each in KINDS for _, other, each in parts if other == meter)
        if sure and not count[meter, "counter"] and (meter, "") not in first:
            yield (*at, "meter"), NoCounter(meter)
        first |= {(meter, str(kind)), (meter, "")}


def load(path: Path) -> Settings:
    """The settings in *path*; raises settings.SettingsError with every problem and its line."""
    loaded = settings.load(path, Settings)
    problems = [settings.Problem(str(path), 1, "devices", each) for each in _too_large(to_schema(loaded))]
    if problems:
        raise settings.SettingsError(problems)
    return loaded


def _too_large(schema: Schema) -> Iterator[Message]:
    """A message for each stream whose schema is above the limits."""
    for stream in STREAMS:
        groups = schema.of_stream(stream)
        try:
            if not schema_split.fits(groups):
                schema_split.packed(groups)
        except Malformed:
            yield TooManyTags(sum(len(group.tags) for group in groups.groups), stream)


def validate(path: Path) -> dict[str, Any]:
    """{ok, errors: [{file, line, path, code, params, message}]} of *path*, for ``validate --json``."""
    try:
        load(path)
    except settings.SettingsError as error:
        return {"ok": False, "errors": [problem.json() for problem in error.problems]}
    return {"ok": True, "errors": []}


def to_schema(loaded: Settings) -> Schema:
    """What the node reads, as of contract.tags; config is the hash of the file's bytes."""
    return Schema(loaded.digest, round(loaded.seal_after * NS), loaded.groups)


def to_devices(loaded: Settings, schema: Schema) -> tuple[ModbusDevice | OpcuaDevice, ...]:
    """What each driver is given (drivers.table.driver makes it); the groups are those of *schema*."""
    known = {group.id: group for group in schema.groups}
    return tuple(device.to_device(known) for device in loaded.devices)


def read_counters(loaded: Settings) -> dict[str, int]:
    """Index in its group of the tag with the device's read counter, by group id (where one is named)."""
    return {group: tag for device in loaded.devices for group, tag in device.read_counters().items()}
