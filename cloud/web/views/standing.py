"""The five answers of the first screen: limits, electricity for what was made, money, trust, decisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from accounts.figure.figure import Figure, RefusedFigure
from cloud.figures.compute import Answer, shown
from cloud.messages.i18n import N_
from cloud.read_models.read_model import ReadModel
from cloud.web.charts.permit import period
from cloud.web.views import limits_today
from cloud.web.views.answers import Answers
from cloud.web.views.exceedances import note_form, since, unanswered

_DAY = timedelta(days=1)
BACK = 7
"""How many days back a whole day with production is looked for."""
ASKED = 3
"""Most episodes without a note that are named, the newest first."""
Json = dict[str, Any]


def standing(read_model: ReadModel, site: str) -> Json:
    """What the strip shows: each number a figure of the books."""
    today = read_model.today(site)
    now = read_model.answer(site, today, today + _DAY)
    month = _month(read_model, site, today)
    day, energy = _expected(read_model, site, today)
    limits = limits_today.limits(read_model, site, today, BACK)
    plan = read_model.expected(site, today.replace(day=1), today) if month else None
    wanted = None if plan is None else plan.of("expected_cost_yuan")
    verdict = _verdict(wanted, None if plan is None else plan.refused)
    money = {
        "today": _json(_of(now, "cost_yuan")), "why": _why(now.refused, "cost_yuan"),
        "month": _json(_of(month, "cost_yuan")) if month else None, "expected": _json(wanted), "verdict": verdict,
    }  # fmt: skip
    trust = _trust(now)
    asks = [
        answer for answer in (limits["verdict"], energy["verdict"], verdict, trust["verdict"]) if answer.alarm
    ]
    episodes = _unanswered(read_model, site)
    return {
        "day": today.isoformat(), "limits": limits, "energy": energy | {"day": day.isoformat()}, "money": money,
        "trust": trust, "asks": asks or ([] if episodes else [Answers(N_("Nothing needs a decision now."))]),
        "episodes": episodes[:ASKED], "more": max(len(episodes) - ASKED, 0), "alarm": bool(asks or episodes),
    }  # fmt: skip


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
            return day, {
                "verdict": _verdict(figure, None),
                "actual": _json(actual),
                "expected": _json(figure),
            }
    found = read_model.expected(site, today - _DAY, today)
    actual = _of(read_model.answer(site, today, today + _DAY), "electricity_kwh")
    return today, {"verdict": _verdict(None, found.refused), "actual": _json(actual), "expected": None}


def _trust(now: Answer) -> Json:
    """The least complete and the most substituted figure of today's amounts."""
    amounts = [f for f in now.figures if f.method == "steelyard/amount/1" and f.point is not None]
    if not amounts:
        return {"verdict": Answers(N_("Nothing was measured today")), "figure": None, "count": 0}
    invalid = [item for item in now.refused if "invalid" in str(item.why)]
    worst = max(amounts, key=lambda f: (f.substituted, f.point or ""))
    doubt = worst.substituted > "0.0500" or bool(invalid)
    answer = (
        Answers(N_("Some hours are estimated or invalid"), True)
        if doubt
        else Answers(N_("Today's data can be trusted"))
    )
    return {"verdict": answer, "figure": _json(worst), "count": len(amounts)}


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
