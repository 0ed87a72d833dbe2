"""The exceedances of a site: the course of each limit, its episodes, and every exceeding mean as a figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import Figure
from accounts.inputs.tree import Tree
from accounts.permits.episodes import Episode, episodes
from accounts.permits.limit_course import Course, Question, course
from accounts.permits.permits import Judged, asked
from cloud.figures.messages import TooManyDays
from contract.errors import BadInput
from contract.message import Message

MOST_DAYS = 400
"""Most days that are asked for at once: a year and a month."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Limit:
    """A comparison. none: why there is no mean; limited: whether a limit was in force.

    example: the newest limit that a mean was compared with is that of an example permit alone. newest: the last mean.
    """

    question: Question
    none: Message | None
    limited: bool
    example: bool
    episodes: tuple[Episode, ...]
    newest: Judged | None


@dataclass(frozen=True)
class Timeline:
    """Every comparison of a site with its episodes; figures: the exceeding means."""

    site: str
    period: Period
    limits: tuple[Limit, ...]
    figures: list[Figure] = field(default_factory=list)

    @property
    def unanswered(self) -> list[Episode]:
        """Episodes with a mean that no note answers, the newest first."""
        found = [one for limit in self.limits for one in limit.episodes if one.unanswered is not None]
        return sorted(found, key=lambda one: (-one.means[0].span.start, one.about))

    def report(self, now: int) -> Json:
        """As JSON, in order of limit and time; provisional: the last mean's period is not over *now* (UTC ns)."""
        return {
            "site": self.site, "tz": self.period.calendar.tz, "from": self.period.first.isoformat(),
            "to": self.period.after.isoformat(),
            "episodes": [
                one.fields() | {"provisional": one.means[-1].running(now)}
                for limit in self.limits
                for one in limit.episodes
            ],
        }  # fmt: skip


def timeline(tree: Tree, first: date, after: date) -> Timeline:
    """The exceedances of the days from *first* to *after*, which is not among them. Raises BadInput for too many."""
    if not 0 < (after - first).days <= MOST_DAYS:
        raise BadInput(TooManyDays(MOST_DAYS))
    period = Period(Calendar.of(tree.declared.site), first, after)
    limits = tuple(_limit(tree, course(tree, question, period)) for question in asked(tree))
    joined = [one for limit in limits for one in limit.episodes]
    figures = [one.course.figure(mean) for one in joined for mean in one.means]
    return Timeline(tree.declared.site.id, period, limits, figures)


def _limit(tree: Tree, course: Course) -> Limit:
    bounds = [one.bound for one in course.judged if one.bound is not None and one.mean is not None]
    example = bool(bounds) and bounds[-1].example
    newest = next((one for one in reversed(course.judged) if one.mean is not None), None)
    return Limit(
        course.question, course.none, bool(bounds), example, tuple(episodes(tree.declared, course)), newest
    )
