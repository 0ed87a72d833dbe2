"""Electricity of the site by hour and day, under the bands of the tariff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from accounts.figure.calendar import Calendar
from accounts.figure.figure import short
from accounts.inputs.tree import Tree
from cloud.read_models.read_model import ReadModel
from cloud.web.charts.chart import Chart, Drawn
from contract.sites import Tariff

DAYS = 28
STEPS = 8
MARK = "▮"


@dataclass(frozen=True)
class Shown:
    """A band of the tariff as it is told: as many marks as its price ranks from the lowest, its hours, its price."""

    mark: str
    name: str
    hours: str
    price: str


def bands(tariffs: tuple[Tariff, ...]) -> list[Shown]:
    """The bands of the newest tariff, the dearest first; none where none is declared."""
    known = tariffs[-1].bands if tariffs else ()
    ranks = sorted({band.price for band in known})
    return [
        Shown(
            MARK * (1 + ranks.index(band.price)), band.name, f"{_clock(band.from_)}–{_clock(band.to)}",
            short(Fraction(band.price)),
        )
        for band in sorted(known, key=lambda band: (-band.price, band.from_))
    ]  # fmt: skip


def _make(read_model: ReadModel, site: str, query: Mapping[str, str]) -> Drawn:
    tree, last = read_model.tree(site), read_model.today(site)
    calendar = Calendar.of(tree.declared.site)
    days = [last - timedelta(days=DAYS - 1 - i) for i in range(DAYS)]
    columns = [_hours(tree, calendar, day) for day in days]
    most = max((value for column in columns for value in column if value), default=Fraction(1))
    table = [[column[hour] for column in columns] for hour in range(24)]
    tariffs = tree.declared.tariffs
    marks = {band.name: band.mark for band in bands(tariffs)}
    told = [_band(tariffs, calendar, hour) for hour in range(24)]
    heat = {
        "rows": [_row(calendar, hour, *of) for hour, of in enumerate(told)],
        "cols": [day.isoformat() for day in days], "marks": [marks.get(name, "") for name, _ in told],
        "values": [[None if value is None else float(short(value, 1)) for value in row] for row in table],
        "signs": [["" if value is None else short(value, 0) for value in row] for row in table],
        "steps": [[None if v is None else min(int(v / most * STEPS), STEPS - 1) for v in row] for row in table],
        "unit": "kWh", "bands": [name for name, _ in told], "why": None, "most": float(short(most, 0)),
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


def _row(calendar: Calendar, hour: int, name: str, price: str) -> str:
    return f"{_clock(calendar.day_start + hour * 60)} {name} {price}".rstrip()


def _clock(minutes: int) -> str:
    """Minutes after midnight as the clock shows them."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def _band(tariffs: tuple[Tariff, ...], calendar: Calendar, hour: int) -> tuple[str, str]:
    """Name and price of the band in which an hour of the day begins, by the newest tariff."""
    minute = (calendar.day_start + hour * 60) % 1440
    for band in tariffs[-1].bands if tariffs else ():
        if minute in band.minutes():
            return band.name, short(Fraction(band.price))
    return "", ""


CHART = Chart("load", _make)
