"""The before/after card: beneath each number its interval, each end a figure of its own, or that it was declared."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.web import test_views_savings as savings
from tests.web.year import SITE, served

pytestmark = pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")
WORDS = {"zh": ("区间", "申报值"), "en": ("interval", "declared")}


def declaration() -> dict[str, Any]:
    """The mill's own project, its energy cost and its energy a unit by its own readings."""
    said = savings.declaration()
    (project,) = said["replacement"]
    project["money"]["costs"]["energy"] = {"at": "avoided-energy", "price": "0.75 CNY/kWh"}
    project["per_unit"] = {"product_unit": "t", "output": "production"}
    project["emissions"] = {"factor": "cn-grid-2023-zhejiang"}
    return said


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a mill with that project."""
    folder = tmp_path_factory.mktemp("card")
    with served(folder, days=savings.DAYS, gap=100) as url:
        file = folder / "project.yaml"
        file.write_text(json.dumps(declaration()), encoding="utf-8")
        savings.declare(folder, file)
        yield url


def figure(mill: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{mill}/api/v1/figures/{name}").json()
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_beneath_each_number_is_its_interval_or_that_it_was_declared(
    mill: str, visit: Any, lang: str
) -> None:
    for width in (375, 1280):
        seen = visit(
            f"{mill}/v/replacement?site={SITE}&lang={lang}", viewport={"width": width, "height": 900}
        )
        assert seen.violations() == [] and seen.problems == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
    interval, declared = WORDS[lang]
    cells = seen.page.locator("tbody td")
    told = [cell.locator(".interval").inner_text() for cell in cells.all()]
    assert len(told) == 16 and all(declared in text for text in told[:12])
    assert all("90 %" in text and interval in text for text in told[12:])
    money = seen.page.locator(".money dd").all()
    assert [interval in cell.inner_text() for cell in money] == [True] * 5 + [False]
    assert declared in money[5].inner_text()
    assert seen.page.locator(".claim .interval [data-figure]").count() == 2


def test_each_end_is_a_figure_and_lies_on_its_side(mill: str) -> None:
    text = httpx.get(f"{mill}/v/replacement?site={SITE}&lang=en").text
    lines = re.findall(r'<div class="interval">[^\n]*?</div>', text)
    pairs = [re.findall(r'data-figure="([0-9a-f]{16})">([^<]+)<', line) for line in lines]
    seen = {}
    for low, high in (pair for pair in pairs if pair):
        one, other = (figure(mill, name) for name, _ in (low, high))
        kind = one["kind"].removesuffix(".low")
        assert other["kind"] == f"{kind}.high" and float(one["value"]) <= float(other["value"])
        seen[kind.removeprefix("replacement.")] = (one["value"], other["value"])
    assert seen.keys() == {
        "avoided", "avoided_tco2", "yearly_saving", "payback_years", "discounted_payback_years", "npv", "irr",
        *(f"per_unit.{when}.{name}" for when in ("before", "after") for name in ("kwh", "tco2")),
    }  # fmt: skip


def test_the_figure_holds_its_interval_and_a_drawer_opens_for_an_end(mill: str) -> None:
    text = httpx.get(f"{mill}/v/replacement?site={SITE}&lang=en").text
    names = re.findall(r'<dd><span class="fig"><b data-figure="([0-9a-f]{16})"', text)
    npv = next(item for name in names if (item := figure(mill, name))["kind"] == "replacement.npv")
    low, high = map(float, npv["interval"])
    assert low < float(npv["value"]) < high and npv["declared"] is False
    (end,) = re.findall(r'data-figure="([0-9a-f]{16})">' + re.escape(npv["interval"][0]) + "<", text)
    drawer = httpx.get(f"{mill}/v/provenance/{end}?lang=en").text
    both = savings.DAYS - 1  # of both periods; the one on which the meter was off has its hours too
    assert (
        re.findall(r"\d+ of (\d+) days", drawer) == [str(both)]
        and "dye.kwh" in drawer
        and "main.kwh" not in drawer
    )
    assert f"Imported rows: {savings.DAYS - 1}" in drawer and "desk-" in drawer and "year-edge" in drawer


def test_the_drawer_of_the_saving_shows_the_hours_of_both_periods(mill: str) -> None:
    text = httpx.get(f"{mill}/v/replacement?site={SITE}&lang=en").text
    (name,) = re.findall(r'class="claim">[^<]*<span class="fig"><b data-figure="([0-9a-f]{16})"', text)
    assert figure(mill, name)["kind"] == "saving_kwh"
    assert "dye.kwh" in httpx.get(f"{mill}/v/provenance/{name}?lang=en").text


def test_the_drawer_of_a_declared_number_shows_the_statement_alone(mill: str) -> None:
    text = httpx.get(f"{mill}/v/replacement?site={SITE}&lang=en").text
    names = re.findall(r'<b data-figure="([0-9a-f]{16})"', text)
    people = next(
        name for name in names if figure(mill, name)["kind"] == "replacement.labour.after.operators"
    )
    drawer = httpx.get(f"{mill}/v/provenance/{people}?lang=en").text
    assert "dye.kwh" not in drawer and "desk-" in drawer
