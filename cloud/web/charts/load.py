"""Electricity of the site by hour and day, under the bands of the tariff."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from accounts.calendar import Calendar
from accounts.figure import short
from accounts.tree import Tree
from cloud.books import Books
from cloud.web.charts.chart import Chart, Drawn
from contract.sites import Tariff

DAYS = 28
STEPS = 8


def _make(books: Books, site: str, query: Mapping[str, str]) -> Drawn:
    tree, last = books.tree(site), books.today(site)
    calendar = Calendar.of(tree.declared.site)
    days = [last - timedelta(days=DAYS - 1 - i) for i in range(DAYS)]
    columns = [_hours(tree, calendar, day) for day in days]
    most = max((value for column in columns for value in column if value), default=Fraction(1))
    table = [[column[hour] for column in columns] for hour in range(24)]
    heat = {
        "rows": [_row(tree, calendar, hour) for hour in range(24)], "cols": [f"{day:%m-%d}" for day in days],
        "values": [[None if value is None else float(short(value, 1)) for value in row] for row in table],
        "signs": [["" if value is None else short(value, 0) for value in row] for row in table],
        "steps": [[None if v is None else min(int(v / most * STEPS), STEPS - 1) for v in row] for row in table],
        "unit": "kWh", "bands": [_band(tree.declared.tariffs, calendar, hour)[0] for hour in range(24)], "why": None,
        "corner": {"zh": "小时 · 电价时段", "en": "Hour · band"},
    }  # fmt: skip
    return {
        "title": {"zh": "分时用电", "en": "Load by hour"}, "zone": tree.declared.site.tz, "kind": "heat",
        "x": {"label": {"zh": "日期", "en": "Day"}, "unit": None},
        "y": {"label": {"zh": "小时", "en": "Hour"}, "unit": None},
        "series": [], "columns": [], "heat": heat,
    }  # fmt: skip


def _hours(tree: Tree, calendar: Calendar, day: date) -> list[Fraction | None]:
    """kW.h of each of the first 24 hours of a day over the top meters; None where one of them knows nothing of it."""
    edges = calendar.hours(day)
    tops = [point for point in tree.top("electricity") if tree.meters(point) == "electricity"]
    amounts = [
        {a.from_: a.value for a in tree.metered(point, edges[0], edges[-1]) if a.covered} for point in tops
    ]
    found: list[Fraction | None] = []
    for edge in edges[:24]:
        values = [of.get(edge) for of in amounts]
        known = [value for value in values if value is not None]
        found.append(sum(known, Fraction(0)) if known and len(known) == len(values) else None)
    return found + [None] * (24 - len(found))


def _row(tree: Tree, calendar: Calendar, hour: int) -> str:
    name, price = _band(tree.declared.tariffs, calendar, hour)
    begin = (calendar.day_start // 60 + hour) % 24
    return f"{begin:02d}:{calendar.day_start % 60:02d} {name} {price}".rstrip()


def _band(tariffs: tuple[Tariff, ...], calendar: Calendar, hour: int) -> tuple[str, str]:
    """Name and price of the band in which an hour of the day begins, by the newest tariff."""
    minute = (calendar.day_start + hour * 60) % 1440
    for band in tariffs[-1].bands if tariffs else ():
        if minute in band.minutes():
            return band.name, short(Fraction(band.price))
    return "", ""


CHART = Chart("load", _make)
