"""Intervals of a certificate: those of money and of energy a unit, each recomputed, each change of one named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.verify import certified
from tests.verify.certified import NAME
from tests.verify.test_certificate import checked, faults, figure_of
from verify.check import VERIFIED

# 0.72: a price as it is paid. -0.3: the ends change places. 40: paid back within months. -12: what is saved may be a
# loss. -6.1: recovered by the residual value alone, or not at all.
PRICES = ("0.72", "-0.3", "40", "-12", "-6.1")


@pytest.mark.parametrize("price", PRICES)
def test_intervals_of_money_and_of_energy_a_unit_are_recomputed(price: str) -> None:
    """The test's own numbers, by SciPy and closed forms, are those that the verifier wants to the last digit."""
    pack = certified.planted(price=price)
    report = checked(pack)
    assert report.verdict == VERIFIED, faults(report)
    ends = {item["kind"]: item["interval"] for item in pack.certificate["figures"] if "interval" in item}
    refused = {item["kind"] for item in pack.certificate["refused"]}
    assert ends.keys() | refused == {*SPREAD, "avoided", "avoided_tco2"}
    nulls = {kind for kind, interval in ends.items() if None in interval}
    assert (nulls, refused) == {
        "-12": ({"payback_years"}, {"discounted_payback_years"}),
        "-6.1": ({"discounted_payback_years"}, set()),
    }.get(price, (set(), set()))


SPREAD = ("yearly_saving", "payback_years", "discounted_payback_years", "npv", "irr", "per_unit.before.kwh",
          "per_unit.after.kwh", "per_unit.before.tco2", "per_unit.after.tco2")  # fmt: skip


def another(text: str) -> str:
    """A number one higher or lower in its last place."""
    return text[:-1] + (str(int(text[-1]) + 1) if text[-1] < "9" else "8")


ENDS: dict[str, Callable[[list[Any]], Any]] = {
    "the low end in its last digit": lambda ends: [another(ends[0]), ends[1]],
    "the high end in its last digit": lambda ends: [ends[0], another(ends[1])],
    "both turned": lambda ends: ends[::-1],
    "an end that does not exist": lambda ends: [ends[0], None],
    "an end too many": lambda ends: [*ends, ends[1]],
    "null": lambda ends: None,
    "rounded to nothing": lambda ends: ["0.000", "0.000"],
}


@pytest.mark.parametrize("change", ENDS)
def test_a_changed_interval_is_named(change: str) -> None:
    """Each of nine intervals in turn; the cloud signs what it changed."""
    pack = certified.planted(price="0.72")
    for kind in SPREAD:
        figure = figure_of(pack.certificate, kind)
        kept = figure["interval"]
        figure["interval"] = ENDS[change](kept)
        report = checked(pack)
        found = faults(report)
        assert report.exit == 1 and list(found) == [f"{NAME}: {kind}"], found
        assert found[f"{NAME}: {kind}"].startswith("interval is ")
        figure["interval"] = kept
    assert checked(pack).verdict == VERIFIED


def test_an_interval_left_out_or_made_up_is_named() -> None:
    pack = certified.planted(price="0.72")
    for kind in SPREAD:
        kept = figure_of(pack.certificate, kind).pop("interval")
        found = faults(checked(pack))
        assert list(found) == [f"{NAME}: {kind}"]
        assert found[f"{NAME}: {kind}"].startswith("interval is absent, should be ['")
        figure_of(pack.certificate, kind)["interval"] = kept
    figure_of(pack.certificate, "effect.scrap")["interval"] = ["80000.00", "100000.00"]
    assert "should be absent" in faults(checked(pack))[f"{NAME}: effect.scrap"]
    declared = certified.planted()
    figure_of(declared.certificate, "npv")["interval"] = ["1.00", "2.00"]
    assert "should be absent" in faults(checked(declared))[f"{NAME}: npv"]


@pytest.mark.parametrize(
    "kind", ["effect.energy", "yearly_saving", "npv", *SPREAD[5:], "per_unit.tco2_avoided"]
)
def test_a_changed_value_behind_rows_or_avoided_energy_is_named(kind: str) -> None:
    pack = certified.planted(price="0.72")
    figure = figure_of(pack.certificate, kind)
    for member, other in (
        ("value", another(figure["value"])),
        ("method", "steelyard/effect/2"),
        ("unit", "kg"),
    ):
        kept = figure[member]
        figure[member] = other
        found = faults(checked(pack))
        assert list(found) == [f"{NAME}: {kind}"] and f"{member} is {other}" in found[f"{NAME}: {kind}"]
        figure[member] = kept


def test_the_declared_price_and_column_are_those_that_were_sealed() -> None:
    for path, other in (("money.costs.energy.price", "0.73 CNY/kWh"), ("per_unit.output", "water")):
        pack = certified.planted(price="0.72")
        inside = pack.certificate["declared"]
        *way, last = path.split(".")
        for key in way:
            inside = inside[key]
        inside[last] = other
        assert list(faults(checked(pack))) == [f"{NAME}: body.declared.{path}"]
