"""Hour facts against a reader of docs/methods.md written here without numpy, and their statements."""

from __future__ import annotations

import hashlib
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.figure.calendar import Calendar
from accounts.metering.facts import Facts, Readings, day_facts, parse
from accounts.metering.gaps import Gaps
from accounts.metering.registers import Register
from contract.errors import Malformed
from contract.statement import Statement, dump, load

S = 10**9
HOUR = 3_600 * S
SHANGHAI = Calendar("Asia/Shanghai", 0)
DAY = date(2024, 3, 5)
BEGIN = SHANGHAI.begin(DAY)
ABOUT = Facts("mill", "edge", "kwh", "main", "electricity", DAY, 0, 0, (), "0.01", "kW.h", (), (), (), 7)

Reading = tuple[int, int, int]
"""Time in seconds from the day's beginning, raw value, block."""


def readings_of(items: list[Reading], alive: list[int], gaps: list[tuple[int | None, int | None]], head: int,
                register: Register) -> Readings:  # fmt: skip
    time = np.array([BEGIN + t * S for t, _, _ in items], np.int64)
    ns = [(None if a is None else BEGIN + a * S, None if b is None else BEGIN + b * S) for a, b in gaps]
    return Readings(
        time, np.array([raw for _, raw, _ in items], np.uint64), np.array([b for _, _, b in items], np.int64),
        [hashlib.sha256(bytes([i])).digest() for i in range(4)], np.array([BEGIN + t * S for t in alive], np.int64),
        register, Gaps.of(ns), BEGIN + head * S,
    )  # fmt: skip


def plain(items: list[Reading], alive: list[int], gaps: list[tuple[int | None, int | None]], head: int,
          reach: int, most: Fraction, edges: list[int]) -> list[tuple[int, str, str, str]]:  # fmt: skip
    """Steps, class, completeness, inputs of each hour, all times in seconds; straight from the page."""
    bad: list[tuple[int, int]] = []
    steps: list[tuple[int, int]] = []
    for a, b in pairwise(items):
        d = (b[1] - a[1]) % 2**32
        if d <= most * (b[0] - a[0]) + 1:
            steps.append((b[0], d))
        else:
            bad.append((a[0], b[0]))
    points: list[Fraction] = [Fraction(a) for a, b in gaps if a is not None and b is None]
    points += [b - Fraction(1, S) for a, b in gaps if a is None and b is not None]
    holes = [(a, b) for a, b in gaps if a is not None and b is not None]
    marks = sorted({t for t, _, _ in items} | set(alive))
    out = []
    for start, end in pairwise(edges):
        before = 2 * edges[0] - edges[1] if start == edges[0] else edges[edges.index(start) - 1]
        inside = any(start < t <= end for t, _, _ in items)
        first = [i for i, (t, _, _) in enumerate(items) if t <= start]
        if not any(t <= end for t, _, _ in items):
            label = "unknown"
        elif any(a < end and b > start for a, b in bad):
            label = "invalid(counter)"
        elif end > head:
            label = "provisional"
        elif not first:
            label = "partial"
        elif not inside or not any(before < t <= start for t, _, _ in items):
            label = "estimated"
        else:
            label = "measured"
        seconds = 0
        for m, n in pairwise(marks):
            if n - m > reach or any(m <= p < n for p in points):
                continue
            span = range(max(m, start), min(n, end))
            seconds += sum(not any(x <= t < y for x, y in holes) for t in span)
        used = [items[i][2] for i in first[-1:]] + [block for t, _, block in items if start < t <= end]
        digests = sorted({hashlib.sha256(bytes([i])).digest() for i in used})
        share = f"{seconds * 10**4 // (end - start) / 10**4:.4f}"
        count = sum(d for t, d in steps if start < t <= end)
        out.append((count, label, share, hashlib.sha256(b"".join(digests)).hexdigest()))
    return out


GAP_END: Any = st.none() | st.integers(-3600, 14400)
GAP: Any = st.tuples(GAP_END, GAP_END).filter(lambda g: g != (None, None) and (None in g or g[0] <= g[1]))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_facts_of_a_day_are_those_of_the_page(data: st.DataObject) -> None:
    times = sorted(data.draw(st.sets(st.integers(-9000, 18000), max_size=14)))
    raw, items = data.draw(st.integers(0, 2**32 - 1)), []
    for t in times:
        items.append((t, raw, data.draw(st.integers(0, 3))))
        raw = (raw + data.draw(st.integers(0, 400) | st.just(2**31))) % 2**32
    alive = sorted(data.draw(st.sets(st.integers(-9000, 18000), max_size=4)))
    gaps = data.draw(st.lists(GAP, max_size=3))
    head = max([*times, *alive, 0])
    edges = [0, 3600, 7200, 10800, 12600]  # the last hour is cut off
    register = Register(32, Fraction(1, 10 * S), 1800 * S)
    found = day_facts(readings_of(items, alive, gaps, head, register), [BEGIN + e * S for e in edges], ABOUT)
    wanted = plain(items, alive, gaps, head, 1800, Fraction(1, 10), edges)
    if not items or head <= 0 or all(label == "unknown" for _, label, _, _ in wanted):
        assert found is None
        return
    assert found is not None
    got = list(zip(found.steps, found.class_, found.completeness, found.inputs, strict=True))
    assert got == wanted
    assert parse(load(dump(found.statement()))) == found


def test_a_day_of_a_clock_change_has_as_many_hours_as_it_has() -> None:
    berlin = Calendar("Europe/Berlin", 0)
    counts = [len(berlin.hours(on)) - 1 for on in (date(2024, 3, 31), date(2024, 10, 27), date(2024, 6, 1))]
    assert counts == [23, 25, 24]
    howe = Calendar("Australia/Lord_Howe", 0).hours(date(2024, 4, 7))
    assert (howe[-1] - howe[0], howe[-1] - howe[-2], len(howe)) == (88_200 * S, 1_800 * S, 26)


def test_a_day_begins_when_the_site_says() -> None:
    early = Calendar("Asia/Shanghai", 450)
    assert early.begin(DAY) - BEGIN == 7 * HOUR + HOUR // 2
    assert early.day_of(BEGIN) == date(2024, 3, 4)
    assert early.day_of(early.begin(DAY)) == DAY
    assert early.day_of(early.begin(DAY) - 1) == date(2024, 3, 4)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("steps", [1]), ("class", ["good"] * 24), ("completeness", ["1"] * 24), ("inputs", ["00"] * 24),
        ("scale", "x"), ("start", "-1"), ("day", "2024-3-5"), ("method", "other/hours/1"), ("unit", None),
        ("size", "x"), ("class", [[]] * 24), ("revision", -1), ("meter", 3),
    ],
)  # fmt: skip
def test_a_malformed_statement_of_hours_is_refused(field: str, value: object) -> None:
    edges = SHANGHAI.hours(DAY)
    whole = day_facts(
        readings_of([(0, 1, 0), (60, 2, 0)], [], [], 3600, Register(32, None, HOUR)), edges, ABOUT
    )
    assert whole is not None
    good = whole.statement()
    assert parse(good) == whole
    with pytest.raises(Malformed):
        parse(Statement("hours", {**good.fields, field: value}))
