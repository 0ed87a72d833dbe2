"""Whatever views the cloud lists: each is clean in both languages, and says the numbers that the API says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlparse

import httpx
import pytest

from tests.web.test_views_now import settle
from tests.web.test_views_savings import replaced
from tests.web.year import SITE

pytestmark = pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")
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
    "system",
}


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with replaced(tmp_path_factory.mktemp("every")) as url:
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
    assert all(told[name] for name in KNOWN - {"completeness", "load", "desk", "wizard", "system"}), told


def figures(page: Any, mill: str) -> int:
    """How many figures a page shows, each of which is the API's at the digits that are shown."""
    places = page.locator("[data-figure]").all()
    for place in places:
        name, text = place.get_attribute("data-figure"), place.text_content()
        value = Decimal(httpx.get(f"{mill}/api/v1/figures/{name}", timeout=30).json()["value"])
        digits = len(text.partition(".")[2])
        assert abs(value - Decimal(text)) <= Decimal(1).scaleb(-digits) / 2, (page.url, name, text)
    return len(places)


def test_the_other_language_keeps_what_was_chosen(mill: str, visit: Any) -> None:
    chosen = "first=2026-01-02&last=2026-01-05&note=%22%3E%3Cb%3E%26"
    page = visit(f"{mill}/v/report?site={SITE}&lang=en&{chosen}").page
    page.locator(".languages a", has_text="中文").click()
    page.wait_for_url("**lang=zh*")
    assert parse_qs(urlparse(page.url).query) == {"site": [SITE], "lang": ["zh"], **parse_qs(chosen)}
    assert page.locator("input[name=first]").input_value() == "2026-01-02"


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "2026-01-01 is before the first day 2026-11-24"), ("zh", "早于首日")]
)
def test_days_in_the_wrong_order_are_named_as_they_were_given(mill: str, lang: str, said: str) -> None:
    url = f"{mill}/v/report?site={SITE}&lang={lang}&first=2026-11-24&last=2026-01-01"
    answer = httpx.get(url, headers={"Accept": "text/html"}, timeout=30)
    assert answer.status_code == 400 and said in answer.text and "2026-01-02" not in answer.text
