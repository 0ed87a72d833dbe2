"""Energy and carbon against numbers worked out by hand, and the refusals."""

from __future__ import annotations

from decimal import Decimal

from accounts.figure.carbon import Carbon, carbon
from accounts.figure.factors import Document, Factor, select
from accounts.figure.messages import NoFactorDeclared, NoGridFactor, NoProvince, UnknownFactor
from accounts.figure.rounding import Energy, NoFigure, energy, plain, share
from contract import units

DOCUMENT = Document("doc", "公告 2025年第47号", "生态环境部、国家统计局", "2025-12-31")


def factor(year: int, value: str = "0.4974", level: str = "province", trust: str = "R") -> Factor:
    return Factor(f"f-{year}", value, "kg{CO2}/kW.h", year, level, "浙江", DOCUMENT, trust)


def test_energy_is_exact_in_the_meters_own_step() -> None:
    assert plain(energy(95_963_671, "0.01", "kW.h").value) == "959636.71"
    assert plain(energy(10**30 + 1, "0.001", "m3").value) == "1" + "0" * 27 + ".001"
    assert plain(energy(3, "1e3", "kW.h").value) == "3000"


def test_carbon_has_three_decimals_half_even() -> None:
    def tonnes(kwh: str, unit: str = "kW.h") -> str:
        found = carbon(Energy(Decimal(kwh), unit), "electricity", factor(2023, "0.5"))
        assert isinstance(found, Carbon)
        return plain(found.value)

    assert [tonnes(kwh) for kwh in ("1", "2", "3", "5", "7")] == ["0.000", "0.001", "0.002", "0.002", "0.004"]
    assert tonnes("1", "MW.h") == "0.500"
    assert tonnes("3600", "MJ") == tonnes("1000") == "0.500"


def test_the_worked_example_of_five_million_kilowatt_hours() -> None:
    found = carbon(Energy(Decimal("5000000"), "kW.h"), "electricity", factor(2023, "0.5306"))
    assert isinstance(found, Carbon)
    assert (plain(found.value), found.unit) == ("2653.000", "t")


def test_other_carriers_units_and_missing_factors_are_refused() -> None:
    steam = Energy(Decimal(1), "t")
    assert carbon(steam, "steam", factor(2023)) == NoFigure(NoFactorDeclared())
    assert carbon(steam, None, factor(2023)) == NoFigure(NoFactorDeclared())
    assert isinstance(carbon(steam, "electricity", factor(2023)), NoFigure)
    assert carbon(Energy(Decimal(1), "kW.h"), "electricity", NoProvince()) == NoFigure(NoProvince())
    assert units.factor("GJ", "kW.h") * 36 == 10000


def test_the_newest_year_not_later_than_the_datas_is_taken() -> None:
    known = [factor(2021), factor(2023), factor(2022)]
    found = [select(known, None, "浙江", year) for year in (2020, 2021, 2022, 2026)]
    assert [each.year if isinstance(each, Factor) else None for each in found] == [
        None, 2021, 2022, 2023,
    ]  # fmt: skip
    assert (
        str(select(known, None, "浙江", 2018))
        == "no published grid factor for 浙江 for 2018: the first is for 2021"
    )


def test_another_place_is_never_a_substitute_and_a_named_factor_holds_for_every_year() -> None:
    known = [factor(2021), factor(2023, level="national")]
    assert str(select(known, None, "西藏", 2024)) == "no published grid factor for 西藏"
    assert str(select(known, None, None, 2024)) == "the site has no province and names no factor"
    assert getattr(select(known, "f-2021", "西藏", 2018), "id", None) == "f-2021"
    assert getattr(select(known, "national", "西藏", 2024), "id", None) == "f-2023"
    assert str(select(known, "f-1999", "浙江", 2024)) == "the site names factor 'f-1999', which is not known"


def test_marks_from_memory_are_off_and_a_single_source_says_so() -> None:
    assert isinstance(select([factor(2023, trust="M")], None, "浙江", 2024), NoGridFactor)
    assert isinstance(select([factor(2023, trust="X")], "f-2023", "浙江", 2024), UnknownFactor)
    assert factor(2023, trust="R1").citation.endswith("(single source)")
    assert factor(2023).citation == "生态环境部、国家统计局, 公告 2025年第47号, 2025-12-31"


def test_a_share_shows_as_one_only_when_it_is() -> None:
    from fractions import Fraction

    assert [share(Fraction(n, 3600)) for n in (0, 3300, 3600)] == ["0.0000", "0.9166", "1.0000"]
    assert share(Fraction(3_599_999, 3_600_000)) == "0.9999"
