"""Hour state of counters: for each counter and hour its bins, made from that hour's readings and from nothing else."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from fractions import Fraction
from functools import lru_cache

import numpy as np

from accounts.metering.hours import BIN, Bins, summarise
from accounts.metering.registers import I64, Register
from cloud.ledger.tag_catalogue import Catalogue, SiteNode
from cloud.projection.hour_chunk import HOUR, HourChunk
from contract.quality import Quality
from contract.tags import Group, Layout, Tag

QUARTER = HOUR // 4
"""Width of a bin: days and hours of every time zone begin at a quarter of an hour."""
FLUSH = 10**9
"""How much later than its time a reading may come and still be the next one, ns."""
LATE = 10**9
"""How much later than the device read its register the edge may stamp the answer, ns."""
BACK_TO_BACK = HOUR
"""How long a reading speaks for the time before it where the pace of reading says nothing about the row's times, ns:
read back to back, or stamped by the device's own clock. There the gap statements alone tell what is missing."""
SILENCE = 900 * 10**9
"""Longest time between two signs of life of a subscription, ns: the age at which an edge seals what it has."""

USABLE = Quality.MANUAL
"""The worst quality with which a counter's reading counts."""


def is_register(tag: Tag) -> bool:
    """Whether hours can be made of a tag: a counter in whole steps."""
    return tag.kind == "counter" and tag.dtype.kind in "iu"


def register(tag: Tag, group: Group) -> Register:
    """The register behind a counter tag, as its schema describes it."""
    rate = None if tag.max_rate is None else _rate(tag.max_rate, tag.scale)
    if group.layout is Layout.EVENTS:
        reach = 2 * group.every + SILENCE
    else:
        paced = group.every and group.time_source != "device"
        reach = 2 * group.every + FLUSH if paced else BACK_TO_BACK
    slack = LATE if group.time_source == "edge" else 0
    return Register(tag.dtype.itemsize * 8, rate, reach, slack)


@lru_cache(1024)
def _rate(most: str, scale: str) -> Fraction:
    """Steps a ns at most."""
    return Fraction(most) / abs(Fraction(scale)) / 10**9


class Hours:
    """Bins of hours that are closed. An hour is closed or in an open chunk, never both."""

    def __init__(self) -> None:
        self._closed: dict[tuple[SiteNode, str], dict[int, Bins]] = {}
        self._joined: dict[tuple[SiteNode, str], Bins] = {}
        self._order: dict[tuple[SiteNode, str], list[int]] = {}
        self.version = 0
        """Another number after each change."""

    def close(self, place: SiteNode, hour: int, chunk: HourChunk, catalogue: Catalogue) -> None:
        """Keep what a chunk's counters come to; the chunk may be dropped then."""
        for name in chunk.kinds:
            bins = open_bins(place, hour, chunk, name, catalogue)
            if len(bins):
                self.put(place, name, hour, bins)

    def put(self, place: SiteNode, tag: str, hour: int, bins: Bins) -> None:
        """Keep the bins of one hour."""
        self._closed.setdefault((place, tag), {})[hour] = bins
        self._changed((place, tag))

    def open(self, place: SiteNode, hour: int) -> None:
        """Forget a closed hour: a chunk holds it again."""
        for key, hours in self._closed.items():
            if key[0] == place and hours.pop(hour, None) is not None:
                self._changed(key)

    def _changed(self, key: tuple[SiteNode, str]) -> None:
        self._joined.pop(key, None)
        self._order.pop(key, None)
        self.version += 1

    def touches(self, place: SiteNode, hour: int, from_: int, to: int) -> bool:
        """Whether a gap lies between readings of a closed hour."""
        found = (hours[hour] for key, hours in self._closed.items() if key[0] == place and hour in hours)
        return any(bool(((bins["mark_first"] < to) & (bins["mark_last"] > from_)).any()) for bins in found)

    def bins(self, place: SiteNode, tag: str, chunks: dict[int, HourChunk], catalogue: Catalogue) -> Bins:
        """All bins of a counter in order of time; *chunks* are the open ones of the place."""
        key = (place, tag)
        if key not in self._joined:
            parts = [self._closed[key][hour] for hour in self._closed_hours(key)]
            self._joined[key] = np.concatenate([np.empty(0, BIN), *parts])
        opened = [
            open_bins(place, hour, chunk, tag, catalogue)
            for hour, chunk in chunks.items()
            if tag in chunk.kinds
        ]
        joined = np.concatenate([self._joined[key], *opened])
        return joined[np.argsort(joined["start"], kind="stable")] if opened else joined

    def around(
        self,
        place: SiteNode,
        tag: str,
        chunks: dict[int, HourChunk],
        catalogue: Catalogue,
        first: int,
        last: int,
    ) -> Bins:
        """As bins, from the last reading before the hour *first* to the first one after the hour *last*.

        What it costs does not grow with the past, nor with what is being filled in far from there.
        """
        closed = self._closed.get((place, tag), {})

        def of(hour: int) -> Bins:
            return closed[hour] if hour in closed else open_bins(place, hour, chunks[hour], tag, catalogue)

        opened = [hour for hour, chunk in chunks.items() if tag in chunk.kinds and hour not in closed]
        hours = sorted([*self._closed_hours((place, tag)), *opened])
        begin, end = bisect_left(hours, first), bisect_right(hours, last)
        found = [of(hour) for hour in hours[begin:end]]
        for hour in reversed(hours[:begin]):
            found.insert(0, of(hour))
            if found[0]["readings"].any():
                break
        for hour in hours[end:]:
            found.append(of(hour))
            if found[-1]["readings"].any():
                break
        return np.concatenate([np.empty(0, BIN), *found])

    def _closed_hours(self, key: tuple[SiteNode, str]) -> list[int]:
        """The closed hours of a counter in order of time."""
        if key not in self._order:
            self._order[key] = sorted(self._closed.get(key, {}))
        return self._order[key]

    def items(self) -> list[tuple[SiteNode, str, int, Bins]]:
        """Every closed hour of every counter."""
        return [(*key, hour, bins) for key, hours in self._closed.items() for hour, bins in hours.items()]


def open_bins(place: SiteNode, hour: int, chunk: HourChunk, tag: str, catalogue: Catalogue) -> Bins:
    """The bins of one tag of an open chunk; none for a tag that is no register."""
    if tag not in chunk.bins:
        kind, group = chunk.kinds[tag]
        chunk.bins[tag] = (
            _sum(place, hour, chunk, kind, group, catalogue) if is_register(kind) else np.empty(0, BIN)
        )
    return chunk.bins[tag]


def _sum(place: SiteNode, hour: int, chunk: HourChunk, tag: Tag, group: Group, catalogue: Catalogue) -> Bins:
    rows = chunk.values[tag.name].array()
    rows = rows[rows["status"] <= USABLE]
    alive: I64 = np.array(sorted(chunk.alive.get(group.id, ())), np.int64)
    edges = hour * HOUR + np.arange(5) * QUARTER
    time, raw = np.ascontiguousarray(rows["time"]), np.ascontiguousarray(rows["bits"])
    return summarise(time, raw, register(tag, group), edges, catalogue.gaps(place, group.id), alive)
