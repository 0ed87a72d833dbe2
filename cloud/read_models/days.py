"""Declarations and hour facts of a site, kept up with its ledger: only the days that changed are made again.

Hour facts of a day are taken as sealed where they stand; those of other days are made from the readings.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from accounts.figure.calendar import HOUR, Calendar
from accounts.metering.facts import Facts
from cloud.hourly.changes import Span
from cloud.hourly.gathering import Gathering, Meter, Thinned
from cloud.hourly.records import of_day
from cloud.settings import Settings
from cloud.statements.replay import Listener, SiteStatements

_DAY = timedelta(days=1)


class Days:
    """One site; whoever reads is alone with it. What it has given out stays as it is."""

    def __init__(self, settings: Settings, site: str) -> None:
        self._settings, self._listener = settings, Listener(settings, site)
        self._gathering: Gathering | None = None
        self._calendar: Calendar | None = None
        self._made: dict[Meter, dict[date, Facts | None]] = {}
        self._sealed: set[date] = set()

    def read(self) -> SiteStatements:
        """All that is in the ledger now, with facts of every day. Raises UnknownSite."""
        statements = self._listener.replay()
        calendar = Calendar.of(statements.declared.site)
        gathering = self._gathering
        if gathering is None or calendar != self._calendar or not gathering.goes_on(statements):
            gathering = self._anew(statements, calendar)
        try:
            changed = gathering.read(statements)
        except Thinned:
            gathering = self._anew(statements, calendar)
            changed = gathering.read(statements)
        today = calendar.day_of(time.time_ns())
        for meter, spans in changed.items():
            self._forget(self._made.setdefault(meter, {}), spans, calendar, today)
        sealed = {item.day for item in statements.declared.facts}
        fresh = self._facts(statements, gathering, sealed, today)
        if sealed != self._sealed:
            _thin(gathering, sealed, calendar)
            self._sealed = sealed
        keyed = {item.key: item for item in (*statements.declared.facts, *fresh)}
        return replace(statements, declared=replace(statements.declared, facts=tuple(keyed.values())))

    def _anew(self, statements: SiteStatements, calendar: Calendar) -> Gathering:
        self._calendar, self._gathering = calendar, Gathering(self._settings, statements)
        self._made.clear()
        self._sealed = set()
        return self._gathering

    def _forget(
        self, made: dict[date, Facts | None], spans: Iterable[Span], calendar: Calendar, today: date
    ) -> None:
        """Drop the days whose facts rest on something between two moments."""
        for begin, end in spans:
            first = calendar.day_of(max(begin - 1, 0))
            last = min(calendar.day_of(end + HOUR - 1), today) if end < time.time_ns() else today
            for day in [day for day in made if first <= day <= last]:
                del made[day]

    def _facts(
        self, statements: SiteStatements, gathering: Gathering, sealed: set[date], today: date
    ) -> Iterable[Facts]:
        """The facts of days that are not sealed, as of the size of the ledger now."""
        calendar = Calendar.of(statements.declared.site)
        for meter, (_, first) in sorted(gathering.meters().items()):
            made = self._made[meter]
            for day in [day for day in made if day in sealed]:
                del made[day]
            for day in calendar.days(calendar.day_of(first), today + _DAY):
                if day in sealed:
                    continue
                if day not in made:
                    made[day] = of_day(statements, gathering, meter, day)
                item = made[day]
                if item is not None:
                    yield replace(item, size=statements.size)


def _thin(gathering: Gathering, sealed: set[date], calendar: Calendar) -> None:
    """Let go of the readings in the midst of runs of sealed days."""
    run: list[date] = []
    for day in [*sorted(sealed), date.max]:
        if run and day != run[-1] + _DAY:
            gathering.thin(calendar.begin(run[0]), calendar.begin(run[-1] + _DAY))
            run = []
        run.append(day)
