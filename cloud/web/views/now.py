"""The first screen: where the plant stands, above what its meters say now."""

from __future__ import annotations

from cloud.web.i18n import N_
from cloud.web.views.view import View

VIEW = View("now", "/", N_("Now"), "page.html")
