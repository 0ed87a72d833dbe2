"""Packs of the real cloud: every figure comes out the same by the verifier's own sums, and a planted fault does not."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

import accounts.energy.energy
import accounts.permits.load
from accounts.metering import hours
from accounts.replacement.investment import npv
from accounts.replacement.quantity import significant
from accounts.savings.ratio import Spread, spread
from tests.reports.printing import PRINTING
from tests.verify import real_site, saving_site
from verify.check import VERIFIED, Report, verify
from verify.keys.trust import trusted


def report(data: bytes, folder: Path) -> Report:
    return verify(data, {trusted(str(folder / "cloud" / "cloud.pub"))})


def faults(found: Report) -> list[str]:
    return [f"{check.name} {check.where}: {check.why}" for check in found.findings.checks if not check.ok]


@pytest.mark.parametrize("depth", ["summary", "full"])
@pytest.mark.parametrize("seed", [1, 2, pytest.param(3, marks=pytest.mark.long)])
def test_a_mill_with_meters_verifies(seed: int, depth: str, tmp_path: Path) -> None:
    folder = real_site.build(tmp_path, seed)
    found = report(real_site.packed(folder, depth), folder)
    assert faults(found) == [] and found.verdict == VERIFIED
    kinds = {item.kind for item in found.figures}
    assert kinds >= {"electricity_kwh", "cost_yuan", "energy_tce", "scope2_tco2", "cod_kg", "permit_cod_hour"}
    hours = [check.where for check in found.findings.checks if check.name == "hours"]
    assert hours == (
        ["9 days made again from rows, 0 of other streams as they were sealed"] if depth == "full" else []
    )


@pytest.mark.long
@pytest.mark.timeout(600)
def test_hours_of_many_fates_come_out_the_same(tmp_path: Path) -> None:
    """Wraps, jumps, gaps of every kind, silence, backfill, late blocks: of forty plants."""
    classes, causes = set(), set()
    for seed in range(100, 140):
        folder = real_site.build(tmp_path / str(seed), seed)
        data = real_site.packed(folder, "full")
        assert faults(report(data, folder)) == [], seed
        with zipfile.ZipFile(BytesIO(data)) as archive:
            segment = archive.read("ledger.seg")
        for name in ("measured", "estimated", "partial", "provisional", "unknown", "invalid(counter)"):
            classes |= {name} if f'"{name}"'.encode() in segment else set()
        causes |= {cause for cause in ("first", "late data") if f'"{cause}"'.encode() in segment}
    assert len(classes) == 6 and len(causes) == 2


@PRINTING
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_savings_verify(seed: int, tmp_path: Path) -> None:
    folder = saving_site.build(tmp_path, seed)
    found = report(real_site.packed(folder, "summary", saving_site.PERIOD, saving_site.SITE), folder)
    assert faults(found) == []
    kinds = [item.kind for item in found.figures]
    assert kinds.count("saving_kwh") >= 4 and kinds.count("saving_tco2") >= 3
    told = {str(item["project"]): {one["kind"] for one in item["figures"]} for item in found.certificates}
    assert set(told) == {
        "by-flow",
        "hopeless-machines",
        "machines",
        "other-unit",
        "part-of-a-month",
        "two-months",
    }
    assert {"avoided", "avoided_tco2", "effect.energy", "irr", "per_unit.after.tco2"} <= told["machines"]
    for name in ("hopeless-machines", "part-of-a-month"):
        assert not {"avoided", "effect.energy", "npv", "per_unit.after.kwh"} & told[name]
    assert "npv" in told["other-unit"] and "per_unit.after.kwh" not in told["other-unit"]
    refused = {str(item["project"]): {one["kind"] for one in item["refused"]} for item in found.certificates}
    assert refused["two-months"] == {"per_unit.after.kwh_interval"}
    assert seed != 1 or {"payback_years", "irr"} <= refused["by-flow"]


def _thousandth(real: Callable[..., Fraction]) -> Callable[..., Fraction]:
    return lambda *given, **named: real(*given, **named) * Fraction(1001, 1000)


@PRINTING
@pytest.mark.long
def test_a_fault_planted_in_the_intervals_of_a_replacement_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cloud computes the present value, the ends of the paybacks and those of a ratio wrongly, and signs it."""
    folder = saving_site.build(tmp_path, 1)

    def wider(*given: Any) -> Any:
        found = spread(*given)
        return replace(found, low=0.0) if isinstance(found, Spread) else found

    def more(value: Fraction) -> str:
        return significant(value * Fraction(1001, 1000))

    monkeypatch.setattr("accounts.replacement.interval_bounds.significant", more)
    monkeypatch.setattr("accounts.replacement.per_unit.spread", wider)
    monkeypatch.setattr("accounts.replacement.investment.npv", _thousandth(npv))
    found = report(real_site.packed(folder, "summary", saving_site.PERIOD, saving_site.SITE), folder)
    machines = next(item for item in found.certificates if item["project"] == "machines")
    assert found.anchored and found.exit == 1
    assert {one["kind"] for one in machines["figures"] if not one["ok"]} == {
        "payback_years", "discounted_payback_years", "irr", "npv", "per_unit.before.kwh", "per_unit.after.kwh",
        "per_unit.before.tco2", "per_unit.after.tco2",
    }  # fmt: skip
    assert {check.name for check in found.findings.checks if not check.ok} == {"certificates"}


FAULTS: list[tuple[Any, str, Callable[[Any], Any], str]] = [
    (accounts.energy.energy, "_tce", _thousandth, "energy_tce"),
    (accounts.energy.energy, "_burnt", _thousandth, "scope1_tco2e"),
    (accounts.energy.energy, "_emitted", _thousandth, "scope2_tco2"),
    (
        accounts.permits.load,
        "_common",
        lambda real: lambda *a: replace(real(*a), mass=real(*a).mass + 10**4),
        "cod_kg",
    ),
    (accounts.permits.load, "covered", _thousandth, "cod_mean_mg_l"),
]


@pytest.mark.parametrize(("module", "name", "spoil", "kind"), FAULTS, ids=[fault[1] for fault in FAULTS])
def test_a_fault_planted_in_the_accounts_is_caught(
    module: Any, name: str, spoil: Any, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cloud computes wrongly and signs it: the signature holds, the figure does not."""
    folder = real_site.build(tmp_path, 1)
    monkeypatch.setattr(module, name, spoil(getattr(module, name)))
    found = report(real_site.packed(folder, "summary"), folder)
    assert found.anchored and found.exit == 1
    assert {item.kind for item in found.figures if not item.ok} >= {kind}
    assert any(line.startswith(f"figures {kind}") for line in faults(found))
    assert {check.name for check in found.findings.checks if not check.ok} <= {"figures"}


def test_a_fault_in_hour_facts_is_caught_from_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wrong hour facts give figures that agree with them; only the rows tell."""
    real = hours.covered
    monkeypatch.setattr(hours, "covered", lambda *given: real(*given) * 9 // 10)
    folder = real_site.build(tmp_path, 1)
    assert faults(report(real_site.packed(folder, "summary"), folder)) == []
    lines = faults(report(real_site.packed(folder, "full"), folder))
    assert lines and all(
        line.startswith("hours accounts/account/") and "completeness" in line for line in lines
    )


def test_the_planted_numbers_are_not_small_by_chance(tmp_path: Path) -> None:
    """The same site, untouched, has the figures that the faults were planted in."""
    folder = real_site.build(tmp_path, 1)
    with zipfile.ZipFile(BytesIO(real_site.packed(folder, "summary"))) as archive:
        figures = json.loads(archive.read("summary.json"))["body"]["figures"]
    values = {figure["kind"]: float(figure["value"]) for figure in figures}
    assert all(values[kind] > 1 for *_, kind in FAULTS)
