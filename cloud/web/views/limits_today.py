"""How the newest day with means stands to its limits: whether it is over, the hours it has, whose limits they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from accounts.figure.calendar import Period
from accounts.figure.figure import Figure, short
from accounts.permits.coverage import Coverage, coverage
from accounts.permits.permits import Judged, days_means
from cloud.figures.compute import shown
from cloud.messages.i18n import N_
from cloud.read_models.read_model import ReadModel
from cloud.web.views.answers import Answers

_DAY = timedelta(days=1)
WHOLE = Fraction(95, 100)
"""Share of a day's time below which it is no whole day."""
SO_FAR = N_("%(hours)s of %(of)s h so far")
HOURS = N_("data of %(hours)s of %(of)s h")
NONE = Answers(N_("No value of the last days has a limit"))
OVER = {
    False: (N_("The limit is exceeded"), N_("%(n)s of %(of)s limits exceeded")),
    True: (N_("The limit is exceeded so far"), N_("%(n)s of %(of)s limits exceeded so far")),
}
"""By whether the day is not over: of one limit, of several."""
INSIDE = (N_("Inside the limit"), N_("Inside all limits (%(of)s)"))
INSIDE_SO_FAR = (N_("Inside the limit so far"), N_("Inside all limits so far (%(of)s)"))
INSIDE_IN_PART = (
    N_("Inside the limit in the hours with data"),
    N_("Inside all limits (%(of)s) in the hours with data"),
)
Json = dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """A comparison of a day. example: its limit is that of an example permit alone."""

    figure: Figure
    coverage: Coverage
    example: bool

    @property
    def over(self) -> bool:
        """Whether a mean is outside of the limit."""
        return bool(self.figure.more["verdict"] == "over")


def limits(read_model: ReadModel, site: str, today: date, back: int) -> Json:
    """The comparisons of today, or of the newest of so many days that has any."""
    for day in (today - ago * _DAY for ago in range(back)):
        found = _compared(read_model, site, day)
        if found:
            over, running = [one for one in found if one.over], day == today
            shown_ = sorted(over or found, key=lambda one: one.figure.kind)
            figures = [
                shown(one.figure) | {"example": one.example, "hours": hours(one.coverage, running)}
                for one in shown_
            ]
            return {"verdict": _verdict(found, running), "figures": figures, "day": day.isoformat()}
    return {"verdict": NONE, "figures": [], "day": None}


def hours(found: Coverage, running: bool) -> Answers | None:
    """The hours that a mean has where its period is not over or not whole; None else, and for samples."""
    if found.covered is None or not (running or found.share < WHOLE):
        return None
    names = (("hours", short(found.covered, 1)), ("of", short(found.length, 1)))
    return Answers(SO_FAR if running else HOURS, False, names)


def _compared(read_model: ReadModel, site: str, day: date) -> list[Compared]:
    return [
        _compare(read_model, site, figure, day)
        for figure in read_model.answer(site, day, day + _DAY).figures
        if figure.kind.startswith("permit_") and figure.more.get("limit") is not None
    ]


def _compare(read_model: ReadModel, site: str, figure: Figure, day: date) -> Compared:
    parameter, statistic = figure.kind.removeprefix("permit_").rsplit("_", 1)
    period = Period(read_model.calendar(site), day, day + _DAY)
    judged = days_means(read_model.tree(site), str(figure.point), parameter, statistic, period)
    return Compared(figure, coverage(judged), _example(judged))


def _example(judged: list[Judged]) -> bool:
    return any(one.bound is not None and one.bound.example for one in judged)


def _verdict(found: list[Compared], running: bool) -> Answers:
    over, several = sum(one.over for one in found), len(found) > 1
    of = ("of", str(len(found)))
    if over:
        return Answers(OVER[running][several], True, (("n", str(over)), of) if several else ())
    whole = all(one.coverage.share >= WHOLE for one in found)
    texts = INSIDE_SO_FAR if running else INSIDE if whole else INSIDE_IN_PART
    return Answers(texts[several], False, (of,) if several else ())
