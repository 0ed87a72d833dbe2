"""Flows of energy and matter as pure functions of (seed, plant time), with integrals for the counters.

A rate is base * shift(hour of the mill's day) plus sines whose periods divide one hour, so that each full
hour integrates to base * shift and a total is found without summing up the past.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

HOUR_NS = 3_600_000_000_000
ZONE_HOURS = 8
"""The mill's clock on the wall is UTC + 8 h; its shifts follow it."""
SHIFT = (
    0.72, 0.70, 0.68, 0.68, 0.70, 0.74, 0.86, 0.97, 1.04, 1.08, 1.10, 1.04,
    0.96, 1.05, 1.10, 1.10, 1.08, 1.04, 1.00, 0.98, 0.95, 0.90, 0.83, 0.76,
)  # fmt: skip
"""Share of the base rate in each hour of the mill's day."""


class Rate(Protocol):
    """A quantity per hour."""

    def at(self, time_ns: int) -> float:
        """The rate at a plant time (UTC ns)."""

    def total(self, from_ns: int, to_ns: int) -> float:
        """The quantity between two plant times (UTC ns)."""


@dataclass(frozen=True, slots=True)
class Daily:
    """A rate with a daily course and sines (amplitude, period s, phase)."""

    base: float
    sines: tuple[tuple[float, float, float], ...]

    def at(self, time_ns: int) -> float:
        """The rate at a plant time (UTC ns)."""
        hour, into_s = _split(time_ns)
        waves = sum(a * math.sin(math.tau * into_s / period + phase) for a, period, phase in self.sines)
        return self.base * SHIFT[hour % 24] + waves

    def total(self, from_ns: int, to_ns: int) -> float:
        """The quantity between two plant times (UTC ns)."""
        first, from_s = _split(from_ns)
        last, to_s = _split(to_ns)
        days = last // 24 - first // 24
        hours = days * sum(SHIFT) + sum(SHIFT[: last % 24]) - sum(SHIFT[: first % 24])
        return self.base * hours + self._within(last, to_s) - self._within(first, from_s)

    def _within(self, hour: int, into_s: float) -> float:
        waves = 0.0
        for amplitude, period, phase in self.sines:
            angle = math.tau * into_s / period + phase
            waves += amplitude * period / math.tau * (math.cos(phase) - math.cos(angle))
        return (self.base * SHIFT[hour % 24] * into_s + waves) / 3600.0


@dataclass(frozen=True, slots=True)
class Sum:
    """Several rates together."""

    parts: tuple[Rate, ...]

    def at(self, time_ns: int) -> float:
        """The rate at a plant time (UTC ns)."""
        return sum(part.at(time_ns) for part in self.parts)

    def total(self, from_ns: int, to_ns: int) -> float:
        """The quantity between two plant times (UTC ns)."""
        return sum(part.total(from_ns, to_ns) for part in self.parts)


def build(entries: dict[str, dict[str, Any]], seed: int) -> dict[str, Rate]:
    """The rates of mill.yaml; the seed sets levels (within 5 %) and phases. Sums name rates above them."""
    rates: dict[str, Rate] = {}
    for name, entry in entries.items():
        if "sum" in entry:
            rates[name] = Sum(tuple(rates[part] for part in entry["sum"]))
            continue
        chance = random.Random(f"{seed}/{name}")
        level = chance.uniform(0.95, 1.05)
        sines = tuple((a, float(period), chance.uniform(0.0, math.tau)) for a, period in entry["swing"])
        rates[name] = Daily(entry["base"] * level, sines)
    return rates


def wave(seed: int, name: str, shape: tuple[float, float, float]) -> Callable[[int], float]:
    """A slow value with a small ripple around (middle, swing, period in s): gauges that nothing sums up."""
    middle, swing, period = shape
    phase = random.Random(f"{seed}/{name}").uniform(0.0, math.tau)
    period_ns = int(period * 1e9)

    def at(time_ns: int) -> float:
        angle = math.tau * (time_ns % period_ns) / period_ns + phase
        return middle + swing * (0.8 * math.sin(angle) + 0.2 * math.sin(13.0 * angle))

    return at


def _split(time_ns: int) -> tuple[int, float]:
    hour, into = divmod(time_ns, HOUR_NS)
    return hour + ZONE_HOURS, into / 1e9
