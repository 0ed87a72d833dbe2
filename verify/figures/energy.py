"""Amounts, balance, coal equivalent and scopes (docs/methods.md)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verify.figures.amounts import Amount, Sum, summed
from verify.figures.factors import value as factor_value
from verify.figures.figure import Answers, Figure, Ground
from verify.formats.calendar import written
from verify.formats.numbers import fixed, upto
from verify.formats.quantities import AMOUNTS, FUELS, kind_of
from verify.reasons.amounts.messages import AnyOf, NothingKnown, RowInTwoYears, UnknownPoint
from verify.reasons.energy.messages import (
    NoFactorsChosen,
    NoRowsAtPoint,
    NoTerms,
    NothingOf,
    SteamWithoutEnthalpy,
)
from verify.reasons.reason import InsufficientData
from verify.statements.points import Point

COAL = ("electricity", "heat", *FUELS)
# How much of a coefficient's unit one of the quantity's is: heat counts in MJ, masses in kg.
COAL_UNITS = {
    "kW.h": ("kg{ce}/kW.h", 1),
    "GJ": ("kg{ce}/MJ", 1000),
    "m3": ("kg{ce}/m3", 1),
    "t": ("kg{ce}/kg", 1000),
}
TONNES = {"energy_tce": "t{ce}", "scope1_tco2e": "t{CO2}", "scope2_tco2": "t{CO2}"}


@dataclass(frozen=True)
class Total:
    """A site's sum of amounts times factors, before rounding."""

    value: Fraction
    sum: Sum
    parts: list[dict[str, Any]]
    factors: set[str]


def part(amount: Amount, more: dict[str, Any] | None = None, value: Fraction | None = None) -> dict[str, Any]:
    """What was summed: value of the amount unless another is given."""
    shown = amount.value if value is None else value
    unit = AMOUNTS[amount.quantity]
    return {
        "point": amount.point,
        "quantity": amount.quantity,
        "value": upto(shown, 12),
        "unit": unit,
        **(more or {}),
    }


def tops(ground: Ground, code: str) -> list[Amount]:
    """Amounts of all top points; raises InsufficientData when one does."""
    if strays := ground.points.strays.get(code):
        raise InsufficientData(UnknownPoint(code, min(strays)))
    return [ground.amounts.at(point, code) for point in ground.points.top(code)]


def amounts(ground: Ground, answers: Answers) -> None:
    """Each quantity at each point that carries it, and for the site."""
    for code, unit in AMOUNTS.items():
        points = ground.points.carrying(code)

        def make(at: list[Amount], point: str | None, code: str = code, unit: str = unit) -> Figure:
            sum_ = summed(at, NothingKnown(code) if point is None else NoRowsAtPoint(code, point))
            total = sum((amount.value for amount in at), Fraction(0))
            return ground.figure(
                kind_of(code), point, upto(total, 6), unit, "steelyard/amount/1", sum_.completeness,
                sum_.substituted, sum_.inputs, [part(amount) for amount in at],
            )  # fmt: skip

        for point in points:
            answers.take(
                kind_of(code), point.id,
                lambda point=point, make=make, code=code: make([ground.amounts.at(point, code)], point.id),
            )  # fmt: skip
        if points or code in ground.points.strays:
            answers.take(kind_of(code), None, lambda make=make, code=code: make(tops(ground, code), None))


def balance(ground: Ground, answers: Answers) -> None:
    """What a point has beyond the nearest points below it."""
    for code in AMOUNTS:
        kind = "unaccounted_kwh" if code == "electricity" else f"unaccounted_{kind_of(code)}"
        for point in ground.points.carrying(code):
            if below := ground.points.nearest(point, code):
                answers.take(
                    kind, point.id,
                    lambda kind=kind, point=point, code=code, below=below: _rest(ground, kind, point, code, below),
                )  # fmt: skip


def _rest(ground: Ground, kind: str, point: Point, code: str, below: list[Point]) -> Figure:
    at, under = ground.amounts.at(point, code), [ground.amounts.at(child, code) for child in below]
    sum_ = summed([at, *under], NothingKnown(code))
    rest = at.value - sum((amount.value for amount in under), Fraction(0))
    return ground.figure(
        kind, point.id, upto(rest, 6), AMOUNTS[code], "steelyard/balance/1", sum_.completeness, sum_.substituted,
        sum_.inputs, [part(amount) for amount in [at, *under]],
    )  # fmt: skip


def _total(ground: Ground, codes: tuple[str, ...], of: Callable[[str, int], tuple[str, Fraction]]) -> Total:
    """Sum of amounts · of(quantity, year), which gives the record's id and the number to multiply with."""
    carried = tuple(code for code in codes if ground.points.carrying(code) or code in ground.points.strays)
    if not carried:
        raise InsufficientData(NothingOf(codes))
    found = [amount for code in carried for amount in tops(ground, code)]
    sum_ = summed(found, NothingKnown(AnyOf(carried)))
    value, parts, used = Fraction(0), [], set()
    for amount in found:
        for (year, record, by), share in sorted(_by_year(ground, amount, of).items()):
            value += share * by
            used.add(record)
            parts.append(part(amount, {"year": year, "factor": record}, share))
    return Total(value, sum_, parts, used)


def _by_year(
    ground: Ground, amount: Amount, of: Callable[[str, int], tuple[str, Fraction]]
) -> dict[tuple[int, str, Fraction], Fraction]:
    """The amount cut by the years of its hours and rows, with the factor of each; hours are looked at first."""
    years: dict[int, Fraction] = {}
    for piece in sorted(amount.pieces, key=lambda piece: (piece.class_ == "", piece.from_)):
        first, last = ground.days.year(piece.from_), ground.days.year(max(piece.to - 1, piece.from_))
        if first != last and len({of(amount.quantity, year)[0] for year in range(first, last + 1)}) > 1:
            point = amount.point or ""
            raise InsufficientData(RowInTwoYears(amount.quantity, point, written(piece.from_)))
        years[first] = years.get(first, Fraction(0)) + piece.value
    return {(year, *of(amount.quantity, year)): value for year, value in sorted(years.items())}


def coal(ground: Ground) -> Total:
    """t of coal equivalent."""
    for point in ground.points.steam():
        if "heat" not in point.carries:
            raise InsufficientData(SteamWithoutEnthalpy(point.id))

    def of(code: str, year: int) -> tuple[str, Fraction]:
        record = ground.factors.of_table("coal", code, year)
        unit, each = COAL_UNITS[AMOUNTS[code]]
        if record.get("unit") != unit:
            raise InsufficientData(f"factor {record['id']} is in {record.get('unit')}, not in {unit}")
        return record["id"], factor_value(record) * each / 1000

    return _total(ground, COAL, of)


def scope1(ground: Ground) -> Total:
    """t of CO2 of fuels."""

    def of(code: str, year: int) -> tuple[str, Fraction]:
        record = ground.factors.of_table("combustion", code, year)
        if record.get("unit") != AMOUNTS[code]:
            raise InsufficientData(NoTerms(record["id"], AMOUNTS[code], code))
        per, ncv, cc, oxidised = (factor_value(record, key) for key in ("per", "ncv", "cc", "of"))
        if per <= 0 or not 0 <= oxidised <= 1:
            raise InsufficientData(f"factor {record['id']} has numbers that cannot be")
        return record["id"], ncv * cc * oxidised / per * Fraction(44, 12)

    return _total(ground, FUELS, of)


def scope2(ground: Ground) -> Total:
    """t of CO2 of electricity and heat that were bought."""

    def of(code: str, year: int) -> tuple[str, Fraction]:
        record = ground.factors.grid(year) if code == "electricity" else ground.factors.heat(year)
        unit, each = ("kg{CO2}/kW.h", 1000) if code == "electricity" else ("t{CO2}/GJ", 1)
        if record.get("unit") != unit:
            raise InsufficientData(f"factor {record['id']} is in {record.get('unit')}, not in {unit}")
        return record["id"], factor_value(record) / each

    if ground.factors.choice is None:
        raise InsufficientData(NoFactorsChosen())
    return _total(ground, ("electricity", "heat"), of)


TOTALS = {
    "energy_tce": ("steelyard/tce/1", coal),
    "scope1_tco2e": ("steelyard/scope1/1", scope1),
    "scope2_tco2": ("steelyard/scope2/1", scope2),
}


def totals(ground: Ground, answers: Answers) -> None:
    """Coal equivalent and the two scopes, each once."""
    for kind, (method, work) in TOTALS.items():

        def make(kind: str = kind, method: str = method, work: Callable[[Ground], Total] = work) -> Figure:
            total = work(ground)
            return ground.figure(
                kind, None, fixed(total.value, 3), TONNES[kind], method, total.sum.completeness,
                total.sum.substituted, total.sum.inputs, total.parts, total.factors,
            )  # fmt: skip

        answers.take(kind, None, make)
