"""The charts by id, as JSON for the page and as CSV for people."""

from __future__ import annotations

import re

from fastapi import APIRouter, HTTPException, Request, Response

from cloud.statements.replay import UnknownSite
from cloud.web.answers import FRESH, ready
from cloud.web.charts import completeness, load, permit, savings
from cloud.web.charts.chart import Chart, Drawn, table
from cloud.web.documented import OTHER, files, problems
from cloud.web.messages import NoChart
from cloud.web.models.charts import Chart as ChartModel

CHARTS: tuple[Chart, ...] = (
    savings.SCATTER,
    savings.CUSUM,
    permit.PERMIT,
    completeness.CHART,
    load.CHART,
)  # fmt: skip
"""Add a chart here; /api/v1/sites/{site}/charts/{id} serves it."""
SIZE = re.compile(r"[0-9]{1,18}")
"""`at=`: how many blocks the ledger had when the page was made that shows the chart."""
CSV = "text/csv; charset=utf-8"


def router() -> APIRouter:
    """The routes."""
    found = APIRouter(prefix="/api/v1/sites/{site}/charts", tags=["v1"], responses=OTHER)

    @found.get(
        "/{name}.csv",
        response_class=Response,
        responses=files(csv=CSV) | problems(400, 404),
        summary="The series of a chart as CSV, UTF-8 with BOM, units and zone in the header",
    )
    def chart_csv(request: Request, site: str, name: str, lang: str = "en") -> Response:
        """A row a point of the x axis; gaps are empty."""
        text = table(_drawn(request, site, name), lang if lang in ("zh", "en") else "en")
        headers = FRESH | {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response(text.encode(), 200, headers, CSV)

    @found.get(
        "/{name}",
        response_model=ChartModel,
        responses=problems(400, 404),
        summary="A chart: its title, zone, axes, and series or heat",
    )
    def chart(request: Request, site: str, name: str) -> Response:
        """Further parameters are the chart's own, such as project, or point, parameter and statistic."""
        return ready(_drawn(request, site, name))

    return found


def _drawn(request: Request, site: str, name: str) -> Drawn:
    chart = next((each for each in CHARTS if each.id == name), None)
    if chart is None:
        raise HTTPException(404, NoChart())
    try:
        query = dict(request.query_params)
        size = query.pop("at", "")
        read_model = request.app.state.read_model.pinned(int(size) if SIZE.fullmatch(size) else None)
        made = chart.make(read_model, site, query)
    except UnknownSite as error:
        raise HTTPException(404, error.message) from None
    return {"id": chart.id, **made}
