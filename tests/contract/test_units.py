"""Factors between units are exact fractions, and only between units of one kind."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from contract import units
from contract.errors import BadInput

# (from, to, factor), worked out by hand from the definitions of the units.
KNOWN = [
    ("kW.h", "MJ", Fraction(36, 10)),
    ("MJ", "kW.h", Fraction(10, 36)),
    ("MW.h", "kW.h", Fraction(1000)),
    ("GJ", "kW.h", Fraction(2500, 9)),
    ("W.h", "J", Fraction(3600)),
    ("kJ", "J", Fraction(1000)),
    ("MW", "kW", Fraction(1000)),
    ("kV.A", "V.A", Fraction(1000)),
    ("L", "m3", Fraction(1, 1000)),
    ("L/s", "m3/h", Fraction(36, 10)),
    ("m3/h", "L/s", Fraction(10, 36)),
    ("t/h", "kg/h", Fraction(1000)),
    ("t", "kg", Fraction(1000)),
    ("g", "kg", Fraction(1, 1000)),
    ("ug/L", "mg/L", Fraction(1, 1000)),
    ("mg/m3", "ug/L", Fraction(1)),
    ("m/min", "m/s", Fraction(1, 60)),
    ("mm/s", "m/min", Fraction(6, 100)),
    ("mm", "m", Fraction(1, 1000)),
    ("r/min", "Hz", None),
    ("bar", "kPa", Fraction(100)),
    ("MPa", "bar", Fraction(10)),
    ("h", "min", Fraction(60)),
    ("%", "1", Fraction(1, 100)),
    ("mA", "A", Fraction(1, 1000)),
    ("kV", "V", Fraction(1000)),
    ("Cel", "K", None),
    ("m3{std}", "m3", None),
    ("m3{std}/h", "m3/h", None),
    ("kV.A", "kW", None),
    ("kV.A", "kV.A{reactive}", None),
    ("kW", "kW.h", None),
    ("{count}", "1", None),
]


@pytest.mark.parametrize("from_, to, factor", KNOWN)
def test_known_factors(from_: str, to: str, factor: Fraction | None) -> None:
    if factor is None:
        with pytest.raises(BadInput, match="no factor"):
            units.factor(from_, to)
        return
    found = units.factor(from_, to)
    assert isinstance(found, Fraction)
    assert found == factor


def test_factors_compose_and_turn_round() -> None:
    codes = units.codes()
    alike = [(a, b) for a, b in product(codes, codes) if units.dimension(a) == units.dimension(b)]
    for a, b in alike:
        assert units.factor(a, b) * units.factor(b, a) == 1
        for c in codes:
            if (b, c) in alike:
                assert units.factor(a, b) * units.factor(b, c) == units.factor(a, c)
    assert all(units.known(code) and units.factor(code, code) == 1 for code in codes)


@pytest.mark.parametrize("code", ["", "kWh", "kw.h", "KW", "°C", "kW.h ", "m³"])
def test_unknown_codes_are_named(code: str) -> None:
    assert not units.known(code)
    with pytest.raises(BadInput, match="unknown unit"):
        units.factor(code, "J")
    with pytest.raises(BadInput, match=r"kW\.h"):
        units.dimension(code)
