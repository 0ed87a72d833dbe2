"""When the site draws its electricity, under the bands of its tariff."""

from __future__ import annotations

from cloud.read_models.read_model import ReadModel
from cloud.web import navigation
from cloud.web.charts.load import bands
from cloud.web.views.view import Shown, View


def _shown(read_model: ReadModel, site: str, language: str) -> Shown:
    tariffs = read_model.declared(site).tariffs
    return {"tariff": tariffs[-1] if tariffs else None, "bands": bands(tariffs)}


VIEW = View(navigation.LOAD, "load.html", _shown)
