"""A meter that is stopped for five minutes lacks them in its hour, by the API and on the page; no other meter does."""

from __future__ import annotations

import itertools
import re
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from demo.page import Page
from demo.process import tool
from plant import control
from tests.demo.conftest import Demo
from tests.system.conftest import served

pytestmark = [pytest.mark.long, pytest.mark.timeout(180)]

SPEED = 10  # the plant's clock runs ten times as fast: a scan a second is a reading every ten seconds of it
SCAN = float(SPEED)
STOPPED = 300.0
HOUR = timedelta(hours=1)
STENTER = "stenter-meter"


def test_its_hour_is_five_sixtieths_lower_and_no_other(
    demo: Callable[..., Demo], wait_for: Callable[..., bool]
) -> None:
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    run = demo("--speed", str(SPEED), "--start", f"{begin:%Y-%m-%dT%H:%M:%SZ}", "--seconds", "46", "--check")
    trace = run.folder / "trace.txt"
    assert wait_for(lambda: trace.exists() and trace.stat().st_size > 0, 60.0)
    time.sleep(6.0)
    control.ask(run.folder / "plant", "stop", STENTER)
    time.sleep(STOPPED / SPEED)
    control.ask(run.folder / "plant", "start", STENTER)
    found = run.answer(120)
    assert (found["exit"], found["energy_error"], found["lost"]) == (0, "0.00", 0), found

    hole = longest_pause(served(run.folder, "stenter.kwh"))
    assert abs(hole - STOPPED) <= 2 * SCAN
    assert longest_pause(served(run.folder, "main.kwh")) <= 2 * SCAN

    with cloud_again(run, midnight_at(begin), wait_for) as page:
        told = completeness(page, begin)
        stopped, others = told.pop("stenter"), list(told.values())
        assert len(others) == 6 and max(others) - min(others) <= 2 * SCAN
        assert abs(min(others) - stopped - STOPPED) <= 2 * SCAN, told
        assert abs(max(others) - stopped - hole) <= 2 * SCAN

        passed = (datetime.now(UTC) - begin).total_seconds()
        shown = shown_seconds(page, passed)
        assert shown.keys() == told.keys() | {"stenter"}
        blur = 0.002 * passed  # the page rounds each down to a tenth of a per cent
        assert abs(shown["stenter"] - stopped) <= blur
        assert all(abs(shown[meter] - told[meter]) <= blur for meter in told)


def longest_pause(times: list[datetime]) -> float:
    """Seconds."""
    return max((b - a).total_seconds() for a, b in itertools.pairwise(sorted(times)))


def midnight_at(begin: datetime) -> str:
    """A time zone in which *begin* is midnight: then the page's today begins with the run."""
    east = -begin.hour if begin.hour <= 12 else 24 - begin.hour
    return f"Etc/GMT{-east:+d}"


@contextmanager
def cloud_again(run: Demo, zone: str, wait_for: Callable[..., bool]) -> Iterator[Page]:
    """The cloud of a demo that is over, its site in another time zone."""
    settings = run.folder / "cloud" / "cloud.yaml"
    text = settings.read_text("utf-8")
    assert "Asia/Shanghai" in text
    settings.write_text(text.replace("Asia/Shanghai", zone), "utf-8")
    with (run.folder / "logs" / "cloud.log").open("ab") as log:
        cloud = subprocess.Popen(
            [tool("steelyard-cloud"), "all", "--workdir", str(run.folder)], stdout=log, stderr=log
        )
    try:
        assert wait_for(run.page.projected_all, 30.0)
        yield run.page
    finally:
        cloud.terminate()
        cloud.wait(30)


def completeness(page: Page, begin: datetime) -> dict[str, float]:
    """Seconds of the hour from *begin* that each meter covers, by the API."""
    query: dict[str, Any] = {"from": begin.isoformat(), "to": (begin + HOUR).isoformat(), "by": "hour"}
    rows = page.get("sites/demo-mill/energy", query)["rows"]
    assert all(datetime.fromisoformat(row["from"]) == begin for row in rows)
    return {row["meter"]: float(row["completeness"]) * 3600 for row in rows}


def shown_seconds(page: Page, passed: float) -> dict[str, float]:
    """Seconds of today's *passed* seconds that each meter covers, by the page."""
    with urllib.request.urlopen(f"{page.address}/?lang=en", timeout=10) as answer:
        html = answer.read().decode()
    found = re.findall(r'data-text="meter/([a-z]+)/complete">([0-9.]+) %<', html)
    return {meter: float(percent) / 100 * passed for meter, percent in found}


def test_the_zone_of_a_midnight() -> None:
    for hour in range(24):
        begin = datetime(2026, 3, 1, hour, tzinfo=UTC)
        assert begin.astimezone(ZoneInfo(midnight_at(begin))).hour == 0
