"""What is worked out of a site's points and amounts beside its figures: expectations, days, replacements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import Figure, InsufficientData, RefusedFigure
from accounts.inputs.amounts import flow
from accounts.inputs.inputs import Declared
from accounts.inputs.tree import Tree
from accounts.savings import expected as model_of
from cloud.figures import project_figures, replacements

Json = dict[str, Any]
Day = tuple[date, Fraction | None]
EXPECTED = ("expected_kwh", "expected_cost_yuan")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Expectation:
    """Figures of what was to be expected, and refusals."""

    figures: list[Figure]
    refused: list[RefusedFigure]

    def of(self, kind: str) -> Figure | None:
        """The figure of a kind, if it could be made."""
        return next((item for item in self.figures if item.kind == kind), None)


def expected(tree: Tree, first: date, after: date) -> Expectation:
    """The electricity that days should have taken for what they made, and its cost."""
    period = Period(Calendar.of(tree.declared.site), first, after)
    try:
        model = model_of.expected(tree, period)
    except InsufficientData as why:
        return Expectation([], [RefusedFigure(kind, None, why.message) for kind in EXPECTED])
    site, (power, money) = tree.declared.site.id, EXPECTED
    made = [model_of.energy(model).publish(site, power, None, period, model_of.METHOD)]
    try:
        made.append(model_of.money(model).publish(site, money, None, period, model_of.METHOD))
    except InsufficientData as why:
        return Expectation(made, [RefusedFigure(money, None, why.message)])
    return Expectation(made, [])


def replacement(declared: Declared, project: str) -> tuple[Json, dict[str, Json]]:
    """The answer for a machine replacement, and its figures by kind. Raises UnknownProject."""
    return project_figures.of(declared, replacements.find(declared, project))


def daily(tree: Tree, quantity: str, points: Sequence[str] | None, first: date, after: date) -> list[Day]:
    """How much of a quantity there was each day; None where that is not whole."""
    chosen = tree.top(quantity) if points is None else [tree.points[name] for name in points]
    calendar = Calendar.of(tree.declared.site)
    found: list[Day] = []
    for day in calendar.days(first, after):
        period = Period(calendar, day, day + _DAY)
        try:
            flows = [flow(tree, point, quantity, period) for point in chosen]
        except InsufficientData:
            found.append((day, None))
            continue
        whole = bool(flows) and all(item.amounts and (item.whole or item.completeness == 1) for item in flows)
        found.append((day, sum((item.value for item in flows), Fraction(0)) if whole else None))
    return found
