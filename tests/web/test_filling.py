"""A real demo fills in its past before an open page: a line tells how far, the pages are of use, the line goes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import BIN, free_port, status, wait_until

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")]
DAYS = 365


@pytest.fixture
def filling(tmp_path: Path) -> Iterator[str]:
    """The address of a demo that has just begun to fill in its past."""
    port = free_port()
    command = [str(BIN / "steelyard-demo"), "--workdir", str(tmp_path / "demo"), "--port", str(port)]
    with (tmp_path / "demo.log").open("wb") as log:
        demo = subprocess.Popen([*command, "--history-days", str(DAYS)], stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: status(f"{url}/api/v1/sites/demo-mill/latest") == 200, 90)
        yield url
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(40)


def share(url: str) -> float:
    """How much of the past is here, by the API; 0 before anything is."""
    with urllib.request.urlopen(f"{url}/api/v1/health", timeout=10) as answer:
        past = json.load(answer)["history"].get("demo-mill")
    return 0.0 if past is None or past["until"] is None else float(past["share"])


WATCH = """async () => {
  window.seen = [];
  const line = document.getElementById("filling");
  while (line.hidden) await new Promise(done => setTimeout(done, 50));
  while (!line.hidden) {
    const [value, text] = [line.querySelector("progress").value, line.innerText];
    const past = (await (await fetch("/api/v1/health")).json()).history["demo-mill"];
    window.seen.push([value, text.replace(/\\s+/g, " "), Number(past.share)]);
    await new Promise(done => setTimeout(done, 100));
  }
  window.gone = true;
}"""
"""Notes what the line says and what the API says after it, until the line has gone."""


def test_the_line_follows_the_past_and_goes_by_itself(filling: str, visit: Any) -> None:
    seen = visit(f"{filling}/?lang=en")
    page = seen.page
    page.evaluate(f"() => {{ ({WATCH})(); }}")
    page.wait_for_function("() => window.gone", timeout=180_000)
    told = page.evaluate("window.seen")
    shown = [value for value, _, _ in told if value < 1]
    assert shown == sorted(shown) and len(set(shown)) >= 2 and shown[0] > 0
    assert all(value <= here for value, _, here in told), "no more is shown than is here"
    found = [re.search(r"so far up to (\d{4}-\d\d-\d\d) ([\d.]+) %", text) for _, text, _ in told]
    days = [date.fromisoformat(one[1]) for one in found if one is not None]
    percents = [float(one[2]) for one in found if one is not None]
    assert len(days) == len(told) and days == sorted(days) and percents == sorted(percents)
    assert share(filling) == 1.0
    page.wait_for_selector(".answer .verdict")
    assert page.locator(".card .age").count() == 7
    assert seen.problems == []


def test_the_pages_are_of_use_meanwhile(filling: str, visit: Any) -> None:
    seen = visit(f"{filling}/?lang=zh", viewport={"width": 375, "height": 812})
    page = seen.page
    page.locator("#filling").wait_for(state="visible", timeout=60_000)
    assert "历史数据正在补录" in page.locator("#filling").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.locator(".card .now b").first.wait_for()
    wait_until(lambda: re.search(r"\d", page.locator(".card .now b").first.inner_text()) is not None, 20)
    page.locator(".menu").click()
    page.locator(".pages a", has_text="分时用电").click()
    page.wait_for_selector("[data-drawn]")
    assert share(filling) < 1, "all this took place while the past was being filled in"
    assert page.locator(".grid tbody tr").count() == 24
    assert seen.violations() == [] and seen.problems == [] and seen.foreign() == []
