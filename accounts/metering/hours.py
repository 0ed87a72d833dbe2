"""Energy of hours (or days, months) from counter readings: integer steps, covered time, how far to trust them.

An hour's steps are the last reading at or before its end minus the last at or before its start, so that hours
always add up to last - first. Readings are first summed up in bins; bins are joined when somebody asks. Late
readings change the bins they fall into and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from accounts.metering.gaps import NO_GAPS, Gaps
from accounts.metering.registers import BOOL, I64, U64, Register, increments

BIN = np.dtype(
    [
        ("start", "<i8"),  # the bin is (start, end]
        ("readings", "<i8"),
        ("first", "<i8"),  # time of its first reading, ns
        ("first_raw", "<u8"),
        ("last", "<i8"),
        ("last_raw", "<u8"),
        ("steps", "<i8"),  # from its first reading to its last
        ("invalid", "<i8"),  # how many of these steps can't be true
        ("mark_first", "<i8"),  # first and last time at which the register is known to have been watched
        ("mark_last", "<i8"),
        ("covered", "<i8"),  # ns between these two that are covered
    ]
)
"""What one bin of readings comes to."""

Bins = np.ndarray[tuple[int], np.dtype[np.void]]
FOREVER = np.iinfo(np.int64).max
NONE = np.empty(0, np.int64)


class Class(IntEnum):
    """How far an hour's figure can be trusted."""

    UNKNOWN = 0
    MEASURED = 1
    ESTIMATED = 2
    PARTIAL = 3
    PROVISIONAL = 4
    INVALID = 5

    @property
    def label(self) -> str:
        """The word used in the API, such as ``measured`` or ``invalid(counter)``."""
        return "invalid(counter)" if self is Class.INVALID else self.name.lower()


@dataclass(frozen=True)
class HourFacts:
    """Facts of successive periods: start, end (UTC ns), steps of the register, covered (ns), Class codes.

    A period that ends before the first reading is UNKNOWN and has no steps.
    """

    start: I64
    end: I64
    steps: I64
    covered: I64
    class_: npt.NDArray[np.uint8]

    def completeness(self, i: int) -> Fraction:
        """Covered time of period *i* over its length, 0 to 1."""
        return Fraction(int(self.covered[i]), int(self.end[i] - self.start[i]))

    def completeness_until(self, i: int, now: int) -> Fraction:
        """Covered time of period *i* over the part of it before *now* (UTC ns), 0 to 1."""
        passed = min(int(self.end[i]), now) - int(self.start[i])
        return (
            min(Fraction(int(self.covered[i]), passed), Fraction(1)) if passed > 0 else self.completeness(i)
        )


def hours(
    time: I64, raw: U64, register: Register, edges: I64, gaps: Gaps = NO_GAPS, alive: I64 = NONE
) -> HourFacts:
    """Facts of the periods between *edges* (UTC ns, increasing).

    time: strictly increasing UTC ns of the readings; raw: the register's bits; alive: further times at which a
    silent subscription is known to have been watching.
    """
    grid = np.concatenate((time - 1, time, alive - 1, alive, edges, _before(edges)))
    grid = np.unique(np.concatenate(([grid.min(), grid.max()], edges, _before(edges))))
    return join(summarise(time, raw, register, grid, gaps, alive), register, edges, gaps)


def summarise(
    time: I64, raw: U64, register: Register, edges: I64, gaps: Gaps = NO_GAPS, alive: I64 = NONE
) -> Bins:
    """The bins (edges[i], edges[i + 1]] that hold readings or *alive* times; all times must lie in one."""
    marks = np.union1d(time, alive)
    if len(marks) == 0:
        return np.empty(0, BIN)
    begins, place = _starts(marks, edges)
    bins = np.zeros(len(begins), BIN)
    bins["start"] = edges[place]
    ends = np.concatenate((begins[1:], [len(marks)])) - 1
    bins["mark_first"], bins["mark_last"] = marks[begins], marks[ends]
    bins["covered"] = _inner(covered(marks[:-1], marks[1:], register, gaps), begins)
    if len(time):
        _count(bins, time, raw, register, edges)
    return bins


def covered(a: I64, b: I64, register: Register, gaps: Gaps) -> I64:
    """Nanoseconds of each span a..b between two readings that are covered: none when it is too long."""
    watched = (b - a <= register.reach) & ~gaps.broken(a, b)
    return np.where(watched, b - a - gaps.missing(a, b), 0)


def join(bins: Bins, register: Register, edges: I64, gaps: Gaps = NO_GAPS, final: int = FOREVER) -> HourFacts:
    """Facts of the periods between *edges*, each of which must be an edge of the bins' grid.

    bins: in order of time. final: UTC ns up to which all that can come has come; periods that end later are
    PROVISIONAL.
    """
    read = bins[bins["readings"] > 0]
    steps, good = increments(
        read["last_raw"][:-1], read["first_raw"][1:], read["first"][1:] - read["last"][:-1], register
    )
    gained = read["steps"].copy()
    gained[1:] += steps
    total = np.concatenate(([0], np.cumsum(gained)))
    seen = np.searchsorted(read["start"], edges, "left")  # bins that end at or before each edge
    class_ = _classes(read, good, edges, seen, final)
    watched = np.diff(_covered_upto(bins, register, edges, gaps))
    return HourFacts(edges[:-1], edges[1:], np.diff(total[seen]), watched, class_)


def _before(edges: I64) -> I64:
    """The start of a period before the first one, as long as that."""
    return 2 * edges[:1] - edges[1:2]


def _starts(times: I64, edges: I64) -> tuple[I64, I64]:
    """Index of the first time in each bin that has one, and the number of that bin."""
    place = np.searchsorted(edges, times, "left") - 1
    begins = np.concatenate(([0], np.flatnonzero(np.diff(place)) + 1))
    return begins, place[begins]


def _inner(between: I64, begins: I64) -> I64:
    """Sum over each bin of a quantity between neighbours, leaving out what lies between two bins."""
    padded = np.concatenate(([0], between))
    padded[begins] = 0
    return np.add.reduceat(padded, begins)


def _count(bins: Bins, time: I64, raw: U64, register: Register, edges: I64) -> None:
    begins, place = _starts(time, edges)
    at = np.searchsorted(bins["start"], edges[place])
    ends = np.concatenate((begins[1:], [len(time)])) - 1
    bins["readings"][at] = ends - begins + 1
    bins["first"][at], bins["first_raw"][at] = time[begins], raw[begins]
    bins["last"][at], bins["last_raw"][at] = time[ends], raw[ends]
    steps, good = increments(raw[:-1], raw[1:], np.diff(time), register)
    bins["steps"][at] = _inner(steps, begins)
    bins["invalid"][at] = _inner((~good).astype(np.int64), begins)


def _covered_upto(bins: Bins, register: Register, edges: I64, gaps: Gaps) -> I64:
    """Covered time from the first mark up to each edge."""
    a, b = bins["mark_last"][:-1], bins["mark_first"][1:]
    between = covered(a, b, register, gaps)
    gained = bins["covered"].copy()
    gained[1:] += between
    total = np.concatenate(([0], np.cumsum(gained)))
    seen = np.searchsorted(bins["start"], edges, "left")
    upto = total[seen]
    for i in np.flatnonzero((seen > 0) & (seen < len(bins))):
        span = seen[i] - 1
        if between[span]:  # an edge inside a covered span gets what lies before it
            cut = edges[i : i + 1]
            upto[i] += (cut - a[span] - gaps.missing(a[span : span + 1], cut))[0]
    return upto


def _classes(read: Bins, good: BOOL, edges: I64, seen: I64, final: int) -> npt.NDArray[np.uint8]:
    start, end = edges[:-1], edges[1:]
    opened, closed = seen[:-1], seen[1:]
    earlier = np.searchsorted(read["start"], np.concatenate((_before(edges), edges[:-2])), "left")
    class_ = np.full(len(start), Class.MEASURED, np.uint8)
    class_[(opened == closed) | (earlier == opened)] = Class.ESTIMATED
    class_[opened == 0] = Class.PARTIAL
    class_[end > final] = Class.PROVISIONAL
    doubts = np.concatenate(([0], np.cumsum(read["invalid"])))
    class_[doubts[closed] > doubts[opened]] = Class.INVALID
    for i in np.flatnonzero(~good):
        class_[(start < read["first"][i + 1]) & (end > read["last"][i])] = Class.INVALID
    class_[closed == 0] = Class.UNKNOWN
    return class_
