"""Overall equipment effectiveness in the terms of ISO 22400-2, as a named Steelyard method.

PBT planned busy time, APT actual production time, PRI planned run time per item, PQ produced and GQ good quantity.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from accounts.figure.rounding import NoFigure
from accounts.replacement.messages import (
    AboveNameplate,
    AbovePlanned,
    MoreGoodThanProduced,
    NoPlannedTime,
    NoProductionTime,
    NothingProduced,
)
from accounts.replacement.quantity import Known, significant
from contract.message import Message


@dataclass(frozen=True)
class Run:
    """What a machine did in a period: times in minutes, quantities in the product's unit."""

    planned_busy_min: Known
    actual_production_min: Known
    planned_run_min: Known
    """for one unit of the product"""
    produced: Known
    good: Known


@dataclass(frozen=True)
class Oee:
    """Both periods; either may be absent."""

    product_unit: str
    before: Run | None
    after: Run | None


def availability(planned_busy: Fraction, actual_production: Fraction) -> Fraction | NoFigure:
    """APT/PBT."""
    if planned_busy <= 0:
        return NoFigure(NoPlannedTime())
    return actual_production / planned_busy


def effectiveness(
    planned_run: Fraction, produced: Fraction, actual_production: Fraction
) -> Fraction | NoFigure:
    """PRI*PQ/APT, never clipped."""
    if actual_production <= 0:
        return NoFigure(NoProductionTime())
    return planned_run * produced / actual_production


def quality_ratio(good: Fraction, produced: Fraction) -> Fraction | NoFigure:
    """GQ/PQ."""
    if produced <= 0:
        return NoFigure(NothingProduced())
    if good > produced:
        return NoFigure(MoreGoodThanProduced(significant(good), significant(produced)))
    return good / produced


def oee_index(
    planned_busy: Fraction,
    actual_production: Fraction,
    planned_run: Fraction,
    produced: Fraction,
    good: Fraction,
) -> Fraction | NoFigure:
    """availability * effectiveness * quality ratio = PRI*GQ/PBT; refused where one of the three is."""
    parts = (
        availability(planned_busy, actual_production),
        effectiveness(planned_run, produced, actual_production),
        quality_ratio(good, produced),
    )
    index = Fraction(1)
    for part in parts:
        if isinstance(part, NoFigure):
            return part
        index *= part
    return index


def flags(found: dict[str, Fraction | None]) -> list[Message]:
    """What can't be true of ratios that are shown as they were computed."""
    doubts: list[Message] = []
    speed, time = found.get("effectiveness"), found.get("availability")
    if speed is not None and speed > 1:
        doubts.append(AboveNameplate(significant(speed)))
    if time is not None and time > 1:
        doubts.append(AbovePlanned(significant(time)))
    return doubts
