"""Each formula of the verifier, fed packs whose figures a generator of the tests worked out in another way."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from tests.verify import make_packs, plain_figures, plain_hours, sealing
from verify.check import NOT_ANCHORED, VERIFIED, Report, verify

SEEDS = range(1, 21)
CLOUD = {sealing.fingerprint(sealing.key_of("cloud"))}
KINDS = {
    "electricity_kwh", "heat_gj", "natural_gas_m3", "diesel_t", "raw_coal_t", "water_m3", "wastewater_volume_m3",
    "unaccounted_kwh", "energy_tce", "scope1_tco2e", "scope2_tco2", "cost_yuan", "cod_kg", "cod_mean_mg_l",
    "permit_cod_day", "permit_ph_hour", "saving_kwh", "saving_tco2",
}  # fmt: skip


@cache
def planted(seed: int) -> tuple[dict[str, bytes], list[dict[str, Any]], Report]:
    """The files of a pack, the figures that were worked out, and what the verifier says (once for all tests)."""
    mill = make_packs.plant(seed)
    figures = plain_figures.Plain(mill).figures()
    files = make_packs.files(mill, make_packs.body(mill, figures, []))
    return files, figures, verify(sealing.bundled(files, "summary"), CLOUD)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_invented_mill_verifies(seed: int) -> None:
    _, figures, report = planted(seed)
    assert [check for check in report.findings.checks if not check.ok] == []
    assert (report.verdict, report.anchored, report.exit) == (VERIFIED, True, 0)
    found = {item.id: (item.published, item.recomputed) for item in report.figures}
    assert found == {figure["id"]: (figure["value"], figure["value"]) for figure in figures}
    kinds = {figure["kind"] for figure in figures}
    assert kinds >= KINDS
    assert {kind.split("_per_")[0] for kind in kinds - KINDS} >= {
        "intensity_tce", "intensity_tco2e", "intensity_kwh"
    }  # fmt: skip


def test_each_formula_is_fed_another_number_twenty_times() -> None:
    for kind in KINDS - {"saving_tco2"}:
        values = [f["value"] for seed in SEEDS for f in planted(seed)[1] if f["kind"] == kind]
        assert len(values) >= 20
        assert len(set(values)) > (1 if kind.startswith("permit_ph") else 10), kind


@pytest.mark.parametrize("seed", SEEDS)
def test_hour_facts_follow_from_rows(seed: int) -> None:
    report = verify(plain_hours.pack(seed), set())
    assert [check for check in report.findings.checks if not check.ok] == []
    assert report.verdict == NOT_ANCHORED
    assert any(check.name == "hours" and check.where.startswith("1 days") for check in report.findings.checks)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_hour_fact_that_rows_do_not_give_is_named(seed: int) -> None:
    report = verify(plain_hours.pack(seed, spoil=True), set())
    (fault,) = [check for check in report.findings.checks if not check.ok]
    assert fault.name == "hours" and "steps of hour" in fault.why and "2023-12-28" in fault.why


def test_every_published_member_matters() -> None:
    """Another text in any member of any figure, in the last place of any number, is found in that figure."""
    mill, figures = make_packs.plant(1), planted(1)[1]
    for member in sorted({name for figure in figures for name in figure} - {"warnings"}):
        other = [{**f, member: _changed(f[member])} if member in f else f for f in figures]
        files = make_packs.files(mill, make_packs.body(mill, other, []))
        report = verify(sealing.bundled(files, "summary"), CLOUD)
        wrong = {item.id for item in report.figures if not item.ok}
        assert report.exit == 1 and wrong >= {f["id"] for f in other if member in f}, member


def _changed(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return [*value, value[0] if value else "more"]
    last = value[-1]
    return value[:-1] + (str((int(last) + 1) % 10) if last.isdigit() else "x")
