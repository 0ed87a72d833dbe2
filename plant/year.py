"""The mill's days before today as pure functions of a seed: cloth dyed, and what each meter's day came to.

A day's use is fixed + slope * cloth plus a residual that remembers the day before; its level is that of the live
rates at the mean production. Before the retrofit the dyeing hall's fixed use and slope are those of the old machines;
the draws are the same with and without it, so that the difference is the measure's true saving.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from plant.rates import SHIFT

F64 = npt.NDArray[np.float64]
MEAN_T = 14.0
"""Cloth dyed on a mean day, t."""
SUNDAY = 0.72
"""Share of a mean day's cloth on a Sunday."""
SEASON = 0.12
"""How much the year's swing adds to the cloth in autumn and takes from it in spring."""
SWING, SWING_MEMORY = 0.09, 0.5
"""Standard deviation of the cloth around its course, and what of it stays the next day."""
FIXED = 0.35
"""Share of a mean day's use that does not depend on the cloth."""
NOISE, MEMORY = 0.02, 0.3
"""Standard deviation of a day's use around its line, and what of it stays the next day."""
OLD_FIXED, OLD_SLOPE = 1.12, 1.2
"""What the three old dyeing machines took, as multiples of what the new ones take: at rest, and for the cloth."""
MEASURED = "dyeing"
"""The rate that the retrofit changed."""


@dataclass(frozen=True)
class Year:
    """Days from *first* on: cloth in t, and the use of each rate of the mill in its unit (kW.h, t, m3) a day.

    before: use of the dyeing hall as it would have been with the old machines, each day. retrofit: the new ones'
    first day.
    """

    first: date
    retrofit: date
    cloth: F64
    use: dict[str, F64]
    before: F64

    def days(self) -> list[date]:
        """Each day's date."""
        return [self.first + timedelta(days=i) for i in range(len(self.cloth))]


def year(rates: dict[str, dict[str, Any]], seed: int, first: date, days: int, retrofit: bool = True) -> Year:
    """The days of a seed. *rates*: those of mill.yaml. Without *retrofit* the old machines stay."""
    changed = first + timedelta(days=days // 2)
    cloth = _cloth(_chance(seed, "cloth"), first, days)
    plain = [name for name, entry in rates.items() if "sum" not in entry]
    lines = {name: _day(rates[name]["base"], 1.0, 1.0, cloth) for name in plain}
    noise = {name: _remembering(_chance(seed, name), days, NOISE, MEMORY) for name in plain}
    mean = {name: float(rates[name]["base"]) * sum(SHIFT) for name in plain}
    use = {name: np.maximum(lines[name] + noise[name] * mean[name], 0.0) for name in plain}
    old = _day(rates[MEASURED]["base"], OLD_FIXED, OLD_SLOPE, cloth) + noise[MEASURED] * mean[MEASURED]
    old = np.maximum(old, 0.0)
    until = days // 2 if retrofit else days
    use[MEASURED] = np.concatenate([old[:until], use[MEASURED][until:]])
    for name, entry in rates.items():
        if "sum" in entry:
            use[name] = np.sum([use[part] for part in entry["sum"]], axis=0)
    return Year(first, changed, cloth, use, old)


def shape(chance: np.random.Generator, days: int) -> F64:
    """Share of its day in each quarter of an hour, (days, 96); the course of the mill's shifts, unsteady by 5 %."""
    course = np.repeat(np.array(SHIFT), 4) * (1.0 + 0.05 * chance.standard_normal((days, 96)))
    course = np.maximum(course, 0.0)
    return np.asarray(course / course.sum(axis=1, keepdims=True), np.float64)


def chance_of(seed: int, name: str) -> np.random.Generator:
    """The draws of one thing: those of others do not move when one more is drawn."""
    return _chance(seed, name)


def _day(base: float, fixed: float, slope: float, cloth: F64) -> F64:
    """The line: at the mean production and factors of one it is the live rate's day."""
    mean = base * sum(SHIFT)
    return np.asarray(mean * (FIXED * fixed + (1.0 - FIXED) * slope * cloth / MEAN_T), np.float64)


def _cloth(chance: np.random.Generator, first: date, days: int) -> F64:
    dates = [first + timedelta(days=i) for i in range(days)]
    week = np.array([SUNDAY if day.weekday() == 6 else 1.0 for day in dates])
    season = np.array(
        [1.0 + SEASON * math.sin(math.tau * (day.timetuple().tm_yday - 200) / 365.25) for day in dates]
    )
    wander = 1.0 + _remembering(chance, days, SWING, SWING_MEMORY)
    return np.asarray(np.round(MEAN_T * week * season * np.maximum(wander, 0.3), 2), np.float64)


def _remembering(chance: np.random.Generator, days: int, spread: float, memory: float) -> F64:
    """AR(1) with this standard deviation, begun in its steady state."""
    fresh = chance.standard_normal(days) * spread * math.sqrt(1.0 - memory**2)
    found = np.empty(days)
    before = float(chance.standard_normal()) * spread
    for i in range(days):
        before = found[i] = memory * before + fresh[i]
    return found


def _chance(seed: int, name: str) -> np.random.Generator:
    return np.random.default_rng([seed, *name.encode()])
