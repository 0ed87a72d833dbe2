"""A replacement that a site declared: its avoided energy out of the site's own rows and readings, by every way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from accounts.inputs.inputs import Declared, Replaced
from accounts.replacement.messages import NotGiven
from cloud.declarations.replacement_examples import EXAMPLE, PROJECT
from cloud.figures import replacements
from contract import declared
from contract.declared import Replacement
from tests.accounts.mill import ask, day, days, point, row, site
from tests.cloud.edge_twin import run
from tests.desk.bench import Bench
from tests.replacement import worked
from tests.replacement.test_ends import plain
from tests.replacement.test_ratio import twin

BASE, LATER = days("2023-01-01", 60), days("2023-06-01", 30)
POINTS = [point("main", "electricity", None, True), point("cloth")]
ENERGY = {
    "quantity": "electricity", "points": ["main"], "drivers": ["production"], "interval": "day", "confidence": "90 %",
    "baseline": [str(BASE[0]), str(BASE[-1])], "reporting": [str(LATER[0]), str(LATER[-1])],
}  # fmt: skip
FACTOR = "cn-grid-2023-zhejiang"


def tonnes(on: date) -> int:
    return 40 + (on.toordinal() * 37) % 29


def steps(on: date) -> int:
    """Register steps of 0.01 kWh in each hour of a day: by production, with some noise, a tenth less later."""
    used = 1000 + 60 * tonnes(on) + (on.toordinal() * 71) % 160 - 80
    return used * 9 // 10 if on in LATER else used


def mill(energy: dict[str, Any] | None = None, more: int = 0, **said: Any) -> tuple[Declared, Replaced]:
    """A site whose one meter has read both periods; more: steps in the first hour of the first reporting day."""
    fields = {"id": "dyeing", "name_zh": "三台", "name_en": "Three", "date": "2023-06-01",
              "energy": ENERGY if energy is None else energy, **said}  # fmt: skip
    found, faults = declared.check("replacement", fields)
    assert isinstance(found, Replacement) and found.energy is not None, faults
    item = Replaced(found, b"\x07" * 32)
    facts = [day("main", on, [steps(on) + more * (on == LATER[0]), *[steps(on)] * 23]) for on in BASE + LATER]
    rows = [
        row(str(on), str(on + timedelta(days=1)), "cloth", "production", str(tonnes(on)), "t")
        for on in BASE + LATER
    ]
    made = site(*rows, points=POINTS, facts=tuple(facts), projects=(found.energy,))
    return replace(made, replacements=(item,)), item


def by_numpy() -> float:
    x = np.array([[1.0, tonnes(on)] for on in BASE])
    b = np.linalg.lstsq(x, np.array([steps(on) * 0.24 for on in BASE]), rcond=None)[0]
    return float(sum(b[0] + b[1] * tonnes(on) - steps(on) * 0.24 for on in LATER))


def test_the_avoided_energy_is_that_of_the_readings_and_the_figure_of_the_site_with_its_id() -> None:
    made, item = mill(emissions={"factor": FACTOR}, machines_out=[{"name": "1", "power_kw": "75"}])
    found = replacements.of(made, item)
    assert Decimal(found["avoided"]) == Decimal(f"{by_numpy():.6g}") and found["refused"] == []
    figures, _ = ask(made, "2023-06-01", "2023-07-01")
    saving, twin = figures["saving_kwh", "dyeing"], figures["saving_tco2", "dyeing"]
    shown = saving.fields()
    assert (found["avoided"], found["interval"]) == (shown["value"], shown["interval"])
    assert (found["figure"], found["inputs"]) == (saving.id, saving.inputs)
    assert (found["avoided_tco2"], [one["id"] for one in found["factors"]]) == (twin.value, [FACTOR])
    assert Decimal(twin.value) == round(Decimal(by_numpy()) * Decimal("0.4974") / 1000, 3)
    assert twin.fields()["factors"] == [FACTOR] and found["factors"][0]["citation"]
    assert (found["project"], found["from"], found["to"]) == ("dyeing", "2023-06-01", "2023-07-01")
    assert found["machines_out"] == [{"name": "1", "power_kw": "75", "nameplate": None}]
    assert found["statement"] == "07" * 32
    json.dumps(found)


def test_another_reading_of_one_hour_is_another_figure_everywhere() -> None:
    made, item = mill()
    other, _ = mill(more=5000)
    before, after = replacements.of(made, item), replacements.of(other, item)
    assert float(before["avoided"]) - float(after["avoided"]) == pytest.approx(50, abs=0.02)
    figures, _ = ask(other, "2023-06-01", "2023-07-01")
    assert figures["saving_kwh", "dyeing"].value == after["avoided"]


def test_the_confidence_that_was_declared_makes_the_interval_of_the_figure_too() -> None:
    narrow, item = mill({**ENERGY, "confidence": "68 %"})
    wide, _ = mill({**ENERGY, "confidence": "95 %"})
    figures = [
        ask(one, "2023-06-01", "2023-07-01")[0]["saving_kwh", "dyeing"].fields() for one in (narrow, wide)
    ]
    spans = [float(one["interval"][1]) - float(one["interval"][0]) for one in figures]
    assert spans[0] < spans[1] / 1.7 and [one["confidence"] for one in figures] == ["0.68", "0.95"]
    assert replacements.of(narrow, item)["interval"] == figures[0]["interval"]


def test_without_a_factor_the_twin_is_refused_by_its_name_and_is_no_figure() -> None:
    made, item = mill()
    found = replacements.of(made, item)
    assert found["refused"] == [{"kind": "avoided_tco2", **NotGiven("emissions.factor").json()}]
    figures, refused = ask(made, "2023-06-01", "2023-07-01")
    assert ("saving_tco2", "dyeing") not in {*figures, *refused}


def test_a_baseline_that_fails_says_which_criterion_and_by_how_much() -> None:
    made, item = mill({**ENERGY, "drivers": ["production"], "baseline": [str(BASE[0]), str(BASE[-1])]})
    rows = [one if one.row.quantity != "production" else _other(one, at) for at, one in enumerate(made.rows)]
    found = replacements.of(replace(made, rows=tuple(rows)), item)
    whys = [one["message"] for one in found["refused"] if one["kind"] == "avoided"]
    assert found["avoided"] is None and found["interval"] is None and found["figure"] is None
    assert any("R2" in why and ">= 0.5" in why for why in whys), whys
    assert any(said.startswith("energy: ") for said in worked.messages(found["warnings"]))
    _, refused = ask(replace(made, rows=tuple(rows)), "2023-06-01", "2023-07-01")
    assert str(refused["saving_kwh", "dyeing"].why) == "; ".join(whys)


def _other(one: Any, at: int) -> Any:
    """Production that has nothing to do with the energy."""
    return replace(one, row=replace(one.row, value=Decimal(40 + (at * 13) % 31)))


def test_readings_that_are_missing_refuse_and_nothing_is_claimed_over_them() -> None:
    made, item = mill()
    less = replace(made, facts=tuple(one for one in made.facts if one.day != LATER[3]))
    found = replacements.of(less, item)
    assert found["avoided"] is None
    assert any("gap" in one["message"] and "reporting" in one["message"] for one in found["refused"]), found[
        "refused"
    ]
    none = replacements.of(replace(made, facts=()), item)
    assert none["refused"][0]["message"].startswith("no whole day of electricity")


class TestCommand:
    """The command on a site that has imported the months of the worked example."""

    @pytest.fixture(scope="class")
    @staticmethod
    def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
        found = Bench(tmp_path_factory.mktemp("mill"), run("example", "site").stdout)
        lines = ["from,to,point,quantity,value,unit"]
        for month, used, made, _ in yaml.safe_load(EXAMPLE)["energy"]["rows"]:
            first = date.fromisoformat(f"{month}-01")
            after = (first + timedelta(days=32)).replace(day=1)
            lines += [
                f"{first},{after},dyeing,electricity,{used},kWh",
                f"{first},{after},cloth,production,{made},t",
            ]
        found.take("\n".join(lines).encode(), site="my-mill")
        assert found.declare(PROJECT)["sealed"] == ["replacement"]
        yield found

    def test_a_project_of_one_site_only_is_found_by_its_id(self, bench: Bench) -> None:
        rows = yaml.safe_load(EXAMPLE)["energy"]["rows"]
        x = np.array([[1.0, made] for _, _, made, _ in rows])
        y = np.array([used for _, used, _, _ in rows], float)
        b = np.linalg.lstsq(x[:24], y[:24], rcond=None)[0]
        found = bench.run("replacement", "--project", "dyeing-2024")
        assert found["avoided"] == f"{(x[24:] @ b - y[24:]).sum():.6g}" and found["refused"] == []
        saving = 578000 + float(found["avoided"]) * 365 / 366 * 0.72
        payback, _, npv, rate = plain(saving)
        shown = [float(found[name]) for name in ("payback_years", "npv", "irr_percent")]
        assert shown == pytest.approx([payback, npv, rate], rel=6e-6)
        low, high = (plain(578000 + float(end) * 365 / 366 * 0.72) for end in found["interval"])
        assert [float(end) for end in found["npv_interval"]] == pytest.approx([low[2], high[2]], abs=0.006)
        assert [float(end) for end in found["payback_interval"]] == pytest.approx([high[0], low[0]], rel=6e-6)
        assert bench.run("replacement", "--project", "dyeing-2024", "--site", "my-mill") == found
        figures = bench.run("figures", "--site", "my-mill", "--from", "2024-01-01", "--to", "2025-01-01")
        (saving,) = [one for one in figures["figures"] if one["kind"] == "saving_kwh"]
        assert (saving["id"], saving["value"], saving["point"]) == (
            found["figure"],
            found["avoided"],
            "dyeing-2024",
        )
        for when, months in (("before", rows[:24]), ("after", rows[24:])):
            each = found["per_unit"][when]
            used, made = ([row[at] for row in months] for at in (1, 2))
            assert (each["energy"], each["output"]) == (str(sum(used)), str(sum(made)))
            assert [each["kwh"], *each["kwh_interval"]] == [f"{number:#.6g}" for number in twin(used, made)]
        again = bench.declare(PROJECT)
        assert (again["sealed"], again["unchanged"]) == ([], ["replacement"])

    def test_a_figure_that_is_refused_is_exit_1(self, bench: Bench) -> None:
        text = PROJECT.replace("dyeing-2024", "bare").replace("      factor: cn-grid-2023-zhejiang\n", "")
        bench.declare(text)
        found = bench.run("replacement", "--project", "bare", code=1)
        assert "avoided_tco2" in {one["kind"] for one in found["refused"]} and found["avoided"] is not None

    def test_what_is_not_there_is_exit_2_in_one_line(self, bench: Bench) -> None:
        bench.run("replacement", "--project", "dyeing-2023", code=2)
        assert bench.errors == "no site has a replacement 'dyeing-2023' (did you mean 'dyeing-2024'?)\n"
        for words in (
            ["--project", "x", "--site", "nowhere"],
            ["--site", "my-mill"],
            [bench.file("f", ""), "--project", "x"],
        ):
            bench.run("replacement", *words, code=2)
            assert bench.errors.count("\n") == 1, bench.errors

    def test_faults_of_its_parts_are_named_by_line_and_seal_nothing(self, bench: Bench) -> None:
        text = (
            PROJECT.replace("1200000 CNY", "1200000").replace("[dyeing]", "[dyeng]").replace("8 % ", "8 CNY ")
        )
        lines = bench.refuse(text)
        assert any("money.investment: must be a number, a space and its unit" in line for line in lines), (
            lines
        )
        assert any("discount_rate" in line for line in lines)
        assert any("no point 'dyeng' is declared (did you mean 'dyeing'?)" in line for line in lines)
        assert all(int(line.split(":")[1]) > 4 for line in lines)

    def test_a_withdrawn_project_is_none(self, bench: Bench) -> None:
        name = bench.declare(PROJECT.replace("dyeing-2024", "gone"))["blocks"][0]
        assert bench.run("replacement", "--project", "gone")["statement"] == name
        bench.declare(f"site: my-mill\nwithdraw: {{statement: {name}, why: never built}}\n")
        bench.run("replacement", "--project", "gone", code=2)

    def test_an_id_of_a_savings_project_is_taken(self, bench: Bench) -> None:
        saving = "{id: s-1, quantity: electricity, interval: month, baseline: [2022-01-01, 2023-12-31], " \
                 "reporting: [2024-01-01, 2024-12-31]}"  # fmt: skip
        lines = bench.refuse(f"{PROJECT.replace('dyeing-2024', 's-1')}savings: [{saving}]\n")
        assert "'s-1' is a savings project already" in lines[0]

    def test_a_registry_that_can_not_be_read_is_exit_3(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path)
        bench.file("cloud/registry.db", b"no database at all, but long enough to be looked at" * 20)
        bench.run("replacement", "--project", "x", code=3)
        assert "cannot be done here" in bench.errors and "registry.db" in bench.errors
