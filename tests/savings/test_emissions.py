"""The emission twin: one factor for both periods, rounded once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.figure.factors import Document, Factor
from accounts.savings import emission_twin
from contract.errors import BadInput


def factor(value: str, unit: str = "kg{CO2}/kW.h") -> Factor:
    document = Document("notice", "a notice", "a ministry", "2024-12-20")
    return Factor("a", value, unit, 2022, "national", "national grid", document, "R")


def test_the_worked_saving_in_tonnes() -> None:
    assert emission_twin(221917.1653, factor("0.5366")) == Decimal("119.081")  # 119.08075... t
    assert emission_twin(Decimal("-1000"), factor("0.5366")) == Decimal("-0.537")
    assert emission_twin(Decimal("221.9171653"), factor("0.5366"), "MW.h") == Decimal("119.081")


def test_one_factor_for_both_periods() -> None:
    # The twin of the difference is the difference of what both periods weigh under the same factor.
    one = factor("0.5")
    assert emission_twin(1000, one) == emission_twin(9000, one) - emission_twin(8000, one) == Decimal("0.500")


def test_half_is_rounded_to_even() -> None:
    assert emission_twin(Decimal("2.5"), factor("1")) == Decimal("0.002")
    assert emission_twin(Decimal("3.5"), factor("1")) == Decimal("0.004")


def test_other_units_are_refused() -> None:
    with pytest.raises(BadInput):
        emission_twin(1, factor("1"), "m3")
    with pytest.raises(BadInput, match="needs kg"):
        emission_twin(1, factor("1", "t{CO2}/GJ"))
