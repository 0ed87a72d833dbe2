"""A tag of the mill as an OPC UA node: its source on its own time grid, and what it shows now."""

from __future__ import annotations

import struct
from datetime import UTC, timedelta

from asyncua import ua

from plant.catalogue import NAMESPACE, Tag
from plant.sources import Number, Source

EPOCH = ua.DateTime(1970, 1, 1, tzinfo=UTC)
_VARIANTS = {
    "int32": (ua.VariantType.Int32, "<i"),
    "uint32": (ua.VariantType.UInt32, "<I"),
    "float64": (ua.VariantType.Double, "<d"),
}
"""Variant type and layout on the wire (OPC UA is little-endian)."""


class Variable:
    """One tag as a node. offset_ns: where its time grid begins."""

    def __init__(self, tag: Tag, source: Source, offset_ns: int) -> None:
        self.tag = tag
        self.node_id = node_id(str(tag.node))
        self.variant, layout = _VARIANTS[tag.type]
        self.layout = struct.Struct(layout)
        self._source = source
        self._step_ns = int(tag.step * 1e9)
        self._offset_ns = offset_ns
        self._point = -1
        self._shown: Number | None = None

    def change(self, time_ns: int) -> ua.DataValue | None:
        """The new value when it is another one at the latest point of the grid, else None."""
        point = (time_ns - self._offset_ns) // self._step_ns
        if point <= self._point:
            return None
        self._point = point
        at_ns = point * self._step_ns + self._offset_ns
        number = self._source(at_ns)
        if number == self._shown:
            return None
        self._shown = number
        stamp = EPOCH + timedelta(microseconds=at_ns // 1000)
        return ua.DataValue(ua.Variant(number, self.variant), SourceTimestamp=stamp, ServerTimestamp=stamp)


def node_id(name: str) -> ua.NodeId:
    """The id of a node by its name."""
    return ua.NodeId(ua.String(name), ua.Int16(NAMESPACE))
