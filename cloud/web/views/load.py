"""When the site draws its electricity, under the bands of its tariff."""

from __future__ import annotations

from cloud.books import Books
from cloud.web.charts.load import bands
from cloud.web.i18n import N_
from cloud.web.views.view import Shown, View


def _shown(books: Books, site: str, language: str) -> Shown:
    tariffs = books.declared(site).tariffs
    return {"tariff": tariffs[-1] if tariffs else None, "bands": bands(tariffs)}


VIEW = View("load", "/v/load", N_("Load by hour"), "load.html", _shown)
