"""What a site has said and measured, kept at hand: asked for often, read from the ledger anew when it has grown.

Hour facts of a day are taken as sealed where they stand; those of other days are made from the readings.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import structlog

from accounts import book
from accounts.amounts import flow
from accounts.calendar import Calendar, Period
from accounts.facts import Facts
from accounts.figure import Figure, Lacking
from accounts.inputs import Declared
from accounts.tree import Tree
from cloud import facts
from cloud.factors import tables
from cloud.figures import Answer, remember
from cloud.said import Said, hear
from cloud.settings import Settings
from contract.errors import BadInput, SteelyardError

log = structlog.get_logger()
Day = tuple[date, Fraction | None]
REST = 10.0
"""What is kept is made anew when it is older than this many times what making it took."""
LEAST_S = 2.0
"""Shortest time between two readings of the ledger, seconds."""
_DAY = timedelta(days=1)


@dataclass
class _Kept:
    """Something that was made from the ledger up to *end*; made: monotonic s; took: seconds."""

    value: Any
    end: tuple[str, int]
    made: float
    took: float


class Books:
    """The books of all sites of one ledger. Thread-safe; what is old is given out while it is made anew behind."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._turns: dict[object, threading.Lock] = {}
        self._kept: dict[tuple[Any, ...], _Kept] = {}

    def forget(self) -> None:
        """Make everything anew when it is asked for next: somebody has said something."""
        with self._lock:
            self._kept.clear()

    def said(self, site: str) -> Said:
        """What the site has said, with the facts of its days. Raises UnknownSite."""
        found: Said = self._of(("said", site), lambda: self._hear(site))
        return found

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
        found: Answer = self._of(("answer", site, first, after), lambda: self._answer(site, first, after))
        return found

    def figure(self, name: str) -> Figure | None:
        """The figure of an id among the answers that are kept."""
        with self._lock:
            answers = [item.value for item in self._kept.values() if isinstance(item.value, Answer)]
        return next((figure for answer in answers for figure in answer.figures if figure.id == name), None)

    def daily(
        self, site: str, quantity: str, points: Sequence[str] | None, first: date, after: date
    ) -> list[Day]:
        """How much of a quantity there was each day, over some points or the top ones; None where that is not whole."""
        key = ("daily", site, quantity, None if points is None else tuple(points), first, after)
        found: list[Day] = self._of(key, lambda: self._daily(site, quantity, points, first, after))
        return list(found)

    def tree(self, site: str) -> Tree:
        """The points of the site with their amounts."""
        declared = self.declared(site)
        found: Tree = self._of(("tree", site, id(declared)), lambda: Tree(declared))
        return found

    def _answer(self, site: str, first: date, after: date) -> Answer:
        said = self.said(site)
        period = Period(Calendar.of(said.declared.site), first, after)
        made, refused = book.figures(said.declared, tables(), period)
        remember(self.settings, site, made, first, after)
        return Answer(said.declared, period, made, refused, said.size)

    def _daily(
        self, site: str, quantity: str, points: Sequence[str] | None, first: date, after: date
    ) -> list[Day]:
        tree = Tree(self.declared(site))
        chosen = tree.top(quantity) if points is None else [tree.points[name] for name in points]
        calendar = Calendar.of(tree.declared.site)
        found: list[Day] = []
        for day in calendar.days(first, after):
            period = Period(calendar, day, day + _DAY)
            try:
                flows = [flow(tree, point, quantity, period) for point in chosen]
            except Lacking:
                found.append((day, None))
                continue
            whole = bool(flows) and all(
                item.amounts and (item.whole or item.completeness == 1) for item in flows
            )
            found.append((day, sum((item.value for item in flows), Fraction(0)) if whole else None))
        return found

    def _hear(self, site: str) -> Said:
        """The sealed facts of days that are over, and the facts of every other day from the readings."""
        said = hear(self.settings, site)
        calendar = Calendar.of(said.declared.site)
        today = calendar.day_of(time.time_ns())
        sealed = {item.day for item in said.declared.facts}
        since = max(sealed, default=today - 2 * _DAY)
        wanted = [since + i * _DAY for i in range((today - since).days + 1)]
        fresh = list(facts.facts(self.settings, said, wanted))
        keyed: dict[tuple[str, str, date], Facts] = {item.key: item for item in said.declared.facts}
        keyed.update({item.key: item for item in fresh})
        return replace(said, declared=replace(said.declared, facts=tuple(keyed.values())))

    def _of(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What is kept under a key, made at once when there is none."""
        with self._lock:
            kept = self._kept.get(key)
            turn = self._turns.setdefault(key, threading.Lock())
        if kept is None:
            with turn:
                with self._lock:
                    kept = self._kept.get(key)
                return kept.value if kept is not None else self._make(key, make)
        if self._old(kept) and turn.acquire(blocking=False):
            threading.Thread(target=self._again, args=(key, make, turn), name="books", daemon=True).start()
        return kept.value

    def _again(self, key: tuple[Any, ...], make: Callable[[], Any], turn: threading.Lock) -> None:
        try:
            self._make(key, make)
        except (SteelyardError, OSError) as error:
            log.warning("the books stay as they were", of=str(key[:2]), why=str(error))
        finally:
            turn.release()

    def _make(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        end, begun = _end(self.settings.ledger_folder), time.monotonic()
        value = make()
        now = time.monotonic()
        with self._lock:
            self._kept[key] = _Kept(value, end, now, now - begun)
            for old in [k for k, v in self._kept.items() if now - v.made > 3600]:
                del self._kept[old]
        return value

    def _old(self, kept: _Kept) -> bool:
        rest = max(LEAST_S, REST * kept.took)
        return time.monotonic() - kept.made > rest and kept.end != _end(self.settings.ledger_folder)


def _end(folder: Path) -> tuple[str, int]:
    """The newest file of a ledger and its size."""
    newest = max(folder.glob("*.seg"), default=None)
    return ("", 0) if newest is None else (newest.name, newest.stat().st_size)
