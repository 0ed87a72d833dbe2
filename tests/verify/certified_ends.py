"""The intervals of a certificate in plain numbers, written from docs/methods-replacement.md for tests alone.

A project of the invented mill whose energy cost is its avoided energy at a price, and whose energy a unit of product is
that of its rows. Money is worked out in fractions, the rate of return by SciPy's root finder, the spread of a ratio by
NumPy and SciPy.
"""

from __future__ import annotations

import copy
import math
from datetime import timedelta
from fractions import Fraction
from typing import Any

import numpy as np
from scipy import optimize, stats  # type: ignore[import-untyped]

from tests.verify.make_packs import BASELINE, FIRST, LAST, Piece, begin
from tests.verify.plain_figures import Plain

Json = dict[str, Any]
Figures = dict[str, tuple[str | None, list[str | None] | None]]
OTHERS = {"effect.labour": 548_000, "effect.scrap": 90_000, "effect.added": -60_000}
INVESTMENT, RESIDUAL, YEARS, RATE = 1_200_000, 100_000, 5, Fraction(8, 100)


def project(plain: Json, product: str, price: str) -> Json:
    """A project with its energy cost at a price and its energy a unit from rows."""
    made = copy.deepcopy(plain)
    made["money"]["costs"]["energy"] = {"at": "avoided-energy", "price": f"{price} CNY/kWh"}
    made["per_unit"] = {"product_unit": product, "output": "production"}
    return made


def money(published: list[str], price: str) -> Figures:
    """Value and interval of every figure of the money that follows from the avoided energy, by kind.

    None: a figure or an end that does not exist.
    """
    days = (LAST - FIRST).days
    kwh, low, high = (Fraction(text) * 365 / days for text in published)
    effect = kwh * Fraction(price)
    saving = sum(OTHERS.values()) + effect
    ends = sorted(saving + (end - kwh) * Fraction(price) for end in (low, high))
    made: Figures = {"effect.energy": (_cents(effect), None)}
    made["yearly_saving"] = (_cents(saving), [_cents(end) for end in ends])
    made["npv"] = (_cents(_npv(saving, RATE)), [_cents(_npv(end, RATE)) for end in ends])
    made["irr"] = (_six(_irr(saving)), [_six(_irr(end)) for end in ends])
    made["payback_years"] = (_paid(saving), [_paid(end) for end in reversed(ends)])
    made["discounted_payback_years"] = (_recovered(saving), [_recovered(end) for end in reversed(ends)])
    return made


def _paid(saving: Fraction) -> str | None:
    return _six(INVESTMENT / saving) if saving > 0 else None


def _npv(saving: Fraction, rate: Any) -> Any:
    """By the closed form of an annuity."""
    grown = (1 + rate) ** YEARS
    annuity = YEARS if rate == 0 else (1 - 1 / grown) / rate
    return -INVESTMENT + saving * annuity + RESIDUAL / grown


def _irr(saving: Fraction) -> float:
    found = optimize.brentq(lambda rate: float(_npv(saving, rate)), -0.9, 10.0, xtol=1e-15, rtol=1e-14)
    return float(found) * 100


def _recovered(saving: Fraction) -> str | None:
    """The discounted payback of even flows; only the residual value comes at once."""
    paid, year = Fraction(0), 0
    while year < YEARS and paid + saving / (1 + RATE) ** (year + 1) < INVESTMENT:
        year += 1
        paid += saving / (1 + RATE) ** year
    if year < YEARS:
        return _six(year + (INVESTMENT - paid) * (1 + RATE) ** (year + 1) / saving)
    return _six(YEARS) if _npv(saving, RATE) >= 0 else None


def each(plain: Plain, factor: Fraction) -> Figures:
    """Value and interval of energy and CO2 a unit, before and after, by kind; and what the machines avoided."""
    energy = {piece.from_: piece for piece in plain.mill.has["line", "electricity"]}
    cloth = {piece.from_: piece for piece in plain.mill.has["cloth", plain.production]}
    spans = {
        "before": (begin(BASELINE[0]), begin(BASELINE[1] + timedelta(days=1))),
        "after": (begin(FIRST), begin(LAST)),
    }
    made: Figures = {}
    ratios = []
    output = Fraction(0)
    for when, (start, end) in spans.items():
        days = sorted(day for day in energy if start <= day < end)
        output = sum((cloth[day].value for day in days), Fraction(0))
        ratio = sum((energy[day].value for day in days), Fraction(0)) / output
        ratios.append(ratio)
        ends = _ratio_ends([energy[day] for day in days], [cloth[day] for day in days], float(ratio))
        made[f"per_unit.{when}.kwh"] = (_six(ratio), [_six(one) for one in ends])
        value, *tonnes = (_six(Fraction(one) * factor / 1000) for one in (ratio, *ends))
        made[f"per_unit.{when}.tco2"] = (value, [*tonnes])
    saved = (ratios[0] - ratios[1]) * output * factor / 1000
    made["per_unit.tco2_avoided"] = (f"{float(saved):.3f}", None)
    return made


def _ratio_ends(energy: list[Piece], cloth: list[Piece], ratio: float) -> tuple[float, float]:
    used, made = (np.array([float(piece.value) for piece in pieces]) for pieces in (energy, cloth))
    off, n = used - ratio * made, len(used)
    rho = float(stats.pearsonr(off[1:], off[:-1])[0])
    counted = n * (1 - rho) / (1 + rho) if rho > 0 else n
    half = stats.t.ppf(0.95, n - 1) * off.std(ddof=1, mean=0.0) / (made.mean() * math.sqrt(counted))
    return ratio - float(half), ratio + float(half)


def _cents(value: Any) -> str:
    whole = round(Fraction(value) * 100)
    return f"{'-' if whole < 0 else ''}{abs(whole) // 100}.{abs(whole) % 100:02d}"


def _six(value: Any) -> str:
    """Six significant digits, zeros at the end kept."""
    number = float(value)
    places = max(0, 5 - math.floor(math.log10(abs(number))))
    return f"{number:.{places}f}"
