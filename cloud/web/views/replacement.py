"""The before/after card of each machine replacement: people, machines' use, energy and carbon a unit, money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.inputs.inputs import Replaced
from cloud.figures import replacements
from cloud.figures.project_figures import ENDS
from cloud.messages.i18n import N_
from cloud.read_models.read_model import ReadModel
from cloud.web import navigation
from cloud.web.views import savings
from cloud.web.views.view import Shown, View

Json = dict[str, Any]
ROWS = (
    (N_("Operators"), "labour.{}.operators"),
    (N_("Labour productivity"), "labour.{}.productivity"),
    (N_("Availability"), "oee.{}.availability"),
    (N_("Effectiveness"), "oee.{}.effectiveness"),
    (N_("Quality ratio"), "oee.{}.quality_ratio"),
    (N_("OEE index"), "oee.{}.oee_index"),
    (N_("Energy a unit"), "per_unit.{}.kwh"),
    (N_("CO₂ a unit"), "per_unit.{}.tco2"),
)
"""Title, and the kind of the figure before and after."""
MONEY = (
    (N_("Saving a year"), "yearly_saving"),
    (N_("Payback"), "payback_years"),
    (N_("Discounted payback"), "discounted_payback_years"),
    (N_("Net present value"), "npv"),
    (N_("Internal rate of return"), "irr"),
    (N_("Hours of work saved"), "labour.hours_saved"),
)


def _shown(read_model: ReadModel, site: str, language: str) -> Shown:
    items = replacements.projects(read_model.declared(site))
    return {"projects": [_project(read_model, site, item, language) for item in items]}


def _project(read_model: ReadModel, site: str, item: Replaced, language: str) -> Shown:
    found, made = read_model.replacement(site, item.declaration.id)
    return {
        "id": item.declaration.id, "name": found[f"name_{language}"], "date": found["date"],
        "command": f"steelyard-cloud certificate --site {site} --project {item.declaration.id} -o certificate.pdf",
        "out": found["machines_out"], "in": found["machines_in"],
        "rows": [
            {"title": title, "before": _card(made, kind.format("before")), "after": _card(made, kind.format("after"))}
            for title, kind in ROWS
        ],
        "money": [
            {"title": title, **_card(made, kind), "none": kind == "irr" and found["money"] is not None}
            for title, kind in MONEY
        ], **_saving(read_model, site, item), "spread": _card(made, "avoided"),
        "twin_spread": _card(made, "avoided_tco2"),
        "refused": found["refused"], "warnings": found["warnings"], "conformity": found["conformity"],
    }  # fmt: skip


def _card(made: Mapping[str, Json], kind: str) -> Shown:
    """A figure with the ends of its interval, each a figure too; None for one that does not exist."""
    figure = made.get(kind)
    ends = [made.get(f"{kind}.{end}") for end in ENDS] if figure and "interval" in figure else None
    return {"figure": figure, "ends": ends, "declared": bool(figure and figure["declared"])}


def _saving(read_model: ReadModel, site: str, item: Replaced) -> Shown:
    """The avoided energy and its CO2 as the site's figures have them."""
    energy = item.declaration.energy
    if energy is None:
        return {"saving": None, "twin": None, "percent": None}
    return {"percent": f"{100 * float(energy.confidence):g} %", **savings.published(read_model, site, energy)}


VIEW = View(navigation.REPLACEMENT, "replacement.html", _shown)
