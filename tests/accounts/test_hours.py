"""Hour facts against a twin in plain Python, over random registers, gaps, rollovers and orders of arrival."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.metering.gaps import NO_GAPS, Gaps
from accounts.metering.hours import Class, HourFacts, hours, join, summarise
from accounts.metering.registers import Register

S = 1_000_000_000
HOUR = 3600 * S
Reading = tuple[int, int]
Gap = tuple[int | None, int | None]


def plain_step(a: Reading, b: Reading, register: Register) -> int | None:
    """Steps from one reading to the next, None when they can't be true."""
    steps = (b[1] - a[1]) % 2**register.bits
    if register.rate is None:
        return steps if b[1] >= a[1] else None
    return steps if steps <= register.rate * (b[0] - a[0] + register.slack) + 1 else None


def plain_covered(marks: list[int], x: int, y: int, reach: int, gaps: list[Gap]) -> int:
    """Covered nanoseconds in x..y, counted span by span."""
    total = 0
    for a, b in itertools.pairwise(marks):
        open_ends = [t - 1 for f, t in gaps if f is None and t is not None]
        open_ends += [f for f, t in gaps if t is None and f is not None]
        if b - a > reach or any(a <= p < b for p in open_ends):
            continue
        cuts = sorted({max(a, x), min(b, y), *(t for gap in gaps for t in gap if t is not None)})
        for c, d in itertools.pairwise(cuts):
            inside = max(a, x) <= c and d <= min(b, y)
            if inside and not any(f is not None and t is not None and f <= c and d <= t for f, t in gaps):
                total += d - c
    return total


def plain_hours(
    readings: list[Reading], alive: list[int], register: Register, edges: list[int], gaps: list[Gap]
) -> list[tuple[int, int, Class]]:
    """(steps, covered ns, class) of each period, each worked out alone from all the readings."""
    marks = sorted({t for t, _ in readings} | set(alive))
    out = []
    spans = [(a, b, plain_step(a, b, register)) for a, b in itertools.pairwise(readings)]
    before = [2 * edges[0] - edges[1], *edges[:-2]]
    for earlier, x, y in zip(before, edges, edges[1:], strict=False):
        covered = plain_covered(marks, x, y, register.reach, gaps)
        if not any(t <= y for t, _ in readings):
            out.append((0, covered, Class.UNKNOWN))
            continue
        steps = sum(step or 0 for _, b, step in spans if x < b[0] <= y)
        class_ = Class.MEASURED
        if not any(x < t <= y for t, _ in readings) or not any(earlier < t <= x for t, _ in readings):
            class_ = Class.ESTIMATED
        if not any(t <= x for t, _ in readings):
            class_ = Class.PARTIAL
        if any(step is None and a[0] < y and b[0] > x for a, b, step in spans):
            class_ = Class.INVALID
        out.append((steps, covered, class_))
    return out


def found(facts: HourFacts) -> list[tuple[int, int, Class]]:
    triples = zip(facts.steps, facts.covered, facts.class_, strict=True)
    return [(int(s), int(c), Class(k)) for s, c, k in triples]


def arrays(readings: list[Reading]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([t for t, _ in readings], np.int64), np.array([r for _, r in readings], np.uint64)


times = st.lists(st.integers(-2 * 60, 8 * 60), min_size=1, max_size=60, unique=True).map(sorted)
gap_ends = st.one_of(st.none(), st.integers(-60, 8 * 60))


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Reading], list[int], Register, list[int], list[Gap]]:
    bits = draw(st.sampled_from([8, 16, 32, 64]))
    rate = draw(st.sampled_from([None, Fraction(1, 3 * 60 * S), Fraction(7, 60 * S), Fraction(1, 7 * S)]))
    reach, slack = draw(st.sampled_from([60 * S, 150 * S, HOUR])), draw(st.sampled_from([0, S, 90 * S]))
    register = Register(bits, rate, reach, slack)
    minutes = draw(times)
    raw = draw(st.integers(0, 2**bits - 1))
    readings = []
    for minute in minutes:
        raw = (raw + draw(st.one_of(st.integers(0, 12), st.just(2 ** (min(bits, 48) - 1) - 1)))) % 2**bits
        readings.append((minute * 60 * S, raw))
    alive = [60 * S * m for m in draw(st.lists(st.integers(-60, 8 * 60), max_size=5))]
    edges = [60 * S * m for m in sorted(draw(st.sets(st.integers(-60, 8 * 60), min_size=2, max_size=9)))]
    pairs = draw(st.lists(st.tuples(gap_ends, gap_ends), max_size=3))
    gaps: list[Gap] = []
    for a, b in pairs:
        if a is not None and b is not None:
            a, b = sorted((a, b))
        gaps.append((None if a is None else a * 60 * S, None if b is None else b * 60 * S + 17))
    return readings, alive, register, edges, gaps


@given(cases())
@settings(max_examples=400, deadline=None)
def test_equals_the_plain_twin(case: tuple) -> None:
    readings, alive, register, edges, gaps = case
    facts = hours(*arrays(readings), register, np.array(edges), Gaps.of(gaps), np.array(alive, np.int64))
    assert found(facts) == plain_hours(readings, alive, register, edges, gaps)


@given(cases())
@settings(max_examples=200, deadline=None)
def test_hours_add_up_to_last_minus_first(case: tuple) -> None:
    readings, alive, register, _, gaps = case
    edges = np.arange(-3 * HOUR, 9 * HOUR, HOUR)
    facts = hours(*arrays(readings), register, edges, Gaps.of(gaps), np.array(alive, np.int64))
    steps = [plain_step(a, b, register) for a, b in itertools.pairwise(readings)]
    assert facts.steps.sum() == sum(step for step in steps if step is not None)
    if None not in steps and sum(filter(None, steps)) < 2**register.bits:
        assert facts.steps.sum() == (readings[-1][1] - readings[0][1]) % 2**register.bits


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_late_readings_reopen_bins_and_any_order_gives_the_same_facts(case: tuple, random: object) -> None:
    """Bins of a quarter of an hour, each made anew from its own readings, say what one look at everything says."""
    readings, alive, register, _, pairs = case
    gaps, edges = Gaps.of(pairs), np.arange(-3 * HOUR, 9 * HOUR, HOUR)
    grid = np.arange(-4 * HOUR, 10 * HOUR, HOUR // 4)
    time, raw = arrays(readings)
    bins = []
    for start, end in itertools.pairwise(grid):
        mine, lives = (time > start) & (time <= end), [t for t in alive if start < t <= end]
        edge = np.array([start, end])
        bins.append(summarise(time[mine], raw[mine], register, edge, gaps, np.array(lives, np.int64)))
    random.shuffle(bins)  # type: ignore[attr-defined]
    joined = np.concatenate(bins)
    joined = joined[np.argsort(joined["start"])]
    whole = hours(time, raw, register, edges, gaps, np.array(alive, np.int64))
    assert found(join(joined, register, edges, gaps)) == found(whole)


def every_second(start: int, stop: int, without: range = range(0)) -> list[Reading]:
    return [(t * S, 100 + t) for t in range(start, stop) if t not in without]


METER = Register(32, Fraction(50, S), 3 * S)


def test_a_meter_that_stopped_five_minutes_lacks_five_sixtieths() -> None:
    readings = every_second(-10, 2 * 3600 + 1, range(600, 900))
    facts = hours(*arrays(readings), METER, np.array([0, HOUR, 2 * HOUR]))
    missing = 1 - facts.completeness(0)
    assert abs(missing - Fraction(5, 60)) <= Fraction(2, 3600)
    assert facts.completeness(1) == 1
    assert list(facts.steps) == [3600, 3600]


def test_hours_in_a_gap_show_nothing_and_the_closing_hour_the_rest() -> None:
    readings = every_second(-10, 5 * 3600 + 1, range(1800, 3 * 3600 + 1800))
    facts = hours(*arrays(readings), METER, np.arange(6) * HOUR)
    assert list(facts.steps) == [1799, 0, 0, 3 * 3600 + 1801, 3600]
    classes = [Class(code).label for code in facts.class_]
    assert classes == ["measured", "estimated", "estimated", "estimated", "measured"]
    assert [float(facts.completeness(i)) for i in (1, 2, 4)] == [0, 0, 1]


def test_the_first_hour_is_partial_and_what_was_before_is_unknown() -> None:
    facts = hours(*arrays(every_second(3600 + 1200, 3 * 3600 + 1)), METER, np.arange(4) * HOUR)
    assert [Class(code) for code in facts.class_] == [Class.UNKNOWN, Class.PARTIAL, Class.MEASURED]
    assert list(facts.steps) == [0, 2400, 3600]


def test_a_rollover_counts_and_a_reset_does_not() -> None:
    top = 2**32
    rolled = [(0, top - 5), (S, (top + 7) % top)]
    assert list(hours(*arrays(rolled), METER, np.array([-HOUR, HOUR])).steps) == [12]
    reset = [(0, 5000), (S, 3), (2 * S, 10)]
    facts = hours(*arrays(reset), METER, np.array([-HOUR, HOUR]))
    assert (list(facts.steps), Class(facts.class_[0]).label) == ([7], "invalid(counter)")


def test_the_rate_is_held_exactly() -> None:
    register = Register(32, Fraction(1, 3), 10)
    for steps, good in ((10**9 + 1, True), (10**9 + 2, False)):
        facts = hours(*arrays([(0, 0), (3 * 10**9, steps)]), register, np.array([-1, 4 * 10**9]))
        assert (int(facts.steps[0]) == steps) is good
        assert (Class(facts.class_[0]) is Class.INVALID) is not good


def test_one_step_between_two_readings_that_follow_at_once_is_true() -> None:
    """Whole steps and late stamps add to a difference: neither is a false reading."""
    register = Register(32, Fraction(1, S), 3 * S)
    facts = hours(*arrays([(0, 100), (4_000_000, 101)]), register, np.array([-HOUR, HOUR]))
    assert (list(facts.steps), Class(facts.class_[0]) is Class.INVALID) == ([1], False)
    late = hours(*arrays([(0, 100), (S // 10, 103)]), register, np.array([-HOUR, HOUR]))
    assert Class(late.class_[0]) is Class.INVALID
    slack = Register(32, Fraction(1, S), 3 * S, S)
    facts = hours(*arrays([(0, 100), (S // 10, 102)]), slack, np.array([-HOUR, HOUR]))
    assert (list(facts.steps), Class(facts.class_[0]) is Class.INVALID) == ([2], False)


def test_bits_of_a_signed_register_count_through_its_lowest_number() -> None:
    raw = np.array([2**31 - 2, -(2**31) + 3], np.int32).view(np.uint32).astype(np.uint64)
    facts = hours(np.array([0, S]), raw, METER, np.array([-HOUR, HOUR]), NO_GAPS)
    assert list(facts.steps) == [5]


def test_what_may_still_come_is_provisional() -> None:
    time, raw = arrays(every_second(-10, 5000))
    edges = np.array([0, HOUR, 2 * HOUR])
    grid = np.arange(-HOUR, 3 * HOUR, HOUR // 4)
    facts = join(summarise(time, raw, METER, grid), METER, edges, final=5000 * S)
    assert [Class(code).label for code in facts.class_] == ["measured", "provisional"]
