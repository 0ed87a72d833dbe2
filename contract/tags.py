"""Tags, scan groups, schemas and rows: the types of the hot path.

A row is one reading of a group. *table* rows hold every tag of the group at one time; *events* rows hold
one tag each. Values are as read: register integers or the float as sent. Unit, scale and offset are in the
schema and applied when reading.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, fields
from enum import IntEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from contract.errors import Malformed
from contract.quality import Origin
from contract.statement_messages import GroupTwice, NotSchema
from contract.topics import STREAMS

TYPES: dict[str, np.dtype[Any]] = {
    "bool": np.dtype("u1"),
    "int16": np.dtype("<i2"),
    "uint16": np.dtype("<u2"),
    "int32": np.dtype("<i4"),
    "uint32": np.dtype("<u4"),
    "int64": np.dtype("<i8"),
    "uint64": np.dtype("<u8"),
    "float32": np.dtype("<f4"),
    "float64": np.dtype("<f8"),
}
"""Type names of tags and the dtype in which a value is kept (bool as uint8 0 or 1)."""

KINDS = ("counter", "gauge", "state")
TIME_SOURCES = ("edge", "source", "device")
CARRIERS = ("electricity", "steam", "gas", "water")
TAG_NAME = re.compile(r"[^\W_](?:[\w.\-/:]{0,127})")
EVENT = np.dtype([("tag", "<u2"), ("value", "<u8")])
"""One events row: index of the tag in its group, and the value's bits in the low bytes."""

MAX_TAGS = 4096

I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]


class Layout(IntEnum):
    """How the rows of a group are laid out."""

    TABLE = 0
    EVENTS = 1


@dataclass(frozen=True, slots=True)
class Tag:
    """One value of a device: type, unit, scale. A tag is (node, name), for ever.

    value = raw * scale + offset in *unit*; scale, offset and max_rate (units per second) are decimal strings.
    """

    name: str
    type: str
    unit: str
    kind: str = "gauge"
    scale: str = "1"
    offset: str = "0"
    max_rate: str | None = None
    meter: str | None = None
    carrier: str | None = None
    zh: str | None = None
    en: str | None = None
    source: str = ""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype of a raw value."""
        return TYPES[self.type]

    def value(self, raw: int | float) -> float:
        """raw * scale + offset in the tag's unit, computed exactly and rounded once; nan and inf stay.

        What is too large for a double is inf, as IEEE 754 rounds it.
        """
        if isinstance(raw, float) and not math.isfinite(raw):
            return raw
        exact = Fraction(raw) * Fraction(self.scale) + Fraction(self.offset)
        try:
            return float(exact)
        except OverflowError:
            return math.inf if exact > 0 else -math.inf


@dataclass(frozen=True)
class Group:
    """Tags of one device that are read together.

    every: nanoseconds between reads (or publishes); time_source: ``edge``, ``source`` or ``device``.
    """

    id: str
    device: str
    protocol: str
    stream: str
    layout: Layout
    every: int
    time_source: str
    tags: tuple[Tag, ...]

    @cached_property
    def row(self) -> np.dtype[Any]:
        """The dtype of one row's values: packed tags f0, f1, ... for a table, EVENT for events."""
        if self.layout is Layout.EVENTS:
            return EVENT
        return np.dtype([(f"f{i}", tag.dtype) for i, tag in enumerate(self.tags)])

    @cached_property
    def index(self) -> dict[str, int]:
        """Index of each tag by its name."""
        return {tag.name: i for i, tag in enumerate(self.tags)}


@dataclass(frozen=True)
class Rows:
    """Rows of one group and origin, in the order they were accepted.

    time: int64[n] UTC ns, the time of record. status: uint8[n, k] (table) or uint8[n] (events) Quality codes,
    None when all are good. source_time: int64[n], only where the source's time is not the time of record.
    data: row dtype of the group [n]. alive_until: UTC ns up to which a silent subscription was alive (events).
    """

    group: Group
    time: I64
    data: npt.NDArray[Any]
    status: U8 | None = None
    source_time: I64 | None = None
    origin: Origin = Origin.LIVE
    alive_until: int = 0

    def __len__(self) -> int:
        return len(self.time)


@dataclass(frozen=True)
class Schema:
    """What a node reads: its groups, and the hash of the settings they came from.

    seal_after: nanoseconds after which a partial block is sealed.
    """

    config: str
    seal_after: int
    groups: tuple[Group, ...] = field(default_factory=tuple)

    @cached_property
    def index(self) -> dict[str, int]:
        """Index of each group by its id."""
        return {group.id: i for i, group in enumerate(self.groups)}

    def of_stream(self, stream: str) -> Schema:
        """The same schema with the groups of one stream only: each stream is self-contained."""
        return Schema(self.config, self.seal_after, tuple(g for g in self.groups if g.stream == stream))

    def to_fields(self) -> dict[str, Any]:
        """The schema as fields of a ``schema`` statement (strings, integers, lists)."""
        return {
            "config": self.config,
            "seal_after": str(self.seal_after),
            "groups": [group_fields(group) for group in self.groups],
        }

    @classmethod
    def from_fields(cls, said: dict[str, Any]) -> Schema:
        """Read the fields of a ``schema`` statement; raises Malformed for anything that is not one."""
        try:
            groups = tuple(read_group(item) for item in _list(said["groups"]))
            schema = cls(*read_head(said), groups)
        except (KeyError, TypeError, ValueError) as error:
            raise Malformed(NotSchema(str(error)[:200])) from error
        if len(schema.index) != len(groups):
            raise Malformed(GroupTwice())
        return schema


def read_head(said: dict[str, Any]) -> tuple[str, int]:
    """config and seal_after of a ``schema`` statement; raises KeyError or ValueError."""
    return _text(said["config"]), _count(said["seal_after"])


def to_bits(values: npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """The bits of each value in the low bytes of a uint64."""
    width = values.dtype.itemsize
    return values.view(f"<u{width}").astype("<u8")


def from_bits(bits: npt.NDArray[np.uint64], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """The values whose bits stand in the low bytes; the reverse of to_bits."""
    return bits.astype(f"<u{dtype.itemsize}").view(dtype)


@lru_cache(4096)
def check_decimal(text: str) -> Fraction:
    """A decimal string as an exact fraction; raises ValueError when it is none or absurdly long."""
    if len(text) > 40 or not re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d{1,2})?", text, re.ASCII):
        raise ValueError(f"{text!r} is not a decimal number")
    return Fraction(text)


_TAG_FIELDS = [
    (item.name, item.default) for item in fields(Tag)
]  # MISSING, which no value equals, without one
_TAG_NAMES = {name for name, _ in _TAG_FIELDS}
_TAG_VALUES = attrgetter(*(name for name, _ in _TAG_FIELDS))
_LAYOUTS = {layout.name.lower(): layout for layout in Layout}


def group_fields(group: Group) -> dict[str, Any]:
    """A group as it stands in a statement."""
    return {
        "id": group.id,
        "device": group.device,
        "protocol": group.protocol,
        "stream": group.stream,
        "layout": group.layout.name.lower(),
        "every": str(group.every),
        "time_source": group.time_source,
        "tags": [_tag_fields(tag) for tag in group.tags],
    }


def _tag_fields(tag: Tag) -> dict[str, Any]:
    every = zip(_TAG_FIELDS, _TAG_VALUES(tag), strict=True)
    return {name: value for (name, default), value in every if value != default}


def read_group(said: dict[str, Any]) -> Group:
    """The group in a statement; raises KeyError, TypeError or ValueError for what is none."""
    layout = _LAYOUTS[_text(said["layout"])]
    tags = tuple(_tag(item) for item in _list(said["tags"]))
    if not 0 < len(tags) <= MAX_TAGS:
        raise ValueError(f"{len(tags)} tags in a group")
    keys = ("id", "device", "protocol", "stream", "time_source")
    names = {key: _text(said[key]) for key in keys}
    if names["stream"] not in STREAMS or names["time_source"] not in TIME_SOURCES:
        raise ValueError(f"unknown stream {names['stream']!r} or time source {names['time_source']!r}")
    group = Group(layout=layout, every=_count(said["every"]), tags=tags, **names)
    if len(group.index) != len(tags):
        raise ValueError("a tag name stands twice in a group")
    return group


def _tag(said: object) -> Tag:
    if not isinstance(said, dict) or not said.keys() <= _TAG_NAMES:
        raise ValueError(f"not a tag, or one with unknown keys: {str(said)[:80]!r}")
    tag = Tag(**{key: _text(value) for key, value in said.items()})
    if tag.type not in TYPES or tag.kind not in KINDS or not TAG_NAME.fullmatch(tag.name):
        raise ValueError(f"tag {tag.name!r}: type {tag.type!r}, kind {tag.kind!r}")
    for number in (tag.scale, tag.offset, tag.max_rate or "0"):
        check_decimal(number)
    return tag


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"a list expected, not {str(value)[:40]!r}")
    return value


def _count(value: object) -> int:
    """A number of nanoseconds, 0 or more, in decimal digits."""
    text = _text(value)
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        raise ValueError(f"{text[:40]!r} is not a number of nanoseconds")
    return int(text)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 1024:
        raise ValueError(f"text expected, not {str(value)[:40]!r}")
    return value
