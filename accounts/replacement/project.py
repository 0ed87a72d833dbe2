"""A replacement project (机器换人): what was declared of it, every input in the unit of its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from accounts.replacement.intensity import Emissions, PerUnit
from accounts.replacement.labour import Labour
from accounts.replacement.oee import Oee
from accounts.replacement.quantity import Known, Missing
from accounts.savings import Period

COSTS = ("labour", "energy", "scrap")
"""Yearly costs that stand before and after; what is added (maintenance, licences, training) stands once."""
AT_REPORTING, AT_OWN = "reporting-output", "own-output"
"""At whose output a cost before was stated; the second is brought to the reporting period's in proportion."""
AT_AVOIDED = "avoided-energy"
"""The effect of the energy is the avoided energy of a year at a price."""


@dataclass(frozen=True)
class Cost:
    """A yearly cost in the project's currency."""

    before: Known
    after: Known
    at: str | Missing


@dataclass(frozen=True)
class AvoidedCost:
    """The energy cost that follows from the avoided energy. price: the project's currency a kW.h."""

    price: Known


@dataclass(frozen=True)
class Money:
    """Amounts in *currency*. flows: explicit yearly cash flows from year 0; then the rest but the rate is absent.

    rate: discount rate as a fraction of 1 a year. residual: worth at the end of the last year.
    """

    currency: str
    rate: Known
    flows: tuple[Fraction, ...] | None
    investment: Known
    residual: Known
    years: int | Missing
    output_before: Known
    output_after: Known
    costs: Mapping[str, Cost | AvoidedCost | Missing]
    added: tuple[tuple[str, Fraction], ...] | Missing


@dataclass(frozen=True)
class Rows:
    """Energy by day or month with its drivers, for the avoided energy. confidence: of the interval, 0 to 1."""

    unit: str
    baseline: Period
    reporting: Period
    drivers: tuple[str, ...] | None
    confidence: Known
    times: tuple[date, ...]
    energy: tuple[float, ...]
    columns: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class Project:
    """One project; a part that was not declared is None, and none of its figures are worked out."""

    name: str
    money: Money | None
    labour: Labour | None
    oee: Oee | None
    per_unit: PerUnit | None
    emissions: Emissions | None
    rows: Rows | None
