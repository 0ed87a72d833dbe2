"""Energy and CO2 a unit of output, before and after: the sums that were declared, or those of the energy's own rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from accounts.figure import carbon
from accounts.figure.factors import Factor
from accounts.figure.figure import short
from accounts.figure.rounding import NoFigure
from accounts.replacement import avoided, intensity
from accounts.replacement.intensity import Emissions, PerUnit, Use
from accounts.replacement.messages import NoPairedRow, NotAdjusted, RowsLack
from accounts.replacement.project import Rows
from accounts.replacement.quantity import Known, Missing, significant
from accounts.replacement.results import Results
from accounts.savings import Table
from accounts.savings.ratio import Pairs, Spread, pairs, spread
from contract import units
from contract.errors import BadInput
from contract.message import Message

_SUM_DIGITS = 3
"""Digits after the point of a sum that is shown."""
_WHEN = ("before", "after")


@dataclass(frozen=True)
class Paired:
    """Energy and output of both periods, or why there are none; confidence of an interval."""

    periods: tuple[Pairs, Pairs] | Message
    confidence: Known


Counted = tuple[Use, Spread | NoFigure | Missing | None]
"""The sums of a period and the spread of its rows; None where nothing has a spread."""


def of_rows(rows: Rows | None, column: str | None) -> Paired | None:
    """The same from the rows of a file; None without rows or without an output among them."""
    if rows is None or column is None:
        return None
    kwh = units.factor(rows.unit, "kW.h")
    try:
        table = Table.of(rows.times, rows.energy, {column: rows.columns[column]})
        return Paired(
            (pairs(table, rows.baseline, column, kwh), pairs(table, rows.reporting, column, kwh)),
            rows.confidence,
        )
    except BadInput as error:
        return Paired(error.message, rows.confidence)


def per_unit(
    declared: PerUnit,
    paired: Paired | None,
    emissions: Emissions | None,
    factors: Mapping[str, Factor],
    book: Results,
) -> dict[str, Any]:
    """The part per_unit of the answer; each figure null where it is refused."""
    (first, before_spread), (last, after_spread) = _counted(declared, paired, book)
    before, after = (_ratio(when, use, book) for when, use in zip(_WHEN, (first, last), strict=True))
    asked = emissions.factor if emissions else Missing("emissions.factor")
    factor = avoided.cited_factor(asked, factors)
    found: dict[str, Any] = {
        "product_unit": declared.product_unit,
        "output": declared.column,
        "before": _side("before", first, before, factor, before_spread, book),
        "after": _side("after", last, after, factor, after_spread, book),
    }
    saved = book.figure(
        "per_unit.tco2_avoided",
        "carbon-avoided",
        intensity.avoided_tonnes,
        before,
        after,
        last.output,
        factor,
    )
    found["tco2_avoided"] = _tonnes(saved)
    found["grid_effect"] = _grid(last.output, before, after, emissions, factors, book)
    found["factor"] = avoided.record(asked, factors)
    found["units"] = _units(declared.product_unit)
    book.warn(NotAdjusted())
    return found


def _counted(declared: PerUnit, paired: Paired | None, book: Results) -> tuple[Counted, Counted]:
    if declared.column is None:
        return (declared.before, None), (declared.after, None)
    if paired is None:
        absent = Missing("energy")
        use = Use(absent, absent)
        return (use, None), (use, None)
    if isinstance(paired.periods, Message):
        for when in _WHEN:
            book.refuse(f"per_unit.{when}.kwh", paired.periods)
        return (Use(None, None), None), (Use(None, None), None)
    before, after = (
        _summed(when, rows, declared.column, paired.confidence, book)
        for when, rows in zip(_WHEN, paired.periods, strict=True)
    )
    return before, after


def _summed(when: str, rows: Pairs, column: str, confidence: Known, book: Results) -> Counted:
    """Sums of the rows of a period, and the spread of their ratio."""
    if not rows.energy:
        book.refuse(f"per_unit.{when}.kwh", NoPairedRow(when, column))
        return Use(None, None), None
    if rows.lacking:
        book.warn(RowsLack(rows.lacking, when, column, len(rows.energy)))
    if isinstance(confidence, Missing):
        return Use(*rows.sums), confidence
    return Use(*rows.sums), spread(rows, float(confidence))


def _ratio(when: str, use: Use, book: Results) -> Fraction | None:
    kind = f"per_unit.{when}.kwh"
    if use.energy_kwh is None and use.output is None:  # refused already, with its reason
        return None
    return book.figure(kind, "energy-per-unit", intensity.per_unit, use.energy_kwh, use.output)


def _side(
    when: str,
    use: Use,
    kwh: Fraction | None,
    factor: Factor | Missing,
    spread_: Spread | NoFigure | Missing | None,
    book: Results,
) -> dict[str, Any]:
    tco2 = book.figure(f"per_unit.{when}.tco2", "carbon-per-unit", carbon.tonnes, kwh, factor)
    ends = None if kwh is None else _ends(when, spread_, book)
    twins = None if ends is None or not isinstance(factor, Factor) else [
        carbon.tonnes(end, factor) for end in ends
    ]  # fmt: skip
    return {
        "energy": _sum(use.energy_kwh),
        "output": _sum(use.output),
        "kwh": _six(kwh),
        "kwh_interval": None if ends is None else [significant(end) for end in ends],
        "tco2": _six(tco2),
        "tco2_interval": None if twins is None else [significant(end) for end in twins],
    }


def _ends(when: str, found: Spread | NoFigure | Missing | None, book: Results) -> list[Fraction] | None:
    """The ends of an interval; a refusal of its own where rows that are there have none."""
    kind = f"per_unit.{when}.kwh_interval"
    if found is None or not book.ready(kind, found):
        return None
    if isinstance(found, NoFigure):
        book.refuse(kind, found.why)
        return None
    assert isinstance(found, Spread)
    book.methods[kind] = "steelyard/ratio-interval/1"
    return [Fraction(found.low), Fraction(found.high)]


def _grid(
    output: Known | None,
    before: Fraction | None,
    after: Fraction | None,
    emissions: Emissions | None,
    factors: Mapping[str, Factor],
    book: Results,
) -> dict[str, Any] | None:
    """What the grid itself changed, apart from the saving; null where the periods' own factors are not given."""
    if emissions is None:
        return None
    own = [emissions.factor_before, emissions.factor_after]
    if all(isinstance(item, Missing) for item in own):
        return None
    values = [avoided.cited_factor(item, factors) for item in (emissions.factor, *own)]
    found = book.figure(
        "per_unit.grid_effect", "grid-effect", intensity.grid_tonnes, before, after, output, *values
    )
    return {
        "tco2": _tonnes(found),
        "factor_before": avoided.record(own[0], factors),
        "factor_after": avoided.record(own[1], factors),
    }


def _units(product: str) -> dict[str, str]:
    return {
        "energy": "kW.h", "output": product, "kwh": f"kW.h/{product}", "tco2": f"t/{product}", "tco2_avoided": "t",
        "grid_effect": "t",
    }  # fmt: skip


def _tonnes(exact: Fraction | None) -> str | None:
    return None if exact is None else avoided.published_tonnes(exact)


def _sum(value: Known | None) -> str | None:
    return short(value, _SUM_DIGITS) if isinstance(value, Fraction) else None


def _six(value: Fraction | None) -> str | None:
    return None if value is None else significant(value)
