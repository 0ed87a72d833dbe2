"""Energy and CO2: a unit of output, one factor for both periods, the grid apart, the avoided energy."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from accounts import replacement
from accounts.figure.factors import Document
from accounts.replacement import read
from accounts.savings import Period, Table, evaluate
from tests.replacement import worked
from tests.savings import worked as savings

ZHEJIANG = {
    f"cn-grid-{year}-zhejiang": worked.FACTORS[f"cn-grid-{year}-zhejiang"].value for year in (2022, 2023)
}
OLD, NEW = (Decimal(value) for value in ZHEJIANG.values())


def test_kwh_and_tonnes_a_unit_by_one_factor() -> None:
    found = worked.found(per_unit=worked.PER_UNIT, emissions={"factor": "cn-grid-2023-zhejiang"})
    each = found["per_unit"]
    assert (each["before"]["kwh"], each["after"]["kwh"]) == ("100.000", "80.0000")
    assert Decimal(each["before"]["tco2"]) == Decimal("0.1") * NEW
    assert Decimal(each["after"]["tco2"]) == Decimal("0.08") * NEW
    assert Decimal(each["tco2_avoided"]) == (240 * NEW).quantize(Decimal("0.001"))
    assert each["grid_effect"] is None and "grid_effect" in found["not_asked"]
    assert each["factor"]["id"] == "cn-grid-2023-zhejiang" and "公告" in each["factor"]["citation"]


def test_the_grid_is_reported_apart_and_both_effects_add_up() -> None:
    emissions = {
        "factor": "cn-grid-2023-zhejiang",
        "factor_before": "cn-grid-2022-zhejiang",
        "factor_after": "cn-grid-2023-zhejiang",
    }
    each = worked.found(per_unit=worked.PER_UNIT, emissions=emissions)["per_unit"]
    grid = Decimal(each["grid_effect"]["tco2"])
    assert grid == (1200 * (OLD - NEW)).quantize(Decimal("0.001"))
    whole = 1200 * OLD - 960 * NEW
    assert abs(grid + Decimal(each["tco2_avoided"]) - whole) <= Decimal("0.001")
    alone = worked.found(per_unit=worked.PER_UNIT, emissions={"factor": "cn-grid-2023-zhejiang"})
    assert alone["per_unit"]["tco2_avoided"] == each["tco2_avoided"]  # the grid's change is no saving


def test_a_missing_factor_is_named() -> None:
    found = worked.found(per_unit=worked.PER_UNIT)
    assert found["per_unit"]["after"] == {
        "energy": "960000", "output": "12000", "kwh": "80.0000", "kwh_interval": None, "tco2": None,
        "tco2_interval": None,
    }  # fmt: skip
    assert worked.refused(found)["per_unit.tco2_avoided"] == "no emissions.factor is given"
    half = worked.found(
        per_unit=worked.PER_UNIT,
        emissions={"factor": "cn-grid-2023-zhejiang", "factor_before": "cn-grid-2022-zhejiang"},
    )
    assert worked.refused(half)["per_unit.grid_effect"] == "no emissions.factor_after is given"


def test_a_factor_without_its_citation_refuses_by_name() -> None:
    name = "cn-grid-2023-zhejiang"
    bare = replace(worked.FACTORS[name], document=Document("none", "", "", ""), clause=None)
    declared, _ = read(worked.project(per_unit=worked.PER_UNIT, emissions={"factor": name}), worked.FACTORS)
    assert declared is not None
    found = replacement.evaluate(declared, {name: bare})
    assert found["per_unit"]["tco2_avoided"] is None
    assert worked.refused(found)["per_unit.tco2_avoided"] == f"no citation of factor {name} is given"


def test_a_factor_that_is_not_known_is_a_fault() -> None:
    declared = worked.faults(per_unit=worked.PER_UNIT, emissions={"factor": "cn-grid-1999"})
    assert declared == [("emissions.factor", "no usable grid factor has the id 'cn-grid-1999'")]


def rows() -> dict[str, Any]:
    """The worked example of the savings as rows of a project."""
    header, *lines = [line.split(",") for line in savings.csv().splitlines()]
    return {
        "unit": "kWh",
        "baseline": savings.BASELINE,
        "reporting": savings.REPORTING,
        "drivers": ["production", "cdd"],
        "confidence": "90 %",
        "columns": header,
        "rows": [[line[0][:10], *map(float, line[1:])] for line in lines],
    }


def judged() -> Any:
    """What accounts.savings says of the same rows."""
    declared = rows()
    at = {name: i for i, name in enumerate(declared["columns"])}
    columns = {name: [row[at[name]] for row in declared["rows"]] for name in ("production", "cdd", "energy")}
    times = [Period.parse(f"{row[at['time']]}..{row[at['time']]}").first for row in declared["rows"]]
    table = Table.of(times, columns.pop("energy"), columns)
    baseline, reporting = Period.parse(declared["baseline"]), Period.parse(declared["reporting"])
    return evaluate(table, baseline, reporting, ["production", "cdd"], None, 0.9)


def test_the_avoided_energy_with_its_interval_and_its_twin() -> None:
    found = worked.found(energy=rows(), emissions={"factor": "cn-grid-2023-zhejiang"})
    assert (found["avoided"], found["avoided_unit"]) == ("221917", "kW.h")
    band = judged().band
    assert found["interval"] == [f"{band.low:.6g}", f"{band.high:.6g}"]
    assert Decimal(found["avoided_tco2"]) == (Decimal("221.9171653") * NEW).quantize(Decimal("0.001"))
    assert found["claimed"] == found["avoided"] and found["refused"] == []


def test_rows_in_another_unit_and_another_order_say_the_same() -> None:
    declared = rows()
    at = declared["columns"].index("energy")
    for row in declared["rows"]:
        row[at] /= 1000
    mega = worked.found(energy={**declared, "unit": "MWh", "rows": declared["rows"][::-1]})
    assert mega["avoided"] == "221917"


def test_a_missing_cell_is_said_to_have_no_value() -> None:
    declared = rows()
    declared["rows"][3][declared["columns"].index("energy")] = None
    found = worked.found(energy=declared)
    assert worked.refused(found)["avoided"] == "row of 2022-04-01: energy: no value"


def test_a_baseline_that_fails_its_criteria_refuses_and_says_why() -> None:
    found = worked.found(energy={**rows(), "drivers": ["cdd"]})
    assert found["avoided"] is None and found["interval"] is None and found["claimed"] is None
    whys = [item["message"] for item in found["refused"] if item["kind"] == "avoided"]
    assert whys and worked.messages(found["savings"]["refused"]) == whys
    assert any("R2" in why or "R²" in why for why in whys), whys


def test_no_confidence_is_assumed_and_a_useless_table_is_refused_by_its_reason() -> None:
    declared = rows()
    del declared["confidence"]
    assert worked.refused(worked.found(energy=declared)) == {"avoided": "no energy.confidence is given"}
    few = rows()
    few["rows"] = few["rows"][:3] + few["rows"][-12:]
    assert "too few" in worked.refused(worked.found(energy=few))["avoided"]


@pytest.mark.parametrize("unit", ["t", "kWhh", "CNY"])
def test_energy_must_be_in_a_unit_of_energy(unit: str) -> None:
    assert [path for path, _ in worked.faults(energy={**rows(), "unit": unit})] == ["energy.unit"]
