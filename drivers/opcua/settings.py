"""The section of edge.yaml for an OPC UA server, and the plan it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

import settings
from contract.tags import MAX_TAGS, Group, Layout
from drivers.opcua.messages import EndpointForm, NodeIdForm
from drivers.opcua.plan import OpcuaDevice, OpcuaGroup
from drivers.tag_settings import NS, GroupSettings, Id, TagSettings, form

NodeId = Annotated[
    str,
    form(
        r"(ns=\d{1,5};)?(i=\d{1,10}|s=.{1,4096}|g=[0-9a-fA-F-]{36}|b=[A-Za-z0-9+/=]{1,4096})",
        NodeIdForm,
    ),
]
Endpoint = Annotated[str, form(r"opc\.tcp://[^\s/]{1,253}:\d{1,5}(/\S*)?", EndpointForm)]


class OpcuaTag(TagSettings):
    """A value of an OPC UA node."""

    type: Literal["bool", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"] = (
        Field(description="type of the raw value, kept as read; text is not read")
    )
    node: NodeId = Field(description='node id such as "ns=2;s=dye1.speed"')


class OpcuaGroupSettings(GroupSettings):
    """Nodes in one subscription: one row a changed value."""

    every: float = Field(ge=0.01, le=86400, description="publishing interval in seconds")
    queue: int = Field(
        100, ge=100, le=100_000, description="values of a node that the server keeps between publishes"
    )
    time_source: Literal["source", "device"] = Field(
        "source", description="device: the source's time is the time of record however far it is off"
    )
    tags: tuple[OpcuaTag, ...] = Field(
        min_length=1, max_length=MAX_TAGS, description="the nodes to subscribe to"
    )


class OpcuaSettings(settings.Model):
    """An OPC UA server."""

    id: Id = Field(description="name of the device, unique in the node")
    protocol: Literal["opcua"] = Field(description="how to speak to the device")
    endpoint: Endpoint = Field(description="opc.tcp://host:port/path")
    timeout: float = Field(
        4.0, ge=0.1, le=60, description="seconds until a request without an answer has failed"
    )
    groups: tuple[OpcuaGroupSettings, ...] = Field(min_length=1, description="subscriptions")

    def to_groups(self) -> tuple[Group, ...]:
        """The groups as of contract.tags."""
        return tuple(
            Group(
                group.id, self.id, self.protocol, group.stream, Layout.EVENTS, round(group.every * NS),
                group.time_source, tuple(tag.tag(tag.node) for tag in group.tags),
            )
            for group in self.groups
        )  # fmt: skip

    def to_device(self, known: Mapping[str, Group]) -> OpcuaDevice:
        """What the driver is given; *known*: the groups by id."""
        groups = tuple(OpcuaGroup(known[g.id], tuple(t.node for t in g.tags), g.queue) for g in self.groups)
        return OpcuaDevice(self.id, self.endpoint, self.timeout, groups)

    def read_counters(self) -> dict[str, int]:
        """None: an OPC UA server counts no reads."""
        return {}
