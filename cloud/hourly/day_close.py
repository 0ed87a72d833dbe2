"""Seals the hour facts of a site's day once it is over: its streams have come past its end."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import structlog

from accounts.figure.calendar import Calendar
from cloud.hourly.records import seal
from cloud.ledger.tag_catalogue import SiteNode
from cloud.projection.hour_chunk import HOUR
from cloud.projection.projector import Flag
from cloud.projection.state import State
from cloud.registry.current_registry import CurrentRegistry
from cloud.settings import Settings
from contract.errors import SteelyardError
from contract.sites import Points, Site

log = structlog.get_logger()
EVERY_S, SOON_S = 60.0, 5.0
"""Shortest time between two looks, seconds, and while hours of the past come in; sealing takes at most a twentieth."""
FIRST_S = 15.0
"""Time until the first look, seconds."""
CALM_S = 4.0
"""How long no new hour of the past has come in before days are sealed, seconds."""
AGAIN = timedelta(days=7)
"""How far back late data are looked for when a day is over; later ones are found on demand."""
Known = frozenset[int]
"""Hours (UTC ns // HOUR) in which a site's nodes have rows."""


class DayClose:
    """Watches the projector's state. projector: whatever has one, or None while the cloud starts."""

    def __init__(self, settings: Settings, registry: CurrentRegistry) -> None:
        self._settings, self._registry = settings, registry
        self._done: dict[str, tuple[date, Known]] = {}
        self._grown: dict[str, tuple[Known, float]] = {}

    def run(self, stop: Flag, projector: Any) -> None:
        """Look every minute until *stop*; projector() gives the running one. What fails is tried again."""
        pause = FIRST_S
        while not stop.wait(pause):
            begun, calm = time.monotonic(), True
            current = projector()
            if current is not None:
                try:
                    calm = self.look(current.state, CALM_S)
                except (SteelyardError, OSError) as error:
                    log.warning("days can't be closed; it is tried again", why=str(error))
            pause = max(EVERY_S if calm else SOON_S, 20 * (time.monotonic() - begun))

    def look(self, state: State, calm_s: float = 0.0) -> bool:
        """Seal every day that is over and was not, or had fewer hours, when this was called last.

        Sites whose past has grown within *calm_s* seconds wait: False when there is one.
        Raises SteelyardError, OSError.
        """
        registry = self._registry.caught_up()
        calm = [self._site(state, site, registry.points(site.id), calm_s) for site in registry.sites()]
        return all(calm)

    def _site(self, state: State, site: Site, points: Points | None, calm_s: float) -> bool:
        nodes = {p.node for p in points.points if p.node and p.tag} if points else set()
        span = _span(state, site.id, {str(node) for node in nodes})
        if span is None:
            return True
        calendar, (hours, head) = Calendar.of(site), span
        after = calendar.day_of(head)
        end = calendar.hours(after)[0]
        past = frozenset(hour for hour in hours if hour * HOUR < end)
        before, closed = self._done.get(site.id, (None, Known()))
        if not past or (before == after and past <= closed):
            return True
        if self._grew(site.id, past, calm_s):
            return False
        fresh = calendar.day_of(min(past - closed or past) * HOUR)
        since = fresh if before is None else min(fresh, before - AGAIN)
        first = calendar.day_of(min(past) * HOUR)
        done = seal(self._settings, site.id, max(first, since), after)
        self._done[site.id] = after, past
        log.info("days closed", site=site.id, until=str(after), new=done.new, revised=done.revised)
        return True

    def _grew(self, site: str, past: Known, calm_s: float) -> bool:
        """Whether hours of the past have come in within *calm_s* seconds."""
        now = time.monotonic()
        known, since = self._grown.get(site, (Known(), now))
        if known != past:
            known, since = self._grown[site] = past, now
        return now - since < calm_s


def _span(state: State, site: str, nodes: set[str]) -> tuple[Known, int] | None:
    """The hours of the nodes' blocks, and how far all their account streams have come, UTC ns."""
    places = {SiteNode(site, node) for node in nodes}
    with state.lock:
        heads = [
            head
            for (place, stream), head in state.latest.heads.items()
            if place in places and stream == "account"
        ]
        hours = Known(hour for place, hour in state.spans if place in places)
    return (hours, min(heads)) if heads and hours else None
