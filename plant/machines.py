"""Dyeing machines as pure functions of (seed, plant time): load, heat, dye, rinse, unload, idle."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

IDLE, LOAD, HEAT, DYE, RINSE, UNLOAD = range(6)
_PHASES = ((LOAD, 60), (HEAT, 180), (DYE, 420), (RINSE, 240), (UNLOAD, 60), (IDLE, 40))
"""Phase and its seconds; together the batch of the fastest machine."""
_SPEEDS = {IDLE: 0.0, LOAD: 40.0, HEAT: 180.0, DYE: 220.0, RINSE: 200.0, UNLOAD: 60.0}
"""Cloth speed, m/min."""
_COLD, _HOT, _RINSE = 32.0, 98.0, 55.0
"""Bath temperatures, Celsius."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One dyeing machine; stretch lengthens its batch, the first one began at begun_ns (UTC ns)."""

    stretch: float
    begun_ns: int
    noise: int

    def state(self, time_ns: int) -> int:
        """0 idle, 1 load, 2 heat, 3 dye, 4 rinse, 5 unload."""
        return self._phase(time_ns)[0]

    def speed(self, time_ns: int) -> float:
        """Cloth speed, m/min, one decimal."""
        nominal = _SPEEDS[self._phase(time_ns)[0]]
        if nominal == 0.0:
            return 0.0
        return round(nominal + self._jitter(time_ns // 1_000_000_000), 1)

    def metres(self, time_ns: int) -> int:
        """Cloth length since the first batch, m, at the nominal speeds."""
        batches, into = self._batch(time_ns)
        done = batches * _batch_metres()
        for phase, seconds in _PHASES:
            done += min(into, seconds) * _SPEEDS[phase] / 60.0
            into -= min(into, seconds)
        return int(done * self.stretch) % 2**32

    def temperature(self, time_ns: int) -> float:
        """Bath temperature, Celsius, one decimal: a ramp while heating, a plateau, a fall while rinsing."""
        phase, share = self._phase(time_ns)
        bath = {
            HEAT: _COLD + (_HOT - _COLD) * share,
            DYE: _HOT + 0.4 * math.sin(40.0 * share),
            RINSE: _HOT + (_RINSE - _HOT) * min(1.0, 3.0 * share),
            UNLOAD: _RINSE + (_COLD - _RINSE) * share,
        }
        return round(bath.get(phase, _COLD), 1)

    def _batch(self, time_ns: int) -> tuple[int, float]:
        period_ns = int(sum(seconds for _, seconds in _PHASES) * self.stretch * 1e9)
        batches, into_ns = divmod(time_ns - self.begun_ns, period_ns)
        return batches, into_ns / 1e9 / self.stretch

    def _phase(self, time_ns: int) -> tuple[int, float]:
        into = self._batch(time_ns)[1]
        for phase, seconds in _PHASES:
            if into < seconds:
                return phase, into / seconds
            into -= seconds
        return IDLE, 1.0

    def _jitter(self, second: int) -> float:
        mixed = (second * 0x9E3779B97F4A7C15 ^ self.noise) & 0xFFFFFFFFFFFFFFFF
        mixed ^= mixed >> 29
        mixed = mixed * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        return ((mixed >> 32) / 2**32 - 0.5) * 6.0


def build(number: int, seed: int, origin_ns: int) -> Machine:
    """The machine with this number, at most 1000 s into its first batch at *origin_ns* (UTC ns)."""
    chance = random.Random(f"{seed}/machine {number}")
    return Machine(1.0 + 0.23 * (number - 1), origin_ns - chance.randrange(10**12), chance.getrandbits(64))


def _batch_metres() -> float:
    return sum(seconds * _SPEEDS[phase] / 60.0 for phase, seconds in _PHASES)
