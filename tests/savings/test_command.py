"""steelyard-cloud savings as a person calls it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.savings import daily_plant, worked

PERIODS = ["--baseline", worked.BASELINE, "--reporting", worked.REPORTING]
PROMISED = {
    "avoided", "normalised", "interval", "form", "n", "p", "rho", "model", "tests", "refused", "claimed",
    "warnings", "ols",
}  # fmt: skip


def run(*words: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from cloud.main import main; sys.argv[0] = 'steelyard-cloud'; main()"
    command = [sys.executable, "-c", code, "savings", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mill.csv"
    path.write_text(worked.csv(), encoding="utf-8")
    return path


def test_one_object_with_what_is_promised(file: Path) -> None:
    done = run(str(file), *PERIODS, "--drivers", "production,cdd", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.keys() >= PROMISED
    assert round(found["avoided"], 2) == 221917.17 and found["claimed"] == found["avoided"]
    assert found["normalised"] is None
    assert (found["n"], found["p"], found["form"], found["confidence"]) == (24, 3, "ols-ac", 0.9)
    low, high = found["ols"]["interval"]
    assert (high - low) / 2 == pytest.approx(19150.31, abs=5e-3)
    assert found["interval"][0] < low and high < found["interval"][1]
    assert found["model"]["coefficients"]["production"] == pytest.approx(81.2961658, rel=1e-9)


def test_normal_conditions_and_another_confidence(file: Path, tmp_path: Path) -> None:
    normal = tmp_path / "normal.txt"
    normal.write_text(worked.normal_csv(), encoding="utf-8")
    done = run(str(file), *PERIODS, "--normal", str(normal), "--confidence", "0.95", "--json")
    found = json.loads(done.stdout)
    assert found["normalised"] == pytest.approx(219465.83, abs=5e-3)
    assert found["ols"]["half_width"] == pytest.approx(23144.21, abs=5e-3)


def test_for_a_person_the_form_and_its_numbers_are_printed(file: Path) -> None:
    done = run(str(file), *PERIODS)
    assert done.returncode == 0
    for words in ("221,917", "ols-ac", "90 %", "t 1.72074", "n 24", "n' 9.846", "m 12", "p 3", "form ols"):
        assert words in done.stdout, done.stdout
    assert "six significant digits" in done.stdout


def test_a_refused_model_exits_1_and_says_why(file: Path) -> None:
    done = run(str(file), *PERIODS, "--drivers", "cdd", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["claimed"] is None and any("F-test" in why["message"] for why in found["refused"])
    text = run(str(file), *PERIODS, "--drivers", "cdd")
    assert text.returncode == 1 and "REFUSED" in text.stdout and "claimed    nothing" in text.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--drivers", "tonnes"],
        ["--drivers", ""],
        ["--confidence", "90"],
        ["--normal", "nowhere.csv"],
        ["--many", "."],
    ],
)
def test_bad_input_exits_2_with_one_line(file: Path, words: list[str]) -> None:
    done = run(str(file), *PERIODS, *words, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["message"] == done.stderr.strip()
    assert len(done.stderr.splitlines()) == 1, done.stderr


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.csv"), *PERIODS).returncode == 2
    (tmp_path / "gbk.csv").write_bytes("time,energy,产量\n".encode("gb18030"))
    done = run(str(tmp_path / "gbk.csv"), *PERIODS)
    assert done.returncode == 2 and "UTF-8" in done.stderr


def test_many_files_answer_one_by_one(tmp_path: Path) -> None:
    for seed in range(3):
        (tmp_path / f"plant{seed}.csv").write_text(daily_plant.days(seed, 0.3).csv(), encoding="utf-8")
    periods = ["--baseline", "2023-01-01..2023-12-31", "--reporting", "2024-01-01..2024-03-30"]
    done = run("--many", str(tmp_path), *periods, "--drivers", "production,cdd,hdd", "--json")
    sites = json.loads(done.stdout)["sites"]
    assert sorted(sites) == ["plant0.csv", "plant1.csv", "plant2.csv"]
    assert done.returncode == (1 if any(site["refused"] for site in sites.values()) else 0)
    alone = run(str(tmp_path / "plant1.csv"), *periods, "--drivers", "production,cdd,hdd", "--json")
    assert json.loads(alone.stdout) == sites["plant1.csv"]
    (tmp_path / "worse.csv").write_text(
        "time,energy,production,cdd,hdd\n2023-01-01,1,2,3\n", encoding="utf-8"
    )
    done = run("--many", str(tmp_path), *periods, "--drivers", "production,cdd,hdd", "--json")
    assert done.returncode == 2
    assert "line 2" in json.loads(done.stdout)["sites"]["worse.csv"]["error"]["message"]
    assert json.loads(done.stdout)["sites"]["plant1.csv"] == sites["plant1.csv"]


def test_a_folder_without_files(tmp_path: Path) -> None:
    done = run("--many", str(tmp_path), *PERIODS, "--json")
    assert done.returncode == 2 and "no *.csv" in done.stderr
