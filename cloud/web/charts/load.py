"""Electricity of the site by hour and day, under the bands of the tariff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from accounts.energy.cost import in_force
from accounts.energy.load_by_hour import greatest, hours_of, level
from accounts.figure.calendar import Calendar
from accounts.figure.figure import short
from cloud.read_models.read_model import ReadModel
from cloud.web.charts.chart import Chart, Drawn
from contract.sites import Tariff

DAYS = 28
STEPS = 8
MARK = "▮"


@dataclass(frozen=True)
class Shown:
    """A band of the tariff for the chart: as many marks as its price ranks from the lowest, its hours, its price."""

    mark: str
    name: str
    hours: str
    price: str


NO_BAND = Shown("", "", "", "")
"""Of an hour without a tariff, or of one that differs from day to day."""


def bands(tariff: Tariff) -> list[Shown]:
    """The bands of a tariff, the dearest first."""
    known = tariff.bands
    ranks = sorted({band.price for band in known})
    return [
        Shown(
            MARK * (1 + ranks.index(band.price)), band.name, f"{_clock(band.from_)}–{_clock(band.to)}",
            short(Fraction(band.price)),
        )
        for band in sorted(known, key=lambda band: (-band.price, band.from_))
    ]  # fmt: skip


def days(last: date) -> list[date]:
    """The days that are shown, up to the present one."""
    return [last - timedelta(days=DAYS - 1 - i) for i in range(DAYS)]


def tariffs_of(tariffs: tuple[Tariff, ...], shown: list[date]) -> list[Tariff]:
    """The tariffs that are in force on some of the days, the newest first."""
    found = {tariff.valid_from: tariff for day in shown if (tariff := in_force(tariffs, day)) is not None}
    return [found[since] for since in sorted(found, reverse=True)]


def _make(read_model: ReadModel, site: str, query: Mapping[str, str]) -> Drawn:
    tree, last = read_model.tree(site), read_model.today(site)
    calendar = Calendar.of(tree.declared.site)
    shown = days(last)
    columns = [hours_of(tree, calendar, day) for day in shown]
    most = greatest(columns)
    table = [[column[hour] for column in columns] for hour in range(24)]
    of_day = [bands_of_day(tree.declared.tariffs, calendar, day) for day in shown]
    common = of_day[0] if of_day.count(of_day[0]) == len(of_day) else [NO_BAND] * 24
    heat = {
        "rows": [_row(calendar, hour, band) for hour, band in enumerate(common)],
        "cols": [day.isoformat() for day in shown], "marks": [band.mark for band in common],
        "values": [[None if value is None else float(short(value, 1)) for value in row] for row in table],
        "signs": [["" if value is None else short(value, 0) for value in row] for row in table],
        "steps": [[level(value, most, STEPS) for value in row] for row in table],
        "unit": "kWh", "bands": [band.name for band in common], "most": float(short(most, 0)),
        "why": [[_band_text(of[hour]) for of in of_day] for hour in range(24)],
        "corner": {"zh": "小时 · 电价时段", "en": "Hour · band"},
    }  # fmt: skip
    return {
        "title": {"zh": "分时用电", "en": "Load by hour"}, "zone": tree.declared.site.tz, "kind": "heat",
        "x": {"label": {"zh": "日期", "en": "Day"}, "unit": None},
        "y": {"label": {"zh": "小时", "en": "Hour"}, "unit": None},
        "series": [], "columns": [], "heat": heat,
    }  # fmt: skip


def _row(calendar: Calendar, hour: int, band: Shown) -> str:
    return f"{_clock(calendar.day_start + hour * 60)} {band.name} {band.price}".rstrip()


def _band_text(band: Shown) -> str | None:
    """Band and price of a cell in words that no language changes; None without a tariff."""
    return f"{band.name} {band.price} CNY/kWh" if band.name else None


def _clock(minutes: int) -> str:
    """Minutes after midnight as the clock shows them."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def bands_of_day(tariffs: tuple[Tariff, ...], calendar: Calendar, day: date) -> list[Shown]:
    """The band in which each of the first 24 hours of a day begins, by the tariff of the clock's date then."""
    found = [_band(tariffs, calendar.wall(edge)) for edge in calendar.hours(day)[:-1][:24]]
    return found + [NO_BAND] * (24 - len(found))


def _band(tariffs: tuple[Tariff, ...], wall: datetime) -> Shown:
    tariff, minute = in_force(tariffs, wall.date()), wall.hour * 60 + wall.minute
    if tariff is None:
        return NO_BAND
    shown = {band.name: band for band in bands(tariff)}
    return next((shown[band.name] for band in tariff.bands if minute in band.minutes()), NO_BAND)


CHART = Chart("load", _make)
