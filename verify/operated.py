"""Labour, equipment effectiveness, energy and CO2 a unit of output (docs/methods-replacement.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from verify.amounts import Refused
from verify.measures import given, unit_of
from verify.terms import Number, Terms, counted, six, tonnes

WHEN = ("before", "after")
Said = Mapping[str, Any]
Weight = Callable[[str], Fraction]
"""The kg of CO2 a kWh of a factor's id; raises Refused."""


def over(part: Fraction, whole: Fraction) -> Fraction:
    """A ratio; raises Refused."""
    if whole <= 0:
        raise Refused("what it is divided by is not above zero")
    return part / whole


def labour(said: Said, terms: Terms, where: str) -> None:
    """Output an hour, hours a unit, operators; hours saved and people they are; raises Bad."""
    unit = unit_of(said.get("product_unit"), where)
    each: dict[str, tuple[Number, Number, Number]] = {}
    for when in WHEN:
        crew, at, kind = said.get(when), f"{where}.{when}", f"labour.{when}"
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
    year = given(said, "person_year", "h/a", where)
    terms.take("labour.fte", "labour-fte", "{person}", six, _people, saved, days, year)


def _people(saved: Fraction, days: Fraction, year: Fraction) -> Fraction:
    if days <= 0 or year <= 0:
        raise Refused("the period and the hours of a year must be above zero")
    return saved * 365 / days / year


def oee(said: Said, terms: Terms, where: str) -> None:
    """Availability, effectiveness, quality ratio and their product, each as it is, also above 1; raises Bad."""
    unit = unit_of(said.get("product_unit"), where)
    for when in WHEN:
        run, at, kind = said.get(when), f"{where}.{when}", f"oee.{when}"
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
        raise Refused("more good than was produced")
    return over(good, count)


def _index(busy: Fraction, made: Fraction, each: Fraction, count: Fraction, good: Fraction) -> Fraction:
    return over(made, busy) * _speed(each, count, made) * _quality(good, count)


def per_unit(said: Said, emissions: Said | None, weight: Weight, terms: Terms, where: str) -> None:
    """Energy and CO2 a unit by one factor, what the machines avoided, and what the grid changed; raises Bad."""
    unit = unit_of(said.get("product_unit"), where)
    named = dict(emissions or {})
    factor, own = named.get("factor"), [named.get("factor_before"), named.get("factor_after")]
    uses, output = [], None
    for when in WHEN:
        use, at = said.get(when), f"{where}.{when}"
        energy, output = given(use, "energy", "kW.h", at), given(use, "output", unit, at)
        uses.append(
            terms.take(f"per_unit.{when}.kwh", "energy-per-unit", f"kW.h/{unit}", six, over, energy, output)
        )
    used = () if factor is None else (factor,)
    for when, use in zip(WHEN, uses, strict=True):
        terms.take(f"per_unit.{when}.tco2", "carbon-per-unit", f"t{{CO2}}/{unit}", six,
                   lambda kwh, id_: kwh * weight(id_) / 1000, use, factor, factors=used)  # fmt: skip
    terms.take("per_unit.tco2_avoided", "carbon-avoided", "t{CO2}", tonnes,
               lambda b, a, made, id_: (b - a) * made * weight(id_) / 1000, *uses, output, factor,
               factors=used)  # fmt: skip
    if any(own):
        terms.take("per_unit.grid_effect", "grid-effect", "t{CO2}", tonnes,
                   lambda b, a, made, id_, *ids: _grid(b, a, made, *(weight(name) for name in (id_, *ids))),
                   *uses, output, factor, *own, factors=(*used, *(name for name in own if name)))  # fmt: skip


def _grid(
    before: Fraction, after: Fraction, made: Fraction, factor: Fraction, first: Fraction, last: Fraction
) -> Fraction:
    """The whole difference at the output after, less what the machines avoided."""
    return ((before * first - after * last) - (before - after) * factor) * made / 1000
