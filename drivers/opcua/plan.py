"""What to subscribe to. Pure: no sockets, no clock."""

from __future__ import annotations

from dataclasses import dataclass

from contract.tags import Group


@dataclass(frozen=True, slots=True)
class OpcuaGroup:
    """A subscription: node ids stand in the order of group.tags; queue: values the server keeps a node."""

    group: Group
    nodes: tuple[str, ...]
    queue: int


@dataclass(frozen=True, slots=True)
class OpcuaDevice:
    """A server to subscribe to. endpoint: opc.tcp://host:port/path; timeout: seconds."""

    id: str
    endpoint: str
    timeout: float
    groups: tuple[OpcuaGroup, ...]
    protocol: str = "opcua"
