"""Hour facts out of the ledger: a site's declarations and readings, the facts that are sealed, and sealing new ones.

Everything is read from the ledger's files, while a cloud runs or not; docs/methods.md has the rules.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

from accounts.figure.calendar import Calendar
from accounts.metering.facts import Facts, day_facts
from cloud.hourly.gathering import Gathering, Meter
from cloud.settings import Settings
from cloud.signing import deliver
from cloud.statements.replay import SiteStatements, replay

ACCOUNTS = "accounts"
BATCH = 2_000
"""Most statements that are sealed in one go."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Sealed:
    """What sealing did: statements that are new or revised, and days whose facts stood already."""

    new: int
    revised: int
    same: int


def seal(settings: Settings, site: str, first: date, after: date) -> Sealed:
    """Seal the facts of the days of a period that are new or differ from those sealed last.

    Savings projects that report in the period get the days of their own periods too. Raises BadInput for an unknown
    site, CannotBeDone.
    """
    with _turn(settings):
        statements = replay(settings, site)
        known = {item.key: item for item in statements.declared.facts}
        fresh = list(facts(settings, statements, wanted_days(statements, first, after)))
        changed = [
            _revision(item, known.get(item.key)) for item in fresh if not _stands(item, known.get(item.key))
        ]
        revisions = [item.statement() for item in changed]
        for at in range(0, len(revisions), BATCH):
            deliver.write(settings, ACCOUNTS, "", revisions[at : at + BATCH])
    revised = sum(item.revision > 0 for item in changed)
    return Sealed(len(changed) - revised, revised, len(fresh) - len(changed))


def facts(settings: Settings, statements: SiteStatements, days: Sequence[date]) -> Iterator[Facts]:
    """The facts of a site's counters on some days, from the blocks that *statements* was read from."""
    gathering = Gathering(settings, statements)
    gathering.read(statements)
    for meter in sorted(gathering.meters()):
        for day in days:
            made = of_day(statements, gathering, meter, day)
            if made is not None:
                yield made


def of_day(statements: SiteStatements, gathering: Gathering, meter: Meter, day: date) -> Facts | None:
    """The facts of a counter on a day, or None when there is nothing to say."""
    edges, (node, name) = Calendar.of(statements.declared.site).hours(day), meter
    tag = gathering.known[meter].tag
    about = Facts(
        statements.site,
        node,
        name,
        tag.meter,
        tag.carrier,
        day,
        0,
        0,
        (),
        tag.scale,
        tag.unit,
        (),
        (),
        (),
        statements.size,
    )
    return day_facts(gathering.around(meter, 2 * edges[0] - edges[1], edges[-1]), edges, about)


def wanted_days(statements: SiteStatements, first: date, after: date) -> list[date]:
    """The days of a period, and of the periods of savings projects that report in it."""
    days = {first + i * _DAY for i in range((after - first).days)}
    for project in statements.declared.projects:
        if first <= project.reporting[0] and project.reporting[1] < after:
            for begin, end in (project.baseline, project.reporting):
                days |= {begin + i * _DAY for i in range((end - begin).days + 1)}
    return sorted(days)


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
