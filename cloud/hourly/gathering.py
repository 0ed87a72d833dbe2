"""Readings of a site's counters, gathered from the ledger's blocks after precedence, and what new blocks change."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from accounts.metering.facts import Readings
from accounts.metering.registers import I64
from cloud import ledger
from cloud.hourly import changes
from cloud.hourly.by_day import DAY, ByDay, Rows
from cloud.hourly.changes import FOREVER, Span
from cloud.ledger import Decoded, Decoder
from cloud.ledger.columns import Piece, pieces
from cloud.ledger.tag_catalogue import Known, SiteNode
from cloud.projection.counter_bins import is_register, register
from cloud.settings import Settings
from cloud.statements.replay import SiteStatements
from contract import block
from contract.errors import Malformed
from contract.precedence import winners
from contract.tags import Layout

Meter = tuple[str, str]
"""Node and tag."""
Life = tuple[str, str]
"""Node and scan group."""


def counters(statements: SiteStatements) -> dict[Meter, Known]:
    """Every counter that a point of the site names, as the latest schema has it."""
    points = statements.declared.points.points if statements.declared.points is not None else ()
    known: dict[Meter, Known] = {}
    for point in points:
        if point.node is not None and point.tag is not None:
            item = statements.catalogue.tags(SiteNode(statements.site, point.node)).get(point.tag)
            if item is not None and is_register(item.tag):
                known[point.node, point.tag] = item
    return known


@dataclass
class _Fresh:
    """What new blocks hold: pieces by counter, signs of life by scan group."""

    pieces: dict[Meter, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    alive: dict[Life, set[int]] = field(default_factory=lambda: defaultdict(set))


class Thinned(Exception):
    """A value came late for a day whose values were let go: the ledger must be read anew."""


class Gathering:
    """The readings of one site's counters up to some place of the ledger; it goes on from there."""

    def __init__(self, settings: Settings, statements: SiteStatements) -> None:
        self._folder, self.known = settings.ledger_folder, counters(statements)
        self._nodes = {node for node, _ in self.known}
        self._statements, self._decoder, self._end = statements, Decoder(), 0
        self._values = {meter: ByDay(changes.VALUE, changes.usable) for meter in self.known}
        self._alive: dict[Life, ByDay] = {}
        self._heads: dict[tuple[str, str], int] = {}
        self._hashes: list[bytes] = []
        self._placed: dict[tuple[str, str, int], SiteNode | None] = {}
        self._gaps: dict[Life, int] = {}

    def goes_on(self, statements: SiteStatements) -> bool:
        """Whether what was read still holds: the site has the same counters, and every block the place it had."""
        now = statements.catalogue
        same = self.known.keys() == counters(statements).keys() and statements.end >= self._end
        return same and (
            now is self._statements.catalogue
            or all(now.at(*incarnation) == place for incarnation, place in self._placed.items())
        )

    def read(self, statements: SiteStatements) -> dict[Meter, list[Span]]:
        """Take the blocks that *statements* was read from; returns the spans of each counter that changed."""
        found, before = _Fresh(), dict(self._heads)
        for record in ledger.read(self._folder, self._end) if self.known else ():
            if record.position >= statements.end:
                break
            self._end = record.next
            try:
                self._take(record.data, statements, found)
            except Malformed:
                continue  # `steelyard-cloud blocks` names it
        spans = {meter: self._merge(meter, items) for meter, items in found.pieces.items()}
        signs = {life: self._signs(life, times) for life, times in found.alive.items()}
        changed: dict[Meter, list[Span]] = {}
        for meter, item in counters(statements).items():
            other = (item.tag, item.group) != (self.known[meter].tag, self.known[meter].group)
            stream, life = (meter[0], item.group.stream), (meter[0], item.group.id)
            head, old = self._heads.get(stream, 0), before.get(stream, 0)
            changed[meter] = [
                *([(0, FOREVER)] if other else []), *([(old + 1, head)] if head > old else []),
                *spans.get(meter, ()), *signs.get(life, ()), *self._stated(meter, life, statements),
            ]  # fmt: skip
            self.known[meter] = item
        self._gaps = {
            life: len(statements.catalogue.stated(SiteNode(statements.site, life[0]), life[1]))
            for life in self._lives()
        }
        self._statements = statements
        return changed

    def thin(self, begin: int, end: int) -> None:
        """Drop values that only the days with begin <= time < end need: these are sealed and not made again."""
        for store in (*self._values.values(), *self._alive.values()):
            for day in store.between(begin // DAY + 2, end // DAY - 2):
                store.thin(day)

    def meters(self) -> dict[Meter, tuple[Known, int]]:
        """Each counter that has readings, and the time of the first one (UTC ns)."""
        firsts = {meter: values.first() for meter, values in self._values.items()}
        return {meter: (self.known[meter], first) for meter, first in firsts.items() if first is not None}

    def around(self, meter: Meter, begin: int, end: int) -> Readings:
        """The readings of a counter that the time from *begin* to *end* (UTC ns) needs."""
        node, item = meter[0], self.known[meter]
        rows, group, alive = (
            self._values[meter].around(begin, end),
            item.group,
            self._alive.get((node, item.group.id)),
        )
        times = np.empty(0, np.int64) if alive is None else alive.around(begin, end)["time"]
        return Readings(
            np.ascontiguousarray(rows["time"]), np.ascontiguousarray(rows["raw"]), rows["block"], self._hashes,
            np.ascontiguousarray(times), register(item.tag, group),
            self._statements.catalogue.gaps(SiteNode(self._statements.site, node), group.id),
            self._heads.get((node, group.stream), 0),
        )  # fmt: skip

    def _take(self, data: bytes, statements: SiteStatements, found: _Fresh) -> None:
        header, _, body = block.parse(data)
        if header.node not in self._nodes:
            return
        decoded = self._decoder.decode(header, header.hash, body)
        self._decoder.learn(decoded)
        place = statements.catalogue.place(header)
        self._placed[header.node, header.stream, header.incarnation] = place
        if place == SiteNode(statements.site, header.node):
            self._rows(decoded, found)

    def _rows(self, decoded: Decoded, found: _Fresh) -> None:
        """Sort the rows of a block by counter."""
        header = decoded.header
        if header.utc is not None:
            self._head(header.node, header.stream, header.utc[1])
        if decoded.rows:
            self._hashes.append(decoded.hash)
        for rows in decoded.rows or ():
            if rows.group.layout is Layout.EVENTS and rows.alive_until > 0:
                found.alive[header.node, rows.group.id].add(rows.alive_until)
                self._head(header.node, header.stream, rows.alive_until)
            if any((header.node, tag.name) in self.known for tag in rows.group.tags):
                for piece in pieces(rows, len(self._hashes) - 1):
                    if (header.node, piece.tag.name) in self.known and len(piece.time):
                        found.pieces[header.node, piece.tag.name].append(piece)

    def _head(self, node: str, stream: str, at: int) -> None:
        self._heads[node, stream] = max(at, self._heads.get((node, stream), at))

    def _merge(self, meter: Meter, items: list[Piece]) -> list[Span]:
        """Let new values in. The spans in which another value wins now."""
        values, changed = self._values[meter], []
        empty = not values.days
        for day, some in changes.by_day(self._won(changes.values_of(items))):
            old = values.get(day)
            now = self._won(np.concatenate((old, some))) if len(old) else some
            if values.thinned(day) and not changes.usable(now).all():
                raise Thinned
            values.put(day, now)
            changed.append(changes.differing(old, now))
        return [(0, FOREVER)] if empty else changes.spans(values, np.concatenate(changed))

    def _won(self, rows: Rows) -> Rows:
        numbers, back = np.unique(rows["block"], return_inverse=True)
        hashes = np.array([self._hashes[i] for i in numbers.tolist()], "S32")
        rank = np.argsort(np.argsort(hashes, kind="stable"))[back]
        return rows[winners(rows["time"], rows["origin"], rows["status"], rank)]

    def _signs(self, life: Life, times: set[int]) -> list[Span]:
        """Note signs of life. The spans in which there are others now."""
        signs = self._alive.setdefault(life, ByDay(changes.SIGN))
        new = np.array(sorted(times), np.int64)
        fresh = []
        for day, some in changes.by_day(new.view(changes.SIGN)):
            old = signs.get(day)
            both = np.union1d(old["time"], some["time"])
            signs.put(day, both.view(changes.SIGN))
            fresh.append(np.setdiff1d(both, old["time"]))
        return [span for meter in self.known if (meter[0], self.known[meter].group.id) == life
                for span in self._near(meter, life, np.concatenate(fresh))]  # fmt: skip

    def _stated(self, meter: Meter, life: Life, statements: SiteStatements) -> list[Span]:
        """The spans of gaps that were stated since."""
        gaps = statements.catalogue.stated(SiteNode(statements.site, life[0]), life[1])[
            self._gaps.get(life, 0) :
        ]
        ends = [(a if a is not None else b, b if b is not None else a) for a, b in gaps]
        times = np.array([end for pair in ends for end in pair], np.int64)
        near = self._near(meter, life, times)
        return [(near[i][0] - 1, near[i + 1][1] + 1) for i in range(0, len(near), 2)]

    def _near(self, meter: Meter, life: Life, times: I64) -> list[Span]:
        """For each time the span from the last reading or sign of life before it to the first one after it."""
        stores = [self._values[meter], *([self._alive[life]] if life in self._alive else [])]
        found: list[Span] = []
        for at in times.tolist():
            marks = np.concatenate([store.around(at - 1, at)["time"] for store in stores])
            before, after = marks[marks < at], marks[marks > at]
            found.append((int(before.max(initial=0)) or at, int(after.min(initial=FOREVER))))
        return found

    def _lives(self) -> list[Life]:
        return [(node, item.group.id) for (node, _), item in self.known.items()]
