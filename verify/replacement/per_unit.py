"""Energy and CO2 a unit of output, declared or out of the rows of the energy (docs/methods-replacement.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.figures.measures import given, unit_of
from verify.formats.numbers import tonnes
from verify.formats.shape import part
from verify.reasons.reason import InsufficientData
from verify.replacement.labour_oee import WHEN, over
from verify.replacement.terms import Number, Terms, six
from verify.savings.ratio import Sums

Fields = Mapping[str, Any]
Weight = Callable[[str], Fraction]
"""The kg of CO2 a kWh of a factor's id; raises InsufficientData."""
Rows = Callable[[str, str, str], Sums]
"""Energy and a column, in a unit, over the rows of `before` or `after`; raises InsufficientData."""


@dataclass(frozen=True)
class Use:
    """A period: its energy in kW.h and its output; sums: of the rows that it was taken from, None where declared."""

    energy: Number
    output: Number
    sums: Sums | None = None


def per_unit(
    declared: Fields,
    emissions: Fields | None,
    weight: Weight,
    terms: Terms,
    where: str,
    metered: Rows | None = None,
    confidence: Number = None,
) -> None:
    """Energy and CO2 a unit by one factor, what the machines avoided, and what the grid changed; raises Bad.

    metered: the rows of the project's energy, None where it has none; confidence: of intervals, 0 to 1.
    """
    unit = unit_of(declared.get("product_unit"), where)
    named = dict(emissions or {})
    uses = [_use(declared, when, unit, metered, where) for when in WHEN]
    each = [_energy(terms, when, unit, use, confidence) for when, use in zip(WHEN, uses, strict=True)]
    factor = named.get("factor")
    for when, kwh, use in zip(WHEN, each, uses, strict=True):
        _carbon(terms, when, unit, kwh, use, factor, weight)
    _whole(terms, each, uses[1], named, weight)


def _use(declared: Fields, when: str, unit: str, metered: Rows | None, where: str) -> Use:
    column = declared.get("output")
    if column is None:
        of, at = part(declared, when, where), f"{where}.{when}"
        return Use(given(of, "energy", "kW.h", at), given(of, "output", unit, at))
    try:
        sums = None if metered is None else metered(when, column, unit)
    except InsufficientData:
        sums = None
    return Use(None, None) if sums is None else Use(sums.energy, sums.output, sums)


def _energy(terms: Terms, when: str, unit: str, use: Use, confidence: Number) -> Number:
    """The ratio of sums, with its interval where it is that of rows."""
    kind, loose = f"per_unit.{when}.kwh", use.sums is not None
    found = terms.take(
        kind, "energy-per-unit", f"kW.h/{unit}", six, over, use.energy, use.output, loose=loose
    )
    if found is not None and use.sums is not None:
        try:
            if confidence is None:
                raise InsufficientData("no energy.confidence is given")
            terms.widen(kind, use.sums.interval(float(confidence)), six, loose=True)
        except InsufficientData as refused:
            terms.refused[f"{kind}_interval"] = refused.why
    return found


def _carbon(
    terms: Terms, when: str, unit: str, kwh: Number, use: Use, factor: str | None, weight: Weight
) -> None:
    used, kind = () if factor is None else (factor,), f"per_unit.{when}.tco2"

    def tonnes_of(energy: Fraction, id_: str) -> Fraction:
        return energy * weight(id_) / 1000

    made = terms.take(
        kind, "carbon-per-unit", f"t{{CO2}}/{unit}", six, tonnes_of, kwh, factor, factors=used,
        loose=use.sums is not None,
    )  # fmt: skip
    term = terms.made.get(f"per_unit.{when}.kwh")
    if made is not None and factor is not None and term is not None and "interval" in term.near:
        ends = [None if end is None else tonnes_of(end, factor) for end in term.near["interval"].numbers]
        terms.widen(kind, ends, six, loose=True)


def _whole(terms: Terms, each: list[Number], after: Use, named: Fields, weight: Weight) -> None:
    """What the machines avoided at the output after, and what the grid changed."""
    factor, own = named.get("factor"), [named.get("factor_before"), named.get("factor_after")]
    used, loose = () if factor is None else (factor,), after.sums is not None
    terms.take("per_unit.tco2_avoided", "carbon-avoided", "t{CO2}", tonnes,
               lambda b, a, made, id_: (b - a) * made * weight(id_) / 1000, *each, after.output, factor,
               factors=used, loose=loose)  # fmt: skip
    if any(own):
        terms.take("per_unit.grid_effect", "grid-effect", "t{CO2}", tonnes,
                   lambda b, a, made, id_, *ids: _grid(b, a, made, *(weight(name) for name in (id_, *ids))),
                   *each, after.output, factor, *own, factors=(*used, *(name for name in own if name)),
                   loose=loose)  # fmt: skip


def _grid(
    before: Fraction, after: Fraction, made: Fraction, factor: Fraction, first: Fraction, last: Fraction
) -> Fraction:
    """The whole difference at the output after, less what the machines avoided."""
    return ((before * first - after * last) - (before - after) * factor) * made / 1000
