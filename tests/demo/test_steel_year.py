"""A real year of a steel works through the main meter: read whole, stored whole, summed exactly."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from demo.process import tool

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

START = 18_432_000  # register before the first interval, steps of 0.01 kWh
RISE = 95_963_671
QUARTER = timedelta(minutes=15)
CHINA = timezone(timedelta(hours=8))


def months_of(column: Any) -> dict[str, Decimal]:
    """kWh of each local month, from the source column alone; row i is the quarter that begins at i · 15 min."""
    sums: dict[str, int] = {}
    for i, step in enumerate(np.diff(column.astype(np.int64), prepend=START)):
        month = f"{datetime(2018, 1, 1) + i * QUARTER:%Y-%m}"
        sums[month] = sums.get(month, 0) + int(step)
    return {month: Decimal(steps).scaleb(-2) for month, steps in sums.items()}


def test_no_row_of_the_year_is_left_out(
    demo: Callable[..., Any], steelyard_data: Path, wait_for: Callable[..., bool]
) -> None:
    table = steelyard_data / "energy_steel_15min.npz"
    column = np.load(table)["register_cWh_u32"]
    assert int(column[-1]) - START == RISE
    replay = ["--replay", str(table), "--column", "register_cWh_u32"]
    found = demo(*replay, "--check", "--seconds", "120").answer(240)
    assert found["exit"] == 0, found
    assert found["served"] == found["accepted"] == found["ledger"] == found["stored"] >= 2 * (len(column) + 1)
    assert found["energy_error"] == "0.00" and found["devices"] == 1 and found["seconds"] < 120.0

    again = demo(*replay)  # the page of what is there
    assert wait_for(again.page.projected_all, 60.0)
    rows = exported(again.folder)
    assert len(rows) == len(column) + 1
    assert [int(raw) for _, raw in rows] == [START, *map(int, column)]
    assert [time for time, _ in rows] == [stamp(i) for i in range(len(column) + 1)]
    assert int(rows[-1][1]) - int(rows[0][1]) == RISE

    query = {"from": "2018-01-01", "to": "2019-01-01", "by": "month"}
    answer = again.page.get("sites/demo-mill/energy", query)["rows"]
    months = {datetime_of(row["from"]): Decimal(row["value"]) for row in answer if row["meter"] == "main"}
    assert months == months_of(column) and len(months) == 12
    refusals = [row["tco2"] for row in answer]
    assert all("refused" in tco2 for tco2 in refusals), "no factor was published for 2018"
    os.kill(again.process.pid, signal.SIGINT)
    assert again.answer(60)["exit"] == 0


def exported(folder: Path) -> list[tuple[str, str]]:
    """(time, raw) of the main meter's register, by the cloud's own command."""
    command = [
        tool("steelyard-cloud"),
        "export",
        "--workdir",
        str(folder),
        "--tag",
        "main.kwh",
        "--format",
        "csv",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [(row["time"], row["raw"]) for row in csv.DictReader(io.StringIO(text))]


def stamp(i: int) -> str:
    """Row time of reading i: the end of interval i − 1, so reading 0 is the start of the year."""
    time = datetime(2018, 1, 1, tzinfo=CHINA) + i * QUARTER
    return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000000000Z"


def datetime_of(text: str) -> str:
    """The local month of a row's `from`, which may be a date or a time with its zone."""
    if len(text) == 10:
        return text[:7]
    return f"{datetime.fromisoformat(text).astimezone(CHINA):%Y-%m}"


def test_months_of_the_source_sum_to_its_rise(steelyard_data: Path) -> None:
    column = np.load(steelyard_data / "energy_steel_15min.npz")["register_cWh_u32"]
    assert sum(months_of(column).values()) == Decimal(RISE).scaleb(-2)
    assert len(months_of(column)) == 12
