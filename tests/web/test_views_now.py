"""The first screen's answers, provenance, completeness and load in a real Chromium, over a mill with a past."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cloud.web.formatting import shown
from tests.web.conftest import wait_until
from tests.web.year import BIN, SITE, midnight, served

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE = {"width": 375, "height": 812}
WALL = {"width": 1920, "height": 1080}
ONE = re.compile(r"(?<![\d.,])1 (blocks|days|limits|hours|rows|months|meters|checked signatures)\b")
"""One of a thing in the plural."""
PAGES = ("/", "/v/completeness", "/v/load")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("year")


@pytest.fixture(scope="module")
def home(folder: Path) -> Iterator[str]:
    with served(folder, days=60) as url:
        yield url


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("viewport", [PHONE, WALL], ids=["phone", "wall"])
def test_every_page_is_clean_in_both_languages(
    home: str, visit: Any, language: str, viewport: dict[str, int]
) -> None:
    seen = visit(home + "/", locale=LOCALES[language], viewport=viewport)
    for path in (*PAGES, f"/v/provenance/{ids(home)[0]}"):
        seen.page.goto(f"{home}{path}?lang={language}")
        settle(seen.page)
        assert seen.page.get_attribute("html", "lang") == {"zh": "zh-CN", "en": "en"}[language]
        assert seen.violations() == [], path
        assert ONE.search(seen.page.locator("body").inner_text()) is None, path
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    assert seen.foreign() == []
    assert seen.problems == []


def test_each_number_of_the_answers_is_the_figure_of_its_id(home: str, visit: Any) -> None:
    page = visit(home + "/?lang=en").page
    settle(page)
    places = page.locator("[data-figure]")
    found = [
        (places.nth(i).get_attribute("data-figure"), places.nth(i).inner_text())
        for i in range(places.count())
    ]
    assert len(found) >= 5
    kinds = set()
    for name, text in found:
        figure = get(home, f"/api/v1/figures/{name}")
        kinds.add(figure["kind"])
        assert text == shown(figure["value"], figure["unit"])
        digits = len(text.partition(".")[2])
        assert abs(Decimal(figure["value"]) - Decimal(text)) <= Decimal(1).scaleb(-digits) / 2
    assert {"cost_yuan", "electricity_kwh", "expected_kwh", "permit_cod_day"} <= kinds


def test_the_drawer_leads_to_signed_blocks_and_closes_by_keyboard(home: str, visit: Any) -> None:
    page = visit(home + "/?lang=en").page
    settle(page)
    page.locator(".answer .why").last.focus()
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    drawer.locator(".trace").wait_for()
    text = drawer.inner_text()
    assert "year-edge" in text and re.search(r"(\d+) blocks, (\d+) of \2 checked signatures hold", text)
    page.keyboard.press("Escape")
    assert not drawer.is_visible()


def test_both_numbers_of_a_card_lead_to_the_hours_of_the_day(home: str, visit: Any) -> None:
    page = visit(home + "/?lang=en").page
    settle(page)
    ways = page.locator("[data-place='meter/main'] .why")
    names = {ways.nth(i).get_attribute("href").rpartition("/")[2] for i in range(ways.count())}
    assert ways.count() == 2 and len(names) == 1, "energy and emissions are of the same hours"
    figure = get(home, f"/api/v1/figures/{names.pop()}")
    assert (figure["kind"], figure["point"]) == ("electricity_kwh", "main")
    assert figure["from"] == f"{midnight(0):%Y-%m-%d}" and figure["to"] == f"{midnight(-1):%Y-%m-%d}"
    ways.first.click()
    page.locator("#drawer .trace h3", has_text="Hours of the meters").wait_for()


def test_the_matrix_shows_the_day_the_meter_was_off_and_its_csv_says_the_same(home: str, visit: Any) -> None:
    page = visit(home + "/v/completeness?lang=en").page
    settle(page)
    off = f"{midnight(9):%Y-%m-%d}"
    cells = page.locator(".matrix tbody tr", has_text="Dyeing").locator("td")
    heads = [head.get_attribute("data-day") for head in page.locator(".matrix thead th").all()[1:]]
    assert cells.nth(heads.index(off)).inner_text() == "~"
    assert [cells.nth(i).inner_text() for i in range(len(heads) - 1) if heads[i] != off] == ["✓"] * (
        len(heads) - 2
    )
    with urllib.request.urlopen(
        f"{home}/api/v1/sites/{SITE}/charts/completeness.csv?lang=en", timeout=10
    ) as answer:
        table = list(csv.reader(io.StringIO(answer.read().decode("utf-8-sig"))))
    row = next(row for row in table if row[0] == "Dyeing")
    assert row[table[0].index(off)] == "estimated" and "Asia/Shanghai" in table[0][0]


def test_the_load_of_a_day_adds_up_to_its_electricity(home: str) -> None:
    heat = get(home, f"/api/v1/sites/{SITE}/charts/load")["heat"]
    day, after = midnight(1), midnight(0)
    figures = get(home, f"/api/v1/sites/{SITE}/figures?from={day:%Y-%m-%d}&to={after:%Y-%m-%d}")["figures"]
    whole = next(f["value"] for f in figures if f["kind"] == "electricity_kwh" and f["point"] is None)
    column = heat["cols"].index(f"{day:%Y-%m-%d}")
    assert abs(sum(row[column] for row in heat["values"]) - float(whole)) <= 24 * 0.05
    assert heat["bands"][:8] == ["valley"] * 8 and heat["bands"][8:22] == ["peak"] * 14


def test_a_row_that_comes_in_later_changes_the_answer(home: str, folder: Path, visit: Any) -> None:
    page = visit(home + "/?lang=en").page
    settle(page)
    assert "⚠" not in page.locator("[aria-labelledby=a-limits]").inner_text()
    begin, now = f"{midnight(0):%Y-%m-%d} 00:00", f"{midnight(0):%Y-%m-%d} 00:15"
    (folder / "late.csv").write_text(
        f"from,to,point,quantity,value,unit\n{begin},{now},outfall,cod,250,mg/L\n"
    )
    config, rows = str(folder / "cloud.yaml"), str(folder / "late.csv")
    command = [
        str(BIN / "steelyard-cloud"),
        "import",
        "--config",
        config,
        "--site",
        SITE,
        "--format",
        "csv",
        rows,
    ]
    subprocess.run(command, check=True, capture_output=True)

    def told() -> bool:
        page.reload()
        settle(page)
        return "The limit is exceeded" in page.locator("[aria-labelledby=a-limits]").inner_text()

    wait_until(told, 30)
    assert "The limit is exceeded" in page.locator("[aria-labelledby=a-asks]").inner_text()


def test_the_views_are_listed_in_both_languages(home: str) -> None:
    zh, en = (get(home, f"/api/v1/views?lang={language}")["views"] for language in LOCALES)
    assert [view["url"] for view in zh] == [view["url"] for view in en]
    assert {"now", "completeness", "load"} <= {view["id"] for view in en}
    assert all(re.search(r"[\u4e00-\u9fff]", view["title"]) for view in zh)
    for view in en:
        with urllib.request.urlopen(home + view["url"], timeout=10) as answer:
            assert answer.status == 200, view["url"]


def settle(page: Any) -> None:
    """Wait for the answers and the charts of a page."""
    page.wait_for_function(
        "() => !document.querySelector('.standing .empty') && !document.querySelector('[data-plot]:not([data-drawn])')"
    )


def ids(home: str) -> list[str]:
    with urllib.request.urlopen(f"{home}/parts/standing?site={SITE}&lang=en", timeout=20) as answer:
        return re.findall(r'data-figure="([0-9a-f]{16})"', answer.read().decode())


def get(home: str, path: str) -> Any:
    with urllib.request.urlopen(home + path, timeout=20) as answer:
        return json.load(answer)
