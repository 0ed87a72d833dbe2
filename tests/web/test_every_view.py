"""Whatever views the cloud lists: each is clean in both languages, and says the numbers that the API says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.web.test_views_now import settle
from tests.web.test_views_savings import declaration, declare
from tests.web.year import SITE, served

pytestmark = pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")
DAYS = 120
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
KNOWN = {
    "now",
    "replacement",
    "scatter",
    "cusum",
    "exceedances",
    "completeness",
    "load",
    "report",
    "desk",
    "wizard",
}


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a mill with a past and a replacement."""
    folder = tmp_path_factory.mktemp("every")
    with served(folder, days=DAYS, gap=100) as url:
        project = folder / "project.yaml"
        project.write_text(json.dumps(declaration()), encoding="utf-8")
        declare(folder, project)
        yield url


@pytest.mark.parametrize("language", LOCALES)
def test_every_view_that_is_listed_is_clean_and_says_what_the_api_says(
    mill: str, visit: Any, language: str
) -> None:
    views = httpx.get(f"{mill}/api/v1/views?lang={language}", timeout=30).json()["views"]
    assert {view["id"] for view in views} >= KNOWN
    seen = visit(f"{mill}/?lang={language}", locale=LOCALES[language])
    told = {}
    for view in views:
        seen.page.goto(f"{mill}{view['url']}?site={SITE}&lang={language}")
        settle(seen.page)
        assert seen.page.get_attribute("html", "lang") == LOCALES[language].replace("en-GB", "en"), view
        assert view["title"] in seen.page.title() or view["id"] == "now"
        assert seen.violations() == [], view
        told[view["id"]] = figures(seen.page, mill)
    assert seen.foreign() == [] and seen.problems == []
    assert all(told[name] for name in KNOWN - {"completeness", "load", "desk", "wizard"}), told


def figures(page: Any, mill: str) -> int:
    """How many figures a page shows, each of which is the API's at the digits that are shown."""
    places = page.locator("[data-figure]").all()
    for place in places:
        name, text = place.get_attribute("data-figure"), place.text_content()
        value = Decimal(httpx.get(f"{mill}/api/v1/figures/{name}", timeout=30).json()["value"])
        digits = len(text.partition(".")[2])
        assert abs(value - Decimal(text)) <= Decimal(1).scaleb(-digits) / 2, (page.url, name, text)
    return len(places)
