"""Rows of counters from the blocks of a full pack: readings, marks, gaps, heads (docs/methods.md, Hour facts)."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.blocks.codec1 import TYPES
from verify.blocks.rows import MISSING, Part, parts
from verify.evidence.ledger import Entry
from verify.evidence.schemas import Schemas
from verify.formats.findings import Bad, Findings
from verify.formats.numbers import number
from verify.formats.shape import nanoseconds
from verify.metering.messages import ScaleZero, SchemaAbsent

SECOND = 10**9
Chunk = tuple[
    NDArray[np.int64], NDArray[np.uint64], NDArray[np.uint8], int, int
]  # time, bits, status, origin, entry


@dataclass
class Stream:
    """A node's stream *account*: heads and marks with the number of the block in the tree that brought them.

    gaps: (index, group, from, to); tags: (index, group, tag) of every schema; alive: (index, group, time).
    """

    heads: list[tuple[int, int]] = field(default_factory=list)
    gaps: list[tuple[int, str, int | None, int | None]] = field(default_factory=list)
    alive: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    tags: dict[str, list[tuple[int, dict[str, Any], dict[str, Any]]]] = field(default_factory=dict)
    chunks: dict[str, list[Chunk]] = field(default_factory=dict)


def _bits(values: NDArray[Any]) -> NDArray[np.uint64]:
    """Integers as the unsigned integers of their bits."""
    return values.view(f"<u{values.dtype.itemsize}").astype(np.uint64)


class Rows:
    """All streams by node; wanted: the counters that points name."""

    def __init__(self, entries: list[Entry], wanted: set[tuple[str, str]], findings: Findings) -> None:
        self.entries, self.wanted = entries, wanted
        self.streams: dict[str, Stream] = {}
        schemas = Schemas()
        for number_, entry in enumerate(entries):
            header = entry.block.header
            if header.stream != "account":
                continue
            stream = self.streams.setdefault(header.node, Stream())
            try:
                if entry.statement is not None:
                    self._statement(stream, entry, entry.statement, schemas)
                elif header.kind == 0:
                    groups = schemas.groups.get((header.chain, header.schema_seq))
                    if groups is None:
                        raise Bad(SchemaAbsent())
                    self._rows(stream, number_, entry, parts(entry.block, groups))
            except Bad as bad:
                findings.bad("hours", entry.name, bad.why)

    def _statement(self, stream: Stream, entry: Entry, statement: dict[str, Any], schemas: Schemas) -> None:
        if statement["kind"] == "gap":
            from_, to = (
                None if statement.get(key) is None else nanoseconds(statement[key], entry.name)
                for key in ("from", "to")
            )
            stream.gaps.append((entry.index, str(statement.get("group")), from_, to))
        for group in schemas.take(entry, statement) or ():
            for tag in group["tags"]:
                if (entry.block.header.node, tag.get("name")) in self.wanted:
                    stream.tags.setdefault(str(tag["name"]), []).append((entry.index, group, tag))

    def _rows(self, stream: Stream, number_: int, entry: Entry, found: list[Part]) -> None:
        header = entry.block.header
        if header.has_utc:
            stream.heads.append((entry.index, header.utc_last))
        for part in found:
            if part.layout and part.alive_until > 0:
                stream.heads.append((entry.index, part.alive_until))
                stream.alive.setdefault(str(part.group.get("id")), []).append((entry.index, part.alive_until))
            for series in part.series:
                name = str(series.tag.get("name"))
                if (header.node, name) in self.wanted and series.values.dtype.kind in "iu":
                    chunk = (series.time, _bits(series.values), series.status, part.origin, number_)
                    stream.chunks.setdefault(name, []).append(chunk)


@dataclass(frozen=True)
class Counter:
    """Tag and group of the latest schema that has the tag; limit: steps a second, None without max_rate."""

    bits: int
    rate: Fraction | None
    slack: int
    reach: int
    scale: str
    unit: str
    meter: str | None
    carrier: str | None
    group: str


def counter(stream: Stream, tag: str, size: int) -> Counter | None:
    """The counter as the first `size` blocks declare it; None when they do not, or it is no integer."""
    known = [(group, declared) for index, group, declared in stream.tags.get(tag, []) if index < size]
    if not known:
        return None
    group, declared = known[-1]
    kind = TYPES.get(str(declared.get("type")))
    if kind is None or kind.kind not in "iu" or declared.get("type") == "bool":
        return None
    scale = declared.get("scale", "1")
    factor = abs(number(scale, f"tag {tag}: scale"))
    rate = None if declared.get("max_rate") is None else number(declared["max_rate"], f"tag {tag}: max_rate")
    if rate is not None and factor == 0:
        raise Bad(ScaleZero(), f"tag {tag}")
    every, source = nanoseconds(group.get("every"), f"group of {tag}: every"), group.get("time_source")
    if group.get("layout") == "events":
        reach = 2 * every + 900 * SECOND
    elif every > 0 and source != "device":
        reach = 2 * every + SECOND
    else:
        reach = 3600 * SECOND
    return Counter(
        kind.itemsize * 8, None if rate is None else rate / factor, SECOND if source == "edge" else 0, reach, scale,
        str(declared.get("unit")), declared.get("meter"), declared.get("carrier"), str(group.get("id")),
    )  # fmt: skip


@dataclass
class Readings:
    """All values of a tag that are not missing, by time; index: number in the tree, entry: number in the pack."""

    time: NDArray[np.int64]
    bits: NDArray[np.uint64]
    status: NDArray[np.uint8]
    origin: NDArray[np.uint8]
    entry: NDArray[np.int64]
    index: NDArray[np.int64]
    rank: NDArray[np.int64]


def gathered(stream: Stream, tag: str, entries: list[Entry]) -> Readings:
    """Every value of a tag, sorted by time, then by who wins: origin, status, hash of the block."""
    chunks = stream.chunks.get(tag, [])
    order = {
        n: at for at, n in enumerate(sorted({c[4] for c in chunks}, key=lambda n: entries[n].block.hash))
    }
    sizes = [len(chunk[0]) for chunk in chunks]

    def spread(values: list[int], kind: Any) -> NDArray[Any]:
        return np.repeat(np.array(values, dtype=kind), sizes)

    empty = [np.zeros(0, np.int64)]
    made = Readings(
        np.concatenate([c[0] for c in chunks] or empty).astype(np.int64),
        np.concatenate([c[1] for c in chunks] or [np.zeros(0, np.uint64)]),
        np.concatenate([c[2] for c in chunks] or [np.zeros(0, np.uint8)]),
        spread([c[3] for c in chunks], np.uint8),
        spread([c[4] for c in chunks], np.int64),
        spread([entries[c[4]].index for c in chunks], np.int64),
        spread([order[c[4]] for c in chunks], np.int64),
    )
    keep = made.status != MISSING
    sorting = np.lexsort((made.rank[keep], made.status[keep], made.origin[keep], made.time[keep]))
    return Readings(*(getattr(made, name)[keep][sorting] for name in made.__dataclass_fields__))


def winners(all_: Readings, low: int, high: int, size: int) -> Readings:
    """Of the values low … high − 1 those that the first `size` blocks hold and that win their time, status up to 4."""
    cut = Readings(*(getattr(all_, name)[low:high] for name in all_.__dataclass_fields__))
    keep = cut.index < size
    time = cut.time[keep]
    first = np.ones(len(time), bool)
    first[1:] = time[1:] != time[:-1]
    good = cut.status[keep][first] <= 4
    return Readings(*(getattr(cut, name)[keep][first][good] for name in cut.__dataclass_fields__))
