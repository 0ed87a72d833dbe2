"""Energy a unit of output out of a site's own rows: days that are whole, units that agree, drivers that are named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.figures import replacements
from contract import declared
from contract.declared_messages import MustBeDriver
from tests.replacement import worked
from tests.replacement.test_ratio import twin
from tests.replacement.test_site import BASE, ENERGY, FACTOR, LATER, mill, steps, tonnes

PER_UNIT = {"product_unit": "t", "output": "production"}


def test_energy_a_unit_is_of_the_days_on_which_both_are_whole() -> None:
    made, item = mill(per_unit=PER_UNIT, emissions={"factor": FACTOR})
    found = replacements.of(made, item)
    each = found["per_unit"]
    for when, span in (("before", BASE), ("after", LATER)):
        numbers = twin([steps(on) * 0.24 for on in span], [tonnes(on) for on in span])
        assert [each[when]["kwh"], *each[when]["kwh_interval"]] == [f"{number:#.6g}" for number in numbers]
    rows = tuple(one for at, one in enumerate(made.rows) if at != 10)  # a day without its production
    less = replacements.of(replace(made, rows=rows), item)
    kept = [on for at, on in enumerate(BASE) if at != 10]
    numbers = twin(
        [steps(on) * 0.24 for on in kept], [tonnes(on) for on in kept], order=[on.toordinal() for on in kept]
    )
    assert [less["per_unit"]["before"]["kwh"], *less["per_unit"]["before"]["kwh_interval"]] == [
        f"{number:#.6g}" for number in numbers
    ]
    assert "per_unit: 1 row before lacks energy or production; the ratio is of 59" in worked.messages(
        less["warnings"]
    )


@pytest.mark.parametrize(
    ("each", "drivers", "why"),
    [
        ({**PER_UNIT, "product_unit": "kg"}, ["production"], "the site counts production in t, not in kg"),
        (
            {**PER_UNIT, "output": "ph"},
            ["production", "ph"],
            "is no amount that the site counts",
        ),
        ({**PER_UNIT, "output": "water"}, None, "water is no driver of the energy"),
    ],
)
def test_an_output_that_the_site_does_not_count_so_is_refused(
    each: dict[str, str], drivers: list[str] | None, why: str
) -> None:
    made, item = mill({**ENERGY, "drivers": drivers}, per_unit=each)
    found = replacements.of(made, item)
    refused = {one["kind"]: one["message"] for one in found["refused"]}
    assert (
        why in refused["per_unit.before.kwh"]
        and refused["per_unit.after.kwh"] == refused["per_unit.before.kwh"]
    )
    assert found["per_unit"]["before"]["kwh_interval"] is None


def test_an_output_that_is_not_among_the_drivers_that_are_named_is_a_fault_of_the_declaration() -> None:
    fields = {"id": "dyeing", "name_zh": "三台", "name_en": "Three", "date": "2023-06-01", "energy": ENERGY,
              "per_unit": {**PER_UNIT, "output": "water"}}  # fmt: skip
    _, faults = declared.check("replacement", fields)
    assert faults == [(("per_unit", "output"), MustBeDriver(("production",)))]
