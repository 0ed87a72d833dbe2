"""When the site draws its electricity, under the bands of the tariff of each day."""

from __future__ import annotations

from cloud.read_models.read_model import ReadModel
from cloud.web import navigation
from cloud.web.charts.load import bands, days, tariffs_of
from cloud.web.views.view import Shown, View


def _shown(read_model: ReadModel, site: str, language: str) -> Shown:
    found = tariffs_of(read_model.declared(site).tariffs, days(read_model.today(site)))
    return {
        "tariffs": [
            {"source": one.source, "since": one.valid_from.isoformat(), "bands": bands(one)} for one in found
        ]
    }


VIEW = View(navigation.LOAD, "load.html", _shown)
