"""Each limit of the permit: how often it was passed, when, and by what; a parameter without a limit says so."""

from __future__ import annotations

from accounts.figure import short
from accounts.permits import DIGITS, Episode
from cloud.books import Books
from cloud.web.charts.permit import Asked, compared, period
from cloud.web.i18n import N_
from cloud.web.typeset import figure_unit
from cloud.web.views.view import Shown, View
from contract.quantities import QUANTITIES
from contract.sites import Point


def _shown(books: Books, site: str, language: str) -> Shown:
    when = period(books, site)
    figures = {
        (figure.kind, figure.point): figure.fields()
        for figure in books.answer(site, when.first, when.after).figures
        if figure.kind.startswith("permit_")
    }
    names = {point.id: point.zh if language == "zh" else point.en for point in _points(books, site)}
    return {
        "first": when.first, "last": max(when.calendar.days(when.first, when.after)),
        "limits": [
            _limit(question, rows, names, language) | {
                "worst": figures.get((f"permit_{question[1]}_{question[2]}", question[0]))
            }
            for question, rows in compared(books, site)
        ],
    }  # fmt: skip


def _limit(question: Asked, rows: list[Episode] | str, names: dict[str, str], language: str) -> Shown:
    point, parameter, statistic = question
    known = QUANTITIES.get(parameter)
    title = parameter if known is None else known.zh if language == "zh" else known.en
    told: Shown = {
        "point": names.get(point, point), "title": title, "statistic": statistic, "why": None, "over": [],
        "limited": False, "example": False, "query": f"point={point}&parameter={parameter}&statistic={statistic}",
    }  # fmt: skip
    if isinstance(rows, str):
        return told | {"why": rows}
    return told | {
        "limited": any(row.high is not None for row in rows), "example": any(row.example for row in rows),
        "over": [_episode(row) for row in rows if row.over],
    }  # fmt: skip


def _episode(row: Episode) -> Shown:
    bound = row.high if row.high is not None and row.value > row.high else row.low
    assert bound is not None
    return {
        "day": row.day, "from": row.from_, "value": short(row.value, DIGITS), "limit": short(bound, DIGITS),
        "unit": figure_unit(row.unit), "share": None if not bound else f"{float(row.value / bound - 1):+.0%}",
    }  # fmt: skip


def _points(books: Books, site: str) -> tuple[Point, ...]:
    said = books.declared(site).points
    return () if said is None else said.points


VIEW = View("exceedances", "/v/exceedances", N_("Limits"), "exceedances.html", _shown)
