"""The worked example of a year against numbers worked out by hand, and what refuses it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounts.figure.factors import Coefficient, Factor, Tables
from cloud.reference import factors
from contract.sites import Factors
from tests.accounts.mill import ask, row, site, year

YEAR = [
    year("main", "electricity", "5000000", "kW.h"),
    year("boiler", "natural_gas", "800000", "m3"),
    year("pipe", "heat", "12000", "GJ"),
    year("trucks", "diesel", "30", "t"),
    year("cloth", "production", "18000", "t"),
]
WATER = [
    row(f"2023-06-01T{8 + i:02d}:00:00", f"2023-06-01T{9 + i:02d}:00:00", "outfall", quantity, value, unit)
    for quantity, values, unit in (
        ("wastewater_flow", ("20", "22", "18"), "L/s"),
        ("cod", ("60", "75", "50"), "mg/L"),
    )
    for i, value in enumerate(values)
]


def without(tables: Tables, name: str) -> Tables:
    """The tables with the citation of one record taken away."""

    def bare(record: Factor | Coefficient) -> Factor | Coefficient:
        return replace(record, document=None) if record.id == name else record

    return Tables(tuple(map(bare, tables.grid)), tuple(map(bare, tables.coefficients)))  # type: ignore[arg-type]


def test_the_year_has_the_numbers_of_the_reference() -> None:
    made, refused = ask(site(*YEAR, *WATER))
    values = {kind: made[kind, None].value for kind in ("energy_tce", "scope1_tco2e", "scope2_tco2")}
    assert values == {"energy_tce": "2131.653", "scope1_tco2e": "1822.628", "scope2_tco2": "3973.000"}
    assert (made["cod_kg", "outfall"].value, made["cod_mean_mg_l", "outfall"].value) == ("13.5", "62.5")
    assert made["intensity_tce_per_t", None].value == "0.118425"
    assert made["intensity_tco2e_per_t", None].value == "0.321979"
    assert made["cod_kg", "outfall"].completeness == "0.0003"  # 3 of 8,760 hours
    assert [str(item.why) for item in refused.values()] == ["no tariff is valid on 2023-01-01"]


def test_every_figure_names_its_records_and_a_single_source_is_said() -> None:
    made, _ = ask(site(*YEAR))
    burnt = made["scope1_tco2e", None].fields()
    assert burnt["factors"] == ["cn-burn-diesel", "cn-burn-natural-gas"]
    assert [text.endswith("(single source)") for text in burnt["citations"]].count(True) == 1
    assert [(p["point"], p["value"], p["year"], p["factor"]) for p in burnt["parts"]] == [
        ("boiler", "800000", 2023, "cn-burn-natural-gas"),
        ("trucks", "30", 2023, "cn-burn-diesel"),
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cn-ce-electricity", "energy_tce"), ("cn-ce-natural-gas", "energy_tce"), ("cn-ce-heat", "energy_tce"),
        ("cn-ce-diesel", "energy_tce"), ("cn-burn-natural-gas", "scope1_tco2e"), ("cn-burn-diesel", "scope1_tco2e"),
        ("cn-grid-2023", "scope2_tco2"), ("cn-heat-default", "scope2_tco2"),
    ],
)  # fmt: skip
def test_a_record_without_citation_makes_its_figure_refuse_and_no_other(name: str, kind: str) -> None:
    whole, _ = ask(site(*YEAR))
    made, refused = ask(site(*YEAR), tables=without(factors.tables(), name))
    assert str(refused[kind, None].why) == f"factor {name} has no citation"
    others = {"energy_tce", "scope1_tco2e", "scope2_tco2"} - {kind}
    assert all(made[other, None] == whole[other, None] for other in others)


def test_a_year_before_the_first_published_factor_is_refused() -> None:
    made, refused = ask(site(year("main", "electricity", "1", "kW.h", 2018)), "2018-01-01", "2019-01-01")
    assert "2018: the first is for 2021" in str(refused["scope2_tco2", None].why)
    assert made["energy_tce", None].value == "0.000"


def test_two_years_use_each_its_factor_and_list_both() -> None:
    rows = [year("main", "electricity", "1000000", "kW.h", of) for of in (2022, 2023)]
    made, _ = ask(site(*rows), "2022-01-01", "2024-01-01")
    found = made["scope2_tco2", None].fields()
    assert found["value"] == "1067.200"  # 536.6 + 530.6
    assert found["factors"] == ["cn-grid-2022", "cn-grid-2023"]
    assert [(part["year"], part["factor"]) for part in found["parts"]] == [
        (2022, "cn-grid-2022"), (2023, "cn-grid-2023"),
    ]  # fmt: skip


def test_a_row_over_new_year_refuses_where_the_years_differ_and_only_there() -> None:
    over = row("2022-12-15", "2023-01-15", "main", "electricity", "1000000", "kW.h")
    made, refused = ask(site(over), "2022-12-01", "2023-02-01")
    assert "lies in years with different factors" in str(refused["scope2_tco2", None].why)
    assert made["energy_tce", None].value == "122.900"
    one = site(over, factors=Factors("cn-grid-2021", None, ()))
    assert ask(one, "2022-12-01", "2023-02-01")[0]["scope2_tco2", None].value == "556.800"


def test_fuels_without_a_confirmed_record_refuse_by_name() -> None:
    _, refused = ask(site(year("boiler", "raw_coal", "100", "t"), year("fork", "lpg", "1", "t")))
    assert str(refused["scope1_tco2e", None].why) == "no combustion factor for raw_coal in 2023"
    assert str(refused["energy_tce", None].why) == "no coal factor for lpg in 2023"


def test_a_site_without_factors_statement_has_no_scope_2_but_the_rest() -> None:
    made, refused = ask(site(*YEAR, factors=None))
    assert "chosen no factors" in str(refused["scope2_tco2", None].why)
    assert made["energy_tce", None].value == "2131.653"


def test_choices_of_the_site() -> None:
    province = site(*YEAR, factors=Factors("province", None, ()))
    assert ask(province)[0]["scope2_tco2", None].value == "3807.000"  # 0.4974 and 0.11
    named = site(*YEAR, factors=Factors("national", "cn-nothing", (("diesel", "cn-no-diesel"),)))
    _, refused = ask(named)
    assert (
        str(refused["scope2_tco2", None].why)
        == "the site names factor 'cn-nothing', which is not known as one of heat"
    )
    assert (
        str(refused["scope1_tco2e", None].why) == "the site names factor 'cn-no-diesel', which is not known"
    )


def test_units_that_people_use_come_to_the_same() -> None:
    other = [year("main", "electricity", "5000", "MW.h"), year("pipe", "heat", "12000000", "MJ"),
             year("boiler", "natural_gas", "800000000", "L"), year("trucks", "diesel", "30000", "kg")]  # fmt: skip
    made, _ = ask(site(*other))
    whole, _ = ask(site(*YEAR))
    for kind in ("energy_tce", "scope1_tco2e", "scope2_tco2"):
        assert made[kind, None].value == whole[kind, None].value


def test_an_id_is_the_hash_of_the_question() -> None:
    import hashlib

    made, _ = ask(site(*YEAR))
    identity = '["mill","energy_tce",null,"2023-01-01","2024-01-01","steelyard/tce/1"]'
    assert made["energy_tce", None].id == hashlib.sha256(identity.encode()).hexdigest()[:16]
