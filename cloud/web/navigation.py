"""Where the frame of every page leads: the pages with their addresses and titles, in this order."""

from __future__ import annotations

from typing import NamedTuple

from cloud.messages.i18n import N_


class Entry(NamedTuple):
    """A page. title: a string of the catalogues."""

    id: str
    url: str
    title: str


NOW = Entry("now", "/", N_("Now"))
REPLACEMENT = Entry("replacement", "/v/replacement", N_("Before and after"))
SCATTER = Entry("scatter", "/v/scatter", N_("Energy and production"))
CUSUM = Entry("cusum", "/v/cusum", N_("Saving so far"))
EXCEEDANCES = Entry("exceedances", "/v/exceedances", N_("Limits"))
COMPLETENESS = Entry("completeness", "/v/completeness", N_("Completeness"))
LOAD = Entry("load", "/v/load", N_("Load by hour"))
REPORT = Entry("report", "/v/report", N_("Figures of a period"))
DESK = Entry("desk", "/v/desk", N_("Desk"))
WIZARD = Entry("wizard", "/v/wizard", N_("New site"))
SYSTEM = Entry("system", "/v/system", N_("System"))
ENTRIES = (NOW, REPLACEMENT, SCATTER, CUSUM, EXCEEDANCES, COMPLETENESS, LOAD, REPORT, DESK, WIZARD, SYSTEM)
