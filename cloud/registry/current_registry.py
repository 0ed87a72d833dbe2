"""The registry of a running cloud: opened at the first call, caught up when a desk has made a statement."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cloud.registry import sites
from cloud.registry.registry import Registry
from cloud.settings import Settings, Site


class CurrentRegistry:
    """Thread-safe.

    statement_count: how many statements of desks the ledger has; a new number means there is more to read.
    """

    def __init__(self, settings: Settings, statement_count: Callable[[], int]) -> None:
        self.statement_count = statement_count
        self._settings = settings
        self._lock = threading.Lock()
        self._registry: Registry | None = None
        self._seen: int | None = None
        self._sites: tuple[Site, ...] = ()

    def caught_up(self) -> Registry:
        """The registry as of now. Raises CannotBeDone."""
        with self._lock:
            return self._caught_up()

    def sites(self) -> tuple[Site, ...]:
        """Every site of cloud.yaml and of a desk. Raises CannotBeDone."""
        with self._lock:
            self._caught_up()
            return self._sites

    def site(self, name: str) -> Site | None:
        """The site of that id, if there is one. Raises CannotBeDone."""
        return next((site for site in self.sites() if site.id == name), None)

    def close(self) -> None:
        """Let go of the registry's file."""
        with self._lock:
            if self._registry is not None:
                self._registry.close()
            self._registry = self._seen = None

    def _caught_up(self) -> Registry:
        count = self.statement_count()
        if self._registry is None:
            self._registry = Registry(self._settings)
        if count != self._seen:
            self._registry.catch_up()
            self._sites = sites.known(self._settings, self._registry)
            self._seen = count
        return self._registry
