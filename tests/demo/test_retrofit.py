"""The demo's machine replacement: the section that the desk declares fits what the plant has written down."""

from __future__ import annotations

import csv
import json
import subprocess
from datetime import date, datetime, timedelta, timezone
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
        assert project["labour"][side]["output"] == f"{cloth:.2f} t"
    assert project["energy"]["reporting"] == truth["reporting"] and project["date"] == truth["retrofit"]
    assert (project["labour"]["before"]["operators"], project["labour"]["after"]["operators"]) == (
        "12 person",
        "5 person",
    )
    assert project["per_unit"] == {"product_unit": "t", "output": "production"}
    assert project["money"]["costs"]["energy"] == {"at": "avoided-energy", "price": "0.75 CNY/kWh"}


def counted(folder: Path) -> dict[date, float]:
    """What the dyeing meter counted on each whole day of the plant's zone, kW.h."""
    with np.load(folder / "dyeing-meter.npz") as found:
        time, register = found["time"], found["dyeing.kwh"].astype(np.int64)
    ends = {int(at): int(count) for at, count in zip(time, register, strict=True)}
    zone, days = timezone(timedelta(hours=8)), dict[date, float]()
    day = datetime.fromtimestamp(int(time[0]) / 10**9, zone).date() + timedelta(days=1)
    while True:
        edges = [
            int(datetime(d.year, d.month, d.day, tzinfo=zone).timestamp()) * 10**9
            for d in (day, day + timedelta(days=1))
        ]
        if edges[1] not in ends:
            return days
        days[day] = (ends[edges[1]] - ends[edges[0]]) % 2**32 / 100
        day += timedelta(days=1)


def test_a_cloud_takes_the_declaration_and_evaluates_it(folder: Path, tmp_path: Path) -> None:
    assert retrofit.section(tmp_path) == {}
    cloud = tool("steelyard-cloud")
    subprocess.run([cloud, "init", "--workdir", str(tmp_path)], check=True, capture_output=True, timeout=60)
    site: dict[str, Any] = {
        "id": "mill", "name_zh": "厂", "name_en": "Mill", "tz": "Asia/Shanghai", "province": "浙江"
    }  # fmt: skip
    points = [{"id": "dyeing", "carrier": "electricity"}, {"id": "mill"}]
    declaration = {"site": site, "points": points, "factors": {"grid": "province"}} | retrofit.section(folder)
    (tmp_path / "site.yaml").write_text(yaml_text(declaration), encoding="utf-8")
    where = ["--workdir", str(tmp_path)]
    subprocess.run(
        [cloud, "declare", str(tmp_path / "site.yaml"), *where, "--by", "x"], check=True, timeout=60
    )
    rows = (folder / "production.csv").read_text(encoding="utf-8").splitlines()
    used = counted(folder)
    rows += [f"{day},{day + timedelta(days=1)},dyeing,electricity,{kwh},kWh" for day, kwh in used.items()]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    take = [
        cloud,
        "import",
        *where,
        "--site",
        "mill",
        "--format",
        "csv",
        str(tmp_path / "rows.csv"),
        "--by",
        "x",
    ]
    subprocess.run(take, check=True, capture_output=True, timeout=60)
    ask = [cloud, "replacement", *where, "--site", "mill", "--project", retrofit.PROJECT, "--json"]
    done = subprocess.run(ask, capture_output=True, text=True, timeout=60)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout)
    assert found["refused"] == []
    low, high = map(float, found["payback_interval"])
    assert 0 < low < float(found["payback_years"]) < high and found["irr"] is not None
    (project,) = retrofit.section(folder)["replacement"]
    for side, period in (("before", "baseline"), ("after", "reporting")):
        first, last = map(date.fromisoformat, project["energy"][period])
        whole = sum(kwh for day, kwh in used.items() if first <= day <= last)
        each, cloth = found["per_unit"][side], float(project["labour"][side]["output"].split()[0])
        assert float(each["energy"]) == pytest.approx(whole) and float(each["output"]) == pytest.approx(cloth)
        ends = [float(end) for end in each["kwh_interval"]]
        assert ends[0] < float(each["kwh"]) < ends[1]
        assert float(each["kwh"]) == pytest.approx(whole / cloth, rel=6e-6)
    assert any("speed over nameplate" in warning["message"] for warning in found["warnings"])
