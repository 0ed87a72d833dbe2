"""The registry of a running cloud: opened when first asked, caught up when a desk has said something."""

from __future__ import annotations

import threading
from collections.abc import Callable

from cloud.registry import sites
from cloud.registry.registry import Registry
from cloud.settings import Settings, Site


class Live:
    """Thread-safe. said: how many statements of desks the ledger has; a new number means there is more to read."""

    def __init__(self, settings: Settings, said: Callable[[], int]) -> None:
        self.said = said
        self._settings = settings
        self._lock = threading.Lock()
        self._registry: Registry | None = None
        self._seen: int | None = None
        self._sites: tuple[Site, ...] = ()

    def registry(self) -> Registry:
        """The registry as of now. Raises CannotBeDone."""
        with self._lock:
            return self._current()

    def sites(self) -> tuple[Site, ...]:
        """Every site of cloud.yaml and of a desk. Raises CannotBeDone."""
        with self._lock:
            self._current()
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

    def _current(self) -> Registry:
        said = self.said()
        if self._registry is None:
            self._registry = Registry(self._settings)
        if said != self._seen:
            self._registry.catch_up()
            self._sites = sites.known(self._settings, self._registry)
            self._seen = said
        return self._registry
