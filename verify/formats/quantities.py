"""Quantities and units of measure: what adds up, in which unit, and exact factors between units."""

from __future__ import annotations

from fractions import Fraction

from verify.formats.findings import Bad
from verify.formats.messages import ProductionUnitUnfit, UnitUnfit, UnknownQuantity

UNITS: dict[str, tuple[str, Fraction]] = {
    "J": ("energy", Fraction(1)), "kJ": ("energy", Fraction(10**3)), "MJ": ("energy", Fraction(10**6)),
    "GJ": ("energy", Fraction(10**9)), "W.h": ("energy", Fraction(3600)), "kW.h": ("energy", Fraction(3_600_000)),
    "MW.h": ("energy", Fraction(3_600_000_000)), "L": ("volume", Fraction(1, 1000)), "m3": ("volume", Fraction(1)),
    "m3{std}": ("standard volume", Fraction(1)), "g": ("mass", Fraction(1, 1000)), "kg": ("mass", Fraction(1)),
    "t": ("mass", Fraction(1000)), "m": ("length", Fraction(1)), "mm": ("length", Fraction(1, 1000)),
    "{piece}": ("count", Fraction(1)), "{count}": ("count", Fraction(1)), "L/s": ("flow", Fraction(1, 1000)),
    "m3/h": ("flow", Fraction(1, 3600)), "mg/L": ("concentration", Fraction(1)), "ug/L": ("concentration",
    Fraction(1, 1000)), "mg/m3": ("concentration", Fraction(1, 1000)), "[pH]": ("acidity", Fraction(1)),
}  # fmt: skip
AMOUNTS = {
    "electricity": "kW.h", "heat": "GJ", "natural_gas": "m3", "diesel": "t", "gasoline": "t", "fuel_oil": "t",
    "lpg": "t", "raw_coal": "t", "washed_coal": "t", "coke": "t", "water": "m3", "wastewater_volume": "m3",
    "production_t": "t", "production_m": "m", "production_piece": "{piece}",
}  # fmt: skip
LEVELS = {"wastewater_flow": "L/s", "cod": "mg/L", "nh3n": "mg/L", "ph": "[pH]"}
PRODUCTION = {"mass": "production_t", "length": "production_m", "count": "production_piece"}
FUELS = ("natural_gas", "diesel", "gasoline", "fuel_oil", "lpg", "raw_coal", "washed_coal", "coke")
OF_CARRIER = {"electricity": "electricity", "gas": "natural_gas", "water": "water"}
SUFFIX = {"kW.h": "kwh", "GJ": "gj", "m3": "m3", "t": "t"}


def converted(value: Fraction, unit: object, to: str, where: str) -> Fraction:
    """A value in another unit of the same kind; raises Bad where there is no factor."""
    if not isinstance(unit, str) or unit not in UNITS or UNITS[unit][0] != UNITS[to][0]:
        raise Bad(UnitUnfit(str(unit)[:20], to), where)
    return value * UNITS[unit][1] / UNITS[to][1]


def quantity(code: object, unit: object, where: str) -> tuple[str, str]:
    """The quantity of a row and the unit in which it counts: production is three, by its unit."""
    if code == "production":
        kind = UNITS[unit][0] if isinstance(unit, str) and unit in UNITS else ""
        if kind not in PRODUCTION:
            raise Bad(ProductionUnitUnfit(str(unit)[:20]), where)
        return PRODUCTION[kind], AMOUNTS[PRODUCTION[kind]]
    known = AMOUNTS | LEVELS
    if not isinstance(code, str) or code not in known or code in PRODUCTION.values():
        raise Bad(UnknownQuantity(str(code)[:40]), where)
    return code, known[code]


def kind_of(code: str) -> str:
    """The kind of the figure of an amount: electricity_kwh; production_t is its own."""
    return code if code in PRODUCTION.values() else f"{code}_{SUFFIX[AMOUNTS[code]]}"
