"""The one decode pass behind charts and figures: ledger -> state (hours, latest) and store, with a durable cursor.

A crash anywhere means that blocks after the cursor are taken in again: the same winners, the same hours, the same
values written over themselves.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

import structlog

from cloud import ledger
from cloud.ledger import Decoded, Decoder
from cloud.projection import checkpoint, eviction
from cloud.projection.checkpoint import Checkpoint, Progress, Unusable
from cloud.projection.state import Span, State, runs
from cloud.projection.store_sync import StoreSync
from cloud.settings import Settings
from cloud.store import Store, open_store
from contract.errors import Malformed
from journal.records import Record
from journal.segments import Segments

log = structlog.get_logger()

BATCH = 256
"""Most blocks between two writes to the store."""
POLL_S = 0.5
"""Longest wait for new blocks when nobody says that there are some, seconds."""
SAVE_S = 5.0
"""Shortest time between two snapshots, seconds; they take at most a twentieth of the time."""


class Flag(Protocol):
    """What a threading.Event offers here."""

    def is_set(self) -> bool:
        """Whether it was set."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, at most *timeout* seconds."""
        ...

    def clear(self) -> None:
        """Unset it."""
        ...


def folder(settings: Settings) -> Path:
    """Where the projector keeps its files; they may be deleted."""
    return settings.store_folder / "projector"


def cursor(settings: Settings) -> int:
    """Ledger position up to which blocks are durably projected, for whoever asks from outside."""
    return checkpoint.cursor(folder(settings))


class Projector:
    """Reads the ledger's files. One thread owns it; others read ``state`` under its lock, and ``store``.

    lag_blocks: blocks that the store lacks. Raises OSError when the disk does.
    """

    def __init__(self, settings: Settings, store: Store | None = None) -> None:
        self._ledger, self._folder = settings.ledger_folder, folder(settings)
        self.store = store if store is not None else open_store(settings)
        self.lag_blocks = self._unread = self._behind = 0
        self._changed, self._saved_at, self._save_s = False, time.monotonic() - SAVE_S, 0.0
        self._last = b""
        self._begin()
        self._feed = StoreSync(self.store, self.state, self._progress.dirty)
        if self.store.volatile:
            self._feed.fill()
        self.state.sum_up(self.state.open_keys())
        self._feed.count()

    @property
    def values(self) -> int:
        """Distinct (tag, time) in the store, as last counted."""
        return self._feed.values

    @property
    def counted(self) -> bool:
        """Whether *values* is of now; a store on a server is counted at most every ten seconds."""
        return self._feed.counted

    @property
    def problem(self) -> str | None:
        """Why the store lacks values, if it does."""
        return self._feed.problem

    def run(self, stop: Flag, wake: Flag) -> None:
        """Project until *stop*; *wake* says that the ledger grew. Saves its state at the end."""
        try:
            self._unread = self.lag_blocks = sum(1 for _ in self._after())
            while not stop.is_set():
                wake.clear()
                while self.step() and not stop.is_set():
                    pass
                wake.wait(POLL_S)
            self.save()
        finally:
            self.close()

    def step(self) -> bool:
        """Take in the next blocks, if there are any, and tend to the store; whether there were any."""
        records = list(islice(self._after(), BATCH))
        for record in records:
            self._take(record)
        with self.state.lock:
            changes = self.state.absorb()
        self._feed.tell(changes)
        self.state.sum_up(changes)
        self._unread = max(self._unread - len(records), 0)
        self._changed |= bool(records) | self._feed.retry() | self._close_hours()
        if not records:
            self._feed.tidy()
        self._behind = self._behind + len(records) if self._feed.dirty else 0
        self.lag_blocks = self._unread + self._behind
        self._feed.count()
        if time.monotonic() - self._saved_at >= max(SAVE_S, 20 * self._save_s):
            self.save()
        return bool(records)

    def save(self) -> None:
        """Make the state durable, if it changed: a restart begins here. Raises OSError."""
        if not self._changed:
            return
        begun = time.monotonic()
        self._progress.last_hash = hashlib.sha256(self._last).hexdigest()
        self._statements.sync()
        with self.state.lock:
            self._snapshot.save(self.state, self._progress)
        self._saved_at, self._changed = time.monotonic(), False
        self._save_s = self._saved_at - begun

    def close(self) -> None:
        """Let go of files and connections; what was not saved is projected again."""
        self._statements.close()
        self.store.close()

    def _begin(self) -> None:
        """Load the last state, or begin anew when there is none that fits this ledger and this store."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._fresh()
        try:
            for record in self._statements.scan():
                self.state.catalogue.learn(self._decoder.feed(record.data))
            self._progress = self._snapshot.load(self.state)
            self._check()
        except (Unusable, Malformed) as error:
            log.info("projecting the whole ledger", why=str(error))
            self._statements.close()
            shutil.rmtree(self._folder)
            self._folder.mkdir()
            self.store.clear()
            self._fresh()
            self._progress = Progress(store=self.store.identity())

    def _fresh(self) -> None:
        self.state, self._decoder = State(self._reread), Decoder()
        self._snapshot = Checkpoint(self._folder)
        self._statements = Segments(self._folder / "statements")

    def _check(self) -> None:
        """Raise Unusable unless the ledger has, where the state ends, the block that the state ends with."""
        progress = self._progress
        if progress.store != self.store.identity():
            raise Unusable("another store")
        record = next(iter(ledger.read(self._ledger, progress.last)), None)
        if (
            record is None
            or record.next != progress.cursor
            or hashlib.sha256(record.data).hexdigest() != progress.last_hash
        ):
            raise Unusable("another ledger")
        self._last = record.data

    def _after(self) -> Iterator[Record]:
        return iter(ledger.read(self._ledger, self._progress.cursor))

    def _take(self, record: Record) -> None:
        progress = self._progress
        progress.cursor, progress.last, self._last = record.next, record.position, record.data
        try:
            decoded = self._decoder.feed(record.data)
        except Malformed as error:
            log.error("a block of the ledger does not decode", position=record.position, why=str(error))
            return
        if decoded.rows is None:
            self._statements.append(record.stamp, record.data)
        with self.state.lock:
            self.state.apply(record.position, decoded)

    def _reread(self, spans: Iterable[Span]) -> Iterator[Decoded]:
        """Blocks of rows at and between ledger positions."""
        for first, last in spans:
            for record in ledger.read(self._ledger, first):
                if record.position > last:
                    break
                try:
                    decoded = self._decoder.feed(record.data)
                except Malformed:
                    continue  # it was named when it was first taken
                if decoded.rows is not None:
                    yield decoded

    def _close_hours(self) -> bool:
        """Close hours that are over and idle, and the ones not touched for longest when memory runs out."""
        closed = False
        for place, hours in runs(eviction.hours(self.state)):
            if self._feed.settle(place, hours[0], hours[-1]):
                for hour in hours:
                    with self.state.lock:
                        self.state.drop((place, hour))
                closed = True
        return closed
