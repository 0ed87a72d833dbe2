"""One read of each tag of the settings, as a table or one JSON object, for people who commission a plant."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from drivers.base import Reading
from drivers.table import driver
from edge.columns import aligned, printable
from edge.settings import Settings, to_devices, to_schema
from edge.words import COLUMNS, QUALITIES, word
from languages.render import plain

NO_REASON = {"code": None, "params": None, "message": None}
"""In the JSON of a good reading."""


async def check_all(settings: Settings) -> list[Reading]:
    """Read each tag once, all devices at the same time, in the order of the settings.

    A device that does not answer gives readings that say so. Raises CannotBeDone when the kernel decodes wrongly.
    """
    devices = to_devices(settings, to_schema(settings))
    by_device = await asyncio.gather(*(driver(device).check() for device in devices))
    return [reading for readings in by_device for reading in readings]


def as_object(readings: Sequence[Reading]) -> dict[str, Any]:
    """{ok, readings: [{tag, value, unit, raw, quality, latency, hex, code, params, message}]}.

    latency in s, nan and inf as text; code, params and message are those of the reason, null for a good reading.
    """
    return {"ok": good(readings), "readings": [_object(reading) for reading in readings]}


def good(readings: Sequence[Reading]) -> bool:
    """Whether every tag was read well."""
    return all(reading.why is None for reading in readings)


def as_text(readings: Sequence[Reading], language: str) -> str:
    """A table with one line a tag and the reason where a value is bad, in zh or en."""
    head = tuple(word(COLUMNS, column, language) for column in COLUMNS)
    return aligned([head, *(_cells(reading, language) for reading in readings)])


def _cells(reading: Reading, language: str) -> tuple[str, ...]:
    value = "-" if reading.value is None else f"{reading.value:.10g}"
    raw = "-" if reading.raw is None else repr(reading.raw)
    latency = "-" if reading.latency is None else f"{reading.latency * 1000:.1f}"
    why = "" if reading.why is None else plain(reading.why.json(), language)
    quality = word(QUALITIES, reading.quality, language)
    return reading.tag, value, reading.unit, raw, quality, latency, reading.hex or "-", printable(why)


def _object(reading: Reading) -> dict[str, Any]:
    cells = {each.name: _plain(getattr(reading, each.name)) for each in fields(reading) if each.name != "why"}
    return cells | (NO_REASON if reading.why is None else reading.why.json())


def _plain(value: Any) -> Any:
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value
