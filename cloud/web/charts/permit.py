"""A discharge against its permit: the mean of each statistic period, with the limits in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from accounts.calendar import Calendar, Period
from accounts.figure import Lacking, short
from accounts.permits import DIGITS, Episode, asked, episodes
from accounts.tree import Tree
from cloud.books import Books
from cloud.web.charts.chart import Chart, Drawn
from cloud.web.typeset import figure_unit
from contract.errors import BadInput
from contract.quantities import QUANTITIES

DAYS = 90
"""Days that are shown, the present one among them."""
Asked = tuple[str, str, str]


def period(books: Books, site: str) -> Period:
    """The last days of the site."""
    last = books.today(site) + timedelta(days=1)
    return Period(books.calendar(site), last - timedelta(days=DAYS), last)


def compared(books: Books, site: str) -> list[tuple[Asked, list[Episode] | str]]:
    """Every comparison of the site: its periods, or why there are none."""
    tree, when = Tree(books.declared(site)), period(books, site)
    found: list[tuple[Asked, list[Episode] | str]] = []
    for question in asked(tree):
        try:
            found.append((question, episodes(tree, *question, when)))
        except Lacking as why:
            found.append((question, str(why)))
    return found


def _permit(books: Books, site: str, query: Mapping[str, str]) -> Drawn:
    wanted = (query.get("point", ""), query.get("parameter", ""), query.get("statistic", "day"))
    tree, calendar = Tree(books.declared(site)), Calendar.of(books.declared(site).site)
    if wanted not in asked(tree):
        raise BadInput("no such comparison: name point, parameter and statistic of a limit")
    try:
        rows = episodes(tree, *wanted, period(books, site))
    except Lacking as why:
        raise BadInput(str(why)) from None
    known, unit = QUANTITIES[wanted[1]], figure_unit(rows[-1].unit) if rows else ""
    low = any(row.low is not None for row in rows)
    series = [
        {"id": "mean", "label": {"zh": known.zh, "en": known.en}, "unit": unit, "as": "line"},
        {"id": "limit", "label": {"zh": "限值", "en": "limit"}, "unit": unit, "as": "band"},
    ]
    columns: list[list[float | None]] = [
        [row.from_ / 10**9 for row in rows],
        [float(short(row.value, DIGITS)) for row in rows],
        [None if row.high is None else float(row.high) for row in rows],
    ]
    if low:
        series.append({"id": "low", "label": {"zh": "下限", "en": "lower limit"}, "unit": unit, "as": "band"})
        columns.append([None if row.low is None else float(row.low) for row in rows])
    label = {"zh": known.zh, "en": known.en}
    return {
        "title": label, "zone": str(calendar.zone), "kind": "time",
        "x": {"label": {"zh": "开始", "en": "from"}, "unit": None}, "y": {"label": label, "unit": unit},
        "series": series, "columns": columns,
    }  # fmt: skip


PERMIT = Chart("permit", _permit)
