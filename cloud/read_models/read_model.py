"""Declarations and readings of a site and the figures made of them, kept for the pages and the API."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol

from accounts.figure.calendar import Calendar
from accounts.figure.figure import Figure
from accounts.inputs.inputs import Declared
from accounts.inputs.tree import Tree
from cloud.figures.compute import Answer
from cloud.figures.exceedances import Timeline
from cloud.figures.index import Question
from cloud.read_models import questions, workings
from cloud.read_models.finder import Finder, Sites
from cloud.read_models.snapshot import Snapshot
from cloud.read_models.snapshot_cache import SnapshotCache
from cloud.read_models.workings import Day, Expectation, Json
from cloud.settings import Settings
from cloud.statements.replay import SiteStatements
from contract.errors import BadInput


class Snapshots(Protocol):
    """Where an edition of a site comes from, and the time that it is."""

    def snapshot(self, site: str) -> Snapshot:
        """The edition of a site. Raises UnknownSite."""
        ...

    def now(self) -> int:
        """UTC ns."""
        ...


class PinnedSnapshot:
    """Editions that stay: each site's as it is asked for first, and the time as it was at the beginning.

    size: of the ledger of which they are wanted, if there still is such an edition.
    """

    def __init__(self, cache: SnapshotCache, size: int | None = None) -> None:
        self._cache, self._size, self._moment = cache, size, time.time_ns()
        self._editions: dict[str, Snapshot] = {}

    def snapshot(self, site: str) -> Snapshot:
        """See Editions."""
        if site not in self._editions:
            past = None if self._size is None else self._cache.past(site, self._size)
            self._editions[site] = past or self._cache.snapshot(site)
        return self._editions[site]

    def now(self) -> int:
        """See Editions."""
        return self._moment


class ReadModel:
    """The books of all sites of one ledger. Thread-safe; what is old is given out while what is slow is made behind."""

    def __init__(
        self, settings: Settings, cache: SnapshotCache, finder: Finder, snapshots: Snapshots
    ) -> None:
        self.settings = settings
        self._cache, self._finder, self._editions = cache, finder, snapshots

    @classmethod
    def of(
        cls, settings: Settings, sites: Sites | None = None, statement_count: Callable[[], int] = lambda: 0
    ) -> ReadModel:
        """The books of a ledger.

        sites: the names of all sites there are, by default those of cloud.yaml. statement_count: see SnapshotCache.
        """
        cache = SnapshotCache(settings, statement_count)
        named: Sites = sites if sites is not None else lambda: [site.id for site in settings.sites]
        return cls(settings, cache, Finder(settings, cache, named), cache)

    def pinned(self, size: int | None = None) -> ReadModel:
        """The same books for one page or answer: every question is answered from one edition, of one moment.

        size: that of the ledger of the page to which the answer belongs.
        """
        return ReadModel(self.settings, self._cache, self._finder, PinnedSnapshot(self._cache, size))

    def forget(self) -> None:
        """Make the next request wait for a new edition, because of a new statement."""
        self._cache.forget()

    def rest(self, site: str) -> float:
        """Seconds for which the books of a site stay as they are, though readings come in."""
        return self._cache.rest(site)

    def statements(self, site: str) -> SiteStatements:
        """The statements of the site, with the facts of its days. Raises UnknownSite."""
        return self._editions.snapshot(site).statements

    def declared(self, site: str) -> Declared:
        """What the site has declared, imported and measured. Raises UnknownSite."""
        return self.statements(site).declared

    def tree(self, site: str) -> Tree:
        """The points of the site with their amounts."""
        return self._editions.snapshot(site).tree

    def calendar(self, site: str) -> Calendar:
        """The days of the site."""
        return Calendar.of(self.declared(site).site)

    def today(self, site: str) -> date:
        """The day of the site in which this moment lies."""
        return self.calendar(site).day_of(self.now())

    def now(self) -> int:
        """This moment, or that of the page to which an answer belongs, UTC ns."""
        return self._editions.now()

    def answer(self, site: str, first: date, after: date) -> Answer:
        """The figures of the days from *first* to *after*, which is not among them. Raises UnknownSite, BadInput."""
        found: Answer = self._ask(site, questions.days("answer", first, after))
        return found

    def expected(self, site: str, first: date, after: date) -> Expectation:
        """The electricity, and its cost, that the production of some days should have taken, or why there is none."""
        found: Expectation = self._ask(site, questions.days("expected", first, after))
        return found

    def exceedances(self, site: str, first: date, after: date) -> Timeline:
        """The exceedances from the day *first* to *after*, which is not among them. Raises UnknownSite, BadInput."""
        found: Timeline = self._ask(site, questions.days("exceedances", first, after))
        return found

    def replacement(self, site: str, project: str) -> tuple[Json, dict[str, Json]]:
        """The answer for a machine replacement, and its figures by kind. Raises UnknownSite, UnknownProject."""
        found: tuple[Json, dict[str, Json]] = self._ask(site, ("replacement", project))
        return found

    def daily(
        self, site: str, quantity: str, points: Sequence[str] | None, first: date, after: date
    ) -> list[Day]:
        """How much of a quantity there was each day, over some points or the top ones; None where that is not whole."""
        snapshot = self._editions.snapshot(site)
        key = ("daily", quantity, None if points is None else tuple(points), first, after)
        found: list[Day] = snapshot.of(
            key, lambda: workings.daily(snapshot.tree, quantity, points, first, after)
        )
        return list(found)

    def figure(self, name: str) -> Figure | None:
        """The figure of an id as it is now."""
        found = self._find(name)
        return found if isinstance(found, Figure) else None

    def project_figure(self, name: str) -> Json | None:
        """The figure of a replacement by its id, as it is now."""
        found = self._find(name)
        return None if isinstance(found, Figure) else found

    def site_of(self, name: str) -> str | None:
        """The site of a figure."""
        place = self._finder.place(name)
        return None if place is None else place[0]

    def _find(self, name: str) -> questions.Named | None:
        place = self._finder.place(name)
        if place is None:
            return None
        try:
            return questions.figures(self._ask(*place)).get(name)
        except BadInput:  # what was asked for is no more, such as a project that was withdrawn
            return None

    def _ask(self, site: str, question: Question) -> Any:
        return self._finder.ask(self._editions.snapshot(site), question)
