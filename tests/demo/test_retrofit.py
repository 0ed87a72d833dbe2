"""The demo's machine replacement: the section that the desk declares fits what the plant has written down."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo import retrofit
from demo.process import tool
from demo.setup import yaml_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history that the real plant wrote."""
    work = tmp_path_factory.mktemp("demo")
    command = [tool("steelyard-plant"), "history", "--workdir", str(work), "--until", "2026-03-10T06:00:00Z"]
    subprocess.run([*command, "--days", "120", "--json"], check=True, capture_output=True, timeout=60)
    return work / "plant" / "history"


def test_sums_of_both_periods_are_those_of_the_record(folder: Path) -> None:
    (project,) = retrofit.section(folder)["replacement"]
    truth = json.loads((folder / "truth.json").read_text())
    made = dict.fromkeys(("before", "after"), 0.0)
    with (folder / "production.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for side, (first, last) in zip(
                made, (project["energy"]["baseline"], project["energy"]["reporting"]), strict=True
            ):
                if first <= row["from"][:10] <= last:
                    made[side] += float(row["value"])
    for side, cloth in made.items():
        assert project["per_unit"][side]["output"] == f"{cloth:.2f} t"
    assert project["energy"]["reporting"] == truth["reporting"] and project["date"] == truth["retrofit"]
    assert (project["labour"]["before"]["operators"], project["labour"]["after"]["operators"]) == (
        "12 person",
        "5 person",
    )
    with np.load(folder / "dyeing-meter.npz") as found:
        whole = float((np.diff(found["dyeing.kwh"].astype(np.int64)) % 2**32).sum()) / 100
    counted = sum(float(project["per_unit"][side]["energy"].split()[0]) for side in made)
    assert 0.97 * whole < counted < whole


def test_a_cloud_takes_the_declaration_and_evaluates_it(folder: Path, tmp_path: Path) -> None:
    assert retrofit.section(tmp_path) == {}
    cloud = tool("steelyard-cloud")
    subprocess.run([cloud, "init", "--workdir", str(tmp_path)], check=True, capture_output=True, timeout=60)
    site: dict[str, Any] = {
        "id": "mill", "name_zh": "厂", "name_en": "Mill", "tz": "Asia/Shanghai", "province": "浙江"
    }  # fmt: skip
    points = [{"id": "dyeing", "carrier": "electricity"}]
    said = {"site": site, "points": points, "factors": {"grid": "province"}} | retrofit.section(folder)
    (tmp_path / "site.yaml").write_text(yaml_text(said), encoding="utf-8")
    where = ["--workdir", str(tmp_path)]
    subprocess.run(
        [cloud, "declare", str(tmp_path / "site.yaml"), *where, "--by", "x"], check=True, timeout=60
    )
    ask = [cloud, "replacement", *where, "--site", "mill", "--project", retrofit.PROJECT, "--json"]
    done = subprocess.run(ask, capture_output=True, text=True, timeout=60)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert {item["kind"] for item in found["refused"]} <= {"avoided", "avoided_tco2", "saving", "energy"}
    assert float(found["payback_years"]) > 0 and found["irr"] is not None
    assert any("speed over nameplate" in warning for warning in found["warnings"])
