"""Each tag of the settings read once, as a table or one JSON object, for people who commission a plant."""

from __future__ import annotations

import asyncio
import math
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from drivers.base import Reading
from drivers.table import driver
from edge.settings import Settings, to_devices, to_schema

HEAD = ("tag", "value", "unit", "raw", "quality", "ms", "hex", "why")


async def check_all(settings: Settings) -> list[Reading]:
    """Read each tag once, all devices at the same time, in the order of the settings.

    A device that does not answer gives readings that say so. Raises CannotBeDone when the kernel decodes wrongly.
    """
    devices = to_devices(settings, to_schema(settings))
    found = await asyncio.gather(*(driver(device).check() for device in devices))
    return [reading for readings in found for reading in readings]


def as_object(readings: Sequence[Reading]) -> dict[str, Any]:
    """{ok, readings: [{tag, value, unit, raw, quality, latency, hex, why}]}; latency in s, nan and inf as text."""
    rows = [{key: _plain(value) for key, value in asdict(reading).items()} for reading in readings]
    return {"ok": not any(reading.why for reading in readings), "readings": rows}


def as_text(readings: Sequence[Reading]) -> str:
    """A table with one line a tag; a value that is bad says why."""
    rows = [HEAD, *(_cells(reading) for reading in readings)]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(HEAD))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _cells(reading: Reading) -> tuple[str, ...]:
    value = "-" if reading.value is None else f"{reading.value:.10g}"
    raw = "-" if reading.raw is None else repr(reading.raw)
    latency = "-" if reading.latency is None else f"{reading.latency * 1000:.1f}"
    why = "".join(c if c.isprintable() else "?" for c in reading.why)
    return reading.tag, value, reading.unit, raw, reading.quality, latency, reading.hex or "-", why


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _plain(value: Any) -> Any:
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value
