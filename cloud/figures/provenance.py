"""Where a figure comes from: the hour facts in it, the blocks behind them, and whose signatures those carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.figure.calendar import Calendar, Period
from accounts.inputs.inputs import Declared, Imported
from accounts.metering.facts import Facts
from cloud import ledger
from cloud.settings import Settings
from contract import block, seal
from contract.errors import Malformed
from contract.sites import Project
from journal.keyfiles import load_trust

Json = dict[str, Any]
_DAY = timedelta(days=1)
CHECKED = 500
"""Most blocks of a node whose signatures are checked in one request."""


@dataclass
class _Blocks:
    """Blocks of one node: how many, how many of the checked ones carry its signature, first and last hash."""

    count: int = 0
    checked: int = 0
    good: int = 0
    ends: list[str] = field(default_factory=list)


def facts_of(declared: Declared, points: Sequence[str], period: Period) -> list[Facts]:
    """The hour facts of the points' meters in a period, in order of day and tag."""
    known = declared.points.points if declared.points is not None else ()
    meters = {(point.node, point.tag) for point in known if point.id in points}
    found = [f for f in declared.facts if (f.node, f.tag) in meters and period.touches(f.start, f.end)]
    return sorted(found, key=lambda item: (item.day, item.node, item.tag))


def behind(declared: Declared, project: Project, points: Sequence[str]) -> tuple[list[Facts], list[Imported]]:
    """Hour facts and imported rows of both periods of a savings project; points: whose energy it compares."""
    calendar = Calendar.of(declared.site)
    periods = [Period(calendar, first, last + _DAY) for first, last in (project.baseline, project.reporting)]
    found = [item for period in periods for item in facts_of(declared, points, period)]
    drivers = project.drivers
    rows = [
        item
        for item in declared.rows
        if (item.row.point in points or drivers is None or item.row.quantity in drivers)
        and any(period.touches(item.row.from_, item.row.to or item.row.from_ + 1) for period in periods)
    ]
    return found, rows


def row(item: Facts) -> Json:
    """A day of a counter for the eye."""
    shares = sorted(item.completeness)
    return {
        "day": item.day.isoformat(), "node": item.node, "tag": item.tag, "revision": item.revision, "cause": item.cause,
        "classes": sorted(Counter(item.class_).items()), "lowest": shares[0] if shares else None, "size": item.size,
        "inputs": item.inputs[0][:16] if item.inputs else "",
    }  # fmt: skip


def blocks(settings: Settings, found: Sequence[Facts], imports: frozenset[bytes]) -> list[Json]:
    """By node: the blocks with rows in the time of the facts, and those that hold imported rows, with signatures."""
    keys = load_trust(settings.trust_folder)
    begin = min((item.start for item in found), default=0)
    end = max((item.end for item in found), default=0)
    nodes = {item.node for item in found}
    made: dict[str, _Blocks] = {}
    for record in ledger.read(settings.ledger_folder):
        try:
            header = block.parse(record.data)[0]
        except Malformed:
            continue
        mine = (
            header.node in nodes and header.utc is not None and header.utc[1] >= begin and header.utc[0] < end
        )
        if mine or header.hash in imports:
            _count(made.setdefault(header.node, _Blocks()), record.data, header.hash, keys.get(header.node))
    return [
        {
            "node": node, "count": item.count, "checked": item.checked, "good": item.good, "first": item.ends[0],
            "last": item.ends[-1], "key": seal.fingerprint(keys[node]) if node in keys else None,
        }
        for node, item in sorted(made.items())
    ]  # fmt: skip


def _count(item: _Blocks, data: bytes, digest: bytes, key: Any) -> None:
    item.count += 1
    item.ends.append(digest.hex())
    if key is None or item.checked >= CHECKED:
        return
    item.checked += 1
    try:
        seal.verify(data, key)
        item.good += 1
    except Malformed:
        return
