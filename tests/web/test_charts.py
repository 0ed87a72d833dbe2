"""How charts look: periods told apart, a band, gaps, readings, axes in a language, heat tables and their bands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from itertools import pairwise
from typing import Any

import httpx
import numpy as np
import pytest

from tests.web.drawn import CHART, OFF, PHONE, opened, replaced
from tests.web.year import SITE, midnight

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")]
PIXEL = """([x, y]) => {
  const plot = document.querySelector("[data-plot]").lines.plot;
  const at = [Math.round(plot.valToPos(x, "x", true)), Math.round(plot.valToPos(y, "y", true))];
  return [...plot.ctx.getImageData(...at, 1, 1).data];
}"""
SIMULATE = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}  # fmt: skip
"""Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB."""


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a mill that has replaced machines."""
    with replaced(tmp_path_factory.mktemp("year")) as url:
        yield url


def chart(mill: str, name: str) -> Any:
    return httpx.get(f"{mill}/api/v1/sites/{SITE}/charts/{name}", timeout=30).json()


def written(value: float) -> str:
    """A number as English pages write it, six significant digits."""
    return f"{value:,.6g}".replace("-", "−")


def colour(page: Any, name: str) -> list[float]:
    """A colour of the style as sRGB from 0 to 1."""
    text = page.evaluate(f"getComputedStyle(document.querySelector('.{name}')).color")
    return [int(part) / 255 for part in re.findall(r"\d+", text)[:3]]


def lab(rgb: Any) -> Any:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    ratio = np.clip(np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089], 1e-6, None)
    f = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_whoever_lacks_a_cone_tells_the_two_periods_apart_by_colour_too(
    mill: str, visit: Any, scheme: str
) -> None:
    page = opened(mill, visit, "scatter", color_scheme=scheme)
    two = [np.array(colour(page, tone)) for tone in ("tone-1", "tone-2")]
    linear = [np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4) for rgb in two]
    for matrix in (np.eye(3), *map(np.array, SIMULATE.values())):
        assert np.linalg.norm(lab(matrix @ linear[0]) - lab(matrix @ linear[1])) > 40


def test_the_legend_shows_each_as_it_is_drawn_and_nothing_where_nothing_is_read(
    mill: str, visit: Any
) -> None:
    page = opened(mill, visit, "scatter")
    entries = page.locator(".legend li:not(.at)")
    shapes = [entry.locator("svg > *").evaluate("e => e.tagName") for entry in entries.all()]
    assert shapes == ["circle", "path", "line", "line"]
    dashes = [entry.locator("line").get_attribute("stroke-dasharray") for entry in entries.all()[2:]]
    assert dashes == ["7 5", "none"]
    tones = [entry.locator("svg").get_attribute("class") for entry in entries.all()]
    assert [tone.split()[-1] for tone in tones] == ["tone-1", "tone-2", "tone-1", "tone-2"]
    assert entries.all_inner_texts() == [
        "days before", "days after", "regression line before", "regression line after"
    ]  # fmt: skip
    assert "--" not in page.locator("figure").inner_text() and page.locator(".u-legend").count() == 0


def test_the_pointer_reads_out_the_nearest_day_with_its_value_and_unit(mill: str, visit: Any) -> None:
    page, drawn = opened(mill, visit, "scatter"), chart(mill, "scatter")
    row = next(i for i, value in enumerate(drawn["columns"][1]) if value is not None and i > 20)
    x, y = drawn["columns"][0][row], drawn["columns"][1][row]
    page.locator(".u-over").scroll_into_view_if_needed()
    box = page.locator(".u-over").bounding_box()
    at = page.evaluate(f"([x, y]) => ['x', 'y'].map((a, i) => {CHART}.plot.valToPos([x, y][i], a))", [x, y])
    page.mouse.move(box["x"] + at[0], box["y"] + at[1])
    day = date.fromisoformat(drawn["names"]["values"][row])
    assert page.locator(".legend .at").inner_text().startswith(f"{day.day} ")
    assert f"{day.year} · production {x:g} t" in page.locator(".legend .at").inner_text()
    first = page.locator(".legend li").nth(1).inner_text().replace("\n", " ")
    assert first.endswith(" kWh") and float(re.sub(r"[^\d.]", "", first)) == float(f"{y:.6g}")
    page.mouse.move(0, 0)
    assert page.locator(".legend b").all_inner_texts() == [""] * 4


def test_the_keyboard_reads_each_row_of_the_saving(mill: str, visit: Any) -> None:
    page, drawn = opened(mill, visit, "cusum"), chart(mill, "cusum")
    canvas = page.locator(".canvas")
    canvas.focus()
    assert canvas.get_attribute("role") == "slider" and canvas.get_attribute("aria-label")
    page.keyboard.press("End")
    told = canvas.get_attribute("aria-valuetext")
    assert f"{midnight(1).day} " in told and f"{midnight(1).year}" in told
    saved, low, high = (written(column[-1]) for column in drawn["columns"][1:])
    assert f"cumulated saving {saved} kWh; 90 % interval {low} – {high} kWh" in told
    page.keyboard.press("Home")
    assert canvas.get_attribute("aria-valuenow") == "0"
    page.keyboard.press("ArrowRight")
    assert canvas.get_attribute("aria-valuenow") == "1"
    assert page.locator("[data-table] tbody tr").count() == len(drawn["columns"][0])


def test_the_interval_is_a_band_and_a_day_without_readings_a_gap(mill: str, visit: Any) -> None:
    page, drawn = opened(mill, visit, "cusum"), chart(mill, "cusum")
    times, saved, low, high = drawn["columns"]
    assert [b - a for a, b in pairwise(times)] == [86400] * (len(times) - 1)
    hole = times.index((midnight(OFF) - timedelta(hours=8)).replace(tzinfo=UTC).timestamp())
    assert saved[hole] is low[hole] is high[hole] is None and None not in saved[:hole] + saved[hole + 1 :]
    assert drawn["method"] == "steelyard/cusum/1" and page.locator(".method").inner_text() == drawn["method"]
    i = hole - 3
    between, beyond = (saved[i] + high[i]) / 2, high[i] + (high[i] - low[i]) * 0.02
    inside, outside = (page.evaluate(PIXEL, [times[i], y]) for y in (between, beyond))
    assert inside[3] > 40 and outside[3] == 0
    assert page.evaluate(PIXEL, [times[hole], (low[hole - 1] + high[hole - 1]) / 2 * 0.9])[3] == 0
    assert (
        page.locator(".legend .fan rect").count() == 1
        and "90 % interval" in page.locator(".legend").inner_text()
    )


@pytest.mark.parametrize(("lang", "form"), [("zh", r"(\d+)月(\d+)日"), ("en", r"(\d+) ([A-Z][a-z]{2,3})")])
def test_the_axis_speaks_the_language_and_begins_at_zero_where_zero_is_something(
    mill: str, visit: Any, lang: str, form: str
) -> None:
    page = opened(mill, visit, "cusum", lang, timezone_id="America/New_York")
    days = page.evaluate(f"{CHART}.plot.axes[0]._values")
    assert (
        all(re.fullmatch(form, day.split("\n")[0]) for day in days) and days[0].split("\n")[1][:4].isdigit()
    )
    shown = page.evaluate(f"{CHART}.plot.axes[0]._splits.map(s => s % 86400)")
    assert set(shown) == {16 * 3600}, "a tick stands at a midnight of the site, not of the browser"
    low, high = page.evaluate(f"[{CHART}.plot.scales.y.min, {CHART}.plot.scales.y.max]")
    assert low <= 0 <= high
    assert page.locator(".axis.y").inner_text().endswith("[kWh]")
    page = opened(mill, visit, "scatter", lang)
    assert page.evaluate(f"{CHART}.plot.scales.y.min") > 0
    assert all(re.fullmatch(r"\d,\d{3}", tick) for tick in page.evaluate(f"{CHART}.plot.axes[1]._values"))


@pytest.mark.parametrize("page_name", ["load", "completeness"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_column_and_the_head_of_a_heat_table_let_nothing_through(
    mill: str, visit: Any, page_name: str, scheme: str
) -> None:
    page = opened(mill, visit, page_name, viewport=PHONE, color_scheme=scheme)
    assert page.evaluate("document.querySelector('.canvas').scrollLeft") > 100, (
        "it shows the newest day first"
    )
    for cell in page.locator(".grid th").all()[:3] + page.locator(".grid tbody th").all():
        style = cell.evaluate(
            "e => (({position, backgroundColor}) => [position, backgroundColor])(getComputedStyle(e))"
        )
        assert style[0] == "sticky" and re.fullmatch(r"rgb\(\d+, \d+, \d+\)", style[1]), style
    edge = """dx => {
      const box = document.querySelector(".canvas").getBoundingClientRect();
      return [...document.querySelectorAll(".grid tr")].map(row => {
        const y = Math.min(row.getBoundingClientRect().top + 6, box.bottom - 4);
        return document.elementFromPoint(box.left + dx, y).closest("th") !== null;
      });
    }"""
    page.locator(".grid").scroll_into_view_if_needed()
    assert {held for dx in (2, 8, 20) for held in page.evaluate(edge, dx)} == {True}
    assert page.evaluate("document.querySelector('.grid').getBoundingClientRect().left") <= 0


def test_the_bands_of_the_tariff_are_named_and_marked_by_more_than_colour(mill: str, visit: Any) -> None:
    page = opened(mill, visit, "load")
    told = [" ".join(text.split()) for text in page.locator(".bands li").all_inner_texts()]
    assert told == ["▮▮ peak 08:00–22:00 · 0.95 yuan/kWh", "▮ valley 22:00–08:00 · 0.38 yuan/kWh"]
    marks = page.locator(".grid tbody .mark").all_inner_texts()
    assert marks == ["▮"] * 8 + ["▮▮"] * 14 + ["▮"] * 2
    turns = [row.evaluate("e => e.className") for row in page.locator(".grid tbody tr").all()]
    assert [i for i, name in enumerate(turns) if name == "turn"] == [8, 22]


def test_a_discharge_is_drawn_from_zero_with_its_limit(mill: str, visit: Any) -> None:
    page = opened(mill, visit, "exceedances")
    assert page.evaluate(f"{CHART}.plot.scales.y.min") == 0
    assert page.locator(".legend .tone-alarm path").count() == 1
    assert page.locator(".legend .tone-limit line").get_attribute("stroke-dasharray") == "3 3"


def test_a_chart_that_can_not_be_had_says_so_and_comes_by_itself(mill: str, visit: Any) -> None:
    page = visit("about:blank").page
    page.route("**/charts/**", lambda route: route.fulfill(status=503))
    page.goto(f"{mill}/v/cusum?site={SITE}&lang=en")
    assert page.locator(".canvas [role=status]").inner_text() == "The chart cannot be shown now."
    page.unroute("**/charts/**")
    page.wait_for_selector("[data-drawn]")
    assert page.locator(".canvas [role=status]").count() == 0 and page.locator(".uplot").count() == 1
