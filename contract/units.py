"""Units of measure: the UCUM codes in use and exact factors between them.

Codes follow the Unified Code for Units of Measure (UCUM); annotations in braces say what is counted.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from contract.errors import BadInput
from contract.messages import NoFactorBetweenUnits, UnknownUnit

_J = Fraction(1)
_EXACT: dict[str, tuple[str, Fraction]] = {
    # code: (dimension, factor to the dimension's base unit)
    "1": ("ratio", Fraction(1)),
    "%": ("ratio", Fraction(1, 100)),
    "{count}": ("count", Fraction(1)),
    "{piece}": ("count", Fraction(1)),
    "{state}": ("state", Fraction(1)),
    "[pH]": ("acidity", Fraction(1)),
    "s": ("time", Fraction(1)),
    "min": ("time", Fraction(60)),
    "h": ("time", Fraction(3600)),
    "Hz": ("frequency", Fraction(1)),
    "J": ("energy", _J),
    "kJ": ("energy", _J * 10**3),
    "MJ": ("energy", _J * 10**6),
    "GJ": ("energy", _J * 10**9),
    "W.h": ("energy", _J * 3600),
    "kW.h": ("energy", _J * 3600 * 10**3),
    "MW.h": ("energy", _J * 3600 * 10**6),
    "W": ("power", Fraction(1)),
    "kW": ("power", Fraction(10**3)),
    "MW": ("power", Fraction(10**6)),
    "V.A": ("apparent power", Fraction(1)),
    "kV.A": ("apparent power", Fraction(10**3)),
    "kV.A{reactive}": ("reactive power", Fraction(10**3)),
    "V": ("voltage", Fraction(1)),
    "kV": ("voltage", Fraction(10**3)),
    "A": ("current", Fraction(1)),
    "mA": ("current", Fraction(1, 10**3)),
    "L": ("volume", Fraction(1, 10**3)),
    "m3": ("volume", Fraction(1)),
    "m3{std}": ("standard volume", Fraction(1)),
    "L/s": ("volume flow", Fraction(1, 10**3)),
    "m3/h": ("volume flow", Fraction(1, 3600)),
    "m3{std}/h": ("standard volume flow", Fraction(1, 3600)),
    "g": ("mass", Fraction(1, 10**3)),
    "kg": ("mass", Fraction(1)),
    "t": ("mass", Fraction(10**3)),
    "kg/h": ("mass flow", Fraction(1, 3600)),
    "t/h": ("mass flow", Fraction(1000, 3600)),
    "mg/L": ("mass concentration", Fraction(1, 10**3)),
    "ug/L": ("mass concentration", Fraction(1, 10**6)),
    "mg/m3": ("mass concentration", Fraction(1, 10**6)),
    "m": ("length", Fraction(1)),
    "mm": ("length", Fraction(1, 10**3)),
    "m/s": ("speed", Fraction(1)),
    "m/min": ("speed", Fraction(1, 60)),
    "mm/s": ("speed", Fraction(1, 10**3)),
    "r/min": ("rotation", Fraction(1, 60)),
    "Cel": ("temperature", Fraction(1)),
    "K": ("temperature difference", Fraction(1)),
    "Pa": ("pressure", Fraction(1)),
    "kPa": ("pressure", Fraction(10**3)),
    "MPa": ("pressure", Fraction(10**6)),
    "bar": ("pressure", Fraction(10**5)),
}


def known(code: str) -> bool:
    """Whether *code* is a unit that Steelyard knows."""
    return code in _EXACT


def codes() -> list[str]:
    """Every known unit code, sorted."""
    return sorted(_EXACT)


def dimension(code: str) -> str:
    """The dimension of a unit, such as ``energy``. Raises BadInput for an unknown code."""
    return _entry(code)[0]


@cache
def factor(from_: str, to: str) -> Fraction:
    """The exact number by which a value in *from_* is multiplied to be in *to*.

    Raises BadInput when a code is unknown or the dimensions differ; a temperature is no temperature difference.
    """
    (kind_a, a), (kind_b, b) = _entry(from_), _entry(to)
    if kind_a != kind_b:
        raise BadInput(NoFactorBetweenUnits(from_, kind_a, to, kind_b))
    return a / b


def _entry(code: str) -> tuple[str, Fraction]:
    try:
        return _EXACT[code]
    except KeyError:
        raise BadInput(UnknownUnit(code, tuple(codes()))) from None
