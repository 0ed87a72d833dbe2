"""What a plant's import may speak of: the quantity codes, the units each may have, and how people write units."""

from __future__ import annotations

from dataclasses import dataclass

from contract import units
from contract.errors import BadInput
from contract.messages import UnknownQuantity, UnknownUnitHere


@dataclass(frozen=True)
class Quantity:
    """One quantity. unit: the one figures use; dimensions: those its values may have (contract/units.py).

    amount: what flowed in an interval, which adds up; otherwise a mean over an interval or a sample at a moment.
    most: highest value that can be true, in *unit*; None for no bound. Nothing here may be below zero.
    """

    code: str
    unit: str
    dimensions: tuple[str, ...]
    amount: bool
    zh: str
    en: str
    most: int | None = None


def _amount(code: str, unit: str, zh: str, en: str, *more: str) -> Quantity:
    return Quantity(code, unit, (units.dimension(unit), *more), True, zh, en)


def _level(code: str, unit: str, zh: str, en: str, most: int | None = None) -> Quantity:
    return Quantity(code, unit, (units.dimension(unit),), False, zh, en, most)


QUANTITIES: dict[str, Quantity] = {
    item.code: item
    for item in (
        _amount("electricity", "kW.h", "电力", "electricity"),
        _amount("heat", "GJ", "热力", "heat"),
        _amount("natural_gas", "m3", "天然气", "natural gas"),
        _amount("diesel", "t", "柴油", "diesel"),
        _amount("gasoline", "t", "汽油", "gasoline"),
        _amount("fuel_oil", "t", "燃料油", "fuel oil"),
        _amount("lpg", "t", "液化石油气", "liquefied petroleum gas"),
        _amount("raw_coal", "t", "原煤", "raw coal"),
        _amount("washed_coal", "t", "洗精煤", "washed coal"),
        _amount("coke", "t", "焦炭", "coke"),
        _amount("water", "m3", "新水", "water"),
        _amount("production", "t", "产量", "production", "length", "count"),
        _amount("wastewater_volume", "m3", "废水量", "wastewater volume"),
        _level("wastewater_flow", "L/s", "废水流量", "wastewater flow"),
        _level("cod", "mg/L", "化学需氧量", "chemical oxygen demand"),
        _level("nh3n", "mg/L", "氨氮", "ammonia nitrogen"),
        _level("ph", "[pH]", "pH 值", "pH", 14),
    )
}
"""Every quantity by its code."""

OF_CARRIER = {"electricity": "electricity", "gas": "natural_gas", "water": "water"}
"""The quantity that a meter's carrier is; steam is a mass without enthalpy, so it is none."""

ALIASES = {
    "kWh": "kW.h",
    "KWH": "kW.h",
    "kwh": "kW.h",
    "度": "kW.h",
    "千瓦时": "kW.h",
    "MWh": "MW.h",
    "兆瓦时": "MW.h",
    "Wh": "W.h",
    "吉焦": "GJ",
    "m³": "m3",
    "m^3": "m3",
    "㎥": "m3",
    "立方米": "m3",
    "l/s": "L/s",
    "m³/h": "m3/h",
    "吨": "t",
    "公斤": "kg",
    "千克": "kg",
    "米": "m",
    "mg/l": "mg/L",
    "毫克/升": "mg/L",
    "µg/L": "ug/L",
    "μg/L": "ug/L",
    "pH": "[pH]",
    "PH": "[pH]",
    "pcs": "{piece}",
    "pc": "{piece}",
    "件": "{piece}",
    "℃": "Cel",
    "°C": "Cel",
}
"""Units as people write them -> the UCUM code. Letters that change the meaning (mW, MW) have no alias."""


def unit(text: str) -> str:
    """The UCUM code of a unit as a person wrote it. Raises BadInput for one that is not known."""
    code = ALIASES.get(text, text)
    if not units.known(code):
        raise BadInput(UnknownUnitHere(text[:40]))
    return code


def quantity(code: str) -> Quantity:
    """The quantity of a code. Raises BadInput, naming the known ones."""
    try:
        return QUANTITIES[code]
    except KeyError:
        raise BadInput(UnknownQuantity(code[:40], tuple(QUANTITIES))) from None


def fits(of: Quantity, code: str) -> bool:
    """Whether values of a quantity may be in a unit (a UCUM code that is known)."""
    return units.dimension(code) in of.dimensions
