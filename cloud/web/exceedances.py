"""The exceedances of a site over HTTP, as JSON and as CSV."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Response

from cloud.figures import compute
from cloud.figures.exceedances import Timeline
from cloud.read_models.read_model import ReadModel
from cloud.statements.replay import UnknownSite
from cloud.web.answers import FRESH, ready
from cloud.web.charts.permit import period
from cloud.web.documented import OTHER, files, problems
from cloud.web.models.exceedances import Exceedances

Json = dict[str, Any]
Day = Annotated[
    str | None,
    Query(alias="from", description="first local date, YYYY-MM-DD; by default 90 days back", max_length=10),
]
End = Annotated[
    str | None,
    Query(description="local date after the last one, YYYY-MM-DD; by default tomorrow", max_length=10),
]
Language = Annotated[str, Query(description="zh or en", max_length=10)]
CSV = "text/csv; charset=utf-8"
HEADER = {
    "limit": ("限值", "limit"), "point": ("点位", "point"), "quantity": ("参数", "quantity"), "from": ("起", "from"),
    "to": ("止", "to"), "count": ("均值个数", "means"), "worst": ("最差均值", "worst mean"), "unit": ("单位", "unit"),
    "limit_value": ("限值数值", "limit value"), "share": ("超出比例", "share beyond it"),
    "late": ("迟报比例", "share late"), "corrected": ("更正比例", "share corrected"),
    "missing": ("缺失比例", "share missing"), "ends": ("其后", "what follows"),
    "known": ("数据填报时间", "known since"), "responded": ("响应时间", "answered"),
    "response_h": ("响应用时 [h]", "time to the answer [h]"), "about": ("说明的主题", "about, of a note"),
}  # fmt: skip
"""Columns of the CSV by what they hold: zh, en."""
FLAGS = ("late", "corrected", "missing")


def router(read_model: ReadModel) -> APIRouter:
    """The routes."""
    found = APIRouter(prefix="/api/v1/sites/{site}", tags=["v1"], responses=OTHER)

    @found.get(
        "/exceedances",
        response_model=Exceedances,
        responses=problems(400, 404),
        summary="Episodes outside of the permit's limits, and when the desk answered each",
    )
    def exceedances(site: str, from_: Day = None, to: End = None) -> Response:
        """By limit and time, with what is late, corrected or missing in the rows behind each."""
        return ready(_report(read_model.pinned(), site, from_, to))

    @found.get(
        "/exceedances.csv",
        response_class=Response,
        responses=files(csv=CSV) | problems(400, 404),
        summary="The same as CSV, UTF-8 with BOM, the zone in the header",
    )
    def exceedances_csv(site: str, from_: Day = None, to: End = None, lang: Language = "en") -> Response:
        """A row an episode."""
        text = table(_report(read_model.pinned(), site, from_, to), lang if lang in ("zh", "en") else "en")
        headers = FRESH | {"Content-Disposition": 'attachment; filename="exceedances.csv"'}
        return Response(text.encode(), 200, headers, CSV)

    return found


def table(report: Json, language: str) -> str:
    """The episodes of a report as CSV; what is not known is empty."""
    out, place = StringIO(), 0 if language == "zh" else 1
    write = csv.writer(out, lineterminator="\r\n")
    zoned = {"from", "to", "known", "responded"}
    write.writerow(
        f"{names[place]} [{report['tz']}]" if key in zoned else names[place] for key, names in HEADER.items()
    )
    for one in report["episodes"]:
        cells = {**one, **{key: one["flags"][key] for key in FLAGS}}
        write.writerow("" if cells[key] is None else cells[key] for key in HEADER)
    return "\ufeff" + out.getvalue()


def _report(read_model: ReadModel, site: str, from_: str | None, to: str | None) -> Json:
    return _asked(read_model, site, from_, to).report(read_model.now())


def _asked(read_model: ReadModel, site: str, from_: str | None, to: str | None) -> Timeline:
    """The exceedances of a site. Raises 404 for an unknown one, BadInput."""
    try:
        usual = period(read_model, site)
        first = usual.first if from_ is None else compute.day("from", from_)
        after = usual.after if to is None else compute.day("to", to)
        return read_model.exceedances(site, first, after)
    except UnknownSite as error:
        raise HTTPException(404, error.message) from None
