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
        said = replay(settings, site)
        known = {item.key: item for item in said.declared.facts}
        fresh = list(facts(settings, said, wanted_days(said, first, after)))
        changed = [
            _revision(item, known.get(item.key)) for item in fresh if not _stands(item, known.get(item.key))
        ]
        statements = [item.statement() for item in changed]
        for at in range(0, len(statements), BATCH):
            deliver.write(settings, ACCOUNTS, "", statements[at : at + BATCH])
    revised = sum(item.revision > 0 for item in changed)
    return Sealed(len(changed) - revised, revised, len(fresh) - len(changed))


def facts(settings: Settings, said: SiteStatements, days: Sequence[date]) -> Iterator[Facts]:
    """The facts of a site's counters on some days, from the blocks that *said* was read from."""
    gathering = Gathering(settings, said)
    gathering.read(said)
    for meter in sorted(gathering.meters()):
        for day in days:
            made = of_day(said, gathering, meter, day)
            if made is not None:
                yield made


def of_day(said: SiteStatements, gathering: Gathering, meter: Meter, day: date) -> Facts | None:
    """The facts of a counter on a day, or None when there is nothing to say."""
    edges, (node, name) = Calendar.of(said.declared.site).hours(day), meter
    tag = gathering.known[meter].tag
    about = Facts(
        said.site,
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
        said.size,
    )
    return day_facts(gathering.around(meter, 2 * edges[0] - edges[1], edges[-1]), edges, about)


def wanted_days(said: SiteStatements, first: date, after: date) -> list[date]:
    """The days of a period, and of the periods of savings projects that report in it."""
    days = {first + i * _DAY for i in range((after - first).days)}
    for project in said.declared.projects:
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
