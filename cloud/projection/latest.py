"""The latest value of each tag, until when each subscription was alive, and how far each stream has come."""

from __future__ import annotations

from cloud.ledger.tag_catalogue import SiteNode
from cloud.projection.hour_chunk import Values


class Latest:
    """Latest values after precedence. All times are UTC ns of the rows, never of arrival."""

    def __init__(self) -> None:
        self.values: dict[tuple[SiteNode, str], Values] = {}
        """One row of VALUE for each (place, tag)."""
        self.alive: dict[tuple[SiteNode, str], int] = {}
        """Last sign of life of each (place, group)."""
        self.heads: dict[tuple[SiteNode, str], int] = {}
        """Newest time of each (place, stream)."""

    def see(self, place: SiteNode, tag: str, stream: str, won: Values) -> None:
        """Take in values of one tag that won, in order of time."""
        newest = won[-1:]
        known = self.values.get((place, tag))
        if known is None or newest["time"][0] >= known["time"][0]:
            self.values[place, tag] = newest.copy()
        self.reach(place, stream, int(newest["time"][0]))

    def seen_alive(self, place: SiteNode, group: str, stream: str, until: int) -> None:
        """Note a sign of life of a subscription."""
        self.alive[place, group] = max(until, self.alive.get((place, group), until))
        self.reach(place, stream, until)

    def reach(self, place: SiteNode, stream: str, time: int) -> None:
        """Note that a stream has come as far as *time*."""
        self.heads[place, stream] = max(time, self.heads.get((place, stream), time))

    def head(self, place: SiteNode, stream: str) -> int | None:
        """How far a stream has come: what ends there is final, unless something late comes."""
        return self.heads.get((place, stream))
