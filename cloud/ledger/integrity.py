"""What is in a ledger, and whether all of it is sound: framing, links, and with a trust folder every signature."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cloud import ledger
from cloud.ledger import Decoded, Decoder, refusals
from cloud.ledger.heads import ChainKey, key_of
from cloud.ledger.links import Finding, LinkCheck, broken
from cloud.ledger.messages import (
    DamagedBytes,
    GapWithoutTimes,
    NoKeyOfNode,
    NothingBefore,
    SameSeq,
    TheEnd,
    TornRecord,
)
from contract import seal
from contract.block import ROWS
from contract.errors import Malformed
from contract.message import Message, Text
from contract.quality import Quality
from contract.sequence_gaps import SequenceGap
from contract.tags import Rows
from contract.times import rfc3339
from journal.records import Damage, Record

TORN_S = 1.0
"""How long bytes at the very end may be a record that is still being written, seconds."""


@dataclass
class Survey:
    """Counts and findings of one walk through a ledger; bad: what is wrong, in order."""

    blocks: int = 0
    values: int = 0
    statements: int = 0
    bad: list[Finding] = field(default_factory=list)
    gaps: list[dict[str, Any]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    chains: dict[ChainKey, LinkCheck] = field(default_factory=dict)
    rows: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    sequence_gaps: list[tuple[ChainKey, SequenceGap]] = field(default_factory=list)

    def report(self, cursor: int | None) -> dict[str, Any]:
        """The survey as one JSON object; cursor: position that the projector has durably reached, None for none."""
        return {
            "blocks": self.blocks,
            "values": self.values,
            "statements": self.statements,
            "bad": [each.json() for each in self.bad],
            "gaps": self.gaps,
            "holes": [_sequence_gap(key, gap) for key, gap in self.sequence_gaps],
            "streams": [_stream(key, chain) for key, chain in self.chains.items()],
            "unprojected": sum(position >= (cursor or 0) for position in self.positions),
            "duplicates": sum(_covered_twice(items) for items in self.rows.values()),
        }


def survey(folder: Path, keys: Mapping[str, Ed25519PublicKey] | None = None) -> Survey:
    """Walk through a ledger folder. With *keys* (by node) every signature and link is verified as well."""
    found, decoder = Survey(), Decoder()
    names: list[tuple[int, str]] = []
    reader = ledger.read(folder)
    for record in reader:
        where = _framing(record.position)
        try:
            decoded = decoder.feed(record.data)
            where = name(decoded)
            if keys is not None:
                _verify(record, decoded, keys)
            gap = _gap(decoded)
        except Malformed as error:
            found.bad.append(Finding(where, error.message))
        else:
            found.gaps += gap
            _count(found, record, decoded)
        names.append((record.position, where))
    end = names[-1][0] if names else 0
    for damage in [*reader.damage, *_torn(folder, end)]:
        found.bad.append(Finding(f"{damage.segment}:{damage.offset}", _neighbours(damage, names)))
    if keys is not None:
        refused = {(key, item.seq): item.hash for key, item in refusals.read(folder)}
        accounted = {(key, gap.last): gap.hash.hex() for key, gap in found.sequence_gaps} | refused
        found.bad.extend(broken(found.chains, accounted))
    return found


def name(decoded: Decoded) -> str:
    """How a finding names a block: stream/incarnation/seq."""
    header = decoded.header
    return f"{header.stream}/{header.incarnation:016x}/{header.seq}"


def _verify(record: Record, decoded: Decoded, keys: Mapping[str, Ed25519PublicKey]) -> None:
    key = keys.get(decoded.header.node)
    if key is None:
        raise Malformed(NoKeyOfNode(decoded.header.node))
    seal.verify(record.data, key)


def _count(found: Survey, record: Record, decoded: Decoded) -> None:
    header, statement = decoded.header, decoded.statement
    found.blocks += 1
    found.positions.append(record.position)
    chain = found.chains.setdefault(key_of(header), LinkCheck())
    if header.seq in chain.links and chain.links[header.seq][0] != decoded.hash:
        found.bad.append(Finding(name(decoded), SameSeq()))
    chain.links[header.seq] = decoded.hash, header.prev
    chain.row_first = min(chain.row_first, header.row_first)
    chain.row_last = max(chain.row_last, header.row_last)
    if header.kind == ROWS:
        found.values += sum(present(part) for part in decoded.rows or ())
        found.rows.setdefault((header.node, header.stream), []).append((header.row_first, header.row_last))
    elif statement is not None:
        found.statements += 1
        if decoded.gap is not None:
            key = (header.node, header.stream, decoded.gap.incarnation)
            found.sequence_gaps.append((key, decoded.gap))
        if statement.kind == "open":
            chain.opened = statement.fields


def present(part: Rows) -> int:
    """How many values of a part are there (not missing)."""
    if part.status is not None:
        return int((part.status != Quality.MISSING).sum())
    return len(part) * (1 if part.data.dtype.names == ("tag", "value") else len(part.group.tags))


def _gap(decoded: Decoded) -> list[dict[str, Any]]:
    """The gap that a block states, if it states one; raises Malformed for times that are none."""
    header, statement = decoded.header, decoded.statement
    if statement is None or statement.kind != "gap":
        return []
    found: dict[str, Any] = {"node": header.node, "stream": header.stream}
    found |= {key: statement.fields.get(key) for key in ("group", "device", "from", "to", "cause")}
    try:
        for key in ("from", "to"):
            found[key] = None if found[key] is None else rfc3339(int(found[key]))
    except (TypeError, ValueError, OverflowError) as error:
        raise Malformed(GapWithoutTimes(str(error))) from error
    return [found]


def _sequence_gap(key: ChainKey, gap: SequenceGap) -> dict[str, Any]:
    place = {"node": key[0], "stream": key[1], "incarnation": f"{key[2]:016x}"}
    return {**place, "first": gap.first, "last": gap.last, "cause": gap.cause}


def _stream(key: ChainKey, chain: LinkCheck) -> dict[str, Any]:
    node, stream, incarnation = key
    place = {"node": node, "stream": stream, "incarnation": f"{incarnation:016x}"}
    seqs = {"first": min(chain.links), "last": max(chain.links)}
    return {**place, **seqs, "row_first": chain.row_first, "row_last": chain.row_last}


def _covered_twice(ranges: list[tuple[int, int]]) -> int:
    """How many row numbers lie in more than one of the ranges (first, last)."""
    if not ranges:
        return 0
    edges = np.array([(first, 1) for first, _ in ranges] + [(last + 1, -1) for _, last in ranges], np.int64)
    edges = edges[np.argsort(edges[:, 0], kind="stable")]
    depth = np.cumsum(edges[:, 1])
    lengths = np.diff(edges[:, 0])
    return int(lengths[depth[:-1] > 1].sum())


def _framing(position: int) -> str:
    return f"{position >> 32:08d}.seg:{position & 0xFFFFFFFF}"


def _neighbours(damage: Damage, names: list[tuple[int, str]]) -> Message:
    """What is wrong, and between which blocks."""
    at = int(damage.segment.split(".")[0]) << 32 | damage.offset
    before = [where for position, where in names if position < at]
    after = [where for position, where in names if position > at]
    above = Text(before[-1]) if before else NothingBefore()
    below = Text(after[0]) if after else TheEnd()
    return DamagedBytes(damage.end - damage.offset, damage.why, above, below)


def _torn(folder: Path, last: int) -> Iterator[Damage]:
    """Bytes behind the last record that stay no record: a write that a crash cut short, or damage."""
    deadline = time.monotonic() + TORN_S
    while True:
        reader, end = ledger.read(folder, last), last & 0xFFFFFFFF
        number = last >> 32
        for record in reader:
            number, end = record.next >> 32, record.next & 0xFFFFFFFF
        paths = sorted(folder.glob("*.seg"))
        if not paths:
            return
        newest = int(paths[-1].stem)
        start = end if newest == number else 0
        size = paths[-1].stat().st_size
        if size <= start or any(item.segment == paths[-1].name for item in reader.damage):
            return
        if time.monotonic() > deadline:
            yield Damage(paths[-1].name, start, size, TornRecord())
            return
        time.sleep(0.05)
