"""A discharge against its permit: the mean of each statistic period, with the limits in force, and what passed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction

from accounts.figure.calendar import Period
from accounts.figure.figure import short
from accounts.permits.limit_course import Course
from accounts.permits.limit_course import course as course_of
from accounts.permits.limits_in_force import PARAMETERS
from accounts.permits.permits import DIGITS, Judged, asked
from cloud.read_models.read_model import ReadModel
from cloud.web.charts.chart import Chart, Drawn
from cloud.web.formatting import figure_unit
from cloud.web.messages import NoComparison
from contract.errors import BadInput
from contract.quantities import QUANTITIES

DAYS = 90
"""Days that are shown, the present one among them."""
X: dict[str, Drawn] = {
    "day": {"label": {"zh": "日", "en": "day"}, "unit": None, "step": "day"},
    "hour": {"label": {"zh": "开始", "en": "from"}, "unit": None},
}
"""The x axis by statistic."""
Column = list[float | None]


def period(read_model: ReadModel, site: str) -> Period:
    """The last days of the site."""
    last = read_model.today(site) + timedelta(days=1)
    return Period(read_model.calendar(site), last - timedelta(days=DAYS), last)


def unit_of(course: Course) -> str:
    """The unit in which a course is shown: that of the last limit in force."""
    bounds = [one.bound for one in course.judged if one.bound is not None]
    return bounds[-1].limit.unit if bounds else PARAMETERS[course.question[1]]


def _permit(read_model: ReadModel, site: str, query: Mapping[str, str]) -> Drawn:
    wanted = (query.get("point", ""), query.get("parameter", ""), query.get("statistic", "day"))
    tree = read_model.tree(site)
    if wanted not in asked(tree):
        raise BadInput(NoComparison())
    course = course_of(tree, wanted, period(read_model, site))
    if course.none is not None:
        raise BadInput(course.none)
    known = QUANTITIES[wanted[1]]
    unit = unit_of(course)
    label, shown = {"zh": known.zh, "en": known.en}, figure_unit(unit)
    drawn = [_series("mean", known.zh, known.en, "line"), _series("limit", "限值", "limit", "band")]
    columns = _columns(course, unit)
    ranged = any(one is not None for one in columns[3])
    if ranged:
        drawn.append(_series("low", "下限", "lower limit", "band"))
    else:
        del columns[3]
    over = _series("over", "超出限值", "outside the limit", "points")
    drawn.append(over | {"tone": "alarm", "mark": "diamond"})
    return {
        "title": label, "zone": course.calendar.tz, "kind": "time",
        "x": X[wanted[2]], "y": {"label": label, "unit": shown, "zero": not ranged},
        "series": [each | {"unit": shown} for each in drawn], "columns": columns,
    }  # fmt: skip


def _series(name: str, zh: str, en: str, as_: str) -> dict[str, object]:
    return {"id": name, "label": {"zh": zh, "en": en}, "as": as_}


def _columns(course: Course, unit: str) -> list[Column]:
    """Beginning, mean, limits and means outside of them; a period without a mean is a gap."""
    judged = _to_last(course.judged)

    def seen(value: Fraction | None, digits: int = DIGITS) -> float | None:
        return None if value is None else float(short(course.convert(value, unit), digits))

    means: Column = [None if one.mean is None else seen(one.mean.value) for one in judged]
    return [
        [one.span.start / 10**9 for one in judged],
        means,
        [None if one.bound is None else seen(one.bound.high, 12) for one in judged],
        [None if one.bound is None else seen(one.bound.low, 12) for one in judged],
        [mean if one.beyond > 0 else None for mean, one in zip(means, judged, strict=True)],
    ]


def _to_last(judged: Sequence[Judged]) -> Sequence[Judged]:
    """From the first period with a mean to the last one."""
    known = [i for i, one in enumerate(judged) if one.mean is not None]
    return judged[known[0] : known[-1] + 1] if known else ()


PERMIT = Chart("permit", _permit)
