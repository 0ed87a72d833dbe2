"""Pages of a project's saving: energy against production, and the saving cumulated since the retrofit."""

from __future__ import annotations

from accounts.figure.calendar import Period
from accounts.figure.figure import InsufficientData
from accounts.replacement.results import all_of
from accounts.savings import avoided, course, lines
from cloud.messages.i18n import N_
from cloud.read_models.read_model import ReadModel
from cloud.web import navigation
from cloud.web.charts.savings import saving
from cloud.web.navigation import Entry
from cloud.web.views.view import Shown, View
from contract.errors import BadInput
from contract.sites import Project


def shown(read_model: ReadModel, site: str, language: str) -> Shown:
    """Each project of the site: its periods, its saving as figures or why there is none, its doubts."""
    declared = read_model.declared(site)
    names = {
        item.declaration.energy.id: item.declaration.name_zh if language == "zh" else item.declaration.name_en
        for item in declared.replacements
        if item.declaration.energy is not None
    }
    found = [(names.get(item.id, item.id), item) for item in declared.projects]
    return {"projects": [{"name": name, **_project(read_model, site, item)} for name, item in found]}


def _project(read_model: ReadModel, site: str, item: Project) -> Shown:
    fields: Shown = {
        "id": item.id, "percent": f"{100 * float(item.confidence):g} %",
        "baseline": item.baseline, "reporting": item.reporting, "saving": None, "twin": None,
        "why": None, "warnings": [], "drawn": False,
    }  # fmt: skip
    try:
        found = saving(read_model, site, item)
        lines(found.table, found.result, found.result.fit.drivers[0])
        course(found.table, found.result)
    except (InsufficientData, BadInput) as why:
        return fields | {"why": why.message.json()}
    refused = all_of(found.result.refused).json() if found.result.refused else None
    return fields | {
        "drawn": True, "why": refused,
        "warnings": [one.json() for one in found.result.warnings], **published(read_model, site, item),
    }  # fmt: skip


def published(read_model: ReadModel, site: str, item: Project) -> Shown:
    """The published saving of a project and its CO2."""
    period: Period = avoided.reporting(item, read_model.calendar(site))
    made = {
        figure.kind: figure.fields()
        for figure in read_model.answer(site, period.first, period.after).figures
        if figure.point == item.id
    }
    return {"saving": made.get(avoided.kind_of(item)), "twin": made.get("saving_tco2")}


def _view(entry: Entry, caption: str) -> View:
    """A page with the chart of that name for each project."""

    def data(read_model: ReadModel, site: str, language: str) -> Shown:
        return {"caption": caption, **shown(read_model, site, language)}

    return View(entry, "savings.html", data)


SCATTER = _view(
    navigation.SCATTER,
    N_("Energy against production, each whole day, with the line of each period"),
)
CUSUM = _view(
    navigation.CUSUM,
    N_("Expected use of the old plant less the use measured, summed day by day, with its interval"),
)
