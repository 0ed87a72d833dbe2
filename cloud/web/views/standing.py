"""The five answers of the first screen: limits, electricity for what was made, money, trust, decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from accounts.figure.calendar import Period
from accounts.figure.figure import Figure, RefusedFigure, short
from accounts.permits.flags import flags
from accounts.permits.permits import days_means
from cloud.figures.compute import Answer, shown
from cloud.messages.i18n import N_
from cloud.read_models.read_model import ReadModel
from cloud.web.charts.permit import period
from cloud.web.views.exceedances import note_form, since, unanswered

_DAY = timedelta(days=1)
BACK = 7
"""How many days back a whole day with production is looked for."""
WHOLE = "0.9500"
"""Share of a day's time with rows from which its means are told as those of the day."""
ASKED = 3
"""Most episodes without a note that are named, the newest first."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Answers:
    """A sentence of the catalogues with what is put into it; alarm: it is outside what is allowed or expected."""

    text: str
    alarm: bool = False
    names: tuple[tuple[str, str], ...] = ()
    why: Json | None = None


def standing(read_model: ReadModel, site: str) -> Json:
    """What the strip shows: each number a figure of the books."""
    today = read_model.today(site)
    now = read_model.answer(site, today, today + _DAY)
    month = _month(read_model, site, today)
    day, energy = _expected(read_model, site, today)
    limits = _limits(read_model, site, today)
    plan = read_model.expected(site, today.replace(day=1), today) if month else None
    wanted = None if plan is None else plan.of("expected_cost_yuan")
    verdict = _verdict(wanted, None if plan is None else plan.refused)
    money = {
        "today": _json(_of(now, "cost_yuan")), "why": _why(now.refused, "cost_yuan"),
        "month": _json(_of(month, "cost_yuan")) if month else None, "expected": _json(wanted), "verdict": verdict,
    }  # fmt: skip
    trust = _trust(now)
    asks = [said for said in (limits["said"], energy["said"], verdict, trust["said"]) if said.alarm]
    episodes = _unanswered(read_model, site)
    return {
        "day": today.isoformat(), "limits": limits, "energy": energy | {"day": day.isoformat()}, "money": money,
        "trust": trust, "asks": asks or ([] if episodes else [Answers(N_("Nothing needs a decision now."))]),
        "episodes": episodes[:ASKED], "more": max(len(episodes) - ASKED, 0), "alarm": bool(asks or episodes),
    }  # fmt: skip


def _limits(read_model: ReadModel, site: str, today: date) -> Json:
    """The comparisons with a permit, of today or else of the newest of the last days that has any."""
    for back in range(BACK):
        day = today - back * _DAY
        answer = read_model.answer(site, day, day + _DAY)
        found = [
            f for f in answer.figures if f.kind.startswith("permit_") and f.more.get("limit") is not None
        ]
        if found:
            over = [f for f in found if f.more["verdict"] == "over"]
            means = [_mean(read_model, site, f, day) for f in found]
            known = [hours for _, hours in means]
            figures = [_json(f) for f in sorted(over or found, key=lambda f: f.kind)]
            return {
                "said": _over(len(over), len(found)) if over else _inside(len(found), known),
                "figures": figures,
                "day": day.isoformat(),
                "example": any(example for example, _ in means),
            }
    return {
        "said": Answers(N_("No value of the last days has a limit")),
        "figures": [],
        "day": None,
        "example": False,
    }


def _mean(read_model: ReadModel, site: str, figure: Figure, day: date) -> tuple[bool, Fraction | None]:
    """Whether the limit of a day's comparison is an example, and of how many hours of the day there are rows.

    None: samples of a day that is not over, which have no hours; those of one that is count as its whole.
    """
    parameter, statistic = figure.kind.removeprefix("permit_").rsplit("_", 1)
    tree, when = read_model.tree(site), Period(read_model.calendar(site), day, day + _DAY)
    judged = days_means(tree, figure.point or "", parameter, statistic, when)
    missing = flags(tree.declared, judged).missing
    example = any(one.bound is not None and one.bound.example for one in judged)
    if missing is None:
        return example, None if day == read_model.today(site) else Fraction(24)
    return example, 24 * (1 - missing)


def _over(over: int, of: int) -> Answers:
    """What is said where *over* of so many limits are exceeded."""
    if of == 1:
        return Answers(N_("The limit is exceeded"), True)
    return Answers(N_("%(n)s of %(of)s limits exceeded"), True, (("n", str(over)), ("of", str(of))))


def _inside(of: int, known: Sequence[Fraction | None]) -> Answers:
    """What is said where none of so many limits is exceeded, as far as the hours of the day with rows show."""
    if None in known:
        return Answers(N_("Nothing outside of a limit so far; the day is not over"))
    hours = min(hours for hours in known if hours is not None)
    if hours >= 24 * Fraction(WHOLE):
        return (
            Answers(N_("Inside the limit"))
            if of == 1
            else Answers(N_("Inside all limits (%(of)s)"), False, (("of", str(of)),))
        )
    names = (("of", str(of)), ("hours", short(hours, 1)))
    if of == 1:
        return Answers(N_("Inside the limit so far: %(hours)s of 24 h are known"), False, names[1:])
    return Answers(N_("Inside all limits (%(of)s) so far: %(hours)s of 24 h are known"), False, names)


def _unanswered(read_model: ReadModel, site: str) -> list[Json]:
    """Episodes of the last days outside of a limit with a mean that no note of the desk answers."""
    when = period(read_model, site)
    return [
        {
            "kind": f"permit_{one.course.question[1]}_{one.course.question[2]}", "point": one.course.question[0],
            "since": since(left), "note": note_form(site, left), "again": one.responded is not None,
        }
        for one in read_model.exceedances(site, when.first, when.after).unanswered
        if (left := unanswered(one)) is not None
    ]  # fmt: skip


def _expected(read_model: ReadModel, site: str, today: date) -> tuple[date, Json]:
    """Electricity of the newest whole day with production against what was to be expected."""
    for back in range(BACK):
        day = today - back * _DAY
        found = read_model.expected(site, day, day + _DAY)
        figure = found.of("expected_kwh")
        if figure is not None:
            actual = _of(read_model.answer(site, day, day + _DAY), "electricity_kwh")
            return day, {"said": _verdict(figure, None), "actual": _json(actual), "expected": _json(figure)}
    found = read_model.expected(site, today - _DAY, today)
    actual = _of(read_model.answer(site, today, today + _DAY), "electricity_kwh")
    return today, {"said": _verdict(None, found.refused), "actual": _json(actual), "expected": None}


def _trust(now: Answer) -> Json:
    """The least complete and the most substituted figure of today's amounts."""
    amounts = [f for f in now.figures if f.method == "steelyard/amount/1" and f.point is not None]
    if not amounts:
        return {"said": Answers(N_("Nothing was measured today")), "figure": None, "count": 0}
    invalid = [item for item in now.refused if "invalid" in str(item.why)]
    worst = max(amounts, key=lambda f: (f.substituted, f.point or ""))
    doubt = worst.substituted > "0.0500" or bool(invalid)
    said = (
        Answers(N_("Some hours are estimated or invalid"), True)
        if doubt
        else Answers(N_("Today's data can be trusted"))
    )
    return {"said": said, "figure": _json(worst), "count": len(amounts)}


def _month(read_model: ReadModel, site: str, today: date) -> Answer | None:
    """The days of the month that are over; None on its first day."""
    return read_model.answer(site, today.replace(day=1), today) if today.day > 1 else None


def _verdict(figure: Figure | None, refused: list[RefusedFigure] | None) -> Answers:
    if figure is None:
        why = refused[0].why.json() if refused else None
        return Answers(N_("No expectation yet"), False, (), why)
    return {
        "above": Answers(N_("Above expected"), True),
        "below": Answers(N_("Below expected"), True),
        "within": Answers(N_("As expected")),
    }[str(figure.more["verdict"])]


def _of(answer: Answer, kind: str) -> Figure | None:
    return next((item for item in answer.figures if item.kind == kind and item.point is None), None)


def _why(refused: list[RefusedFigure], kind: str) -> Json | None:
    return next((item.why.json() for item in refused if item.kind == kind and item.point is None), None)


def _json(figure: Figure | None) -> Json | None:
    return None if figure is None else shown(figure)
