"""Labour before and after a replacement: productivity, hours a unit, direct labour saved, full-time equivalents."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from accounts.figure.rounding import NoFigure
from accounts.replacement.messages import NoHours, NoOutput, NoPersonYear
from accounts.replacement.quantity import Known

YEAR_DAYS = 365


@dataclass(frozen=True)
class Crew:
    """A period's labour. output: good quantity in the product's unit; hours: paid hours of direct labour."""

    output: Known
    hours: Known
    days: Known
    """length of the period"""
    operators: Known


@dataclass(frozen=True)
class Labour:
    """Both periods. person_year_h: hours one full-time person works in a year."""

    product_unit: str
    before: Crew
    after: Crew
    person_year_h: Known


def productivity(output: Fraction, hours: Fraction) -> Fraction | NoFigure:
    """Good quantity an hour of labour."""
    return output / hours if hours > 0 else NoFigure(NoHours())


def hours_per_unit(output: Fraction, hours: Fraction) -> Fraction | NoFigure:
    """Hours of labour for one unit of good output."""
    return hours / output if output > 0 else NoFigure(NoOutput())


def hours_saved(
    output_before: Fraction, hours_before: Fraction, output_after: Fraction, hours_after: Fraction
) -> Fraction | NoFigure:
    """Direct labour saved in the period after, at its output; negative when each unit takes more hours now."""
    before, after = hours_per_unit(output_before, hours_before), hours_per_unit(output_after, hours_after)
    if isinstance(before, NoFigure) or isinstance(after, NoFigure):
        return before if isinstance(before, NoFigure) else after
    return (before - after) * output_after


def full_time(saved_h: Fraction, days: Fraction, person_year_h: Fraction) -> Fraction | NoFigure:
    """Full-time equivalents of hours saved in a period of *days*, taken to a year of 365 days."""
    if days <= 0 or person_year_h <= 0:
        return NoFigure(NoPersonYear())
    return saved_h * YEAR_DAYS / days / person_year_h
