"""Exceeding means of a limit that follow each other, joined to episodes, and when the desk answered each.

docs/methods.md, Exceedances, has the rules: `steelyard/exceedance/1`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from accounts import permits
from accounts.calendar import HOUR, Calendar, Period
from accounts.figure import Figure, Lacking, short
from accounts.figures import share
from accounts.inputs import Declared, Noted
from accounts.permits import DIGITS, Judged
from accounts.tree import Tree
from contract import units

METHOD = "steelyard/exceedance/1"
LATE = 24 * HOUR
"""A row that is sealed more than this after its end (a sample: after its moment) is late, ns."""
HOURS_DIGITS = 2
WITHIN, MISSING, LAST, NO_LIMIT = "within", "missing", "last", "no limit"
"""What comes after an episode: a mean inside of the limit, no mean, nothing that is known yet, no limit in force."""
Question = tuple[str, str, str]
"""Point, parameter, statistic: one limit."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Course:
    """Every statistic period of some days under one limit, in order; why: the days without means, with the reason."""

    site: str
    question: Question
    calendar: Calendar
    judged: tuple[Judged, ...]
    why: dict[date, str]

    @property
    def limit(self) -> str:
        """The id of the limit."""
        return "/".join(self.question)

    @property
    def none(self) -> str | None:
        """Why there is no mean at all; None where there is one."""
        if any(one.mean is not None for one in self.judged):
            return None
        point, parameter, _ = self.question
        return next(iter(self.why.values()), f"no rows of {parameter} at point {point!r} in the period")

    def key(self, one: Judged) -> str:
        """What a note is about that answers the episode in which this mean is."""
        return f"exceedance/{self.limit}/{self._when(one.span.start)}"

    def figure(self, one: Judged) -> Figure:
        """The mean as a figure of its own period: a day, or an hour, whose dates are then moments."""
        point, parameter, statistic = self.question
        made = permits.draft(parameter, statistic, [one], 1)
        day = Period(self.calendar, one.span.day, one.span.day + timedelta(days=1))
        kind = f"permit_{parameter}_{statistic}"
        found = made.publish(self.site, kind, point, day, "steelyard/permit/1")
        if statistic == "day":
            return found
        return replace(found, from_=self._when(one.span.start), to=self._when(one.span.end))

    def _when(self, at: int) -> str:
        if self.question[2] == "day":
            return self.calendar.day_of(at).isoformat()
        return self.calendar.wall(at).isoformat(timespec="minutes")


@dataclass(frozen=True)
class Flags:
    """What is to be known of the rows behind some means, as shares of their time, of samples as shares of their number.

    missing: of the time of the means' periods, what no row covers; None for samples, which have no time. late: None
    when nobody knows when a row was sealed. Imported rows carry no class: which are estimated or invalid can't be said.
    """

    missing: Fraction | None
    late: Fraction | None
    corrected: Fraction

    def fields(self) -> Json:
        """As JSON."""
        known = {"late": self.late, "corrected": self.corrected, "missing": self.missing}
        shares = {name: None if part is None else share(part) for name, part in known.items()}
        return {"estimated": None, "invalid": None, **shares}


@dataclass(frozen=True)
class Episode:
    """Means outside of a limit, one after the other, at least one.

    course: without its means. after_missing: a mean outside of the limit stands before it with none but missing ones
    between. notes: those that name it, in the order of the ledger.
    """

    course: Course
    means: tuple[Judged, ...]
    ends: str
    after_missing: bool
    flags: Flags
    notes: tuple[Noted, ...]

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
        mean, passed = told(self.course, self.worst), self.response_h
        return {
            "limit": self.course.limit, "point": point, "quantity": parameter,
            "from": self._moment(self.means[0].span.start), "to": self._moment(self.means[-1].span.end),
            "count": len(self.means), **{key: mean[key] for key in ("unit", "limit_value", "share", "example")},
            "worst": mean["value"], "figure": mean["figure"], "flags": self.flags.fields(), "ends": self.ends,
            "after_missing": self.after_missing,
            "responded": None if self.responded is None else self._moment(self.responded),
            "response_h": None if passed is None else short(passed, HOURS_DIGITS), "about": self.about,
            "method": METHOD,
        }  # fmt: skip

    def _moment(self, at: int) -> str:
        return self.course.calendar.wall(at).isoformat()


def told(course: Course, one: Judged) -> Json:
    """A mean outside of a limit as JSON: value and the limit that it passed, in the limit's unit."""
    assert one.mean is not None and one.bound is not None
    passed = one.bound.high if one.mean.value > one.bound.high else one.bound.low
    assert passed is not None
    per = units.factor(permits.PARAMETERS[course.question[1]], one.bound.limit.unit)
    found = course.figure(one)
    return {
        "figure": found.id, "from": found.from_, "to": found.to, "value": short(one.mean.value * per, DIGITS),
        "unit": one.bound.limit.unit, "limit_value": short(passed * per),
        "share": short(one.mean.value / passed - 1, 4) if passed else None,
        "example": any(permit.example for permit in one.bound.permits),
    }  # fmt: skip


def course(tree: Tree, question: Question, period: Period) -> Course:
    """Every statistic period of the days of a period, each day judged by itself."""
    point, parameter, statistic = question
    found: list[Judged] = []
    why: dict[date, str] = {}
    for first in period.calendar.days(period.first, period.after):
        day = Period(period.calendar, first, first + timedelta(days=1))
        try:
            judged = permits.days_means(tree, point, parameter, statistic, day)
        except Lacking as reason:
            why[first] = str(reason)
            judged = [Judged(span, None, None, "") for span in permits.spans(day, statistic)]
        found += judged
    return Course(tree.declared.site.id, question, period.calendar, tuple(found), why)


def episodes(declared: Declared, course: Course) -> list[Episode]:
    """The episodes of a course, the first one first."""
    known = [i for i, one in enumerate(course.judged) if one.mean is not None]
    found: list[Episode] = []
    bare = replace(course, judged=())
    for run in _runs(course.judged):
        means = course.judged[run.start : run.stop]
        keys = {course.key(one) for one in means}
        notes = tuple(note for note in declared.notes if not keys.isdisjoint(note.about.split()))
        before = max((i for i in known if i < run.start), default=run.start)
        after_missing = before < run.start - 1 and course.judged[before].beyond > 0
        ends = _ends(course.judged, run.stop, known[-1])
        found.append(Episode(bare, means, ends, after_missing, _flags(declared, means), notes))
    return found


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


def _ends(judged: Sequence[Judged], at: int, last: int) -> str:
    if at > last:
        return LAST
    after = judged[at]
    if after.mean is None:
        return MISSING
    return WITHIN if after.bound is not None else NO_LIMIT


def _flags(declared: Declared, means: Sequence[Judged]) -> Flags:
    """Late, corrected and missing parts of the rows behind some means."""
    parts = [part for one in means if one.mean is not None for part in one.mean.shares]
    samples = any(one.weighting == "samples" for one in means)
    weights = [1 if samples else part.time for part in parts]
    when = [[declared.sealed.get(block) for block in part.inputs] for part in parts]
    known = all(sealed is not None for each in when for sealed in each)
    late = [
        max(sealed or 0 for sealed in each) - part.to > LATE for each, part in zip(when, parts, strict=True)
    ]
    corrected = [not declared.corrected.isdisjoint(part.inputs) for part in parts]
    whole = sum(one.span.end - one.span.start for one in means)
    return Flags(
        None if samples else 1 - Fraction(sum(weights), whole),
        _part(late, weights) if known else None,
        _part(corrected, weights),
    )


def _part(chosen: Sequence[bool], weights: Sequence[int]) -> Fraction:
    """The weight of what is chosen by the weight of all."""
    return Fraction(sum(weight for weight, one in zip(weights, chosen, strict=True) if one), sum(weights))
