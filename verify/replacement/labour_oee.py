"""Labour and equipment effectiveness of a project (docs/methods-replacement.md)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verify.figures.measures import given, unit_of
from verify.formats.shape import part
from verify.reasons.reason import InsufficientData
from verify.replacement.terms import Number, Terms, counted, six

WHEN = ("before", "after")
Fields = Mapping[str, Any]


def over(part: Fraction, whole: Fraction) -> Fraction:
    """A ratio; raises InsufficientData."""
    if whole <= 0:
        raise InsufficientData("what it is divided by is not above zero")
    return part / whole


def labour(declared: Fields, terms: Terms, where: str) -> None:
    """Output an hour, hours a unit, operators; hours saved and people they are; raises Bad."""
    unit = unit_of(declared.get("product_unit"), where)
    each: dict[str, tuple[Number, Number, Number]] = {}
    for when in WHEN:
        crew, at, kind = part(declared, when, where), f"{where}.{when}", f"labour.{when}"
        output, hours = given(crew, "output", unit, at), given(crew, "hours", "h", at)
        terms.take(f"{kind}.productivity", "labour-productivity", f"{unit}/h", six, over, output, hours)
        long = terms.take(f"{kind}.hours_per_unit", "labour-hours", f"h/{unit}", six, over, hours, output)
        people = given(crew, "operators", "{person}", at)
        if people is not None:
            terms.take(f"{kind}.operators", "declared", "{person}", counted, lambda count: count, people)
        each[when] = long, output, given(crew, "period", "d", at)
    (before, _, _), (after, output, days) = each["before"], each["after"]
    saved = terms.take(
        "labour.hours_saved",
        "labour-saved",
        "h",
        six,
        lambda b, a, made: (b - a) * made,
        before,
        after,
        output,
    )
    year = given(declared, "person_year", "h/a", where)
    terms.take("labour.fte", "labour-fte", "{person}", six, _people, saved, days, year)


def _people(saved: Fraction, days: Fraction, year: Fraction) -> Fraction:
    if days <= 0 or year <= 0:
        raise InsufficientData("the period and the hours of a year must be above zero")
    return saved * 365 / days / year


def oee(declared: Fields, terms: Terms, where: str) -> None:
    """Availability, effectiveness, quality ratio and their product, each as it is, also above 1; raises Bad."""
    unit = unit_of(declared.get("product_unit"), where)
    for when in WHEN:
        run, at, kind = part(declared, when, where), f"{where}.{when}", f"oee.{when}"
        if run is None:
            continue
        busy, made = given(run, "planned_busy", "min", at), given(run, "actual_production", "min", at)
        each, count = given(run, "planned_run_per_item", f"min/{unit}", at), given(run, "produced", unit, at)
        good = given(run, "good", unit, at)
        ratio, flag = ("1", six), lambda value: {"above_one": True} if value > 1 else {}
        terms.take(f"{kind}.availability", "oee-availability", *ratio, over, made, busy, more=flag)
        terms.take(f"{kind}.effectiveness", "oee-effectiveness", *ratio, _speed, each, count, made, more=flag)
        terms.take(f"{kind}.quality_ratio", "oee-quality-ratio", *ratio, _quality, good, count)
        terms.take(f"{kind}.oee_index", "oee-index", *ratio, _index, busy, made, each, count, good)


def _speed(each: Fraction, count: Fraction, made: Fraction) -> Fraction:
    return over(each * count, made)


def _quality(good: Fraction, count: Fraction) -> Fraction:
    if good > count:
        raise InsufficientData("more good than was produced")
    return over(good, count)


def _index(busy: Fraction, made: Fraction, each: Fraction, count: Fraction, good: Fraction) -> Fraction:
    return over(made, busy) * _speed(each, count, made) * _quality(good, count)
