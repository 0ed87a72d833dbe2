"""Exceeding means of a limit that follow each other, joined to episodes, and when the desk answered each.

docs/methods.md, Exceedances, has the rules: `steelyard/exceedance/1`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

from accounts.figure.calendar import HOUR
from accounts.figure.figure import short
from accounts.inputs.inputs import Declared, Noted
from accounts.permits.flags import Flags, first_known, flags, known_since
from accounts.permits.limit_course import Course
from accounts.permits.limits_in_force import PARAMETERS
from accounts.permits.permits import DIGITS, Judged
from contract import units

METHOD = "steelyard/exceedance/1"
HOURS_DIGITS = 2
WITHIN, MISSING, LAST, NO_LIMIT = "within", "missing", "last", "no limit"
"""What comes after an episode: a mean inside of the limit, no mean, nothing that is known yet, no limit in force."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Episode:
    """Means outside of a limit, one after the other, at least one.

    course: without its means. after_missing: a mean outside of the limit stands before it with none but missing ones
    between. notes: those that name it, in the order of the ledger. known: when the last row of the first mean was
    sealed, UTC ns; None where that is not known. unanswered: the first mean that no note answers.
    """

    course: Course
    means: tuple[Judged, ...]
    ends: str
    after_missing: bool
    flags: Flags
    notes: tuple[Noted, ...]
    known: int | None
    unanswered: Judged | None

    @cached_property
    def worst(self) -> Judged:
        """The mean that is farthest outside, the first of several."""
        return max(self.means, key=lambda one: one.beyond)

    @property
    def about(self) -> str:
        """The key that a note names."""
        return self.course.key(self.means[0])

    @property
    def responded(self) -> int | None:
        """When the first note was sealed, UTC ns; None without one."""
        return min((one.sealed for one in self.notes), default=None)

    @property
    def response_h(self) -> Fraction | None:
        """Hours from the end of the first mean's period to the first note; below zero: it was there before."""
        sealed = self.responded
        return None if sealed is None else Fraction(sealed - self.means[0].span.end, HOUR)

    def fields(self) -> Json:
        """As JSON, times in the site's zone."""
        point, parameter, _ = self.course.question
        mean, passed = mean_json(self.course, self.worst), self.response_h
        return {
            "limit": self.course.limit, "point": point, "quantity": parameter,
            "from": self._moment(self.means[0].span.start), "to": self._moment(self.means[-1].span.end),
            "count": len(self.means), **{key: mean[key] for key in ("unit", "limit_value", "share", "example")},
            "worst": mean["value"], "figure": mean["figure"], "flags": self.flags.fields(), "ends": self.ends,
            "after_missing": self.after_missing,
            "known": self._moment(self.known), "responded": self._moment(self.responded),
            "response_h": None if passed is None else short(passed, HOURS_DIGITS), "about": self.about,
            "open_since": None if self.unanswered is None else self._moment(self.unanswered.span.start),
            "method": METHOD,
        }  # fmt: skip

    def _moment(self, at: int | None) -> str | None:
        return None if at is None else self.course.calendar.wall(at).isoformat()


def mean_json(course: Course, one: Judged) -> Json:
    """A mean outside of a limit as JSON: value and the limit that it passed, in the limit's unit."""
    assert one.mean is not None and one.bound is not None
    above = one.mean.value > one.bound.high
    passed, document = (one.bound.high, one.bound.of) if above else (one.bound.low, one.bound.of_low)
    assert passed is not None and document is not None
    per = units.factor(PARAMETERS[course.question[1]], one.bound.limit.unit)
    found = course.figure(one)
    return {
        "figure": found.id, "from": found.from_, "to": found.to, "value": short(one.mean.value * per, DIGITS),
        "unit": one.bound.limit.unit, "limit_value": short(passed * per),
        "share": short(one.mean.value / passed - 1, 4) if passed else None,
        "example": document.example,
    }  # fmt: skip


def episodes(declared: Declared, course: Course) -> list[Episode]:
    """The episodes that have a mean in the period, each of them whole, the first one first."""
    bare, found = replace(course, judged=()), list[Episode]()
    for run in _runs(course.judged):
        means = course.judged[run.start : run.stop]
        if not course.period.touches(means[0].span.start, means[-1].span.end):
            continue
        keys = {course.key(one) for one in means}
        notes = tuple(note for note in declared.notes if not keys.isdisjoint(note.about.split()))
        ends, gap = _ends(course, run.stop), _after_gap(course, run.start)
        known, left = known_since(declared, means[0]), _unanswered(declared, course, means, notes)
        found.append(Episode(bare, means, ends, gap, flags(declared, means), notes, known, left))
    return found


def _unanswered(
    declared: Declared, course: Course, means: Sequence[Judged], notes: Sequence[Noted]
) -> Judged | None:
    """The first mean that no note names and of which no row was there when the last note was sealed."""
    named = {word for note in notes for word in note.about.split()}
    last = max((note.sealed for note in notes), default=None)
    return next(
        (
            one
            for one in means
            if course.key(one) not in named and (last is None or first_known(declared, one) > last)
        ),
        None,
    )


def _after_gap(course: Course, at: int) -> bool:
    """Whether missing means alone part a mean from the one before it that is outside of the limit."""
    before = next((one for one in reversed(course.judged[:at]) if one.mean is not None), course.before)
    return before is not None and before.beyond > 0


def _ends(course: Course, at: int) -> str:
    """What follows an episode that ends before a place."""
    after = course.judged[at]
    if after.mean is not None:
        return WITHIN if after.bound is not None else NO_LIMIT
    return MISSING if course.later or any(one.mean for one in course.judged[at:]) else LAST


def _runs(judged: Sequence[Judged]) -> Iterator[range]:
    """Where means outside of a limit follow each other."""
    start: int | None = None
    for i, one in enumerate(judged):
        if one.beyond > 0:
            start = i if start is None else start
        elif start is not None:
            yield range(start, i)
            start = None
    if start is not None:
        yield range(start, len(judged))
