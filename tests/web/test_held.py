"""The answers of the first page come anew by themselves; who reads them by keyboard stays where he was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from cloud.read_models.snapshot_cache import HOLD_S
from tests.web.test_views_now import settle
from tests.web.year import SITE, served

pytestmark = pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("held"), days=40) as url:
        yield url


def test_the_answers_ask_again_when_the_books_may_have_changed(home: str) -> None:
    part = httpx.get(f"{home}/parts/standing?site={SITE}&lang=en", timeout=30).text
    found = re.search(r'hx-trigger="load delay:([0-9.]+)s" hx-target="#standing"', part)
    assert found is not None and 1 < float(found[1]) <= 3 * HOLD_S


def test_new_answers_keep_the_focus(home: str, visit: Any) -> None:
    page = visit(f"{home}/?lang=en").page
    settle(page)
    page.locator(".answer .why").first.focus()
    aim = page.evaluate("document.activeElement.getAttribute('href')")
    assert aim.startswith("/v/provenance/")
    page.evaluate("document.querySelector('.answer').dataset.old = '1'")
    page.evaluate(f"htmx.ajax('GET', '/parts/standing?site={SITE}&lang=en', '#standing')")
    page.wait_for_function("() => !document.querySelector('.answer').dataset.old")
    assert page.evaluate("document.activeElement.getAttribute('href')") == aim
