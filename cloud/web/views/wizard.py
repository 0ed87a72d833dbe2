"""A plant without a gateway: its site, its points, one CSV, and the first figures; the first page of an empty cloud."""

from __future__ import annotations

from zoneinfo import available_timezones

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from cloud.auth.gate import needs_no_token
from cloud.declarations.csv_file import HEADER
from cloud.read_models.read_model import ReadModel
from cloud.web import frame, navigation
from cloud.web.desk.industry_presets import TRADES
from cloud.web.desk.sources import CARRIER_NAMES
from cloud.web.views.view import View
from contract import provinces

VIEW = View(navigation.WIZARD, "wizard.html", needs_site=False)
EXAMPLE = """\
from,to,point,quantity,value,unit
2025-01-01,2025-02-01,main,electricity,182000,kW.h
2025-01-01,2025-02-01,product,production,410,t
"""


def router() -> APIRouter:
    """The route."""
    found = APIRouter(include_in_schema=False)

    @found.get(VIEW.entry.url)
    async def page(request: Request, site: str | None = None, lang: str | None = None) -> Response:
        asked = frame.asked(request, site, lang)
        read_model: ReadModel = request.app.state.read_model
        shown = {
            "here": VIEW.entry.id, "title": VIEW.entry.title, "open": needs_no_token(read_model.settings, request),
            "columns": ",".join(HEADER),
            "trades": [(name, title, orjson.dumps(points).decode()) for name, title, points in TRADES],
            "zones": sorted(zone for zone in available_timezones() if zone.startswith("Asia/")),
            "provinces": provinces.FULL, "carriers": CARRIER_NAMES, "example": EXAMPLE, "points": [],
        }  # fmt: skip
        return await frame.answer(asked, VIEW.template, shown, lang)

    return found
