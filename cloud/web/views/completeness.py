"""Which tags were measured on which days, and why not."""

from __future__ import annotations

from cloud.read_models.read_model import ReadModel
from cloud.web import navigation
from cloud.web.charts.completeness import STATES, WHOLE, rows, why
from cloud.web.views.view import Shown, View

MOST = 60


def _shown(read_model: ReadModel, site: str, language: str) -> Shown:
    meters = rows(read_model, site)
    found = [
        (name[language], why(day, state, item, causes, language))
        for name, cells in meters
        for day, state, item, causes in reversed(cells)
        if state not in WHOLE
    ]
    return {"meters": len(meters), "lacks": found[:MOST], "count": len(found), "states": STATES}


VIEW = View(navigation.COMPLETENESS, "completeness.html", _shown)
