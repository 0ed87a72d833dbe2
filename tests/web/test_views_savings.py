"""A replacement before and after, energy against production, the saving so far, the limits: in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from cloud.declarations.replacement_examples import EXAMPLE
from tests.web.conftest import BIN, wait_until
from tests.web.year import SITE, midnight, served

pytestmark = pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")
PAGES = ("replacement", "scatter", "cusum", "exceedances")
DAYS = 120


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with replaced(tmp_path_factory.mktemp("year")) as url:
        yield url


@contextmanager
def replaced(folder: Path) -> Iterator[str]:
    """The address of a mill with a declared replacement, half-way through its past."""
    with served(folder, days=DAYS, gap=100) as url:
        project = folder / "project.yaml"
        project.write_text(json.dumps(declaration()), encoding="utf-8")
        declare(folder, project)
        yield url


def declare(folder: Path, file: Path) -> None:
    command: list[str | Path] = [BIN / "steelyard-cloud", "declare", "--config", folder / "cloud.yaml", file]
    command += ["--by", "Li Wei"]
    subprocess.run(command, check=True, capture_output=True)


def declaration() -> dict[str, Any]:
    """The example's money, people and machines; the energy is the mill's own."""
    plain = yaml.safe_load(EXAMPLE)
    parts = {key: plain[key] for key in ("money", "labour", "oee")}
    parts["per_unit"] = {
        "product_unit": "t",
        "before": {"energy": "1789211 kWh", "output": "14726 t"},
        "after": {"energy": "1566089 kWh", "output": "14711 t"},
    }
    change = midnight(DAYS // 2).date()
    energy = {
        "quantity": "electricity", "points": ["dye"], "drivers": ["production"], "interval": "day",
        "baseline": [str(midnight(DAYS - 1).date()), str(change - timedelta(days=1))],
        "reporting": [str(change), str(midnight(1).date())], "confidence": "90 %",
    }  # fmt: skip
    return {
        "site": SITE,
        "replacement": [
            {"id": "dyeing", "name_zh": "染色机更换", "name_en": "Dyeing machines replaced", "date": str(change),
             "machines_out": [{"name": "old"}], "machines_in": [{"name": "new"}], "energy": energy, **parts}
        ],
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_no_error_no_foreign_request_no_accessibility_violation(
    mill: str, visit: Any, page: str, lang: str
) -> None:
    for width in (375, 1280, 1920):
        seen = visit(f"{mill}/v/{page}?site={SITE}&lang={lang}", viewport={"width": width, "height": 900})
        plots = seen.page.locator("[data-plot]").count()
        seen.page.wait_for_function("n => document.querySelectorAll('[data-drawn]').length === n", arg=plots)
        assert plots or page == "replacement"
        assert seen.violations() == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.foreign() == [] and seen.problems == []


@pytest.mark.parametrize("page", PAGES)
def test_each_figure_is_the_one_that_the_api_gives(mill: str, visit: Any, page: str) -> None:
    places = visit(f"{mill}/v/{page}?site={SITE}&lang=en").page.locator("[data-figure]")
    assert places.count() >= (20 if page == "replacement" else 1)
    for place in places.all():
        said = httpx.get(f"{mill}/api/v1/figures/{place.get_attribute('data-figure')}").json()["value"]
        shown = place.text_content() or ""  # of a closed part of the page too
        digits = len(shown.partition(".")[2])
        assert shown == f"{float(said):.{digits}f}" and len(said) >= len(shown)


def test_the_worked_example_stands_on_the_card(mill: str, visit: Any) -> None:
    page = visit(f"{mill}/v/replacement?site={SITE}&lang=en").page
    card = page.locator(".money").inner_text().replace("\n", " ")
    assert "976209.22 yuan" in card and "2.273 years" in card and "34.747 %" in card
    rows = page.locator("tbody tr", has_text="Operators").locator("[data-figure]").all_inner_texts()
    assert rows == ["8", "2"]
    assert page.locator(".doubt", has_text="no conformity").count() == 1


def test_the_last_point_of_the_cusum_is_the_avoided_energy(mill: str) -> None:
    drawn = httpx.get(f"{mill}/api/v1/sites/{SITE}/charts/cusum").json()
    page = httpx.get(f"{mill}/v/cusum?site={SITE}&lang=en").text
    name = page.split('data-figure="')[1][:16]
    figure = httpx.get(f"{mill}/api/v1/figures/{name}").json()
    last = [column[-1] for column in drawn["columns"][1:]]
    assert figure["kind"] == "saving_kwh" and float(figure["value"]) == last[0]
    assert [float(end) for end in figure["interval"]] == last[1:] and last[1] < last[0] < last[2]
    assert drawn["zone"] == "Asia/Shanghai" and {s["unit"] for s in drawn["series"]} == {"kWh"}


def test_the_csv_is_the_chart(mill: str) -> None:
    for name in ("scatter", "cusum", "permit?point=outfall&parameter=cod&statistic=day"):
        path, _, query = name.partition("?")
        drawn = httpx.get(f"{mill}/api/v1/sites/{SITE}/charts/{path}?{query}").json()
        answer = httpx.get(f"{mill}/api/v1/sites/{SITE}/charts/{path}.csv?lang=en&{query}")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        columns = 1 + len(drawn["series"]) + ("names" in drawn)
        assert len(rows) == 1 + len(drawn["columns"][0]) and {len(row) for row in rows} == {columns}
        if "names" in drawn:
            assert [row[-1] for row in rows[1:]] == drawn["names"]["values"]
        for i, column in enumerate(drawn["columns"][1:], 1):
            assert [row[i] for row in rows[1:]] == ["" if value is None else str(value) for value in column]


def test_an_exceedance_is_told_with_its_day_and_a_word(mill: str, visit: Any) -> None:
    page = visit(f"{mill}/v/exceedances?site={SITE}&lang=en").page
    assert "outside the limit: 1" in page.locator(".claim").inner_text()
    row = page.locator("section table.episodes tbody tr").last.inner_text()
    assert str(midnight(3).date()) in row and "96.5 mg/L" in row and "80 mg/L" in row and "+20.6 %" in row


def test_a_site_without_projects_or_permit_says_so(mill: str) -> None:
    answer = httpx.get(f"{mill}/api/v1/sites/nowhere/charts/cusum")
    assert answer.status_code == 404
    assert httpx.get(f"{mill}/api/v1/sites/{SITE}/charts/cusum?project=none").status_code == 400


def told(url: str) -> dict[str, dict[str, str] | str]:
    """Of each view that shows electricity: its figures by id, or its chart as it is sent."""
    found: dict[str, dict[str, str] | str] = {}
    for view in ("/parts/standing", "/v/replacement", "/v/scatter", "/v/cusum", "/v/report"):
        text = httpx.get(f"{url}{view}?site={SITE}&lang=en", timeout=60).text
        found[view] = dict(re.findall(r'data-figure="([0-9a-f]{16})">([^<]*)<', text))
    for chart in ("load", "scatter", "cusum"):
        found[chart] = httpx.get(f"{url}/api/v1/sites/{SITE}/charts/{chart}", timeout=60).text
    return found


@pytest.mark.long
def test_one_changed_input_changes_every_view_that_uses_it(tmp_path: Path) -> None:
    """The same mill twice; in one of them the dyeing hall used more yesterday. Numbers that don't rest on it stay."""
    answers = []
    for more in (0, 700):
        folder = tmp_path / str(more)
        folder.mkdir()
        with served(folder, days=DAYS, gap=100, more=more) as url:
            project = folder / "project.yaml"
            project.write_text(json.dumps(declaration()), encoding="utf-8")
            declare(folder, project)
            wait_until(lambda url=url: len(told(url)["/parts/standing"]) > 3, 60)
            answers.append(told(url))
    before, after = answers
    for view, shown in before.items():
        assert after[view] != shown, view
        if isinstance(shown, dict):
            assert set(after[view]) == set(shown), view
    card, again = before["/v/replacement"], after["/v/replacement"]
    assert isinstance(card, dict) and isinstance(again, dict)
    assert (
        sum(again[name] == text for name, text in card.items()) >= len(card) - 3
    )  # money, people: as declared; the saving and both ends of its interval are not
