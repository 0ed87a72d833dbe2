"""All figures of a site and a period: pure, the same inputs give the same bytes. docs/methods.md has the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from accounts.energy import cost, energy, intensity
from accounts.energy.messages import ReportingOutside
from accounts.figure.calendar import Period
from accounts.figure.factors import Tables
from accounts.figure.figure import Draft, Figure, InsufficientData, RefusedFigure
from accounts.inputs.inputs import Declared
from accounts.inputs.tree import AMOUNTS, UNITS, Tree, kind_of
from accounts.permits import load, permits
from accounts.savings import avoided

Make = Callable[[], Draft]
Question = tuple[str, str | None, str, Make]
"""Kind, point, method, and what makes the figure or raises InsufficientData."""

MEASURES = ("energy_tce", "scope1_tco2e", "scope2_tco2", "cost_yuan")
"""Figures that every site has, or a refusal."""


def figures(declared: Declared, tables: Tables, period: Period) -> tuple[list[Figure], list[RefusedFigure]]:
    """The figures and the refusals, each in their order."""
    tree, made, refused = Tree(declared), list[Figure](), list[RefusedFigure]()
    site = declared.site.id
    for kind, point, method, make in _questions(tree, tables, period):
        try:
            made.append(make().publish(site, kind, point, period, f"steelyard/{method}/1"))
        except InsufficientData as why:
            refused.append(RefusedFigure(kind, point, why.message))
    _savings(tree, tables, period, made, refused)
    made.sort(key=lambda item: (item.kind, item.point or ""))
    refused.sort(key=lambda item: (item.kind, item.point or "", item.why.CODE, str(item.why)))
    return made, refused


def _questions(tree: Tree, tables: Tables, period: Period) -> Iterator[Question]:
    yield "energy_tce", None, "tce", partial(energy.coal_equivalent, tree, period, tables)
    yield "scope1_tco2e", None, "scope1", partial(energy.scope1, tree, period, tables)
    yield "scope2_tco2", None, "scope2", partial(energy.scope2, tree, period, tables)
    yield "cost_yuan", None, "cost", partial(cost.cost, tree, period)
    for quantity in AMOUNTS:
        yield from _amounts(tree, quantity, period)
    for product in UNITS:
        if tree.carrying(product):
            yield from _intensities(tree, tables, product, period)
    yield from _water(tree, period)


def _amounts(tree: Tree, quantity: str, period: Period) -> Iterator[Question]:
    points, kind = tree.carrying(quantity), kind_of(quantity)
    if points or tree.strays(quantity):
        yield kind, None, "amount", partial(energy.total, tree, quantity, period)
    for point in points:
        yield kind, point.id, "amount", partial(energy.amount, tree, point, quantity, period)
        if tree.below(point, quantity):
            name = "unaccounted_kwh" if quantity == "electricity" else f"unaccounted_{kind}"
            yield name, point.id, "balance", partial(energy.balance, tree, point, quantity, period)


def _intensities(tree: Tree, tables: Tables, product: str, period: Period) -> Iterator[Question]:
    per = product.removeprefix("production_")
    for of in ("tce", "tco2e"):
        make = partial(intensity.per_product, tree, product, period, of, tables)
        yield f"intensity_{of}_per_{per}", None, "intensity", make
    for point in tree.carrying(product):
        if tree.carries(point, "electricity"):
            one = partial(intensity.at_point, tree, point, product, period)
            yield f"intensity_kwh_per_{per}", point.id, "intensity", one


def _water(tree: Tree, period: Period) -> Iterator[Question]:
    for point, of in sorted(key for key in tree.rows if key[1] in load.POLLUTANTS):
        yield f"{of}_kg", point, "load", partial(load.mass, tree, point, of, period)
        yield f"{of}_mean_mg_l", point, "load", partial(load.mean, tree, point, of, period)
    for point, of, statistic in permits.asked(tree):
        make = partial(permits.compare, tree, point, of, statistic, period)
        yield f"permit_{of}_{statistic}", point, "permit", make


def _savings(
    tree: Tree, tables: Tables, period: Period, made: list[Figure], refused: list[RefusedFigure]
) -> None:
    site, method = tree.declared.site.id, "steelyard/saving/1"
    for project in tree.declared.projects:
        kind, span = avoided.kind_of(project), avoided.reporting(project, period.calendar)
        if not period.touches(span.begin, span.end):
            continue
        try:
            if not period.holds(span.begin, span.end):
                dates = "..".join(day.isoformat() for day in project.reporting)
                raise InsufficientData(ReportingOutside(dates))
            found = avoided.saving(tree, project, period.calendar)
            made.append(avoided.avoided(found).publish(site, kind, project.id, span, method))
            kind = "saving_tco2"
            if project.quantity == "electricity" and project.factor is not None:
                twin = avoided.twin(tree, found, tables)
                made.append(twin.publish(site, kind, project.id, span, method))
        except InsufficientData as why:
            refused.append(RefusedFigure(kind, project.id, why.message))
