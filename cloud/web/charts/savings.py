"""Charts of a project's saving: energy against its driver before and after, and the saving cumulated since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from accounts.figure.calendar import Calendar
from accounts.figure.figure import InsufficientData
from accounts.inputs.tree import Tree
from accounts.savings import COURSE, Course, Line, avoided, course, lines
from accounts.savings.avoided import Saving
from cloud.read_models.read_model import ReadModel
from cloud.web.charts.chart import Chart, Drawn
from cloud.web.formatting import figure_unit
from cloud.web.messages import NoProject, ProjectLacks
from contract.errors import BadInput
from contract.quantities import QUANTITIES
from contract.sites import Project

ENERGY = {"zh": "电量", "en": "Energy"}
BEFORE, AFTER = {"zh": "改造前", "en": "before"}, {"zh": "改造后", "en": "after"}
STEPS = {"day": {"zh": "日", "en": "day"}, "month": {"zh": "月", "en": "month"}}
"""What a row of a project's table is called."""
_OLD, _NEW = {"tone": 1, "mark": "circle", "dashed": True}, {"tone": 2, "mark": "diamond", "dashed": False}
"""The old plant and the new one: distinguished by colour, by shape and by dashes."""
DIGITS = 6
"""Significant digits of a number that a model gave: it has no more."""


def project(read_model: ReadModel, site: str, name: str | None) -> Project | None:
    """The project of an id, or the first one; None where there is none."""
    known = read_model.declared(site).projects
    return next((item for item in known if name in (None, item.id)), None)


def saving(read_model: ReadModel, site: str, item: Project) -> Saving:
    """The model of a project. Raises InsufficientData with what it lacks."""
    declared = read_model.declared(site)
    return avoided.model(Tree(declared), item, Calendar.of(declared.site))


def _scatter(read_model: ReadModel, site: str, query: Mapping[str, str]) -> Drawn:
    item, found = _asked(read_model, site, query)
    driver = found.result.fit.drivers[0]
    before, after = lines(found.table, found.result, driver)
    rows = sorted(
        [(x, y, None, day) for x, y, day in _rows(before)]
        + [(x, None, y, day) for x, y, day in _rows(after)],
        key=lambda row: (row[0], row[3]),
    )
    through = [[_short(line.at(x)) for x, *_ in rows] for line in (before, after)]
    unit, names = avoided.unit(item), STEPS[item.interval]
    *columns, days = (list(column) for column in zip(*rows, strict=True))
    return {
        "title": {"zh": "电量与产量", "en": "Energy against production"}, "zone": read_model.declared(site).site.tz,
        "kind": "xy", "x": _axis(driver), "y": {"label": ENERGY, "unit": figure_unit(unit)},
        "series": [
            _series("before", _both(BEFORE, f"每{names['zh']}", f"{names['en']}s"), unit, "points") | _OLD,
            _series("after", _both(AFTER, f"每{names['zh']}", f"{names['en']}s"), unit, "points") | _NEW,
            _series("line-before", _both(BEFORE, "回归线", "regression line"), unit, "line") | _OLD,
            _series("line-after", _both(AFTER, "回归线", "regression line"), unit, "line") | _NEW,
        ],
        "columns": [*columns, *through],
        "names": {"label": names, "step": item.interval, "values": [day.isoformat() for day in days]},
    }  # fmt: skip


def _cusum(read_model: ReadModel, site: str, query: Mapping[str, str]) -> Drawn:
    item, found = _asked(read_model, site, query)
    declared = read_model.declared(site)
    calendar, made, unit = Calendar.of(declared.site), course(found.table, found.result), avoided.unit(item)
    percent = f"{100 * found.result.confidence:g} %"
    return {
        "title": {"zh": "改造以来累计节能量", "en": "Saving since the retrofit, cumulated"}, "zone": declared.site.tz,
        "kind": "time", "method": COURSE,
        "x": {"label": STEPS[item.interval], "unit": None, "step": item.interval},
        "y": {"label": {"zh": "累计节能量", "en": "cumulated saving"}, "unit": figure_unit(unit), "zero": True},
        "series": [
            _series("saved", {"zh": "累计节能量", "en": "cumulated saving"}, unit, "line"),
            _series("low", {"zh": f"区间下限（{percent}）", "en": f"interval, low ({percent})"}, unit, "edge"),
            _series("high", {"zh": f"区间上限（{percent}）", "en": f"interval, high ({percent})"}, unit, "edge"),
        ],
        "bands": [{"low": "low", "high": "high", "label": {"zh": f"{percent} 置信区间", "en": f"{percent} interval"}}],
        "columns": _whole(made, item, calendar),
    }  # fmt: skip


def _asked(read_model: ReadModel, site: str, query: Mapping[str, str]) -> tuple[Project, Saving]:
    item = project(read_model, site, query.get("project"))
    if item is None:
        raise BadInput(NoProject(site))
    try:
        return item, saving(read_model, site, item)
    except InsufficientData as why:
        raise BadInput(ProjectLacks(item.id, why.message)) from None


def _rows(line: Line) -> list[tuple[float, float, date]]:
    return list(zip(line.drivers.tolist(), line.energy.tolist(), line.times, strict=True))


def _whole(made: Course, item: Project, calendar: Calendar) -> list[list[Any]]:
    """Every row from the first to the last one of a course, a gap where one is not whole: UTC s, saved, low, high."""
    columns = [[_short(value) for value in values.tolist()] for values in (made.saved, made.low, made.high)]
    known = {day: i for i, day in enumerate(made.times)}
    span = calendar.days(made.times[0], made.times[-1] + timedelta(days=1))
    days = [day for day in span if item.interval == "day" or day in known or day.day == 1]
    gaps = [[None if day not in known else column[known[day]] for day in days] for column in columns]
    return [[calendar.begin(day) // 10**9 for day in days], *gaps]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.{DIGITS}g}")


def _axis(driver: str) -> dict[str, Any]:
    known = QUANTITIES.get(driver)
    if known is None:
        return {"label": {"zh": driver, "en": driver}, "unit": None}
    return {"label": {"zh": known.zh, "en": known.en}, "unit": figure_unit(known.unit)}


def _series(name: str, label: dict[str, str], unit: str, drawn: str) -> dict[str, Any]:
    return {"id": name, "label": label, "unit": figure_unit(unit), "as": drawn}


def _both(when: dict[str, str], zh: str, en: str) -> dict[str, str]:
    return {"zh": f"{when['zh']}{zh}", "en": f"{en} {when['en']}"}


SCATTER, CUSUM = Chart("scatter", _scatter), Chart("cusum", _cusum)
