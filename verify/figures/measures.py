"""Numbers with their units as a replacement project has them: `528000 CNY/a`, `0.5 min/t` (methods-replacement.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from verify.figures.messages import NoOutputUnit, NotAMeasure, OtherUnit, UnitsUnfit
from verify.formats.findings import Bad
from verify.formats.numbers import number
from verify.formats.quantities import UNITS

FORM = re.compile(r"(-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,12})?) ([^\s]{1,40})")
OTHERS: dict[str, tuple[str, Fraction]] = {
    "s": ("time", Fraction(1)), "min": ("time", Fraction(60)), "h": ("time", Fraction(3600)),
    "d": ("calendar", Fraction(1)), "a": ("calendar", Fraction(365)),
    "1": ("ratio", Fraction(1)), "%": ("ratio", Fraction(1, 100)),
}  # fmt: skip
SPELT = {
    "kWh": "kW.h", "KWH": "kW.h", "kwh": "kW.h", "度": "kW.h", "千瓦时": "kW.h", "MWh": "MW.h", "兆瓦时": "MW.h",
    "Wh": "W.h", "吉焦": "GJ", "m³": "m3", "m^3": "m3", "㎥": "m3", "立方米": "m3", "吨": "t", "公斤": "kg",
    "千克": "kg", "米": "m", "pcs": "{piece}", "pc": "{piece}", "件": "{piece}", "person": "{person}",
    "人": "{person}", "年": "a", "元": "CNY",
}  # fmt: skip


def _parts(unit: str) -> list[str]:
    return [SPELT.get(part, part) for part in unit.split("/")]


def unit_of(text: object, where: str) -> str:
    """The code of a unit as a person spelt it; raises Bad where it is no unit of output."""
    code = SPELT.get(text, text) if isinstance(text, str) else ""
    if UNITS.get(code, ("",))[0] not in ("mass", "length", "volume", "count"):
        raise Bad(NoOutputUnit(str(text)[:20]), where)
    return code


def split(text: object, where: str) -> tuple[Fraction, str]:
    """The number and the unit of a text, the unit in codes; raises Bad."""
    found = FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Bad(NotAMeasure(), where)
    return number(found[1], where), "/".join(_parts(found[2]))


def measure(text: object, unit: str, where: str) -> Fraction:
    """The amount that a text gives, in a unit; raises Bad where it is in another kind of unit."""
    value, given_unit = split(text, where)
    have, want = given_unit.split("/"), _parts(unit)
    if len(have) != len(want):
        raise Bad(OtherUnit(given_unit, unit), where)
    for place, (one, other) in enumerate(zip(have, want, strict=True)):
        times = _times(one, other, where)
        value = value / times if place else value * times
    return value


def _times(have: str, want: str, where: str) -> Fraction:
    """How many of the wanted unit one of the other is."""
    if have == want:
        return Fraction(1)
    known = {**UNITS, **OTHERS}
    if have not in known or want not in known or known[have][0] != known[want][0]:
        raise Bad(UnitsUnfit(have, want), where)
    return known[have][1] / known[want][1]


def given(of: Mapping[str, Any] | None, key: str, unit: str, where: str) -> Fraction | None:
    """The number of a key in a unit, None where nobody gave one; raises Bad."""
    text = None if of is None else of.get(key)
    return None if text is None else measure(text, unit, f"{where}.{key}")
