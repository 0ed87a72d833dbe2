"""What the projector knows: a pure function of the ledger's blocks, in whatever order they came, as often as they came.

Hours that are worked on are chunks in memory. A chunk may be dropped at any time: the ledger's positions of its blocks
are kept, and it is read back when a late block, a gap or a store asks for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cloud.ledger import Decoded
from cloud.ledger.columns import Piece, pieces
from cloud.ledger.tag_catalogue import Catalogue, Declared, Known, SiteNode
from cloud.projection.counter_bins import Hours, open_bins
from cloud.projection.fair_lock import FairLock
from cloud.projection.hour_chunk import HOUR, VALUE, HourChunk, Values, hour_of
from cloud.projection.latest import Latest
from cloud.store import Column
from contract.tags import Group, Layout, Rows, Tag, from_bits

Key = tuple[SiteNode, int]
"""Place and hour."""
Span = tuple[int, int]
"""First and last position of ledger records that hold, among others, blocks of an hour."""
Reread = Callable[[Iterable[Span]], Iterator[Decoded]]
"""The blocks at and between ledger positions."""


@dataclass
class Change:
    """What a block changed in one hour: the values to store; replaced: another value was there before."""

    columns: list[Column] = field(default_factory=list)
    replaced: bool = False


@dataclass
class Waiting:
    """Values of one tag that are not yet merged; tag and group as the latest block has them."""

    tag: Tag
    group: Group
    parts: list[Values] = field(default_factory=list)


class State:
    """Everything that figures are made from. Whoever reads or writes holds *lock*."""

    def __init__(self, reread: Reread) -> None:
        self.lock = FairLock()
        self.catalogue, self.hours, self.latest = Catalogue(), Hours(), Latest()
        self.chunks: dict[SiteNode, dict[int, HourChunk]] = {}
        self.spans: dict[Key, list[Span]] = {}
        self.homeless = 0
        self._reread = reread
        self._waiting: dict[tuple[SiteNode, str], Waiting] = {}
        self._alive: list[tuple[SiteNode, Group, int]] = []
        self._positions: list[tuple[Key, int]] = []

    def apply(self, position: int, decoded: Decoded) -> None:
        """Take in one block; its values count from the next ``absorb`` on."""
        if decoded.rows is None:
            gap = self.catalogue.learn(decoded)
            if gap is not None:
                self._gap(gap)
            return
        place = self.catalogue.place(decoded.header)
        if place is None:
            self.homeless += 1
            return
        short = int.from_bytes(decoded.hash[:8], "big")
        for rows in decoded.rows:
            for piece in pieces(rows, 0):
                waiting = self._waiting.setdefault((place, piece.tag.name), Waiting(piece.tag, rows.group))
                waiting.tag, waiting.group = piece.tag, rows.group
                waiting.parts.append(_values(piece, short))
            self._positions += [((place, hour), position) for hour in _hours_of(rows)]
            if _has_sign(rows):
                self._alive.append((place, rows.group, rows.alive_until))

    def absorb(self) -> dict[Key, Change]:
        """Merge the values of the blocks since the last time; give back what a store must learn of them."""
        changes: dict[Key, Change] = {key: Change() for key, _ in self._positions}
        for (place, name), waiting in self._waiting.items():
            for hour, part in _by_hour(np.concatenate(waiting.parts)):
                won, replaced = self.chunk((place, hour)).merge(waiting.tag, waiting.group, part)
                if len(won):
                    changes[place, hour].columns.append(column(place.node, waiting.tag, won))
                    changes[place, hour].replaced |= replaced
                    self.latest.see(place, name, waiting.group.stream, won)
        for place, group, until in self._alive:
            self.chunk((place, hour_of(until))).seen_alive(group, until)
            self.latest.seen_alive(place, group.id, group.stream, until)
        for key, position in self._positions:
            self._span(key, position)
        self._waiting, self._alive, self._positions = {}, [], []
        return changes

    def chunk(self, key: Key) -> HourChunk:
        """The open chunk of an hour; a dropped one is read back from the ledger."""
        place, hour = key
        chunks = self.chunks.setdefault(place, {})
        chunk = chunks.get(hour)
        if chunk is None:
            chunk = self._read_back(key) if key in self.spans else HourChunk()
            self.hours.open(place, hour)
            chunks[hour] = chunk
        chunk.touched = time.monotonic()
        return chunk

    def drop(self, key: Key) -> None:
        """Close an hour: keep what its counters come to, let go of its values."""
        place, hour = key
        self.hours.close(place, hour, self.chunks[place].pop(hour), self.catalogue)

    def columns(self, key: Key) -> list[Column]:
        """All values of an hour, as a store takes them."""
        chunk = self.chunk(key)
        found = [(chunk.kinds[name][0], rows.array()) for name, rows in chunk.values.items()]
        return [column(key[0].node, tag, rows) for tag, rows in found if len(rows)]

    def open_keys(self) -> list[Key]:
        """Every open hour."""
        return [(place, hour) for place, chunks in self.chunks.items() for hour in chunks]

    def sum_up(self, keys: Iterable[Key]) -> None:
        """Make the bins of open hours now, so that nobody who asks for figures has to wait for them."""
        for place, hour in keys:
            with self.lock:
                chunk = self.chunks.get(place, {}).get(hour)
                if chunk is None:
                    continue
                for name in chunk.kinds:
                    open_bins(place, hour, chunk, name, self.catalogue)

    def counters(self, site: str) -> list[tuple[SiteNode, Known]]:
        """Every counter that the site's nodes have ever read."""
        known = [(place, self.catalogue.tags(place)) for place in self.catalogue.places(site)]
        return [
            (place, item) for place, tags in known for item in tags.values() if item.tag.kind == "counter"
        ]

    def _gap(self, gap: Declared) -> None:
        """Coverage inside the hours that a gap touches is made anew."""
        first, last = (
            end if end is not None else other for end, other in ((gap.from_, gap.to), (gap.to, gap.from_))
        )
        assert first is not None and last is not None
        for key in self._known_hours(gap.place, hour_of(first), hour_of(last + 1)):
            chunk = self.chunks.get(gap.place, {}).get(key[1])
            if chunk is None and self.hours.touches(*key, first - 1, last + 1):
                chunk = self.chunk(key)
            if chunk is not None:
                chunk.forget_bins(gap.group)

    def _known_hours(self, place: SiteNode, first: int, last: int) -> list[Key]:
        if last - first < len(self.spans):
            return [(place, hour) for hour in range(first, last + 1) if (place, hour) in self.spans]
        return [key for key in self.spans if key[0] == place and first <= key[1] <= last]

    def _span(self, key: Key, position: int) -> None:
        spans = self.spans.setdefault(key, [])
        if spans and spans[-1][0] >> 32 == position >> 32:
            spans[-1] = (spans[-1][0], max(spans[-1][1], position))
        else:
            spans.append((position, position))

    def _read_back(self, key: Key) -> HourChunk:
        place, hour = key
        chunk = HourChunk()
        for decoded in self._reread(self.spans[key]):
            if self.catalogue.place(decoded.header) != place:
                continue
            short = int.from_bytes(decoded.hash[:8], "big")
            for rows in decoded.rows or ():
                _merge_hour(chunk, rows, hour, short)
        return chunk


def runs(keys: Iterable[Key]) -> list[tuple[SiteNode, list[int]]]:
    """Hours of one place that follow each other."""
    found: list[tuple[SiteNode, list[int]]] = []
    for place, hour in sorted(keys):
        if found and found[-1][0] == place and found[-1][1][-1] == hour - 1:
            found[-1][1].append(hour)
        else:
            found.append((place, [hour]))
    return found


def column(node: str, tag: Tag, rows: Values) -> Column:
    """Values that won as a store takes them."""
    raw = from_bits(np.ascontiguousarray(rows["bits"]), tag.dtype)
    return Column(node, tag, np.ascontiguousarray(rows["time"]), raw, rows["status"], rows["origin"])


def _values(piece: Piece, short: int) -> Values:
    values = np.zeros(len(piece.time), VALUE)
    values["time"], values["bits"], values["status"] = piece.time, piece.bits, piece.status
    values["block"], values["origin"] = short, piece.origin
    return values


def _hours_of(rows: Rows) -> list[int]:
    """The hours in which a part has rows or a sign of life."""
    hours = set(np.unique((rows.time - 1) // HOUR).tolist())
    return sorted(hours | ({hour_of(rows.alive_until)} if _has_sign(rows) else set()))


def _has_sign(rows: Rows) -> bool:
    """Whether a part tells until when its subscription was alive."""
    return rows.group.layout is Layout.EVENTS and rows.alive_until > 0


def _by_hour(values: Values) -> list[tuple[int, Values]]:
    hours = (values["time"] - 1) // HOUR
    if len(hours) and (hours == hours[0]).all():
        return [(int(hours[0]), values)]
    order = np.argsort(hours, kind="stable")
    values, hours = values[order], hours[order]
    cuts = [0, *(np.flatnonzero(np.diff(hours)) + 1).tolist(), len(hours)]
    return [(int(hours[a]), values[a:b]) for a, b in pairwise(cuts) if b > a]


def _merge_hour(chunk: HourChunk, rows: Rows, hour: int, short: int) -> None:
    for piece in pieces(rows, 0):
        for of, part in _by_hour(_values(piece, short)):
            if of == hour:
                chunk.merge(piece.tag, rows.group, part)
    if _has_sign(rows) and hour_of(rows.alive_until) == hour:
        chunk.seen_alive(rows.group, rows.alive_until)
