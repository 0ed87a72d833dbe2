"""Keeps a store equal to the state, whether the store is there or not. The state never waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from cloud.ledger.tag_catalogue import SiteNode
from cloud.projection.hour_chunk import HOUR
from cloud.projection.state import Change, Key, State
from cloud.store import Store, StoreDown, StoreRefuses

log = structlog.get_logger()

RETRY_S, RETRY_MAX_S = 1.0, 30.0
"""Pause after a first failure of the store, seconds; it doubles up to the second."""
COUNT_S = 10.0
"""Shortest time between two counts of a store that is on a server, seconds; they take a twentieth of the time."""


class StoreSync:
    """Tells a store what changed. Hours that it did not take are *dirty*: they are written whole when it is back.

    dirty: these hours, and whether another value was there before. problem: why the store lacks something.
    values: how many values it has, as last counted.
    """

    def __init__(self, store: Store, state: State, dirty: dict[Key, bool]) -> None:
        self.dirty, self.problem, self.values = dirty, None if not dirty else "values were left over", 0
        self._store, self._state = store, state
        self._retry_at, self._pause, self._settle_at = 0.0, RETRY_S, 0.0
        self._count_at, self._uncounted = 0.0, True

    @property
    def counted(self) -> bool:
        """Whether nothing may have changed since values were counted."""
        return not self._uncounted

    def fill(self) -> None:
        """Give a store that lost its memory the hours that are open."""
        for key in self._state.open_keys():
            self._write(key, Change(self._state.columns(key)))

    def tell(self, changes: dict[Key, Change]) -> None:
        """Write what changed, or note the hours."""
        self._uncounted |= bool(changes)
        for key, change in changes.items():
            if self.problem is not None or change.replaced or key in self.dirty:
                self.dirty[key] = self.dirty.get(key, False) or change.replaced
            elif change.columns:
                self._write(key, change)

    def retry(self) -> bool:
        """Write dirty hours whole; one that is refused stays, the others go on. Whether something was written."""
        if not self.dirty or time.monotonic() < self._retry_at:
            return False
        before, refused = len(self.dirty), False
        for key in list(self.dirty):
            try:
                self._rewrite(key)
                del self.dirty[key]
            except StoreRefuses as error:
                refused = True
                self._failed(error)
            except StoreDown as error:
                self._failed(error)
                return len(self.dirty) < before
        if not refused:
            if self.problem is not None:
                log.info("the store has everything again")
            self.problem, self._pause = None, RETRY_S
        self._uncounted = True
        return len(self.dirty) < before

    def settle(self, place: SiteNode, first: int, last: int) -> bool:
        """Make the store keep the hours from *first* to *last* without our help; False when it can't now."""
        return self._calmly(lambda: self._store.settle(place.site, first * HOUR, (last + 1) * HOUR))

    def tidy(self) -> bool:
        """Let the store do a little of what can wait; False when it can't now."""
        return self._calmly(self._store.tidy)

    def count(self) -> None:
        """Count the store's values anew, if they may have changed."""
        begun = time.monotonic()
        if not self._uncounted or (not self._store.volatile and begun < self._count_at):
            return
        try:
            self.values, self._uncounted = self._store.count(), False
        except (StoreDown, StoreRefuses) as error:
            log.debug("the store can't be counted", why=str(error))
        self._count_at = begun + max(COUNT_S, 20 * (time.monotonic() - begun))

    def _calmly(self, work: Callable[[], object]) -> bool:
        """Whether the store did some work; when it can't it is left alone for a while."""
        if time.monotonic() < self._settle_at:
            return False
        try:
            work()
        except StoreDown as error:
            log.warning("the store can't settle its hours", why=str(error))
            self._settle_at = time.monotonic() + RETRY_MAX_S
            return False
        return True

    def _write(self, key: Key, change: Change) -> None:
        try:
            self._store.write(key[0].site, change.columns)
        except (StoreDown, StoreRefuses) as error:
            self.dirty[key] = False
            self._failed(error)

    def _rewrite(self, key: Key) -> None:
        place, hour = key
        with self._state.lock:
            columns = self._state.columns(key)
        if self.dirty[key]:
            self._store.rewrite(place.site, place.node, hour * HOUR, (hour + 1) * HOUR, columns)
        else:
            self._store.write(place.site, columns)

    def _failed(self, error: StoreDown | StoreRefuses) -> None:
        if self.problem is None:
            log.warning("the store lacks values", why=str(error))
        self.problem = str(error)
        self._retry_at = time.monotonic() + self._pause
        self._pause = min(self._pause * 2, RETRY_MAX_S)
