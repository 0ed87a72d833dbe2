"""The newest edition of each site: read from the ledger when it has grown, while the one before is given out."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import structlog

from cloud.read_models.days import Days
from cloud.read_models.snapshot import End, Snapshot
from cloud.settings import Settings
from cloud.statements.replay import UnknownSite
from contract.errors import SteelyardError

log = structlog.get_logger()
REST = 10.0
"""An edition is made when the one before is older than this many times what making that one took."""
LEAST_S = 2.0
"""Shortest time between two editions, seconds."""
HOLD_S = 30.0
"""The same while only readings come in, without a statement of a desk: pages and API show one number meanwhile."""
WAIT_S = 1.0
"""How long a request waits for a new edition before it gets the old one, seconds."""
KEPT = 3
"""Editions of a site that are kept for the charts of a page that is of one of them."""


class SnapshotCache:
    """The editions of all sites of one ledger. Thread-safe.

    statement_count: how many statements of desks the ledger has, as far as is known; a new one ends the hold of an
    edition.
    """

    def __init__(self, settings: Settings, statement_count: Callable[[], int] = lambda: 0) -> None:
        self._settings, self._statement_count = settings, statement_count
        self._lock = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}
        self._days: dict[str, Days] = {}
        self._editions: dict[str, Snapshot] = {}
        self._past: dict[str, deque[Snapshot]] = {}
        self._counts: dict[str, int] = {}
        self._stale: set[str] = set()

    def end(self) -> End:
        """Where the ledger ends now."""
        return end_of(self._settings.ledger_folder)

    def now(self) -> int:
        """The time, UTC ns."""
        return time.time_ns()

    def forget(self) -> None:
        """Make the next request wait for a new edition, because of a new statement."""
        with self._lock:
            self._stale = set(self._editions)

    def snapshot(self, site: str) -> Snapshot:
        """What is kept of a site; read when there is nothing yet, and when it is old, if that is soon done.

        Raises UnknownSite.
        """
        with self._lock:
            kept = None if site in self._stale else self._editions.get(site)
            turn = self._turns.setdefault(site, threading.Lock())
        if kept is None:
            return self.newest(site)
        if self.rest(site) > 0 or kept.end == self.end() or not turn.acquire(blocking=False):
            return kept
        making = threading.Thread(target=self._again, args=(site, turn), name="snapshots", daemon=True)
        making.start()
        making.join(WAIT_S)
        with self._lock:
            return self._editions.get(site, kept)

    def rest(self, site: str) -> float:
        """Seconds for which the edition of a site stays though the ledger grows; 0 when there is none."""
        with self._lock:
            kept, count = self._editions.get(site), self._counts.get(site)
        if kept is None:
            return 0.0
        least = HOLD_S if count == self._statement_count() else LEAST_S
        return max(kept.made + max(least, REST * kept.took) - time.monotonic(), 0.0)

    def past(self, site: str, size: int) -> Snapshot | None:
        """The edition of a size of the ledger, if it is one of the last."""
        with self._lock:
            return next((each for each in self._past.get(site, ()) if each.statements.size == size), None)

    def newest(self, site: str) -> Snapshot:
        """The edition of the ledger as it is now. Raises UnknownSite."""
        with self._lock:
            turn = self._turns.setdefault(site, threading.Lock())
        with turn:
            with self._lock:
                self._stale.discard(site)
                kept = self._editions.get(site)
            if kept is not None and kept.end == self.end():
                return kept
            try:
                return self._read(site)
            except UnknownSite:  # whoever makes names up leaves nothing behind
                self._turns.pop(site, None)
                raise

    def _again(self, site: str, turn: threading.Lock) -> None:
        try:
            self._read(site)
        except (SteelyardError, OSError) as error:
            log.warning("the books stay as they were", site=site, why=str(error))
        finally:
            turn.release()

    def _read(self, site: str) -> Snapshot:
        """Read on. After a failure the next one begins anew."""
        with self._lock:
            days = self._days.pop(site, None) or Days(self._settings, site)
        end, count, begun = self.end(), self._statement_count(), time.monotonic()
        statements = days.read()
        now = time.monotonic()
        made = Snapshot(statements, end, now, now - begun)
        with self._lock:
            self._days[site], self._editions[site], self._counts[site] = days, made, count
            self._past.setdefault(site, deque(maxlen=KEPT)).append(made)
        return made


def end_of(folder: Path) -> End:
    """Where a ledger ends now."""
    newest = max(folder.glob("*.seg"), default=None)
    return ("", 0) if newest is None else (newest.name, newest.stat().st_size)
