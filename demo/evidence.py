"""The evidence a judgement rests on, as plain values, and how its text forms are read."""

from __future__ import annotations

import csv
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from demo.gaps import Gap

Read = tuple[str, int]  # device, read counter

_BITS = {"int16": 16, "uint16": 16, "int32": 32, "uint32": 32, "int64": 64, "uint64": 64}


class Served(NamedTuple):
    """One value that the plant served; `counter` is None for OPC UA, `time` UTC ns by the plant."""

    device: str
    tag: str
    counter: int | None
    time: int
    raw: str


class Stored(NamedTuple):
    """One row of the cloud's export; `time` UTC ns."""

    time: int
    tag: str
    raw: str


class Tag(NamedTuple):
    """What the judge must know of a tag, from the plant's own list."""

    name: str
    device: str
    type: str
    scale: str = "1"
    kind: str = "gauge"
    meter: str | None = None
    carrier: str | None = None
    unit: str = "1"
    polled: bool = True
    read_counter: bool = False

    @property
    def bits(self) -> int:
        """Width of the register; KeyError for a type that cannot count."""
        return _BITS[self.type]


@dataclass
class Trace:
    """The acceptance trace: reads by (device, counter), events by (tag, source time in ns)."""

    reads: set[Read] = field(default_factory=set)
    events: set[tuple[str, int]] = field(default_factory=set)

    def accepts(self, value: Served) -> bool:
        """Whether the trace has this value: it is on the edge's disk."""
        if value.counter is None:
            return (value.tag, value.time) in self.events
        return (value.device, value.counter) in self.reads


@dataclass(frozen=True)
class Blocks:
    """The report of `steelyard-cloud blocks`, as far as it is judged."""

    values: int
    duplicates: int = 0
    gaps: tuple[Gap, ...] = ()
    bad: tuple[str, ...] = ()


def tags_of(listing: Mapping[str, Any]) -> dict[str, Tag]:
    """The tags of `steelyard-plant --list --json`, by name; clock registers are no tags."""
    protocols = {device["id"]: device["protocol"] for device in listing["devices"]}
    return {
        row["tag"]: Tag(
            name=row["tag"],
            device=row["device"],
            type=row["type"],
            scale=row["scale"] or "1",
            kind=row["kind"],
            meter=row["meter"],
            carrier=row["carrier"],
            unit=row["physical_unit"],
            polled=protocols[row["device"]] == "modbus-tcp",
            read_counter=bool(row["read_counter"]),
        )
        for row in listing["tags"]
        if not row["time"]
    }


def account_rows(lines: Iterable[str]) -> Iterator[Served]:
    """Rows of the plant's account.csv; a last line without its end, as a kill may leave, is left out."""
    rows = csv.reader(line for line in lines if line.endswith("\n"))
    header = next(rows, None)
    if header is not None and header[:5] != ["device", "tag", "counter", "time", "raw"]:
        raise ValueError(f"the plant's account has another header: {','.join(header)}")
    for row in rows:
        yield Served(row[0], row[1], int(row[2]) if row[2] else None, nanoseconds(row[3]), row[4])


def export_rows(lines: Iterable[str]) -> Iterator[Stored]:
    """Rows of `steelyard-cloud export --format csv`."""
    rows = csv.reader(lines)
    header = next(rows, None)
    if header is None or header[:3] != ["time", "tag", "raw"]:
        raise ValueError(f"the export has another header: {header}")
    for row in rows:
        yield Stored(nanoseconds(row[0]), row[1], row[2])


def trace_of(lines: Iterable[str]) -> Trace:
    """Lines `T stream row device counter` and `E stream row tag time_ns`; others raise ValueError."""
    trace = Trace()
    for line in lines:
        kind, _stream, _row, name, last = line.split()
        if kind == "E":
            trace.events.add((name, int(last)))
        elif kind == "T":
            if last != "-":
                trace.reads.add((name, int(last)))
        else:
            raise ValueError(f"the acceptance trace has a line of an unknown kind: {line.strip()}")
    return trace


def blocks_of(answer: Mapping[str, Any]) -> Blocks:
    """The judged part of `steelyard-cloud blocks --verify --json`."""
    return Blocks(
        values=answer["values"],
        duplicates=answer["duplicates"],
        gaps=tuple(Gap(g["device"], _bound(g["from"]), _bound(g["to"])) for g in answer["gaps"]),
        bad=tuple(f"{bad['where']}: {bad['message']}" for bad in answer["bad"]),
    )


def _bound(text: str | None) -> int | None:
    return None if text is None else nanoseconds(text)


def nanoseconds(text: str) -> int:
    """RFC 3339 in UTC with Z and up to 9 decimals -> ns since 1970."""
    if text[-1:] != "Z" or text[19:20] not in (".", "Z"):
        raise ValueError(f"not a time in UTC: {text}")
    return _second(text[:19]) * 1_000_000_000 + int(text[20:-1].ljust(9, "0"))


@lru_cache(maxsize=4096)
def _second(text: str) -> int:
    return int(datetime.fromisoformat(text + "+00:00").timestamp())


def same_number(type_: str, served: str, stored: str) -> bool:
    """Whether two texts are the same number of `type_`, bit for bit; a nan equals a nan.

    A float32 may be written by its shortest text or widened: both name the same 32 bits.
    """
    if served == stored:
        return True
    if type_ in ("float32", "float64"):
        code = "<f" if type_ == "float32" else "<d"
        try:
            return struct.pack(code, float(served)) == struct.pack(code, float(stored))
        except OverflowError:  # one of them is no float32 at all
            return False
    return _integer(served) == _integer(stored)


def _integer(text: str) -> int:
    return {"True": 1, "False": 0}[text] if text in ("True", "False") else int(text)
