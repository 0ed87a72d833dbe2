"""steelyard-cloud replacement as a person calls it, and files that are wrong in every way."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.cli.replacement import _File
from cloud.declarations.replacement_examples import EXAMPLE
from settings import SettingsError, load
from tests.replacement import worked

PROMISED = {
    "avoided", "interval", "payback_years", "npv", "irr", "labour", "oee", "refused", "warnings", "per_unit",
    "methods", "conformity",
}  # fmt: skip


def run(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from cloud.main import main; sys.argv[0] = 'steelyard-cloud'; main()"
    command = [sys.executable, "-c", code, "replacement", str(path), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "project.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_example_gives_every_figure_and_refuses_none(tmp_path: Path) -> None:
    path = write(tmp_path, EXAMPLE)
    done = run(path, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.keys() >= PROMISED and found["refused"] == [] and found["not_asked"] == []
    assert (found["npv"], found["irr_percent"], found["avoided"]) == ("976209.22", "34.7467", "221917")
    assert found["oee"]["after"]["oee_index"] == "0.777778"
    assert found["input_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert all(
        method.startswith("steelyard/") and method.endswith("/1") for method in found["methods"].values()
    )


def test_for_a_person_the_energy_effect_and_the_claim_stand_in_the_text(tmp_path: Path) -> None:
    done = run(write(tmp_path, EXAMPLE))
    for words in (
        "effect of energy: -50000.00 CNY a year",
        "payback 2.27273 years",
        "IRR 34.7467 %",
        "avoided energy 221917 kW.h (90 %: 192018 to 251816)",
        "per_unit after: kwh 106.457 kW.h/t (90 %: ",
        "oee after: oee_index 0.777778",
        "grid_effect",
        "no conformity with ISO 22400-2",
    ):
        assert words in done.stdout, words


def test_for_a_person_the_money_has_its_interval_and_an_end_that_is_none_is_said(tmp_path: Path) -> None:
    costs = "{at: reporting-output, before: 420000 CNY/a, after: 470000 CNY/a}"
    bought = EXAMPLE.replace(costs, "{at: avoided-energy, price: 0.72 CNY/kWh}")
    done = run(write(tmp_path, bought))
    for words in (
        "yearly saving 737343.68 CNY (90 %: 715875.22 to 758812.14)",
        "payback 1.62746 years (90 %: 1.58142 to 1.67627)",
        "NPV 1812057.84 CNY (90 %: 1726340.49 to 1897775.18)",
        "IRR 55.1140 % (90 %: 53.0873 to 57.1296)",
        "the uncertainty of the avoided energy only",
    ):
        assert words in done.stdout, words
    dear = bought.replace("before: {amount: 8 person", "before: {amount: 1 person").replace(
        "0.72 CNY", "0.48 CNY"
    )
    assert re.search(r"payback \S+ years \(90 %: \S+ to none\)", run(write(tmp_path, dear)).stdout)


def test_a_refusal_is_exit_1_and_says_irr_none(tmp_path: Path) -> None:
    money = {"currency": "CNY", "discount_rate": "8 %", "flows": ["-10 CNY", "-1 CNY"]}
    path = write(tmp_path, worked.text(money=money))
    done = run(path, "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1 and found["irr"] is None and found["npv"] == "-10.93"
    assert worked.refused(found)["irr"] == "IRR none: the cash flows have no sign change"
    assert "IRR none" in run(path).stdout


def test_a_file_that_is_wrong_is_exit_2_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, EXAMPLE.replace("investment: 1200000 CNY", "investment: 1200000"))
    done = run(path, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["message"] == done.stderr.strip()
    assert done.stderr == (
        f"{path}:8: money.investment: must be a number, a space and its unit, such as 528000 CNY/a, not 1200000\n"
    )
    assert run(tmp_path / "none.yaml").returncode == 2


def problems(path: Path) -> list[tuple[int, str, str]]:
    with pytest.raises(SettingsError) as caught:
        load(path, _File)
    return [(p.line, p.path, str(p.message)) for p in caught.value.problems]


HEAD = "format: steelyard-replacement/1\nname: a\n"


@pytest.mark.parametrize(
    ("text", "line", "where", "reason"),
    [
        ("", 1, "", "the file is empty"),
        ("- a\n", 1, "", "must be a mapping"),
        (HEAD, 2, "name", "nothing is declared but a name"),
        ("name: a\noee: {product_unit: t}\n", 1, "format", "is required"),
        (HEAD + "money: 5\n", 3, "money", "must be a mapping"),
        (HEAD + "money:\n  currency: yuan\n", 4, "money.currency", "three capital letters"),
        (HEAD + "money:\n  currency: CNY\n  investment: 5 USD\n", 5, "money.investment", "must be in CNY"),
        (HEAD + "money:\n  currency: CNY\n  investment: -5 CNY\n", 5, "money.investment", "at least 0 CNY"),
        (HEAD + "money:\n  currency: CNY\n  investment: 1,200 CNY\n", 5, "money.investment", "a number, a space"),
        (HEAD + "money:\n  currency: CNY\n  investment: 1e5 CNY\n", 5, "money.investment", "a number, a space"),
        (HEAD + "money:\n  currency: CNY\n  years: 2.5 a\n", 5, "money.years", "a whole number of years"),
        (HEAD + "money:\n  currency: CNY\n  years: 999 a\n", 5, "money.years", "from 1 to 60"),
        (HEAD + "money:\n  currency: CNY\n  discount_rate: -100 %\n", 5, "money.discount_rate", "above -100 %"),
        (HEAD + "money:\n  currency: CNY\n  discount_rate: 8 a\n", 5, "money.discount_rate", "must be in %"),
        (HEAD + "money:\n  currency: CNY\n  pay: 1 CNY\n", 5, "money.pay", "unknown key"),
        (HEAD + "money:\n  currency: CNY\n  flows: [-1 CNY, x]\n", 5, "money.flows[1]", "a number, a space"),
        (HEAD + "money:\n  currency: CNY\n  flows: [-1 CNY]\n", 5, "money.flows", "must have 2 to 61 items"),
        (HEAD + "money:\n  currency: CNY\n  flows: [-1 CNY, 2 CNY]\n  years: 2 a\n", 6, "money.years", "beside flows"),
        (HEAD + "money:\n  currency: CNY\n  costs:\n    scrap: {at: nowhere}\n", 6, "money.costs.scrap.at", "one of"),
        (HEAD + "labour:\n  product_unit: kWh\n", 4, "labour.product_unit", "no unit of output"),
        (HEAD + "labour:\n  before: {hours: 3 h}\n", 3, "labour.product_unit", "is required"),
        (HEAD + "labour:\n  product_unit: t\n  before: {hours: 3 t}\n", 5, "labour.before.hours", "must be in h"),
        (HEAD + "oee:\n  product_unit: pcs\n  after:\n    good: 3 m\n", 6, "oee.after.good", "must be in {piece}"),
        (HEAD + "oee:\n  product_unit: pcs\n  after:\n    good: 3 foo\n", 6, "oee.after.good", "unknown unit 'foo'"),
        (HEAD + "emissions: {factor: x}\n", 3, "emissions.factor", "no usable grid factor"),
        (HEAD + "energy:\n  unit: kWh\n  columns: [time, time]\n", 5, "energy.columns[1]", "stand once"),
        (HEAD + "energy:\n  columns: [time, energy]\n  rows:\n  - [2024-01]\n", 6, "energy.rows[0]", "list of 2"),
        (HEAD + "energy:\n  columns: [time, energy]\n  rows:\n  - [x, 1]\n", 6, "energy.rows[0][0]", "a day"),
        (HEAD + "energy:\n  columns: [time, energy]\n  rows:\n  - [2024-01, .inf]\n", 6, "energy.rows[0][1]", "number"),
        (HEAD + "energy:\n  baseline: 2024\n", 4, "energy.baseline", "must be one line of text"),
        (HEAD + "energy:\n  baseline: 2024-02..2024-01\n", 4, "energy.baseline", "ends before it begins"),
        (HEAD + "energy:\n  confidence: 0.9\n", 4, "energy.confidence", "a number, a space"),
        (HEAD + "energy:\n  confidence: 100 %\n", 4, "energy.confidence", "below 100 %"),
        (HEAD + "energy:\n  drivers: [x]\n", 4, "energy.drivers[0]", "must be one of the columns"),
        (HEAD + "oee: &a {b: 1}\n", 3, "", "anchor &a"),
        (HEAD + "name: b\n", 3, "name", "stands twice"),
        (b"name: \xff\n", 1, "", "not UTF-8"),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_line_its_path_and_one_sentence(
    tmp_path: Path, text: str | bytes, line: int, where: str, reason: str
) -> None:
    found = problems(write(tmp_path, text))
    assert any(p[:2] == (line, where) and reason in p[2] for p in found), found


def test_all_problems_are_named_at_once_and_none_twice(tmp_path: Path) -> None:
    text = (
        HEAD
        + "money:\n  currency: CNY\n  years: x\n  residual: y\nlabour:\n  product_unit: t\n  person_year: z\n"
    )
    found = problems(write(tmp_path, text))
    assert [p[:2] for p in found] == [(5, "money.years"), (6, "money.residual"), (9, "labour.person_year")]


WORD = st.sampled_from(
    ["", "~", "-1 CNY", "{}", "[]", "[1]", "9" * 400, "'\\0'", ".nan", "1 /", "1 a/a/a", "元", "true"]
)


@given(st.integers(0, EXAMPLE.count("\n") - 1), WORD)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_line_it_is_figures_or_faults(number: int, word: str) -> None:
    """Each line's value is put aside for another word: the result is one object or faults with lines, no traceback."""
    from accounts.replacement import evaluate, read
    from cloud.cli.replacement import _plain
    from settings import tree

    lines = EXAMPLE.split("\n")
    key, colon, _ = lines[number].partition(": ")
    lines[number] = f"{key}{colon}{word}" if colon else f"{lines[number][:6]}{word}"
    try:
        plain = tree.read("f", "\n".join(lines).encode())
    except SettingsError:
        return
    project, faults = read(_plain(plain.value), worked.FACTORS)
    assert all(plain.line(path) >= 1 and why for path, why in faults)
    if project is not None:
        json.dumps(evaluate(project, worked.FACTORS), allow_nan=False)
