"""Electricity of a site by hour of its day, and how each hour stands to the greatest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from accounts.figure.calendar import Calendar
from accounts.inputs.tree import Tree

HOURS = 24
Column = list[Fraction | None]


def hours_of(tree: Tree, calendar: Calendar, day: date) -> Column:
    """kW.h of each of the first 24 hours of a day over the top meters; None for an hour that one of them lacks."""
    edges = calendar.hours(day)
    tops = [point for point in tree.top("electricity") if tree.meters(point) == "electricity"]
    amounts = [
        {a.from_: a.value for a in tree.metered(point, edges[0], edges[-1]) if a.covered} for point in tops
    ]
    found = [_sum([of.get(edge) for of in amounts]) for edge in edges[:HOURS]]
    return found + [None] * (HOURS - len(found))


def greatest(columns: Sequence[Column]) -> Fraction:
    """The greatest value above zero; 1 where there is none."""
    return max((value for column in columns for value in column if value), default=Fraction(1))


def level(value: Fraction | None, most: Fraction, levels: int) -> int | None:
    """In which of so many equal parts of 0 to *most* a value lies, from 0."""
    return None if value is None else min(int(value / most * levels), levels - 1)


def _sum(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(values) else None
