"""From the machine to the page: the whole demo runs, and what its plant serves is on the page within seconds."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.conftest import BIN, free_port, status, wait_until

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")]


SETTLED_S = 12


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """(process, folder, url) of a demo that runs."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(BIN / "steelyard-demo"), "--workdir", str(folder), "--port", str(port)]
    with (folder.parent / "demo.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(lambda: status(f"{url}/api/v1/sites/demo-mill/latest") == 200, 60)
        yield process, folder, url
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(40)


def seconds(age: str) -> int:
    found = re.fullmatch(r"(\d+) 秒前", age)
    assert found is not None, age
    return int(found[1])


def test_a_tag_named_in_chinese_goes_from_the_machine_to_the_page(demo: Any, visit: Any) -> None:
    _, _, url = demo
    seen = visit(f"{url}/?lang=zh")
    row = seen.page.locator("tr", has_text="染色机1.温度")
    row.wait_for(timeout=30_000)
    assert "1号染色机温度" in row.inner_text() and "°C" in row.inner_text()
    for unit, tag in (("m³/h", "污水站.流量"), ("mg/L", "wastewater.cod"), ("pH", "wastewater.ph")):
        assert unit in seen.page.locator("tr", has_text=tag).inner_text()
    ages = seen.page.locator(".card .age")
    wait_until(lambda: ages.count() == 7, 15)
    wait_until(lambda: all(text != "–" and seconds(text) < 5 for text in ages.all_inner_texts()), 20)
    assert seen.violations() == []
    assert seen.problems == []


@pytest.mark.timeout(400)
def test_a_stopped_device_is_stale_in_time_and_no_other(demo: Any, visit: Any) -> None:
    _, folder, url = demo
    page = visit(f"{url}/?lang=zh").page
    card = page.locator(".card", has_text="空压机")
    card.wait_for(timeout=30_000)
    settled(page)
    control(folder, "stop")
    begun = time.monotonic()
    card.locator(".stale").wait_for(state="visible", timeout=20_000)
    assert (
        time.monotonic() - begun <= 2 * 1 + 2 + 5 + 3
    )  # 2 * every + seal_after + 5 s, and the page's second
    assert re.search(r"数据停滞自 \d\d:\d\d:\d\d", card.inner_text())
    assert page.locator(".card .stale:visible").count() == 1
    control(folder, "start")
    card.locator(".stale").wait_for(state="hidden", timeout=40_000)


def test_the_demo_ends_while_pages_are_open(demo: Any, visit: Any) -> None:
    process, _, url = demo
    seen = visit(f"{url}/?lang=en")
    seen.live()
    process.send_signal(signal.SIGINT)
    seen.page.locator("#lost").wait_for(state="visible", timeout=20_000)
    assert process.wait(40) == 0


def settled(page: Any) -> None:
    """Wait until no meter was late for some seconds: while the year is filled in and summed up, live rows wait."""
    page.locator("#filling").wait_for(state="hidden", timeout=150_000)
    quiet, end = time.monotonic(), time.monotonic() + 150
    while time.monotonic() - quiet < SETTLED_S:
        assert time.monotonic() < end, "the meters of the demo are late again and again"
        ages = [text != "–" and seconds(text) < 5 for text in page.locator(".card .age").all_inner_texts()]
        if not ages or not all(ages):
            quiet = time.monotonic()
        time.sleep(0.2)


def control(folder: Path, what: str) -> None:
    subprocess.run(
        [BIN / "steelyard-plant", what, "compressor-meter", "--workdir", folder], check=True, timeout=20
    )
