"""What the edge's journal holds: blocks without a receipt, the head of each stream, and where reading left off.

The journal is one folder of segments for all streams. The cursor file beside them remembers what the receipts said and
the last row of each group, so that a segment can go once all of its blocks are receipted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from contract import block, statement
from contract.block import NO_HASH, SALT, Header
from contract.errors import Malformed
from contract.tags import Schema
from edge.last import Last
from journal.files import Files
from journal.segments import Record, Segments

log = structlog.get_logger()
CURSOR = "cursor.json"


@dataclass(frozen=True)
class Kept:
    """A block in the journal that has no receipt. size in bytes; row_last and rows count row numbers."""

    stream: str
    incarnation: int
    seq: int
    hash: bytes
    position: int
    size: int
    row_last: int


@dataclass(frozen=True)
class Head:
    """The last durable block of a stream, and its position in the journal."""

    incarnation: int
    seq: int
    hash: bytes
    row_last: int
    position: int


class Book:
    """The journal of all streams with its index in memory. Opening it repairs a torn end. Raises OSError."""

    def __init__(self, folder: Path, files: Files) -> None:
        self._folder, self._files = folder, files
        self.segments = Segments(folder, files)
        self.heads: dict[str, Head] = {}
        self.last = Last()
        self.unreceipted: dict[tuple[str, int, int], Kept] = {}
        self._held: dict[int, set[tuple[str, str]]] = {}
        self._fresh: list[Kept] = []
        self._durable: list[Kept] = []
        self._receipted: dict[str, dict[str, int]] = {}
        self._schemas: dict[tuple[str, int, bytes], Schema] = {}
        self._load_cursor()
        for record in self.segments.scan():
            self._index(record)
        for damage in self.segments.damage:
            log.error(
                "journal damaged",
                segment=damage.segment,
                offset=damage.offset,
                end=damage.end,
                why=damage.why,
            )

    @property
    def size(self) -> int:
        """Bytes of the blocks without a receipt."""
        return sum(kept.size for kept in self.unreceipted.values())

    def append(self, data: bytes, header: Header, digest: bytes, stamp: int) -> Kept:
        """Write a sealed block; durable after `sync`.

        Sync before the next append: then a power cut can only touch the last record of the journal, never leave a
        hole in a chain.
        """
        position = self.segments.append(stamp, data)
        kept = Kept(
            header.stream, header.incarnation, header.seq, digest, position, len(data), header.row_last
        )
        self.heads[kept.stream] = _as_head(kept)
        self._hold(kept)
        self.unreceipted[kept.stream, kept.incarnation, kept.seq] = kept
        self._fresh.append(kept)
        return kept

    def sync(self) -> None:
        """Return once every appended block is on the disk."""
        self.segments.sync()
        self._durable, self._fresh = self._durable + self._fresh, []

    def take_fresh(self) -> list[Kept]:
        """Blocks that have become durable since the last call: only these may be published."""
        fresh, self._durable = self._durable, []
        return fresh

    def read(self, kept: Kept) -> bytes:
        """The bytes of a block."""
        data = self.segments.get(kept.position, kept.size)
        if data is None:
            raise OSError(f"block {kept.stream}/{kept.seq} can't be read back from the journal")
        return data

    def free(self, gone: list[Kept]) -> None:
        """Blocks that the cloud's receipt names by hash: forget them, and drop segments that hold no other."""
        for kept in gone:
            self.unreceipted.pop((kept.stream, kept.incarnation, kept.seq), None)
            done = self._receipted.setdefault(kept.stream, {})
            name = f"{kept.incarnation:016x}"
            done[name] = max(kept.seq, done.get(name, -1))
        needed = {kept.position >> 32 for kept in self.unreceipted.values()}
        idle = [n for n in self.segments.numbers() if n not in needed and n < self.segments.end >> 32]
        if idle:
            self.save_cursor()
            for number in idle:
                self.segments.drop(number)
                self._held.pop(number, None)

    def save_cursor(self) -> None:
        """Make durable what the receipts said so far, and the last row of each group."""
        live = {(stream, f"{head.incarnation:016x}") for stream, head in self.heads.items()}
        live = live.union(*self._held.values())
        self._receipted = {
            stream: {name: seq for name, seq in done.items() if (stream, name) in live}
            for stream, done in self._receipted.items()
        }
        heads = {
            s: [f"{h.incarnation:016x}", h.seq, h.hash.hex(), h.row_last, h.position]
            for s, h in self.heads.items()
        }
        state = {
            "heads": heads,
            "receipted": self._receipted,
            "groups": self.last.groups,
            "tags": self.last.tags,
            "recorded": self.last.recorded,
        }
        self._files.replace(self._folder / CURSOR, json.dumps(state).encode())

    def close(self) -> None:
        """Save the cursor and close the journal."""
        self.save_cursor()
        self.segments.close()

    def _load_cursor(self) -> None:
        path = self._folder / CURSOR
        if not self._files.exists(path):
            return
        try:
            state = json.loads(self._files.read(path))
            heads = {s: _head(*item) for s, item in state["heads"].items()}
            tags = {name: tuple(item) for name, item in state["tags"].items()}
            last = Last(dict(state["groups"]), tags, dict(state.get("recorded", {})))
            receipted: dict[str, dict[str, int]] = state["receipted"]
        except (ValueError, TypeError, KeyError) as error:
            log.error("cursor unreadable; every block in the journal is offered again", why=repr(error))
            return
        self.heads, self.last, self._receipted = heads, last, receipted

    def _index(self, record: Record) -> None:
        try:
            header, _, body = block.parse(record.data)
        except Malformed as error:
            log.error("a record of the journal is no block", position=record.position, why=str(error))
            return
        kept = Kept(
            header.stream,
            header.incarnation,
            header.seq,
            header.hash,
            record.position,
            len(record.data),
            header.row_last,
        )
        head = self.heads.get(kept.stream)
        if head is None or kept.position >= head.position:
            self.heads[kept.stream] = _as_head(kept)
        self._remember(header, kept.hash, body)
        self._hold(kept)
        if kept.seq > self._receipted.get(kept.stream, {}).get(f"{kept.incarnation:016x}", -1):
            self.unreceipted[kept.stream, kept.incarnation, kept.seq] = kept

    def _hold(self, kept: Kept) -> None:
        """Note that a segment has blocks of an incarnation: what the receipts said of it is needed as long."""
        held = self._held.setdefault(kept.position >> 32, set())
        held.add((kept.stream, f"{kept.incarnation:016x}"))

    def _remember(self, header: Header, digest: bytes, body: bytes) -> None:
        """Schemas and last rows of the blocks that are still here."""
        try:
            if header.kind == block.STATEMENT:
                said = statement.load(body[SALT:])
                if said.kind == "schema":
                    schema = Schema.from_fields(said.fields)
                    self._schemas[header.stream, header.incarnation, digest[:8]] = schema
                return
            known = self._schemas.get((header.stream, header.incarnation, header.schema))
            for rows in block.decode_rows(body[SALT:], known) if known else ():
                self.last.see(rows)
        except Malformed as error:
            log.error("a block of the journal does not decode", seq=header.seq, why=str(error))


def _as_head(kept: Kept) -> Head:
    return Head(kept.incarnation, kept.seq, kept.hash, kept.row_last, kept.position)


def _head(incarnation: str, seq: int, digest: str, row_last: int, position: int) -> Head:
    return Head(int(incarnation, 16), seq, bytes.fromhex(digest), row_last, position)


def previous_fields(head: Head | None) -> dict[str, Any] | None:
    """The `previous` field of an `open` statement."""
    if head is None:
        return None
    return {
        "incarnation": f"{head.incarnation:016x}",
        "seq": head.seq,
        "row_last": head.row_last,
        "hash": head.hash.hex(),
    }


def first_link(head: Head | None) -> bytes:
    """What an `open` statement links to: the last durable header, else zeros."""
    return NO_HASH if head is None else head.hash


def listing(records: Iterator[Record], receipted: dict[str, dict[str, int]]) -> list[dict[str, Any]]:
    """Streams and incarnations of a journal, for `journal list`."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for record in records:
        try:
            header, _, _ = block.parse(record.data)
        except Malformed:
            continue  # `journal list` counts blocks; `blocks --verify` names damage
        name = f"{header.incarnation:016x}"
        row = found.setdefault(
            (header.stream, header.incarnation),
            {"stream": header.stream, "incarnation": name, "first": header.seq, "unreceipted": 0},
        )
        row.update(last=header.seq, row_last=header.row_last)
        row["unreceipted"] += header.seq > receipted.get(header.stream, {}).get(name, -1)
    return list(found.values())
