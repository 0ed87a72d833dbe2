"""Values as InfluxDB line protocol: measurement ``sy``, tags site, node, tag, and o where the origin is not live.

Fields: v float, n integer or b boolean, one of them for a tag's life; q where the quality is not good, or where the
value is not finite and has no v. Values are in the tag's unit; payload bits of a NaN live in blocks only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from cloud.store.base import Column
from contract.quality import Quality
from contract.tags import Tag

MEASUREMENT = "sy"
_INTEGERS = ("int16", "uint16", "int32", "uint32", "int64")
_LABELS = np.array([quality.label for quality in Quality], object)


def field(tag: Tag) -> str:
    """The field of a tag: b for bool, n for an unscaled integer that fits an int64, else v."""
    if tag.type == "bool":
        return "b"
    plain = float(tag.scale) == 1 and float(tag.offset) == 0
    return "n" if plain and tag.type in _INTEGERS else "v"


def escape(text: str) -> str:
    """A tag value as line protocol wants it; a line feed can't be written and is refused by the caller's schema."""
    return text.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=").replace(" ", "\\ ")


def lines(site: str, column: Column) -> list[str]:
    """One line for each value of a column."""
    fields = _fields(column)
    head = f"{MEASUREMENT},node={escape(column.node)}"
    found: list[str] = []
    for origin in np.unique(column.origin):
        of = np.flatnonzero(column.origin == origin)
        other = f",o={origin}" if origin else ""
        key = f"{head}{other},site={escape(site)},tag={escape(column.tag.name)} "
        found += [f"{key}{fields[i]} {time}" for i, time in zip(of, column.time[of].tolist(), strict=True)]
    return found


def batches(every: Iterable[str], size: int) -> Iterator[str]:
    """Lines joined to texts of at most *size* lines."""
    held: list[str] = []
    for line in every:
        held.append(line)
        if len(held) == size:
            yield "\n".join(held)
            held = []
    if held:
        yield "\n".join(held)


def _fields(column: Column) -> list[str]:
    name = field(column.tag)
    if name == "v":
        value = column.value
        finite = np.isfinite(value)
        texts = [f"v={number!r}" for number in value.tolist()]
    else:
        finite = np.ones(len(column), bool)
        suffix, numbers = ("i", column.raw.tolist()) if name == "n" else ("", (column.raw != 0).tolist())
        texts = [f"{name}={str(number).lower()}{suffix}" for number in numbers]
    for i in np.flatnonzero((column.status != Quality.GOOD) | ~finite):
        quality = _LABELS[column.status[i]] if column.status[i] else _beyond(float(value[i]))
        texts[i] = f'{texts[i]},q="{quality}"' if finite[i] else f'q="{quality}"'
    return texts


def _beyond(value: float) -> str:
    return "nan" if np.isnan(value) else f"{value:+}"
