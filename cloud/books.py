"""What a site has said and measured, kept at hand: asked for often, read from the ledger anew when it has grown.

Hour facts of a day are taken as sealed where they stand; those of other days are made from the readings.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import structlog

from accounts import book
from accounts.calendar import Calendar, Period
from accounts.facts import Readings
from accounts.figure import Figure
from accounts.inputs import Declared
from accounts.tree import Tree
from cloud import facts, workings
from cloud.exceedances import Timeline, timeline
from cloud.factors import tables
from cloud.figures import Answer, remember
from cloud.said import Said, hear
from cloud.settings import Settings
from cloud.workings import Day, Expectation, Json
from contract.errors import BadInput, SteelyardError

log = structlog.get_logger()
Project = tuple[dict[str, Any], dict[str, dict[str, Any]]]
REST = 10.0
"""What is kept is made anew when it is older than this many times what making it took."""
LEAST_S = 2.0
"""Shortest time between two readings of the ledger, seconds."""
MOST = 400
"""Most answers that are kept."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Heard:
    """What a site had said when the ledger was read to *end*; made: monotonic s; took: seconds."""

    said: Said
    tree: Tree
    end: tuple[str, int]
    made: float
    took: float


@dataclass(frozen=True)
class _Kept:
    """Something that was worked out of what was heard, and how."""

    heard: _Heard
    value: Any
    make: Callable[[_Heard], Any]


class Books:
    """The books of all sites of one ledger. Thread-safe; what is old is given out while it is made anew behind."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._turns: dict[object, threading.Lock] = {}
        self._sites: dict[str, _Heard] = {}
        self._kept: dict[tuple[Any, ...], _Kept] = {}

    def forget(self) -> None:
        """Make everything anew when it is asked for next: somebody has said something."""
        with self._lock:
            self._sites.clear()

    def said(self, site: str) -> Said:
        """What the site has said, with the facts of its days. Raises UnknownSite."""
        return self._site(site).said

    def declared(self, site: str) -> Declared:
        """What the site has declared, imported and measured. Raises UnknownSite."""
        return self.said(site).declared

    def calendar(self, site: str) -> Calendar:
        """The days of the site."""
        return Calendar.of(self.declared(site).site)

    def today(self, site: str) -> date:
        """The day of the site in which this moment lies."""
        return self.calendar(site).day_of(time.time_ns())

    def answer(self, site: str, first: date, after: date) -> Answer:
        """The figures of the days from *first* to *after*, which is not among them. Raises UnknownSite, BadInput."""
        if after <= first:
            raise BadInput(f"the last day {after} must be later than the first {first}")
        found: Answer = self._of(
            site, ("answer", first, after), lambda heard: self._answer(heard, first, after)
        )
        return found

    def expected(self, site: str, first: date, after: date) -> Expectation:
        """The electricity, and its cost, that the production of some days should have taken; or why nobody can say."""
        found: Expectation = self._of(
            site, ("expected", first, after), lambda heard: workings.expected(heard.tree, first, after)
        )
        return found

    def exceedances(self, site: str, first: date, after: date) -> Timeline:
        """The exceedances from the day *first* to *after*, which is not among them. Raises UnknownSite, BadInput."""
        found: Timeline = self._of(
            site, ("exceedances", first, after), lambda heard: timeline(heard.tree, first, after)
        )
        return found

    def figure(self, name: str) -> Figure | None:
        """The figure of an id as it is now, if somebody asked for the answer that it stands in."""
        with self._lock:
            kept = [
                (place, item)
                for place, item in self._kept.items()
                if isinstance(item.value, Answer | Expectation | Timeline)
            ]
        for place, item in kept:
            if any(figure.id == name for figure in item.value.figures):
                answer = self._of(place[0], place[1:], item.make)
                return next((figure for figure in answer.figures if figure.id == name), None)
        return None

    def replacement(self, site: str, project: str) -> tuple[Json, dict[str, Json]]:
        """What a machine replacement came to, and its figures by kind. Raises UnknownSite, UnknownProject."""
        found: tuple[Json, dict[str, Json]] = self._of(
            site, ("replacement", project), lambda heard: workings.replacement(heard.said.declared, project)
        )
        return found

    def project_figure(self, name: str) -> Json | None:
        """The figure of a replacement by its id, as it is now, if somebody asked for the replacement."""
        with self._lock:
            asked = [place for place in self._kept if place[1] == "replacement"]
        made = [self.replacement(place[0], place[2])[1] for place in asked]
        return next((item for one in made for item in one.values() if item["id"] == name), None)

    def site_of(self, name: str) -> str | None:
        """The site of a replacement's figure."""
        with self._lock:
            kept = [(place[0], item.value) for place, item in self._kept.items() if place[1] == "replacement"]
        return next((site for site, (_, made) in kept if any(f["id"] == name for f in made.values())), None)

    def daily(
        self, site: str, quantity: str, points: Sequence[str] | None, first: date, after: date
    ) -> list[Day]:
        """How much of a quantity there was each day, over some points or the top ones; None where that is not whole."""
        key = ("daily", quantity, None if points is None else tuple(points), first, after)
        found: list[Day] = self._of(
            site, key, lambda heard: workings.daily(heard.tree, quantity, points, first, after)
        )
        return list(found)

    def tree(self, site: str) -> Tree:
        """The points of the site with their amounts."""
        return self._site(site).tree

    def _answer(self, heard: _Heard, first: date, after: date) -> Answer:
        said, site = heard.said, heard.said.site
        period = Period(Calendar.of(said.declared.site), first, after)
        made, refused = book.figures(said.declared, tables(), period)
        remember(self.settings, site, made, first, after)
        return Answer(said.declared, period, made, refused, said.size)

    def _hear(self, site: str) -> Said:
        """With the sealed facts of days that are over, and the facts of every other day from the readings."""
        said = hear(self.settings, site)
        calendar, now = Calendar.of(said.declared.site), time.time_ns()
        keyed = {item.key: item for item in said.declared.facts}
        sealed = {item.day for item in said.declared.facts}

        def others(readings: Readings) -> list[date]:
            first, last = calendar.day_of(int(readings.time[0])), calendar.day_of(now)
            return [day for day in calendar.days(first, last + _DAY) if day not in sealed]

        readings = {
            m: item for m, item in facts.readings_of(self.settings, said).items() if len(item[1].time)
        }
        keyed.update({item.key: item for item in facts.of_days(said, readings, others)})
        return replace(said, declared=replace(said.declared, facts=tuple(keyed.values())))

    def _site(self, site: str) -> _Heard:
        """What is kept of a site. It is read at once when there is nothing yet, else behind when it is old."""
        with self._lock:
            kept = self._sites.get(site)
            turn = self._turns.setdefault(site, threading.Lock())
        if kept is None:
            with turn:
                with self._lock:
                    kept = self._sites.get(site)
                return kept if kept is not None else self._read(site)
        if self._old(kept) and turn.acquire(blocking=False):
            threading.Thread(target=self._again, args=(site, turn), name="books", daemon=True).start()
        return kept

    def _again(self, site: str, turn: threading.Lock) -> None:
        try:
            self._read(site)
        except (SteelyardError, OSError) as error:
            log.warning("the books stay as they were", site=site, why=str(error))
        finally:
            turn.release()

    def _read(self, site: str) -> _Heard:
        end, begun = _end(self.settings.ledger_folder), time.monotonic()
        said = self._hear(site)
        now = time.monotonic()
        made = _Heard(said, Tree(said.declared), end, now, now - begun)
        with self._lock:
            self._sites[site] = made
        return made

    def _old(self, kept: _Heard) -> bool:
        rest = max(LEAST_S, REST * kept.took)
        return time.monotonic() - kept.made > rest and kept.end != _end(self.settings.ledger_folder)

    def _of(self, site: str, key: tuple[Any, ...], make: Callable[[_Heard], Any]) -> Any:
        """What is worked out of what a site has said, once for each time that it was read."""
        heard = self._site(site)
        place = (site, *key)
        with self._lock:
            turn = self._turns.setdefault(place, threading.Lock())
        with turn:
            with self._lock:
                kept = self._kept.get(place)
            if kept is not None and kept.heard is heard:
                return kept.value
            value = make(heard)
            with self._lock:
                self._kept[place] = _Kept(heard, value, make)
                while len(self._kept) > MOST:
                    old = next(iter(self._kept))
                    del self._kept[old]
                    self._turns.pop(old, None)
            return value


def _end(folder: Path) -> tuple[str, int]:
    """The newest file of a ledger and its size."""
    newest = max(folder.glob("*.seg"), default=None)
    return ("", 0) if newest is None else (newest.name, newest.stat().st_size)
