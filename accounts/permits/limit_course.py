"""The course of a limit: the mean of every statistic period of some days, each day judged by itself."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import Figure, InsufficientData
from accounts.inputs.inputs import Imported
from accounts.inputs.tree import Tree
from accounts.permits import permits
from accounts.permits.limits_in_force import PARAMETERS
from accounts.permits.messages import NoRows
from accounts.permits.permits import Judged
from contract import units
from contract.message import Message

DAY = timedelta(days=1)
Question = tuple[str, str, str]
"""Point, parameter, statistic: one limit."""


@dataclass(frozen=True)
class Course:
    """Every statistic period of some days under one limit, in order, and of days at both ends that go on outside of it.

    period: the days that were asked for; before: the nearest mean before all these, None without one; later: whether
    there is a mean behind them; why: the days without means, with the reason.
    """

    site: str
    question: Question
    period: Period
    judged: tuple[Judged, ...]
    before: Judged | None
    later: bool
    why: dict[date, Message]

    @property
    def calendar(self) -> Calendar:
        """The days of the site."""
        return self.period.calendar

    @property
    def limit(self) -> str:
        """The id of the limit."""
        return "/".join(self.question)

    @property
    def none(self) -> Message | None:
        """Why there is no mean at all; None where there is one."""
        if any(one.mean is not None for one in self.judged):
            return None
        point, parameter, _ = self.question
        return next(iter(self.why.values()), NoRows(parameter, point))

    def convert(self, value: Fraction, unit: str) -> Fraction:
        """A value of this course in a unit. Raises BadInput for one of another dimension."""
        return value * units.factor(PARAMETERS[self.question[1]], unit)

    def key(self, one: Judged) -> str:
        """What a note is about that answers the episode in which this mean is."""
        return f"exceedance/{self.limit}/{self._when(one.span.start)}"

    def figure(self, one: Judged) -> Figure:
        """The mean as a figure of its own period: a day, or an hour, whose dates are then moments."""
        point, parameter, statistic = self.question
        made = permits.draft(parameter, statistic, [one], 1)
        day = Period(self.calendar, one.span.day, one.span.day + DAY)
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
class _Days:
    """Judges the days of a site under one limit, each by itself."""

    tree: Tree
    question: Question
    calendar: Calendar
    why: dict[date, Message]

    def of(self, first: date) -> list[Judged]:
        """The statistic periods of a day; without means, and the reason noted, where they can't be judged."""
        point, parameter, statistic = self.question
        day = Period(self.calendar, first, first + DAY)
        try:
            return permits.days_means(self.tree, point, parameter, statistic, day)
        except InsufficientData as reason:
            self.why[first] = reason.message
            return [Judged(span, None, None, "") for span in permits.spans(day, statistic)]

    def before(self, first: date) -> Judged | None:
        """The nearest mean before a day, on the days that have rows."""
        rows, at = self._rows, self._at(first) - 1
        while at >= 0:
            day = self.calendar.day_of(rows[at].row.from_)
            known = [one for one in self.of(day) if one.mean is not None]
            if known:
                return known[-1]
            at = self._at(day) - 1
        return None

    def later(self, after: date) -> bool:
        """Whether there is a mean on a day or a later one."""
        rows, at = self._rows, self._at(after)
        while at < len(rows):
            day = self.calendar.day_of(rows[at].row.from_)
            if any(one.mean is not None for one in self.of(day)):
                return True
            at = self._at(day + DAY)
        return False

    @property
    def _rows(self) -> list[Imported]:
        return self.tree.rows.get(self.question[:2], [])

    def _at(self, day: date) -> int:
        return bisect_left(self._rows, self.calendar.begin(day), key=lambda item: item.row.from_)


def course(tree: Tree, question: Question, period: Period) -> Course:
    """The days of a period under a limit, each judged by itself, and those beyond it in which an episode goes on."""
    days, first, after = _Days(tree, question, period.calendar, {}), period.first, period.after
    found = [one for day in period.calendar.days(first, after) for one in days.of(day)]
    why = dict(days.why)
    while found[0].beyond > 0:
        first -= DAY
        found = days.of(first) + found
    while found[-1].beyond > 0:
        found += days.of(after)
        after += DAY
    before, later = days.before(first), days.later(after)
    return Course(tree.declared.site.id, question, period, tuple(found), before, later, why)
