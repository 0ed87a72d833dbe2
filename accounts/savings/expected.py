"""What electricity a site should have used for what it made, with a band: a regression over days of the past.

steelyard/expected/1, docs/methods.md: ordinary least squares of kW.h a day on production a day over at most 90 whole
days before the period and after the last replacement; the band holds the sum of the
period's days with 90 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np

from accounts.energy import cost
from accounts.figure.calendar import Period
from accounts.figure.figure import Draft, InsufficientData, short
from accounts.inputs.amounts import Flow, flows, highest, inputs, lowest
from accounts.inputs.tree import UNITS, Tree, unit_of
from accounts.savings import distributions
from accounts.savings.fit import Fit, fit
from accounts.savings.project_messages import (
    DaysNotWhole,
    NoModelOfDays,
    NoPrice,
    NoProduction,
    TooFewDays,
    WeakModel,
)
from contract.errors import BadInput

METHOD = "steelyard/expected/1"
DAYS = 90
"""Most days of the past that the model is of."""
LEAST = 20
"""Fewest days."""
CONFIDENCE = 0.9
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A whole day: kW.h, production by quantity, and what it was made from."""

    day: date
    kwh: Fraction
    made: tuple[Fraction, ...]
    flows: tuple[Flow, ...]
    price: Fraction | None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Expected:
    """The model, the period's days, and their sum: kW.h expected, with the band's ends."""

    fit: Fit
    rows: tuple[Row, ...]
    before: tuple[Row, ...]
    value: float
    half: float

    @property
    def actual(self) -> Fraction:
        """kW.h measured on the same days."""
        return sum((row.kwh for row in self.rows), Fraction(0))

    @property
    def verdict(self) -> str:
        """``above``, ``below`` or ``within`` the band."""
        actual = float(self.actual)
        return (
            "above"
            if actual > self.value + self.half
            else "below"
            if actual < self.value - self.half
            else "within"
        )


def expected(tree: Tree, period: Period) -> Expected:
    """What the days of a period should have used. Raises InsufficientData."""
    products = [product for product in UNITS if tree.carrying(product)]
    if not products:
        raise InsufficientData(NoProduction())
    since = max([period.first - DAYS * _DAY, *(item.declaration.on + _DAY for item in tree.declared.replacements
                                               if item.declaration.on < period.first)])  # fmt: skip
    days = period.calendar.days(since, period.first)
    before = [row for day in days if (row := whole_day(tree, products, period, day)) is not None]
    if len(before) < LEAST:
        raise InsufficientData(TooFewDays(len(before), str(since), LEAST))
    rows = [
        whole_day(tree, products, period, day) for day in period.calendar.days(period.first, period.after)
    ]
    if any(row is None for row in rows):
        lacking = sum(row is None for row in rows)
        raise InsufficientData(DaysNotWhole(lacking, len(rows)))
    return _expected(before, [row for row in rows if row is not None], products)


def whole_day(tree: Tree, products: Sequence[str], period: Period, day: date) -> Row | None:
    """A day whose electricity and production are known whole; None for every other one."""
    of = Period(period.calendar, day, day + _DAY)
    try:
        power = flows(tree, "electricity", of)
        made = [flows(tree, product, of) for product in products]
    except InsufficientData:
        return None
    if not power or not all(_known(item) for item in power):
        return None
    if not all(any(item.amounts for item in of_one) for of_one in made):
        return None
    kwh = sum((item.value for item in power), Fraction(0))
    amounts = tuple(sum((item.value for item in of_one), Fraction(0)) for of_one in made)
    try:
        paid = cost.cost(tree, of)
        price, sources = (paid.value / kwh if kwh else None), paid.sources
    except InsufficientData:
        price, sources = None, ()
    return Row(day, kwh, amounts, tuple(power + [item for of_one in made for item in of_one]), price, sources)


def energy(found: Expected) -> Draft:
    """The expected kW.h as a figure."""
    return _draft(found, Fraction(found.value), Fraction(found.half), found.actual, "kW.h", 1)


def money(found: Expected) -> Draft:
    """What the expected kW.h would have cost at each day's own mean price. Raises InsufficientData without a price."""
    prices = [row.price for row in found.rows]
    if not found.actual or any(price is None for price in prices):
        raise InsufficientData(NoPrice())
    mean = sum((row.kwh * (row.price or 0) for row in found.rows), Fraction(0)) / found.actual
    paid = mean * found.actual
    return _draft(found, Fraction(found.value) * mean, Fraction(found.half) * mean, paid, "CNY", 2)


def _known(item: Flow) -> bool:
    return bool(item.amounts) and (item.whole or item.completeness == 1)


def _expected(before: Sequence[Row], rows: Sequence[Row], products: Sequence[str]) -> Expected:
    columns = [np.array([float(row.made[i]) for row in before]) for i in range(len(products))]
    varying = [i for i, column in enumerate(columns) if len(set(column.tolist())) > 1]
    power = np.array([float(row.kwh) for row in before])
    follows = np.array([b.day - a.day == _DAY for a, b in pairwise(before)])
    try:
        model = fit(power, [columns[i] for i in varying], [products[i] for i in varying], follows)
    except BadInput as error:
        raise InsufficientData(NoModelOfDays(error.message)) from None
    if not model.r2 >= 0.5:
        raise InsufficientData(WeakModel(f"{max(model.r2, 0.0):.2f}"))
    total = np.array([float(len(rows)), *(float(sum(row.made[i] for row in rows)) for i in varying)])
    lever = float(np.sum((total @ model.root) ** 2))
    rho = max(model.rho or 0.0, 0.0)
    spread = model.s2 * (_summed(len(rows), rho) + lever * (1 + rho) / (1 - rho))
    half = distributions.t_quantile(CONFIDENCE, model.df) * math.sqrt(spread)
    return Expected(model, tuple(rows), tuple(before), float(total @ model.b), half)


def _summed(count: int, rho: float) -> float:
    """The variance of a sum of that many residuals of variance 1 whose neighbours correlate by rho."""
    return count + 2 * sum((count - lag) * rho**lag for lag in range(1, count))


def _draft(
    found: Expected, value: Fraction, half: Fraction, actual: Fraction, unit: str, digits: int
) -> Draft:
    sources = tuple(sorted({one for row in found.rows for one in row.sources})) if unit == "CNY" else ()
    used = [item for row in (*found.before, *found.rows) for item in row.flows]
    mine = [item for row in found.rows for item in row.flows]
    more = {
        "low": short(value - half, digits), "high": short(value + half, digits), "actual": short(actual, digits),
        "verdict": found.verdict, "confidence": f"{CONFIDENCE:g}", "days": len(found.before),
        "baseline": [found.before[0].day.isoformat(), found.before[-1].day.isoformat()], "r2": f"{found.fit.r2:.4f}",
        "model": {name: f"{b:.6g}" for name, b in zip(found.fit.names, found.fit.b, strict=True)},
    }  # fmt: skip
    parts = tuple(
        {
            "point": item.point,
            "quantity": item.quantity,
            "value": short(item.value),
            "unit": unit_of(item.quantity),
        }
        for item in mine
    )
    return Draft(
        value, unit, digits, True, lowest(mine), highest(mine), inputs(used), (), sources, parts, more
    )
