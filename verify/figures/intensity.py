"""Energy, emissions and electricity for each unit of product (docs/methods.md, Intensity)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from verify.figures.amounts import Amount, Sum, summed
from verify.figures.energy import Total, coal, part, scope1, scope2, tops
from verify.figures.figure import Answers, Figure, Ground
from verify.formats.numbers import upto
from verify.formats.quantities import AMOUNTS, FUELS, PRODUCTION
from verify.reasons.amounts.messages import NothingKnown, QuantityAtPoint
from verify.reasons.energy.messages import NoProduct, NoRowsAtPoint, NothingEmits
from verify.reasons.reason import InsufficientData
from verify.statements.points import Point


def intensity(ground: Ground, answers: Answers) -> None:
    """Energy, emissions and electricity for each unit of product."""
    for code in PRODUCTION.values():
        unit, suffix = AMOUNTS[code], code.removeprefix("production_")
        if not ground.points.carrying(code):
            continue
        for kind, whose, above in (
            (f"intensity_tce_per_{suffix}", "t{ce}", _energy),
            (f"intensity_tco2e_per_{suffix}", "t{CO2}", _emissions),
        ):
            answers.take(
                kind, None,
                lambda kind=kind, unit=f"{whose}/{unit}", above=above, code=code: _ratio(
                    ground, kind, None, unit, lambda: above(ground), tops(ground, code), code
                ),
            )  # fmt: skip
        for point in ground.points.carrying(code):
            if "electricity" in point.carries:
                answers.take(
                    f"intensity_kwh_per_{suffix}", point.id,
                    lambda suffix=suffix, point=point, unit=f"kW.h/{unit}", code=code: _ratio(
                        ground, f"intensity_kwh_per_{suffix}", point.id, unit,
                        lambda: _electricity(ground, point), [ground.amounts.at(point, code)], code,
                    ),
                )  # fmt: skip


def _energy(ground: Ground) -> Total:
    return coal(ground)


def _emissions(ground: Ground) -> Total:
    """Scope 1 and scope 2; 0 for one of which the site carries no quantity."""
    works = [(scope1, FUELS), (scope2, ("electricity", "heat"))]
    found = [work(ground) for work, codes in works if _carried(ground, codes)]
    if not found:
        raise InsufficientData(NothingEmits())
    sums = [total.sum for total in found]
    both = Sum(
        [amount for sum_ in sums for amount in sum_.parts],
        min(sum_.completeness for sum_ in sums),
        max(sum_.substituted for sum_ in sums),
    )
    parts = [item for total in found for item in total.parts]
    return Total(
        sum((t.value for t in found), Fraction(0)), both, parts, set().union(*(t.factors for t in found))
    )


def _carried(ground: Ground, codes: Iterable[str]) -> bool:
    """Whether a point or a row of the site carries one of the quantities."""
    return any(ground.points.carrying(code) or code in ground.points.strays for code in codes)


def _electricity(ground: Ground, point: Point) -> Total:
    amount = ground.amounts.at(point, "electricity")
    return Total(
        amount.value, summed([amount], NoRowsAtPoint("electricity", point.id)), [part(amount)], set()
    )


def _ratio(
    ground: Ground,
    kind: str,
    point: str | None,
    unit: str,
    of: Callable[[], Total],
    products: list[Amount],
    code: str,
) -> Figure:
    """A figure for each unit of product.

    Raises InsufficientData where production is not known, then where *of* does, then where production is 0.
    """
    what = code if point is None else QuantityAtPoint(code, point)
    sum_, above = summed(products, NothingKnown(what)), of()
    below = sum((amount.value for amount in products), Fraction(0))
    if below == 0:
        raise InsufficientData(NoProduct(code))
    return ground.figure(
        kind, point, upto(above.value / below, 6), unit, "steelyard/intensity/1",
        min(sum_.completeness, above.sum.completeness), max(sum_.substituted, above.sum.substituted),
        above.sum.inputs | sum_.inputs, [*above.parts, *(part(amount) for amount in products)], above.factors,
    )  # fmt: skip
