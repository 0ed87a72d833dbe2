"""Finds the question that has a figure by the figure's id, also of one that was not asked since the cloud started."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from accounts.figure.calendar import Calendar
from cloud.figures.index import FigureIndex, Place, Question
from cloud.read_models import questions
from cloud.read_models.snapshot import Snapshot
from cloud.read_models.snapshot_cache import SnapshotCache
from cloud.settings import Settings
from contract.errors import SteelyardError

log = structlog.get_logger()
ID = re.compile(r"[0-9a-f]{16}")
HOUR_S = 3_600.0
Sites = Callable[[], Sequence[str]]
"""The names of all sites there are."""


class Finder:
    """Thread-safe. An id that is unknown costs at most one look at the present for each state of the ledger."""

    def __init__(self, settings: Settings, cache: SnapshotCache, sites: Sites) -> None:
        self._cache, self._sites, self._asked = cache, sites, FigureIndex(settings)
        self._turn, self._looked = threading.Lock(), object()

    def ask(self, snapshot: Snapshot, question: Question) -> Any:
        """The answer of a question, made once for each edition. Raises BadInput."""

        def make() -> Any:
            value = questions.ask(snapshot, question)
            self._asked.note(snapshot.statements.site, question, questions.figures(value))
            return value

        return snapshot.of(question, make)

    def place(self, name: str) -> Place | None:
        """The site and question of a figure's id."""
        if not ID.fullmatch(name):
            return None
        found = self._asked.of(name)
        if found is None:
            self._look()
            found = self._asked.of(name)
        return found

    def _look(self) -> None:
        """Ask each site what it can be asked now, unless that was done at this end of the ledger in this hour."""
        with self._turn:
            here = (self._cache.end(), time.time() // HOUR_S)
            if here == self._looked:
                return
            for site in self._sites():
                try:
                    self._site(site)
                except (SteelyardError, OSError) as error:
                    log.warning("the figures of now are not known", site=site, why=str(error))
            self._looked = here

    def _site(self, site: str) -> None:
        snapshot = self._cache.newest(site)
        today = Calendar.of(snapshot.statements.declared.site).day_of(time.time_ns())
        for question in questions.present(snapshot, today):
            self.ask(snapshot, question)
