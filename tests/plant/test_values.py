"""The mill's values: integrals against sums of small steps, counters, batches."""

from __future__ import annotations

import itertools
import random

import pytest

from plant import catalogue, machines, rates
from plant.sources import Sources

SECOND = 10**9
ORIGIN = 1_773_532_800 * SECOND  # 2026-03-15T00:00Z


def stepped(rate: rates.Rate, from_ns: int, to_ns: int, steps: int) -> float:
    """The integral by midpoints, in hours."""
    width = (to_ns - from_ns) / steps
    middle = sum(rate.at(int(from_ns + (i + 0.5) * width)) for i in range(steps))
    return middle * width / 3.6e12


@pytest.mark.parametrize("name", ["main", "compressor", "steam", "gas", "water"])
def test_totals_are_the_integral_of_the_rate(name: str) -> None:
    rate = rates.build(catalogue.load().rates, 5)[name]
    chance = random.Random(name)
    for length_s in (0.7, 61.3, 3600.0, 7777.7):
        start = ORIGIN + chance.randrange(3 * 86400 * SECOND)
        end = start + int(length_s * SECOND)
        assert rate.total(start, end) == pytest.approx(stepped(rate, start, end, 20000), rel=2e-4)


def test_totals_add_up_over_days_and_never_fall() -> None:
    rate = rates.build(catalogue.load().rates, 5)["main"]
    chance = random.Random(1)
    points = sorted(ORIGIN + chance.randrange(90 * 86400 * SECOND) for _ in range(500))
    totals = [rate.total(ORIGIN, point) for point in points]
    assert totals == sorted(totals)
    parts = sum(rate.total(a, b) for a, b in itertools.pairwise(points))
    assert parts == pytest.approx(totals[-1] - totals[0], rel=1e-12)


def test_the_main_meter_is_its_parts() -> None:
    built = rates.build(catalogue.load().rates, 9)
    at = ORIGIN + 12345 * SECOND
    parts = ("dyeing", "stenter", "compressor", "rest")
    assert built["main"].at(at) == pytest.approx(sum(built[p].at(at) for p in parts))
    later = at + 40 * 86400 * SECOND
    assert built["main"].total(at, later) == pytest.approx(sum(built[p].total(at, later) for p in parts))


def test_rates_stay_below_the_declared_limits() -> None:
    mill = catalogue.load()
    for seed in range(5):
        built = rates.build(mill.rates, seed)
        for tag in (t for d in mill.devices for t in d.tags if "total" in t.shows):
            fastest = max(built[tag.shows["total"]].at(ORIGIN + k * 47 * SECOND) for k in range(2000))
            assert 0 < fastest / 3600 < float(tag.max_rate or 0)


def test_the_compressor_counter_rolls_over_within_minutes() -> None:
    mill = catalogue.load()
    tag = next(t for d in mill.devices for t in d.tags if t.name == "compressor.kwh")
    source = Sources(mill, 1, ORIGIN).of(tag)
    shown = [int(source(ORIGIN + s * SECOND)) for s in range(0, 180, 5)]
    assert shown[0] > 2**32 - 1000
    assert shown[-1] < 10000
    assert sum(later < earlier for earlier, later in itertools.pairwise(shown)) == 1


def test_values_depend_on_seed_and_time_alone() -> None:
    mill = catalogue.load()
    tags = [tag for device in mill.devices for tag in device.tags if tag.shows]
    at = ORIGIN + 4711 * SECOND

    def shown(seed: int) -> list[float]:
        sources = Sources(mill, seed, ORIGIN)
        return [sources.of(tag)(at) for tag in tags]

    assert shown(3) == shown(3)
    assert shown(3) != shown(4)


def test_a_machine_runs_through_its_batch() -> None:
    machine = machines.build(1, 2, ORIGIN)
    times = [ORIGIN + s * SECOND for s in range(2200)]
    states = [machine.state(t) for t in times]
    changes = [b for a, b in itertools.pairwise(states) if a != b]
    following = dict(zip(range(6), (1, 2, 3, 4, 5, 0), strict=True))
    assert set(states) == set(range(6))
    assert all(b == following[a] for a, b in itertools.pairwise(changes))
    assert all(machine.speed(t) == 0.0 for t, s in zip(times, states, strict=True) if s == machines.IDLE)
    temperatures = [machine.temperature(t) for t in times]
    assert 30 < min(temperatures) < 35
    assert 97 < max(temperatures) < 99


def test_cloth_length_is_the_integral_of_the_speed() -> None:
    machine = machines.build(2, 2, ORIGIN)
    times = [ORIGIN + s * SECOND for s in range(3000)]
    metres = [machine.metres(t) for t in times]
    assert metres == sorted(metres)
    summed = sum(machine.speed(t) / 60.0 for t in times)
    assert metres[-1] - metres[0] == pytest.approx(summed, rel=0.01)
