"""Values of the ledger as CSV: after precedence, sorted by tag then time, scaled exactly with one rounding.

Blocks are decoded in one pass where their values fit into memory (BUDGET values); else tags that sort last are let go
and fetched in further passes, each tag whole in one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import numpy.typing as npt

from cloud import ledger
from cloud.ledger import Decoder
from contract.errors import Malformed
from contract.precedence import winners
from contract.quality import Quality
from contract.tags import Layout, Rows, Tag, from_bits, to_bits

HEADER = "time,tag,raw,value,quality"
BUDGET = 20_000_000
"""Values held at a time, at about 40 bytes each."""
_LABELS = [quality.label for quality in Quality]
_MISSING = int(Quality.MISSING)
_LINES = 20_000


@dataclass(frozen=True)
class Piece:
    """Values of one tag from one part: time int64 ns, bits uint64, status uint8, all of equal length."""

    tag: Tag
    block: int
    origin: int
    time: npt.NDArray[np.int64]
    bits: npt.NDArray[np.uint64]
    status: npt.NDArray[np.uint8]


@dataclass
class Pass:
    """What one pass over the ledger gathered: pieces by tag name and node, the hash of each block by its number."""

    pieces: dict[str, dict[str, list[Piece]]] = field(default_factory=dict)
    hashes: list[bytes] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    unread: int = 0
    left_from: str | None = None
    end: int = 0


@dataclass(frozen=True)
class Done:
    """What an export wrote: rows and tags; unread: blocks that do not decode (`blocks --verify` names them).

    known: whether the one tag asked for stands in any schema.
    """

    rows: int
    tags: int
    unread: int
    known: bool


def write(folder: Path, out: TextIO, tag: str | None = None, budget: int = BUDGET) -> Done:
    """Write the CSV of a ledger folder, of one tag or of all; the ledger's end is that at the start of the call."""
    out.write(HEADER + "\n")
    rows = tags = 0
    end: int | None = None
    after = ""
    while True:
        found = gather(folder, tag, after, end, budget)
        rank = (
            np.argsort(np.argsort(np.array(found.hashes, "S32"))) if found.hashes else np.empty(0, np.int64)
        )
        for name in sorted(found.pieces):
            rows += _write_tag(out, name, found.pieces.pop(name), rank)
            tags, after = tags + 1, name
        if found.left_from is None:
            return Done(rows, tags, found.unread, tag is None or tag in found.known)
        end = found.end


def gather(folder: Path, tag: str | None, after: str, end: int | None, budget: int) -> Pass:
    """The values of the tags behind *after*, as many whole tags as the budget holds; from blocks before *end*."""
    found, decoder, held = Pass(), Decoder(), 0
    for record in ledger.read(folder):
        if end is not None and record.position >= end:
            break
        found.end = record.next
        try:
            decoded = decoder.feed(record.data)
        except Malformed:
            found.unread += 1
            continue
        if decoded.schema is not None and decoded.rows is None:
            found.known.update(item.name for group in decoded.schema.groups for item in group.tags)
        number = len(found.hashes)
        found.hashes.append(decoded.hash)
        for rows in decoded.rows or ():
            for piece in pieces(rows, number):
                name = piece.tag.name
                left = found.left_from is not None and name >= found.left_from
                if name <= after or left or (tag is not None and name != tag) or not len(piece.time):
                    continue
                found.pieces.setdefault(name, {}).setdefault(decoded.header.node, []).append(piece)
                held += len(piece.time)
        while held > budget and len(found.pieces) > 1:
            found.left_from = max(found.pieces)
            gone = found.pieces.pop(found.left_from)
            held -= sum(len(piece.time) for items in gone.values() for piece in items)
    return found


def pieces(rows: Rows, block: int) -> Iterator[Piece]:
    """The values of a part, tag by tag, without the missing ones."""
    for tag, time, bits, status in _columns(rows):
        if rows.status is not None and (missing := status == _MISSING).any():
            time, bits, status = time[~missing], bits[~missing], status[~missing]
        yield Piece(tag, block, int(rows.origin), time, bits, status)


def _columns(rows: Rows) -> Iterator[tuple[Tag, Any, Any, Any]]:
    tags = rows.group.tags
    if rows.group.layout is Layout.EVENTS:
        status = np.zeros(len(rows), np.uint8) if rows.status is None else rows.status
        for index in np.unique(rows.data["tag"]):
            of = rows.data["tag"] == index
            yield tags[index], rows.time[of], rows.data["value"][of], status[of]
        return
    for index, tag in enumerate(tags):
        status = np.zeros(len(rows), np.uint8) if rows.status is None else rows.status[:, index]
        yield tag, rows.time, to_bits(np.ascontiguousarray(rows.data[f"f{index}"])), status


def values(tag: Tag, raws: Iterable[int | float]) -> Iterator[float]:
    """raw * scale + offset of each raw number, computed exactly and rounded once; nan and inf stay."""
    scale, offset = Fraction(tag.scale), Fraction(tag.offset)
    times = scale.numerator * offset.denominator
    plus = offset.numerator * scale.denominator
    under = scale.denominator * offset.denominator
    for raw in raws:
        try:
            over, part = raw.as_integer_ratio()
            yield (over * times + plus * part) / (under * part)  # Python divides integers with one rounding
        except (OverflowError, ValueError):  # inf and nan have no ratio; or the quotient is beyond a float
            yield _beyond(raw, scale, offset)


def _beyond(raw: int | float, scale: Fraction, offset: Fraction) -> float:
    if isinstance(raw, float) and not np.isfinite(raw):
        return raw
    return float("inf") if Fraction(raw) * scale + offset > 0 else float("-inf")


def _write_tag(out: TextIO, name: str, nodes: dict[str, list[Piece]], rank: npt.NDArray[np.int64]) -> int:
    """The lines of one tag name; where several nodes have it, by time and then node."""
    won = [_winning(items, rank) for _, items in sorted(nodes.items())]
    time = np.concatenate([part[0] for part in won])
    order = np.argsort(time, kind="stable")
    raw = [text for part in won for text in part[1]]
    value = [text for part in won for text in part[2]]
    status = [text for part in won for text in part[3]]
    for start in range(0, len(order), _LINES):
        some = order[start : start + _LINES]
        stamps = np.datetime_as_string(time[some].view("M8[ns]"), unit="ns")
        lines = [
            f"{stamp}Z,{name},{raw[i]},{value[i]},{status[i]}\n"
            for stamp, i in zip(stamps, some, strict=True)
        ]
        out.write("".join(lines))
    return len(order)


def _winning(items: list[Piece], rank: npt.NDArray[np.int64]) -> tuple[Any, list[str], list[str], list[str]]:
    """Times, raws, values and qualities of one tag of one node after precedence, in order of time."""
    lengths = [len(piece.time) for piece in items]
    time = np.concatenate([piece.time for piece in items])
    bits = np.concatenate([piece.bits for piece in items])
    status = np.concatenate([piece.status for piece in items])
    origin = np.repeat(np.array([piece.origin for piece in items], np.uint8), lengths)
    block = np.repeat(rank[[piece.block for piece in items]], lengths)
    kinds = list(dict.fromkeys(piece.tag for piece in items))
    number = {kind: i for i, kind in enumerate(kinds)}
    kind_of = np.repeat([number[piece.tag] for piece in items], lengths)
    chosen = winners(time, origin, status, block)
    raw, value = np.empty(len(chosen), object), np.empty(len(chosen), object)
    for i, kind in enumerate(kinds):
        mine = np.flatnonzero(kind_of[chosen] == i)
        numbers = from_bits(bits[chosen[mine]], kind.dtype).tolist()
        raw[mine] = [repr(item) for item in numbers]
        value[mine] = [repr(item) for item in values(kind, numbers)]
    return time[chosen], raw.tolist(), value.tolist(), [_LABELS[code] for code in status[chosen]]
