"""Hour facts made again from rows (docs/methods.md, Hour facts: steelyard/hours/1)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verify.evidence.ledger import Entry
from verify.figures.figure import Ground
from verify.formats.findings import Bad, Findings
from verify.formats.numbers import share
from verify.formats.timeline import joined, without
from verify.metering.messages import (
    DayDiffers,
    HourDiffers,
    HoursHold,
    HoursHoldWithLaterBlocks,
    HoursNotSealed,
    MadeFromLaterBlocks,
    MemberDiffersFromSchema,
    NoSchemaOfCounter,
)
from verify.metering.readings import SECOND, Counter, Readings, Rows, Stream, counter, gathered, winners
from verify.statements.sealed_hours import Day

SIDE = 2 * 24 * 3600 * SECOND
NOW = 2**63 - 1
HALF, LOW = np.uint64(32), np.uint64(2**32 - 1)
INVALID = "invalid(counter)"


@dataclass(frozen=True)
class Hour:
    """One hour as it should be sealed."""

    steps: int
    class_: str
    completeness: str
    inputs: str


class Register:
    """A counter: its values, and what its stream declares of it."""

    def __init__(self, stream: Stream, tag: str, entries: list[Entry]) -> None:
        self.stream, self.tag, self.entries = stream, tag, entries
        self.all = gathered(stream, tag, entries)

    def hours(self, spans: list[tuple[int, int]], size: int, known: Counter) -> list[Hour]:
        """The hours of a day from the first `size` blocks."""
        start, end = spans[0][0], spans[-1][1]
        return _Day(self, self._near(start, end, size), known, size).hours(spans)

    def _near(self, start: int, end: int, size: int) -> Readings:
        """Readings around a day: with the last one before the hour before it, and the first one behind it."""
        low = int(np.searchsorted(self.all.time, start - SIDE))
        high = int(np.searchsorted(self.all.time, end + SIDE))
        found = winners(self.all, low, high, size)
        while low > 0 and not (len(found.time) and found.time[0] <= start - SIDE // 2):
            low = max(0, low - max(1000, high - low))
            low = int(
                np.searchsorted(self.all.time, self.all.time[low])
            )  # never part of the values of one time
            found = winners(self.all, low, high, size)
        while high < len(self.all.time) and not (len(found.time) and found.time[-1] >= end):
            high = min(len(self.all.time), high + max(1000, high - low))
            if high < len(self.all.time):
                high = int(np.searchsorted(self.all.time, self.all.time[high]))
            found = winners(self.all, low, high, size)
        return found

    def head(self, size: int) -> int:
        return max((time for index, time in self.stream.heads if index < size), default=-(2**63))


class _Day:
    def __init__(self, register: Register, found: Readings, known: Counter, size: int) -> None:
        self.register, self.found, self.known, self.size = register, found, known, size
        self.head = register.head(size)
        self.time = found.time
        self.steps, self.true = self._steps()
        self.covered = self._covered()

    def _steps(self) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        """Step and truth of each pair of neighbours."""
        bits, known = self.found.bits, self.known
        before, after = bits[:-1], bits[1:]
        steps = after - before
        if known.bits < 64:
            steps &= np.uint64((1 << known.bits) - 1)
        if known.rate is None:
            true = after >= before
        else:
            waited = np.diff(self.time) + known.slack
            most = float(known.rate) * (waited / SECOND) + 1.0
            true = steps <= most
            close = np.abs(steps.astype(np.float64) - most) <= 1e-6 * (1.0 + most)
            for at in np.flatnonzero(close):
                true[at] = int(steps[at]) <= known.rate * Fraction(int(waited[at]), SECOND) + 1
        return np.where(true, steps, np.uint64(0)), true

    def _covered(self) -> list[tuple[int, int]]:
        """Spans of covered time, apart and ascending."""
        alive = [t for index, t in self.register.stream.alive.get(self.known.group, []) if index < self.size]
        marks = np.sort(np.concatenate([self.time, np.array(alive, np.int64)])) if alive else self.time
        gaps = [gap for gap in self.register.stream.gaps if gap[0] < self.size and gap[1] == self.known.group]
        before, after = marks[:-1], marks[1:]
        holds = after - before <= self.known.reach
        for _, _, from_, to in gaps:
            open_end = from_ if to is None else to - 1 if from_ is None else None
            if open_end is not None:
                at = int(np.searchsorted(marks, np.int64(open_end), side="right")) - 1
                if 0 <= at < len(holds):
                    holds[at] = False
        # Neighbouring pairs that hold share a mark: a run of them is one span.
        edges = np.flatnonzero(np.diff(np.concatenate([[False], holds, [False]]).astype(np.int8)))
        spans = [(int(marks[a]), int(marks[b])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        return without(spans, joined([(f, t) for _, _, f, t in gaps if f is not None and t is not None]))

    def hours(self, spans: list[tuple[int, int]]) -> list[Hour]:
        made = []
        for at, (start, end) in enumerate(spans):
            before = spans[at - 1][0] if at else start - (end - start)
            made.append(self._hour(before, start, end))
        return made

    def _hour(self, before: int, start: int, end: int) -> Hour:
        earlier, low, high = (int(np.searchsorted(self.time, t, side="right")) for t in (before, start, end))
        covered = sum(max(0, min(b, end) - max(a, start)) for a, b in self.covered if a < end and b > start)
        # Pair i has reading i as its a and reading i + 1 as its b.
        pairs = slice(max(low - 1, 0), max(high - 1, 0))
        # Two sums of 32 bits each cannot overflow in the rows of a day.
        steps = (int((self.steps[pairs] >> HALF).sum()) << 32) + int((self.steps[pairs] & LOW).sum())
        used = {int(n) for n in np.unique(self.found.entry[max(low - 1, 0) : high])}
        hashes = sorted(self.register.entries[number].block.hash for number in used)
        inputs = hashlib.sha256(b"".join(hashes)).hexdigest()
        return Hour(
            steps, self._class(earlier, low, high, start, end), share(Fraction(covered, end - start)), inputs
        )

    def _class(self, earlier: int, low: int, high: int, start: int, end: int) -> str:
        if high == 0:
            return "unknown"
        # Pairs with a before the end and b after the start.
        last = int(np.searchsorted(self.time, end, side="left"))
        if not np.all(self.true[max(low - 1, 0) : last]):
            return INVALID
        if end > self.head:
            return "provisional"
        if low == 0:
            return "partial"
        return "measured" if high > low > earlier else "estimated"


def check(entries: list[Entry], ground: Ground, findings: Findings) -> None:
    """Compare every sealed day with the day that the rows give; name what differs and what is missing."""
    meters = {point.meter for point in ground.points.all.values() if point.meter}
    sealed = ground.declared.days
    rows = Rows(entries, meters | {(day.node, day.tag) for day in sealed.values()}, findings)
    registers = {
        (node, tag): Register(stream, tag, entries)
        for node, stream in rows.streams.items()
        for tag in stream.tags
    }
    again, left, later = 0, 0, 0
    for (node, tag, _), day in sealed.items():
        register = registers.get((node, tag))
        if register is None:
            left += 1
            continue
        again += 1
        try:
            later += _compare(day, register)
        except Bad as bad:
            findings.bad("hours", day.entry.name, DayDiffers(tag, node, day.day, bad.why))
    _missing(registers, meters, ground, findings)
    whole = HoursHoldWithLaterBlocks(again, left, later) if later else HoursHold(again, left)
    findings.settle("hours", whole)


def _compare(day: Day, register: Register) -> bool:
    """Raises Bad with the members that differ; True where blocks that came later would change the day."""
    size = int(day.statement["size"])
    if size > day.entry.index:
        raise Bad(MadeFromLaterBlocks())
    known = counter(register.stream, day.tag, size)
    if known is None:
        raise Bad(NoSchemaOfCounter())
    spans = [(day.start + at * 3600 * SECOND, 0) for at in range(len(day.steps))]
    spans = [(start, min(start + 3600 * SECOND, day.end)) for start, _ in spans]
    made = register.hours(spans, size, known)
    expected: dict[str, Any] = {
        "steps": [hour.steps for hour in made],
        "class": [hour.class_ for hour in made],
        "completeness": [hour.completeness for hour in made],
        "inputs": [hour.inputs for hour in made],
        "scale": known.scale, "unit": known.unit, "meter": known.meter, "carrier": known.carrier,
    }  # fmt: skip
    for name, value in expected.items():
        if day.statement[name] == value:
            continue
        if isinstance(value, list):
            at = next(
                i for i, pair in enumerate(zip(day.statement[name], value, strict=True)) if pair[0] != pair[1]
            )
            raise Bad(HourDiffers(name, at, str(day.statement[name][at]), str(value[at])))
        raise Bad(MemberDiffersFromSchema(name, str(day.statement[name]), str(value)))
    return register.hours(spans, NOW, known) != made if register.all.index.max(initial=0) >= size else False


def _missing(
    registers: dict[tuple[str, str], Register],
    meters: set[tuple[str, str]],
    ground: Ground,
    findings: Findings,
) -> None:
    """Name days of the period that have rows and no hour facts, as of the last facts that were made."""
    size = max((day.statement["size"] for day in ground.declared.days.values()), default=NOW)
    first, last = date.fromisoformat(ground.from_), date.fromisoformat(ground.to)
    for node, tag in sorted(meters & registers.keys()):
        register = registers[node, tag]
        if counter(register.stream, tag, size) is None:
            continue
        found = winners(register.all, 0, len(register.all.time), size).time
        for day in range(first.toordinal(), last.toordinal()):
            when = date.fromordinal(day)
            begin, end = ground.days.begin(when), ground.days.begin(date.fromordinal(day + 1))
            if begin >= register.head(size) or not len(found) or found[0] > end:
                continue
            if (node, tag, when.isoformat()) not in ground.declared.days:
                findings.bad("hours", f"{node}/{tag} {when}", HoursNotSealed())
