"""CO2 of an amount by a factor, against decimals worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from accounts.figure.carbon import Carbon, carbon, of_electricity, published, tonnes
from accounts.figure.factors import Coefficient, Document, Factor, Terms
from accounts.figure.messages import FactorOfOtherUnit
from accounts.figure.rounding import Energy, NoFigure
from contract.errors import BadInput

DOCUMENT = Document("doc", "title", "issuer", "2025-12-31")
GRID = Factor("grid", "0.5366", "kg{CO2}/kW.h", 2023, "national", "national grid", DOCUMENT, "V")
HEAT = Coefficient("heat", "heat", "heat", "0.11", "t{CO2}/GJ", DOCUMENT, "V")
GAS = replace(HEAT, id="gas", table="combustion", unit="m3", terms=Terms("389.31", "10000", "0.0153", "0.99"))


def test_a_grid_factor_heat_and_a_fuel_give_tonnes() -> None:
    assert tonnes(Fraction(1_000_000), GRID) == Fraction("536.6")
    assert tonnes(Fraction(250), HEAT) == Fraction("27.5")
    assert published(tonnes(Fraction(20_000), GAS)) == Decimal(
        "43.244"
    )  # 2 * 389.31 * 0.0153 * 0.99 * 44 / 12


def test_tonnes_are_rounded_once_half_even() -> None:
    one = replace(GRID, value="1")
    assert [published(tonnes(Fraction(text), one)) for text in ("2.5", "3.5", "-1000")] == [
        Decimal("0.002"), Decimal("0.004"), Decimal("-1.000"),
    ]  # fmt: skip


def test_a_factor_that_is_not_for_electricity_makes_no_figure() -> None:
    other = replace(GRID, unit="t{CO2}/GJ")
    why = FactorOfOtherUnit("grid", "t{CO2}/GJ", "kg{CO2}/kW.h")
    with pytest.raises(BadInput) as caught:
        of_electricity(Fraction(1), "MW.h", other)
    assert caught.value.message == why
    assert carbon(Energy(Decimal(1), "MW.h"), "electricity", other) == NoFigure(why)
    assert carbon(Energy(Decimal(1), "MW.h"), "electricity", GRID) == Carbon(Decimal("0.537"), GRID)
