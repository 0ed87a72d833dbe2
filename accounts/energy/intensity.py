"""Energy and emissions for each unit of product."""

from __future__ import annotations

from fractions import Fraction

from accounts.energy.energy import AMOUNT_DIGITS, FUELS, amount, carried, coal_equivalent, scope1, scope2
from accounts.energy.messages import NoProduct, NothingEmits
from accounts.figure.calendar import Period
from accounts.figure.factors import Tables
from accounts.figure.figure import Draft, InsufficientData
from accounts.inputs.amounts import Flow, flow, flows, some
from accounts.inputs.messages import QuantityAtPoint
from accounts.inputs.tree import Tree, unit_of
from contract.sites import Point


def per_product(tree: Tree, product: str, period: Period, of: str, tables: Tables) -> Draft:
    """The site's coal equivalent (of ``tce``) or CO2 (``tco2e``) by its production. Raises InsufficientData."""
    made = some(flows(tree, product, period), product)
    drafts = [coal_equivalent(tree, period, tables)] if of == "tce" else _emissions(tree, period, tables)
    return _by(drafts, list(made), product)


def at_point(tree: Tree, point: Point, product: str, period: Period) -> Draft:
    """The electricity of a point by its production. Raises InsufficientData."""
    made = some([flow(tree, point, product, period)], QuantityAtPoint(product, point.id))
    return _by([amount(tree, point, "electricity", period)], list(made), product)


def _emissions(tree: Tree, period: Period, tables: Tables) -> list[Draft]:
    """Scope 1 and 2; one of which the site carries nothing is 0."""
    found = [scope1(tree, period, tables)] if carried(tree, FUELS) else []
    if carried(tree, ("electricity", "heat")):
        found.append(scope2(tree, period, tables))
    if not found:
        raise InsufficientData(NothingEmits())
    return found


def _by(drafts: list[Draft], made: list[Flow], product: str) -> Draft:
    amount_ = sum((item.value for item in made), Fraction(0))
    if not amount_:
        raise InsufficientData(NoProduct(product))
    records = {record.id: record for draft in drafts for record in draft.records}
    parts = [part for draft in drafts for part in draft.parts] + [item.part() for item in made]
    return Draft(
        sum((draft.value for draft in drafts), Fraction(0)) / amount_,
        f"{drafts[0].unit}/{unit_of(product)}",
        AMOUNT_DIGITS,
        False,
        min(*(draft.completeness for draft in drafts), *(item.completeness for item in made)),
        max(*(draft.substituted for draft in drafts), *(item.substituted for item in made)),
        frozenset().union(*(draft.inputs for draft in drafts), *(item.inputs for item in made)),
        tuple(records.values()),
        (),
        tuple(parts),
    )
