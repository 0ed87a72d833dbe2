"""Where the pages get what they show."""

from __future__ import annotations

from typing import Any, Protocol


class Source(Protocol):
    """What a page asks for, in the shapes of /api/v1. Called in threads."""

    def sites(self) -> dict[str, Any]:
        """``/sites``."""
        ...

    def latest(self, site: str) -> dict[str, Any]:
        """``/sites/{site}/latest``."""
        ...

    def today(self, site: str) -> dict[str, Any]:
        """``/sites/{site}/energy`` of the site's current day, by day."""
        ...

    def card_figures(self, site: str) -> dict[tuple[str, str], str]:
        """The ids of today's amounts by node and tag of their counters."""
        ...

    def health(self) -> dict[str, Any]:
        """``/health``."""
        ...

    def history(self, site: str, seconds: int) -> dict[str, list[list[float | None]]]:
        """Points of each meter's gauge: {meter: [[UTC s, value], ...]}, a null value where rows are missing."""
        ...
