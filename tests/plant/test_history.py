"""The recorded past: it meets the live readings, adds up, and says itself what the retrofit saved."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from plant import history
from plant.listing import mill_of
from plant.main import app

UNTIL = "2026-11-24T12:07:30+08:00"
SUBS = ("dyeing", "stenter", "compressor")


def made(folder: Path, *more: str) -> dict[str, Any]:
    """What the command told."""
    said = CliRunner().invoke(
        app, ["history", "--workdir", str(folder), "--until", UNTIL, "--days", "90", "--json", *more]
    )
    assert said.exit_code == 0, said.output
    return dict(json.loads(said.stdout))


def arrays(folder: Path, device: str) -> dict[str, Any]:
    with np.load(folder / "plant" / "history" / f"{device}.npz") as file:
        return {name: file[name] for name in file.files}


def steps(raw: Any) -> Any:
    """Steps between readings of a 32-bit counter."""
    return np.diff(raw.astype(np.int64)) % 2**32


def daily(found: dict[str, Any], tag: str, first: date) -> dict[date, int]:
    """Steps of each whole local day of a record without holes, by a plain loop."""
    at = {int(t): int(raw) for t, raw in zip(found["time"], found[tag], strict=True)}
    sums: dict[date, int] = {}
    for i in range(1, 90):
        begin, end = (
            int(datetime.fromisoformat(f"{first + timedelta(days=k)}T00:00:00+08:00").timestamp()) * 10**9
            for k in (i, i + 1)
        )
        sums[first + timedelta(days=i)] = (at[end] - at[begin]) % 2**32
    return sums


def test_every_meter_has_its_rows_and_ends_where_the_live_plant_begins(tmp_path: Path) -> None:
    told = made(tmp_path)
    assert told["days"] == 90 and told["from"] == "2026-08-25T16:00:00Z" and told["retrofit"] == "2026-10-10"
    start = {
        tag.name: tag.shows["start"] for d in mill_of(False).devices for tag in d.tags if "start" in tag.shows
    }
    end = int(datetime.fromisoformat(UNTIL).timestamp()) * 10**9
    for device in told["devices"]:
        found = arrays(tmp_path, device)
        assert (
            np.all(np.diff(found["time"]) % history.QUARTER_NS == 0)
            and end - 900 * 10**9 < found["time"][-1] <= end
        )
        counter = next(name for name in found if name in start)
        left = (
            start[counter] - int(found[counter][-1])
        ) % 2**32  # half a quarter is left, not more than its use
        assert 0 < left <= 2 * int(steps(found[counter][-97:]).max())
    assert len(arrays(tmp_path, "main-meter")["time"]) == 90 * 96 + 48
    assert len(arrays(tmp_path, "stenter-meter")["time"]) == 89 * 96 + 48


def test_the_sub_meters_never_use_more_than_the_main_meter(tmp_path: Path) -> None:
    made(tmp_path)
    total = arrays(tmp_path, "main-meter")["main.kw"] * 0.01
    parts = (
        arrays(tmp_path, "dyeing-meter")["dyeing.kw"]
        + arrays(tmp_path, "compressor-meter")["compressor.kw"] * 0.01
    )
    assert np.all(total > parts) and 400 < total.mean() < 650


def test_the_true_saving_is_the_difference_of_the_two_records(tmp_path: Path) -> None:
    made(tmp_path / "new")
    made(tmp_path / "old", "--no-retrofit")
    truth = json.loads((tmp_path / "new" / "plant" / "history" / "truth.json").read_text())
    first = date(2026, 8, 26)
    new, old = (daily(arrays(tmp_path / of, "dyeing-meter"), "dyeing.kwh", first) for of in ("new", "old"))
    since, last = (date.fromisoformat(day) for day in truth["reporting"])
    saved = sum(old[day] - new[day] for day in new if since <= day <= last) * 0.01
    assert saved == pytest.approx(truth["saving_kwh"], abs=1.0) and saved > 10_000
    assert all(old[day] == pytest.approx(new[day], abs=1) for day in new if day < since)
    assert truth["operators"] == {"before": 12, "after": 5}


def test_the_same_seed_gives_the_same_bytes_of_csv_and_another_seed_others(tmp_path: Path) -> None:
    for folder, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        made(tmp_path / folder, "--seed", seed)
    read = {f: (tmp_path / f / "plant" / "history" / "production.csv").read_bytes() for f in "abc"}
    assert read["a"] == read["b"] != read["c"]
    for device in ("main-meter", "gas-meter"):
        a, b = arrays(tmp_path / "a", device), arrays(tmp_path / "b", device)
        assert all(np.array_equal(a[name], b[name]) for name in a)


def test_the_rows_of_people_join_without_gap_or_overlap(tmp_path: Path) -> None:
    made(tmp_path)
    for name, quantities in (("production", 1), ("wastewater", 3)):
        with (tmp_path / "plant" / "history" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        ends: dict[str, str] = {}
        for row in rows:
            assert ends.get(row["quantity"], row["from"]) == row["from"] and float(row["value"]) >= 0
            ends[row["quantity"]] = row["to"]
        assert set(ends.values()) == {"2026-11-24T12:00:00+08:00"} and len(ends) == quantities


@pytest.mark.parametrize(
    ("flags", "reason"),
    [
        (("--days", "3"), "--days 3: must be between 60 and 3660"),
        (("--until", "yesterday"), "--until yesterday: must be RFC 3339"),
    ],
)
def test_wrong_input_is_named(tmp_path: Path, flags: tuple[str, str], reason: str) -> None:
    where = ["--workdir", str(tmp_path)]
    until = [] if flags[0] == "--until" else ["--until", UNTIL]
    answer = CliRunner().invoke(app, ["history", *where, *until, *flags])
    assert answer.exit_code == 2 and reason in answer.stderr
    assert not (tmp_path / "plant" / "history").exists()


def test_the_planted_days_are_foul_and_only_they(tmp_path: Path) -> None:
    """Daily means over the rows against 80 mg/L COD and 10 mg/L ammonia nitrogen."""
    made(tmp_path)
    days: dict[tuple[str, str], list[float]] = {}
    with (tmp_path / "plant" / "history" / "wastewater.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days.setdefault((row["quantity"], row["from"][:10]), []).append(float(row["value"]))
    for quantity, limit in (("cod", 80.0), ("nh3n", 10.0)):
        over = {day for (q, day), values in days.items() if q == quantity and np.mean(values) > limit}
        assert over == {"2026-10-04", "2026-11-06", "2026-11-07"}


def test_two_records_have_one_hole_each(tmp_path: Path) -> None:
    made(tmp_path)
    for device, quarters in (("stenter-meter", 96), ("steam-meter", 24)):
        gaps = np.diff(arrays(tmp_path, device)["time"]) // history.QUARTER_NS
        assert gaps[gaps > 1].tolist() == [quarters + 1]
