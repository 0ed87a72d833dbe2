"""Seals the hour facts of a site's day once it is over: its streams have come past its end."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import structlog

from accounts.calendar import Calendar
from cloud.catalogue import Place
from cloud.chunks import HOUR
from cloud.facts import seal
from cloud.projector import Flag
from cloud.registry.live import Live
from cloud.settings import Settings
from cloud.state import State
from contract.errors import SteelyardError

log = structlog.get_logger()
EVERY_S = 60.0
"""Shortest time between two looks, seconds; sealing takes at most a twentieth of the time."""
AGAIN = timedelta(days=7)
"""How far back late data are looked for when a day is over; later ones are found on demand."""


class Closing:
    """Watches the projector's state. projector: whatever has one, or None while the cloud starts."""

    def __init__(self, settings: Settings, live: Live) -> None:
        self._settings, self._live = settings, live
        self._done: dict[str, date] = {}

    def run(self, stop: Flag, projector: Any) -> None:
        """Look every minute until *stop*; projector() gives the running one. What fails is tried again."""
        pause = EVERY_S
        while not stop.wait(pause):
            begun = time.monotonic()
            current = projector()
            if current is not None:
                try:
                    self.look(current.state)
                except (SteelyardError, OSError) as error:
                    log.warning("days can't be closed; it is tried again", why=str(error))
            pause = max(EVERY_S, 20 * (time.monotonic() - begun))

    def look(self, state: State) -> None:
        """Seal every day that is over and was not when this was called last. Raises SteelyardError, OSError."""
        registry = self._live.registry()
        for site in registry.sites():
            points = registry.points(site.id)
            meters = {(p.node, p.tag) for p in points.points if p.node and p.tag} if points else set()
            span = _span(state, site.id, {str(node) for node, _ in meters})
            if span is None:
                continue
            calendar = Calendar.of(site)
            first, after = calendar.day_of(span[0]), calendar.day_of(span[1])
            if after <= first or self._done.get(site.id) == after:
                continue
            since = max(first, self._done[site.id] - AGAIN) if site.id in self._done else first
            done = seal(self._settings, site.id, since, after)
            self._done[site.id] = after
            log.info("days closed", site=site.id, until=str(after), new=done.new, revised=done.revised)


def _span(state: State, site: str, nodes: set[str]) -> tuple[int, int] | None:
    """From the first hour of the nodes' blocks to how far all their account streams have come, UTC ns."""
    places = {Place(site, node) for node in nodes}
    with state.lock:
        heads = [
            head
            for (place, stream), head in state.latest.heads.items()
            if place in places and stream == "account"
        ]
        hours = [hour for place, hour in state.spans if place in places]
    return (min(hours) * HOUR, min(heads)) if heads and hours else None
