"""Each limit of the permit as a timeline: its episodes, what their data are worth, when the desk answered each."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from accounts.figure.figure import Figure
from accounts.permits import episodes
from accounts.permits.coverage import coverage
from accounts.permits.episodes import LAST, MISSING, NO_LIMIT, WITHIN, Episode
from accounts.permits.permits import Judged
from cloud.figures.compute import shown
from cloud.figures.exceedances import Limit
from cloud.messages.i18n import N_
from cloud.read_models.read_model import ReadModel
from cloud.web import navigation
from cloud.web.charts.permit import period
from cloud.web.formatting import NOTHING, number
from cloud.web.views.answers import Answers
from cloud.web.views.limits_today import hours
from cloud.web.views.view import Shown, View

EPISODES = 60
"""Most episodes of a limit that stand on the page, the newest; all are in the CSV."""
MOST = 62
"""Most means of an episode that stand on the page; all are in the JSON and in the chart."""
ENDS = {
    WITHIN: N_("then inside the limit again"),
    MISSING: N_("then no mean: whether it went on is not known"),
    LAST: N_("no later mean is known"),
    NO_LIMIT: N_("then no limit was in force"),
}
FLAGS = {
    "late": N_("%(share)s of it entered more than a day late"),
    "corrected": N_("%(share)s of it corrected by the desk"),
    "missing": N_("%(share)s of its time without a row"),
}

AFTER = N_("%(hours)s h after the end of the first period")
BEFORE = N_("%(hours)s h before the end of the first period")


def note_form(site: str, about: str) -> str:
    """Where the desk's note about an episode is written."""
    return f"/v/desk?{urlencode({'site': site, 'about': about})}#note"


def since(about: str) -> str:
    """When the mean of a key begins: a day, or a minute of the site's clock."""
    day, _, clock = about.rpartition("/")[2].partition("T")
    return f"{day} {clock[:5]}".rstrip()


def unanswered(one: Episode) -> str | None:
    """The key of the first mean of an episode that no note answers."""
    return None if one.unanswered is None else one.course.key(one.unanswered)


def names(read_model: ReadModel, site: str, language: str) -> dict[str, str]:
    """The names of the points."""
    points = read_model.declared(site).points
    known = () if points is None else points.points
    return {point.id: point.zh if language == "zh" else point.en for point in known}


def _shown(read_model: ReadModel, site: str, language: str) -> Shown:
    when, called = period(read_model, site), names(read_model, site, language)
    found = read_model.exceedances(site, when.first, when.after)
    made = {figure.id: figure for figure in found.figures}
    highest = {
        (figure.kind, figure.point): shown(figure)
        for figure in read_model.answer(site, when.first, when.after).figures
        if figure.kind.startswith("permit_")
    }
    return {
        "first": when.first, "last": max(when.calendar.days(when.first, when.after)),
        "limits": [
            _limit(site, limit, made, called, read_model.now()) | {
                "worst": highest.get((f"permit_{limit.question[1]}_{limit.question[2]}", limit.question[0]))
            }
            for limit in found.limits
        ],
    }  # fmt: skip


def _limit(site: str, limit: Limit, made: dict[str, Figure], called: dict[str, str], now: int) -> Shown:
    point, parameter, statistic = limit.question
    query = {"point": point, "parameter": parameter, "statistic": statistic}
    return {
        "point": called.get(point, point), "kind": f"permit_{parameter}_{statistic}",
        "why": limit.none.json() if limit.none else None,
        "limited": limit.limited, "example": limit.example, "query": urlencode(query),
        "over": sum(len(one.means) for one in limit.episodes),
        "count": len(limit.episodes), "earlier": max(len(limit.episodes) - EPISODES, 0),
        "episodes": [_episode(site, one, made, now) for one in limit.episodes[-EPISODES:]],
        "provisional": limit.newest is not None and limit.newest.running(now),
        "running": None if limit.newest is None else _running(limit.newest, now),
    }  # fmt: skip


def _running(one: Judged, now: int) -> Answers | None:
    """The hours that a mean has whose period is not over; None where it is over, or is a mean of samples."""
    return hours(coverage([one]), True) if one.running(now) else None


def _episode(site: str, one: Episode, made: dict[str, Figure], now: int) -> Shown:
    fields, left = one.fields(), unanswered(one)
    flags = [(text, fields["flags"][key]) for key, text in FLAGS.items()]
    return fields | {
        "first": _period(one, 0), "last": _period(one, -1), "ends_sentence": ENDS[one.ends],
        "flag_sentences": [(text, share) for text, share in flags if share not in (None, "0.0000")],
        "samples": fields["flags"]["missing"] is None,
        "responded": _minute(fields["responded"]), "known": _minute(fields["known"]),
        "beyond": _beyond(fields["share"]), "took": _took(fields["response_h"]),
        "note": note_form(site, left or one.about),
        "left": None if left is None or one.responded is None else since(left),
        "worst": shown(made[fields["figure"]]),
        "means": [
            mean | {"figure": shown(made[mean["figure"]]), "when": _period_text(mean), "beyond": _beyond(mean["share"])}
            for mean in (episodes.mean_json(one.course, each) for each in one.means[:MOST])
        ],
        "more": max(len(one.means) - MOST, 0), "provisional": one.means[-1].running(now),
        "running": _running(one.means[-1], now),
    }  # fmt: skip


def _period(one: Episode, at: int) -> str:
    return _period_text(episodes.mean_json(one.course, one.means[at]))


def _period_text(mean: Shown) -> str:
    """A day, or an hour of the site's clock."""
    return str(mean["from"]) if len(mean["from"]) == 10 else f"{_minute(mean['from'])}–{mean['to'][11:16]}"


def _beyond(share: str | None) -> str:
    """How far beyond the limit, with its sign; beneath a lower limit it is below zero."""
    if share is None:
        return NOTHING
    return f"{'' if share.startswith('-') else '+'}{number(str(Decimal(share).scaleb(2)), 1)} %"


def _took(hours: str | None) -> Shown | None:
    """Hours to the answer and the sentence for them."""
    if hours is None:
        return None
    return {"text": BEFORE if hours.startswith("-") else AFTER, "hours": hours.removeprefix("-")}


def _minute(text: str | None) -> str | None:
    return None if text is None else datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")


VIEW = View(navigation.EXCEEDANCES, "exceedances.html", _shown)
