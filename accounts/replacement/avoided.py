"""The avoided energy of a project by accounts.savings, with its interval and its emission twin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from accounts.figure import carbon
from accounts.figure.factors import Factor
from accounts.figure.figure import short
from accounts.figure.rounding import plain
from accounts.replacement.intensity import Emissions
from accounts.replacement.labour import YEAR_DAYS
from accounts.replacement.messages import EnergyDoubt
from accounts.replacement.project import Rows
from accounts.replacement.quantity import Missing, Uncited, significant
from accounts.replacement.results import Results
from accounts.savings import Period, Result, Table, evaluate
from contract import units
from contract.errors import BadInput
from contract.message import Message

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Avoided:
    """The avoided energy and the ends of its interval as they are published, kW.h; days of the reporting period."""

    value: Fraction
    low: Fraction
    high: Fraction
    days: int

    def a_year(self, kwh: Fraction) -> Fraction:
        """An amount of the reporting period in a year of 365 days."""
        return kwh * YEAR_DAYS / self.days


def published(found: Mapping[str, Any], asked: bool) -> Avoided | Missing | None:
    """What `energy` found; Missing when it was not asked for, None when it is refused."""
    if not asked:
        return Missing("energy")
    if found["avoided"] is None:
        return None
    low, high = map(Fraction, found["interval"])
    reporting = Period.parse(found["savings"]["reporting"])
    days = (reporting.last + _DAY - reporting.first).days
    return Avoided(Fraction(found["avoided"]), low, high, days)


def energy(
    rows: Rows | Result | Message | None,
    emissions: Emissions | None,
    factors: Mapping[str, Factor],
    book: Results,
) -> dict[str, Any]:
    """avoided and interval in kW.h, their twins in t, and all that the savings say; null where it is refused."""
    found: dict[str, Any] = dict.fromkeys(
        ("avoided", "interval", "claimed", "avoided_tco2", "interval_tco2", "savings")
    )
    found["avoided_unit"] = "kW.h"
    if isinstance(rows, Message):
        book.refuse("avoided", rows)
        return found
    result, unit = (_result(rows, book), rows.unit) if isinstance(rows, Rows) else (rows, "kW.h")
    if result is None:
        return found
    found["savings"] = result.as_dict()
    for message in result.warnings:
        book.warn(EnergyDoubt(message))
    for message in result.refused:
        book.refuse("avoided", message)
    if result.refused:
        return found
    book.methods["avoided"] = "steelyard/avoided-energy/1"
    kwh = units.factor(unit, "kW.h")
    amounts = [Fraction(value) * kwh for value in (result.avoided, result.band.low, result.band.high)]
    texts = [short(Fraction(significant(amount))) for amount in amounts]
    found |= {
        "avoided": texts[0],
        "interval": texts[1:],
        "claimed": texts[0] if result.claimed is not None else None,
    }
    factor = cited_factor(emissions.factor if emissions else Missing("emissions.factor"), factors)
    if book.ready("avoided_tco2", factor) and isinstance(factor, Factor):
        book.methods["avoided_tco2"] = "steelyard/avoided-carbon/1"
        twins = [published_tonnes(carbon.tonnes(amount, factor)) for amount in amounts]
        found |= {"avoided_tco2": twins[0], "interval_tco2": twins[1:]}
    return found


def _result(rows: Rows, book: Results) -> Result | None:
    if not book.ready("avoided", rows.confidence):
        return None
    assert isinstance(rows.confidence, Fraction)
    try:
        table = Table.of(rows.times, rows.energy, rows.columns)
        return evaluate(table, rows.baseline, rows.reporting, rows.drivers, None, float(rows.confidence))
    except BadInput as error:
        book.refuse("avoided", error.message)
        return None


def cited_factor(asked: str | Missing, factors: Mapping[str, Factor]) -> Factor | Missing:
    """The factor of an id; missing too where no document proves it."""
    if isinstance(asked, Missing):
        return asked
    return factors[asked] if factors[asked].citation else Uncited(asked)


def record(asked: str | Missing, factors: Mapping[str, Factor]) -> dict[str, Any] | None:
    """A factor as a figure names it."""
    if isinstance(asked, Missing):
        return None
    factor = factors[asked]
    return {"id": factor.id, "value": factor.value, "unit": factor.unit, "year": factor.year,
            "citation": factor.citation}  # fmt: skip


def published_tonnes(exact: Fraction) -> str:
    """t of CO2 as they are published."""
    return plain(carbon.published(exact))
