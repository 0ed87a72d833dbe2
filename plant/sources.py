"""What each tag shows at a plant time: the catalogue's `is` turned into functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plant import machines, rates, wire
from plant.catalogue import Mill, Tag

Number = int | float
Source = Callable[[int], Number]
"""From plant time (UTC ns) to the raw number that the tag shows."""


class Sources:
    """Builds the source of any tag of a mill; counters begin at their start reading at *origin_ns*."""

    def __init__(self, mill: Mill, seed: int, origin_ns: int) -> None:
        self._rates = rates.build(mill.rates, seed)
        self._seed = seed
        self._origin_ns = origin_ns

    def of(self, tag: Tag) -> Source:
        """The source of one tag."""
        shows = tag.shows
        if "total" in shows:
            return self._total(tag, self._rates[shows["total"]], shows["start"])
        if "rate" in shows:
            return self._scaled(tag, self._rates[shows["rate"]].at)
        if "machine" in shows:
            machine = machines.build(shows["machine"], self._seed, self._origin_ns)
            source: Source = getattr(machine, shows["shows"])
            return source
        return self._wave(tag, shows)

    def _total(self, tag: Tag, rate: rates.Rate, start: int) -> Source:
        step, origin_ns = float(tag.scale), self._origin_ns

        def total(time_ns: int) -> int:
            return (start + int(rate.total(origin_ns, time_ns) / step)) % 2**32

        return total

    def _scaled(self, tag: Tag, value: Callable[[int], float]) -> Source:
        step, type_ = float(tag.scale), tag.type
        return lambda time_ns: wire.fitted(type_, value(time_ns) / step)

    def _wave(self, tag: Tag, shows: dict[str, Any]) -> Source:
        middle, swing, period = shows["wave"]
        wave, digits = rates.wave(self._seed, tag.name, (middle, swing, period)), shows.get("digits", 6)
        return self._scaled(tag, lambda time_ns: round(wave(time_ns), digits))
