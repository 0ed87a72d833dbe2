"""Declarations and readings of a site at one size of the ledger, and what was made of them, each once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from accounts.inputs.tree import Tree
from cloud.statements.replay import SiteStatements

End = tuple[str, int]
"""The newest file of a ledger and its size."""
MOST = 400
"""Most things that are kept."""


class Snapshot:
    """Thread-safe. end: where the ledger ended; made: monotonic s; took: seconds that all of it took so far."""

    def __init__(self, statements: SiteStatements, end: End, made: float, took: float) -> None:
        self.statements, self.tree, self.end, self.made, self.took = (
            statements,
            Tree(statements.declared),
            end,
            made,
            took,
        )
        self._lock = threading.Lock()
        self._turns: dict[object, threading.Lock] = {}
        self._kept: dict[object, Any] = {}

    def of(self, key: object, make: Callable[[], Any]) -> Any:
        """The result of *make*, which runs once; other threads wait for it meanwhile."""
        with self._lock:
            turn = self._turns.setdefault(key, threading.Lock())
        with turn:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            begun = time.monotonic()
            value = make()
            with self._lock:
                self.took += time.monotonic() - begun
                self._kept[key] = value
                while len(self._kept) > MOST:
                    old = next(iter(self._kept))
                    del self._kept[old]
                    self._turns.pop(old, None)
            return value
