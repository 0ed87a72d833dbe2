"""Which registers are asked for: every value inside exactly one read, no read too long, as few as can be."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.plan import MAX_REGISTERS, TABLES, Point, Read, plan, registers
from drivers.modbus.schedule import Schedule
from drivers.modbus.types import FORMS

TYPES = tuple(FORMS)
POINTS = st.builds(
    lambda table, address, type_: Point(table, address, type_, FORMS[type_].orders[0]),
    st.sampled_from(TABLES),
    st.integers(0, 400),
    st.sampled_from(TYPES),
)


@given(st.lists(POINTS, min_size=1, max_size=40), st.integers(0, 124))
def test_every_point_lies_where_the_plan_says(points: list[Point], max_gap: int) -> None:
    found = plan(points, max_gap)
    image = [(read.table, read.address + i) for read in found.reads for i in range(read.count)]
    assert len(image) * 2 == found.size
    assert all(1 <= read.count <= MAX_REGISTERS for read in found.reads)
    for point, offset in zip(points, found.offsets, strict=True):
        want = [(point.table, point.address + i) for i in range(registers(point.type))]
        assert image[offset // 2 : offset // 2 + len(want)] == want and offset % 2 == 0


@given(st.lists(POINTS, min_size=1, max_size=40), st.integers(0, 124))
def test_gaps_are_bounded_and_joined(points: list[Point], max_gap: int) -> None:
    used = {(p.table, a) for p in points for a in range(p.address, p.end)}
    for read in plan(points, max_gap).reads:
        line = [(read.table, read.address + i) in used for i in range(read.count)]
        longest = max((len(run) for run in "".join(" x"[u] for u in line).split("x")), default=0)
        assert line[0] and line[-1] and longest <= max_gap
    reads = plan(points, max_gap).reads
    for a, b in itertools.pairwise(reads):
        if a.table == b.table and b.address - a.address - a.count <= max_gap:
            assert b.address + b.count - a.address > MAX_REGISTERS or b.address < a.address + a.count


def test_one_response_when_all_fit() -> None:
    points = [Point("holding", 0, "uint32", "ABCD"), Point("holding", 6, "uint32", "ABCD"),
              Point("holding", 2, "uint64", "ABCDEFGH")]  # fmt: skip
    assert plan(points, 0).reads == (Read("holding", 0, 8),)
    assert plan([Point("holding", 0, "int16", "AB"), Point("holding", 124, "int16", "AB")], 124).reads == (
        Read("holding", 0, 125),
    )


def test_a_schedule_does_not_drift_and_counts_what_it_missed() -> None:
    schedule = Schedule(0.1, 1000.0)
    dues = []
    for _ in range(100_000):
        dues.append(schedule.due)
        assert schedule.done(schedule.due + 0.03) == 0
    assert max(abs(due - (1000.0 + i * 0.1)) for i, due in enumerate(dues)) < 1e-6
    due = schedule.due
    assert schedule.done(due + 0.35) == 2  # two whole cycles had no read of their own
    assert abs(schedule.due - (due + 0.3)) < 1e-9


def test_back_to_back_is_always_due() -> None:
    schedule = Schedule(0.0, 5.0)
    assert schedule.done(9.0) == 0 and schedule.due == 9.0
