"""Hour facts out of the ledger: what a site has said and sealed, its counters' readings, and sealing what is new.

Everything is read from the ledger's files, while a cloud runs or not; docs/methods.md has the rules.
"""

from __future__ import annotations

import fcntl
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from accounts.calendar import Calendar
from accounts.facts import Facts, Readings, day_facts
from cloud import desk, ledger
from cloud.catalogue import Known, Place
from cloud.export import Piece, pieces
from cloud.hours import USABLE, is_register, register
from cloud.ledger import Decoder
from cloud.said import Said, hear
from cloud.settings import Settings
from contract import block
from contract.errors import Malformed
from contract.precedence import winners
from contract.tags import Layout

ACCOUNTS = "accounts"
BATCH = 2_000
"""Most statements that are sealed in one go."""
_DAY = timedelta(days=1)
Meter = tuple[str, str]
"""Node and tag."""


@dataclass(frozen=True)
class Sealed:
    """What sealing did: statements that are new or revised, and days whose facts stood already."""

    new: int
    revised: int
    same: int


@dataclass
class _Gathered:
    """Pieces of tags, signs of life of groups, and how far streams have come, all of one site."""

    pieces: dict[Meter, list[Piece]] = field(default_factory=lambda: defaultdict(list))
    alive: dict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    heads: dict[tuple[str, str], int] = field(default_factory=dict)
    hashes: list[bytes] = field(default_factory=list)


def seal(settings: Settings, site: str, first: date, after: date) -> Sealed:
    """Seal the facts of the days of a period that are new or differ from those sealed last.

    Savings projects that report in the period get the days of their own periods too. Raises BadInput for an unknown
    site, CannotBeDone.
    """
    with _turn(settings):
        said = hear(settings, site)
        known = {item.key: item for item in said.declared.facts}
        fresh = list(facts(settings, said, wanted_days(said, first, after)))
        changed = [
            _revision(item, known.get(item.key)) for item in fresh if not _stands(item, known.get(item.key))
        ]
        statements = [item.statement() for item in changed]
        for at in range(0, len(statements), BATCH):
            desk.write(settings, ACCOUNTS, "", statements[at : at + BATCH])
    revised = sum(item.revision > 0 for item in changed)
    return Sealed(len(changed) - revised, revised, len(fresh) - len(changed))


def facts(settings: Settings, said: Said, days: Sequence[date]) -> Iterator[Facts]:
    """The facts of a site's counters on some days, from the blocks that *said* was heard from."""
    yield from of_days(said, readings_of(settings, said), lambda _: days)


def of_days(
    said: Said, found: Mapping[Meter, tuple[Known, Readings]], days: Callable[[Readings], Sequence[date]]
) -> Iterator[Facts]:
    """The facts of counters on the days that *days* names for the readings of each."""
    calendar = Calendar.of(said.declared.site)
    for (node, tag), (known, readings) in sorted(found.items(), key=lambda item: item[0]):
        for day in days(readings):
            about = Facts(
                said.site, node, tag, known.tag.meter, known.tag.carrier, day, 0, 0, (), known.tag.scale,
                known.tag.unit, (), (), (), said.size,
            )  # fmt: skip
            made = day_facts(readings, calendar.hours(day), about)
            if made is not None:
                yield made


def wanted_days(said: Said, first: date, after: date) -> list[date]:
    """The days of a period, and of the periods of savings projects that report in it."""
    days = {first + i * _DAY for i in range((after - first).days)}
    for project in said.declared.projects:
        if first <= project.reporting[0] and project.reporting[1] < after:
            for begin, end in (project.baseline, project.reporting):
                days |= {begin + i * _DAY for i in range((end - begin).days + 1)}
    return sorted(days)


def readings_of(settings: Settings, said: Said) -> dict[Meter, tuple[Known, Readings]]:
    """The readings of every counter that a point of the site names, and its tag as the latest schema has it."""
    points = said.declared.points.points if said.declared.points is not None else ()
    known: dict[Meter, Known] = {}
    for point in points:
        if point.node is not None and point.tag is not None:
            item = said.catalogue.tags(Place(said.site, point.node)).get(point.tag)
            if item is not None and is_register(item.tag):
                known[point.node, point.tag] = item
    found = _gather(settings, said, known) if known else _Gathered()
    rank = np.argsort(np.argsort(np.array(found.hashes, "S32"))) if found.hashes else np.empty(0, np.int64)
    return {
        meter: (item, _readings(said, found, meter, item, rank))
        for meter, item in known.items()
        if found.pieces.get(meter)
    }


def _gather(settings: Settings, said: Said, known: Mapping[Meter, Known]) -> _Gathered:
    found, decoder = _Gathered(), Decoder()
    nodes = {node for node, _ in known}
    for record in ledger.read(settings.ledger_folder):
        if record.position >= said.end:
            break
        try:
            header, _, body = block.parse(record.data)
            if header.node not in nodes:
                continue
            decoded = decoder.decode(header, header.hash, body)
            decoder.learn(decoded)
        except Malformed:
            continue  # `steelyard-cloud blocks` names it
        if said.catalogue.place(header) != Place(said.site, header.node):
            continue
        stream = (header.node, header.stream)
        if header.utc is not None:
            found.heads[stream] = max(header.utc[1], found.heads.get(stream, header.utc[1]))
        number = len(found.hashes)
        if decoded.rows:
            found.hashes.append(decoded.hash)
        for rows in decoded.rows or ():
            if rows.group.layout is Layout.EVENTS and rows.alive_until > 0:
                found.alive[header.node, rows.group.id].add(rows.alive_until)
                found.heads[stream] = max(rows.alive_until, found.heads.get(stream, rows.alive_until))
            if any((header.node, tag.name) in known for tag in rows.group.tags):
                for piece in pieces(rows, number):
                    if (header.node, piece.tag.name) in known and len(piece.time):
                        found.pieces[header.node, piece.tag.name].append(piece)
    return found


def _readings(said: Said, found: _Gathered, meter: Meter, known: Known, rank: Any) -> Readings:
    """The readings of one counter after precedence, in order of time."""
    items = found.pieces[meter]
    lengths = [len(piece.time) for piece in items]
    time = np.concatenate([piece.time for piece in items])
    raw = np.concatenate([piece.bits for piece in items])
    status = np.concatenate([piece.status for piece in items])
    origin = np.repeat(np.array([piece.origin for piece in items], np.uint8), lengths)
    of = np.repeat(np.array([piece.block for piece in items], np.int64), lengths)
    chosen = winners(time, origin, status, rank[of])
    chosen = chosen[status[chosen] <= USABLE]
    node, group = meter[0], known.group
    alive = np.array(sorted(found.alive.get((node, group.id), ())), np.int64)
    return Readings(
        time[chosen], raw[chosen], of[chosen], found.hashes, alive, register(known.tag, group),
        said.catalogue.gaps(Place(said.site, node), group.id), found.heads.get((node, group.stream), 0),
    )  # fmt: skip


def _stands(item: Facts, before: Facts | None) -> bool:
    return before is not None and item.same(before)


def _revision(item: Facts, before: Facts | None) -> Facts:
    if before is None:
        return item
    cause = "rebuilt" if item.inputs == before.inputs else "late data"
    return replace(item, revision=before.revision + 1, cause=cause)


@contextmanager
def _turn(settings: Settings) -> Iterator[None]:
    """One sealer at a time, over all processes."""
    folder = settings.folder / "keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "hours.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
