"""Tags, scan groups, schemas and rows: the types of the hot path.

A row is one reading of a group. *table* rows hold every tag of the group at one time; *events* rows hold
one tag each. Values are as read: register integers or the float as sent. Unit, scale and offset are in the
schema and applied when reading.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from contract.quality import Origin

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
