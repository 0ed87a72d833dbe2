"""Labour and OEE against numbers worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.replacement import worked


def oee(**changes: str) -> dict[str, Any]:
    return worked.found(oee={"product_unit": "pcs", "after": {**worked.SHIFT, **changes}})


def test_the_worked_oee() -> None:
    found = oee()
    assert found["oee"]["after"] == {
        "availability": "0.900000", "effectiveness": "0.888889", "quality_ratio": "0.972222",
        "oee_index": "0.777778", "flags": [],
    }  # fmt: skip
    assert found["oee"]["before"] is None
    assert "no conformity with ISO 22400-2" in found["conformity"]
    assert found["methods"]["oee.after.oee_index"] == "steelyard/oee-index/1"


def test_the_same_in_other_units() -> None:
    hours = oee(planned_busy="7.5 h", actual_production="24300 s", planned_run_per_item="30 s/{piece}")
    assert hours["oee"] == oee()["oee"]


def test_a_speed_over_nameplate_is_flagged_and_not_clipped() -> None:
    found = oee(planned_run_per_item="0.6 min/pcs")
    after = found["oee"]["after"]
    assert after["effectiveness"] == "1.06667"
    assert after["oee_index"] == "0.933333"  # 0.6 * 700 / 450
    assert len(after["flags"]) == 1 and "a speed over nameplate" in after["flags"][0]["message"]
    assert f"oee.after: {after['flags'][0]['message']}" in worked.messages(found["warnings"])
    late = oee(actual_production="500 min")["oee"]["after"]
    assert (
        late["availability"] == "1.11111" and "availability 1.11111 is above 1" in late["flags"][0]["message"]
    )


@pytest.mark.parametrize(
    ("change", "kind", "why"),
    [
        ({"planned_busy": "0 min"}, "availability", "the planned busy time is not above zero"),
        ({"actual_production": "0 min"}, "effectiveness", "the actual production time is not above zero"),
        ({"produced": "0 pcs"}, "quality_ratio", "the produced quantity is not above zero"),
        ({"good": "721 pcs"}, "quality_ratio", "more good (721.000) than was produced (720.000)"),
    ],
)
def test_what_has_no_ratio_is_refused(change: dict[str, str], kind: str, why: str) -> None:
    found = oee(**change)
    assert found["oee"]["after"][kind] is None and found["oee"]["after"]["oee_index"] is None
    assert worked.refused(found)[f"oee.after.{kind}"] == why


@pytest.mark.parametrize("key", list(worked.SHIFT))
def test_a_missing_input_of_oee_is_named(key: str) -> None:
    shift = {name: value for name, value in worked.SHIFT.items() if name != key}
    found = worked.found(oee={"product_unit": "pcs", "after": shift})
    assert f"no oee.after.{key} is given" in worked.refused(found)["oee.after.oee_index"]


def test_labour() -> None:
    found = worked.found(labour=worked.LABOUR)
    labour = found["labour"]
    assert labour["before"] == {"productivity": "0.625000", "hours_per_unit": "1.60000", "operators": "8"}
    assert labour["after"] == {"productivity": "3.00000", "hours_per_unit": "0.333333", "operators": "2"}
    assert labour["hours_saved"] == "15200.0"  # (1.6 - 1/3) h/t * 12000 t
    assert labour["fte"] == "7.60000"
    assert found["refused"] == []


def test_full_time_equivalents_are_those_of_a_year() -> None:
    labour = worked.project(labour=worked.LABOUR)["labour"]
    labour["after"]["period"] = "73 d"
    assert worked.found(labour=labour)["labour"]["fte"] == "38.0000"


def test_labour_that_rose_is_shown_below_zero() -> None:
    labour = worked.project(labour=worked.LABOUR)["labour"]
    labour["after"]["hours"] = "24000 h"
    found = worked.found(labour=labour)
    assert found["labour"]["hours_saved"] == "-4800.00"
    assert any("more hours than before" in said for said in worked.messages(found["warnings"]))


@pytest.mark.parametrize(
    ("part", "key", "kind"),
    [
        ("before", "hours", "labour.hours_saved"),
        ("after", "output", "labour.hours_saved"),
        ("after", "period", "labour.fte"),
        (None, "person_year", "labour.fte"),
    ],
)
def test_a_missing_input_of_labour_is_named(part: str | None, key: str, kind: str) -> None:
    labour = worked.project(labour=worked.LABOUR)["labour"]
    del (labour[part] if part else labour)[key]
    found = worked.found(labour=labour)
    name = ".".join(filter(None, ("labour", part, key)))
    assert f"no {name} is given" in worked.refused(found)[kind] and found["labour"]["fte"] is None


def test_no_output_has_no_hours_a_unit() -> None:
    labour = worked.project(labour=worked.LABOUR)["labour"]
    labour["before"]["output"] = "0 t"
    labour["after"]["hours"] = "0 h"
    refused = worked.refused(worked.found(labour=labour))
    assert refused["labour.before.hours_per_unit"] == "the output is not above zero"
    assert refused["labour.after.productivity"] == "the labour hours are not above zero"
