"""The first page in a real Chromium, over a real cloud: both languages, live, accessible, nothing from elsewhere."""

from __future__ import annotations

import itertools
import json
import re
import socket
import time
import urllib.request
from typing import Any

import pytest

from tests.web.conftest import SmallMill, wait_until

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")]

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
WALL = {"width": 1920, "height": 1080}

# Draws a character on a canvas of its own and returns the ink, so that two glyphs can be compared.
INK = """character => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 64, height: 64});
  const context = canvas.getContext("2d");
  context.font = `48px ${getComputedStyle(document.body).fontFamily}`;
  context.fillText(character, 8, 50);
  return Array.from(context.getImageData(0, 0, 64, 64).data.filter((_, i) => i % 4 === 3)).join();
}"""

OF_THE_OUTAGE = ("net::ERR", "htmx:afterRequest", "htmx:sendError")
"""What the browser and htmx write for a request that was under way or made while the cloud was dead."""


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK, WALL], ids=["phone", "desk", "wall"])
def test_no_error_no_foreign_request_no_accessibility_violation(
    mill: SmallMill, visit: Any, language: str, scheme: str, viewport: dict[str, int]
) -> None:
    seen = visit(mill.url + "/", locale=LOCALES[language], color_scheme=scheme, viewport=viewport)
    seen.live()
    assert seen.page.get_attribute("html", "lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert seen.violations() == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert seen.foreign() == []
    assert seen.problems == []


def test_chinese_has_real_glyphs(mill: SmallMill, visit: Any) -> None:
    page = visit(mill.url + "/?lang=zh").page
    missing = page.evaluate(INK, "\U0010ffff")
    blank = page.evaluate(INK, " ")
    drawn = [page.evaluate(INK, character) for character in "电表功率停滞"]
    assert len({missing, blank, *drawn}) == 8


def test_the_page_says_what_the_api_says(mill: SmallMill, visit: Any) -> None:
    page = visit(mill.url + "/?lang=zh").page
    wait_until(lambda: page.locator(".card").count() == 4, 10)
    energy = api(mill, "/api/v1/sites/small-mill/energy?by=day&from=" + today(mill))["rows"]
    main = next(row for row in energy if row["meter"] == "main")
    card = page.locator(".card", has_text="总表")
    text = card.inner_text()
    assert "功率" in text and "当日电量" in text and "kWh" in text
    shown = float(re.sub(r"[^\d.]", "", card.locator("[data-text='meter/main/day']").inner_text()))
    assert abs(shown - float(main["value"])) < 5
    factor = main["tco2"]["factor"]
    described = page.locator("#" + str(card.locator("button").get_attribute("aria-describedby")))
    for part in (factor["value"], str(factor["year"]), factor["citation"]):
        assert part in (described.text_content() or "")
    assert "未申报排放因子" in page.locator(".card", has_text="蒸汽").inner_text()
    row = page.locator("tr", has_text="染色机1.布速")
    assert (
        re.search(r"62\.\d", row.inner_text()) and "m/min" in row.inner_text() and "良好" in row.inner_text()
    )
    assert "存疑" in page.locator("tr", has_text="wastewater.ph").inner_text()


def test_the_factor_is_told_on_hover_and_by_keyboard_and_goes_on_escape(mill: SmallMill, visit: Any) -> None:
    page = visit(mill.url + "/?lang=en", viewport=DESK).page
    button, tip = page.locator("[data-cited] button").first, page.locator("[data-cited] .tip").first
    assert not tip.is_visible()
    page.locator("[data-cited]").first.hover()
    assert tip.is_visible()
    page.mouse.move(1, 1)
    assert not tip.is_visible()
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    assert tip.is_visible()
    page.keyboard.press("Escape")
    assert not tip.is_visible()


def test_values_and_ages_go_on_and_the_chart_is_drawn_with_its_gap(mill: SmallMill, visit: Any) -> None:
    page = visit(mill.url + "/?lang=en", viewport=DESK).page
    place = page.locator("[data-text='meter/main/now']")
    before = place.inner_text()
    wait_until(lambda: place.inner_text() != before, 10)
    age = page.locator("[data-age='meter/main']")
    wait_until(lambda: re.fullmatch(r"\d+ s ago", age.inner_text()) is not None, 5)
    assert int(age.inner_text().split()[0]) <= 5
    wait_until(lambda: page.evaluate("charts.get('main').values.length") > 400, 10)
    values = page.evaluate("charts.get('main').values")
    times = page.evaluate("charts.get('main').times")
    assert times == sorted(times)
    known = list(zip(times, values, strict=True))
    joined = [b[0] - a[0] for a, b in itertools.pairwise(known) if None not in (a[1], b[1])]
    assert None in values
    assert max(joined) <= 5


def test_a_stopped_meter_says_since_when_in_the_sites_zone(mill: SmallMill, visit: Any) -> None:
    page = visit(mill.url + "/?lang=zh", viewport=DESK).page
    card = page.locator(".card", has_text="天然气")
    assert not card.locator(".stale").is_visible()
    mill.node.stopped.add("gas-meter")
    stopped = time.time()
    try:
        card.locator(".stale").wait_for(state="visible", timeout=15_000)
        assert time.time() - stopped <= 2 * 1 + 1 + 5 + 3
        text = card.locator(".stale").inner_text()
        since = re.search(r"数据停滞自 (\d\d):(\d\d):(\d\d)", text)
        assert since is not None, text
        seconds = sum(int(part) * size for part, size in zip(since.groups(), (3600, 60, 1), strict=True))
        assert abs((stopped + 8 * 3600) % 86400 - seconds) <= 3
        assert page.locator(".card .stale:visible").count() == 1
        assert page.locator("[data-alarm=meters].alarm").inner_text().split()[-3:] == ["3", "/", "4"]
    finally:
        mill.node.stopped.clear()
    card.locator(".stale").wait_for(state="hidden", timeout=10_000)


def test_the_open_page_survives_a_kill_of_the_cloud(mill: SmallMill, visit: Any) -> None:
    seen = visit(mill.url + "/?lang=en")
    page = seen.page
    seen.live()
    page.evaluate("window.never_reloaded = true")
    mill.kill_cloud()
    page.locator("#lost").wait_for(state="visible", timeout=10_000)
    assert re.search(r"Connection lost since \d\d:\d\d:\d\d", page.locator("#lost").inner_text())
    assert page.locator("#link").inner_text() == "disconnected"
    aged = page.locator("[data-age='meter/main']")
    old = int(aged.inner_text().split()[0])
    wait_until(lambda: int(aged.inner_text().split()[0]) > old, 5)
    mill.start_cloud()
    page.locator("#lost").wait_for(state="hidden", timeout=30_000)
    mill.node.rewind.set()
    place = page.locator("[data-text='meter/main/now']")
    before = place.inner_text()
    wait_until(lambda: place.inner_text() != before, 15)
    wait_until(lambda: int(aged.inner_text().split()[0]) < 5, 15)
    assert page.evaluate("window.never_reloaded")
    assert [each for each in seen.problems if not any(word in each for word in OF_THE_OUTAGE)] == []


def test_the_language_is_remembered(mill: SmallMill, visit: Any) -> None:
    page = visit(mill.url + "/", locale="en-GB").page
    assert page.locator("h1").inner_text() == "Small mill"
    page.get_by_role("link", name="中文").click()
    assert page.locator("h1").inner_text() == "小染厂"
    page.goto(mill.url + "/")
    assert page.locator("h1").inner_text() == "小染厂"
    assert page.get_by_role("link", name="中文").get_attribute("aria-current") == "true"


def test_the_policy_forbids_what_is_not_ours(mill: SmallMill, visit: Any) -> None:
    with urllib.request.urlopen(mill.url + "/", timeout=5) as answer:
        policy = answer.headers["Content-Security-Policy"]
        html = answer.read().decode()
    assert "script-src 'self'" in policy and "default-src 'none'" in policy and "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html)
    page = visit(mill.url + "/").page
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = 1'}))"
    )
    assert page.evaluate("window.ran") is None


def test_an_unknown_site_is_not_found(mill: SmallMill) -> None:
    for path in ("/?site=elsewhere", "/api/v1/sites/elsewhere/events", "/parts/history?site=elsewhere"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(mill.url + path, timeout=5)


def test_a_client_that_never_reads_slows_nobody_and_the_end_is_quick(mill: SmallMill) -> None:
    deaf = [socket.create_connection(("127.0.0.1", mill.http_port)) for _ in range(20)]
    for each in deaf:
        each.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        each.sendall(b"GET /api/v1/sites/small-mill/events HTTP/1.1\r\nHost: mill\r\n\r\n")
    with urllib.request.urlopen(mill.url + "/api/v1/sites/small-mill/events", timeout=10) as stream:
        arrived: list[float] = []
        while len(arrived) < 5:
            if stream.readline().startswith(b"data:"):
                arrived.append(time.monotonic())
        assert max(b - a for a, b in itertools.pairwise(arrived)) < 2.5
        begun = time.monotonic()
        mill.cloud.terminate()
        assert mill.cloud.wait(10) == 0
        assert time.monotonic() - begun < 5
    for each in deaf:
        each.close()
    mill.start_cloud()
    mill.await_cloud()
    mill.node.rewind.set()


def api(mill: SmallMill, path: str) -> Any:
    with urllib.request.urlopen(mill.url + path, timeout=10) as answer:
        return json.load(answer)


def today(mill: SmallMill) -> str:
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
