"""The limits as a timeline of episodes: page, JSON and CSV, and the note that answers one, in a real browser."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from accounts.inputs.tree import Tree
from cloud.figures.exceedances import timeline
from cloud.web.formatting import shown
from cloud.web.views import exceedances
from cloud.web.views.exceedances import EPISODES
from tests.accounts.test_episodes import daily
from tests.web.conftest import wait_until
from tests.web.drained import SITE, day, drained, key
from tests.web.emptied import ask

pytestmark = pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with drained(tmp_path_factory.mktemp("drained")) as url:
        yield url


def found(mill: str, query: str = "") -> list[dict[str, Any]]:
    """The episodes of the API."""
    answer = httpx.get(f"{mill}/api/v1/sites/{SITE}/exceedances{query}")
    assert answer.status_code == 200, answer.text
    episodes: list[dict[str, Any]] = answer.json()["episodes"]
    return episodes


def test_the_api_gives_each_episode_as_it_was_planted(mill: str) -> None:
    cod = [
        (day(8), day(6), 2, "99.5", "0.2438", "missing", False),
        (day(5), day(4), 1, "90", "0.125", "within", True),
        (day(2), day(1), 1, "81.25", "0.0156", "within", False),
    ]  # fmt: skip
    hours = [
        (f"{day(2)}T03:00:00+08:00", f"{day(2)}T05:00:00+08:00", 2, "12.5", "0.5625", "within", False),
        (f"{day(2)}T10:00:00+08:00", f"{day(2)}T11:00:00+08:00", 1, "11", "0.375", "within", False),
    ]  # fmt: skip
    wanted = [(f"{a}T00:00:00+08:00", f"{b}T00:00:00+08:00", *rest) for a, b, *rest in cod] + hours
    keys = ("from", "to", "count", "worst", "share", "ends", "after_missing")
    assert [tuple(one[name] for name in keys) for one in found(mill)] == wanted
    assert [one["about"] for one in found(mill)] == [
        *(key("cod/day", day(ago)) for ago in (8, 5, 2)),
        *(key("nh3n/hour", f"{day(2)}T{hour}:00+08:00") for hour in ("03", "10")),
    ]
    assert {(one["limit_value"], one["unit"]) for one in found(mill)} == {("80", "mg/L"), ("8", "mg/L")}
    flags = found(mill)[0]["flags"]
    assert flags == {
        "estimated": None, "invalid": None, "late": "1.0000", "corrected": "0.0000", "missing": "0.0000",
    }  # fmt: skip
    part = found(mill, f"?from={day(7)}&to={day(6)}")
    assert part == found(mill)[:1]  # told whole, although it began the day before


def test_a_page_of_many_episodes_shows_the_newest() -> None:
    declared = daily(["90", "60"] * (EPISODES + 5))
    first = date(2024, 6, 1)
    made = timeline(Tree(declared), first, first + timedelta(days=len(declared.rows)))
    figures = {figure.id: figure for figure in made.figures}
    shown_ = exceedances._limit("mill", made.limits[0], figures, {}, time.time_ns())
    assert (shown_["count"], shown_["earlier"], len(shown_["episodes"])) == (EPISODES + 5, 5, EPISODES)
    assert shown_["episodes"][-1]["about"] == made.limits[0].episodes[-1].about


def test_the_csv_has_the_same_episodes(mill: str) -> None:
    answer = httpx.get(f"{mill}/api/v1/sites/{SITE}/exceedances.csv?lang=zh")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    head, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert "起 [Asia/Shanghai]" in head and len(lines) == 5
    for line, one in zip(lines, found(mill), strict=True):
        cells = [one["limit"], one["from"], one["worst"], one["share"], one["flags"]["late"], one["about"]]
        assert all(cell in line for cell in cells)


def test_every_line_and_mark_of_the_chart_has_a_colour_and_a_form(mill: str, visit: Any) -> None:
    page = visit(f"{mill}/v/exceedances?site={SITE}&lang=en").page
    page.wait_for_function("n => document.querySelectorAll('[data-drawn]').length === n", arg=2)
    drawn = page.locator("[data-plot]").first.evaluate("""(figure) => {
      const style = getComputedStyle(figure.querySelector('.canvas'));
      return [...figure.querySelectorAll('.legend .sample')].map((each) => {
        const name = [...each.classList].find((one) => one.startsWith('tone-'));
        return [style.getPropertyValue('--' + name).trim(), each.firstElementChild.tagName];
      });
    }""")
    colours, forms = zip(*drawn, strict=True)
    assert all(colour.startswith("#") for colour in colours) and len(set(colours)) == 3
    assert forms == ("line", "line", "path")


def test_a_mean_between_two_gaps_is_a_dot(mill: str, visit: Any) -> None:
    page = visit(f"{mill}/v/exceedances?site={SITE}&lang=en").page
    page.wait_for_function("n => document.querySelectorAll('[data-drawn]').length === n", arg=2)
    inked = page.locator("[data-plot] canvas").first.evaluate("""(canvas) => {
      const trace = getComputedStyle(canvas).getPropertyValue('--trace').trim();
      const [r, g, b] = [1, 3, 5].map((at) => parseInt(trace.slice(at, at + 2), 16));
      const found = [];
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === r && data[i + 1] === g && data[i + 2] === b) found.push((i / 4) % canvas.width);
      }
      return found.map((x) => x / canvas.width);
    }""")
    assert len([x for x in inked if x < 0.15]) >= 8 and not [x for x in inked if 0.15 < x < 0.2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_error_no_foreign_request_no_accessibility_violation(mill: str, visit: Any, lang: str) -> None:
    for width in (375, 1280, 1920):
        seen = visit(
            f"{mill}/v/exceedances?site={SITE}&lang={lang}", viewport={"width": width, "height": 900}
        )
        seen.page.wait_for_function("n => document.querySelectorAll('[data-drawn]').length === n", arg=2)
        seen.page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        assert seen.violations() == []
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.foreign() == [] and seen.problems == []


def test_each_number_of_the_tables_is_a_figure_with_its_way_back(mill: str, visit: Any) -> None:
    page = visit(f"{mill}/v/exceedances?site={SITE}&lang=en").page
    table = page.locator("table.episodes").first
    assert table.locator("tbody tr").count() == 3
    places = page.locator("[data-figure]")
    assert places.count() == 2 + 5 + 7  # the highest of each limit, the worst of each episode, every mean
    for place in places.all():
        said = httpx.get(f"{mill}/api/v1/figures/{place.get_attribute('data-figure')}").json()
        assert place.inner_text() == shown(said["value"], said["unit"])
        assert said["method"] == "steelyard/permit/1" and said["verdict"] == "over"
    page.wait_for_function("n => document.querySelectorAll('[data-drawn]').length === n", arg=2)
    table.locator("a.why").first.focus()
    page.keyboard.press("Enter")
    page.locator("#drawer .trace").wait_for()
    assert "example permit (example, not a legal limit)" in page.locator("#drawer").inner_text()
    hour = page.locator("table.episodes").nth(1).locator("[data-figure]").first.get_attribute("data-figure")
    answer = httpx.get(f"{mill}/v/provenance/{hour}?lang=en")
    assert answer.status_code == 200 and "T04:00+08:00" in answer.text


def test_words_tell_what_a_colour_would(mill: str, visit: Any) -> None:
    page = visit(f"{mill}/v/exceedances?site={SITE}&lang=en").page
    rows = [row.inner_text() for row in page.locator("table.episodes").first.locator("tbody tr").all()]
    assert f"{day(8)} – {day(7)}" in rows[0] and "whether it went on is not known" in rows[0]
    assert "+24.4 %" in rows[0] and "no note yet" in rows[0] and "entered more than a day late" in rows[0]
    assert "after a gap" in rows[1] and "then inside the limit again" in rows[1]
    assert "tn has a limit, but nothing here measures it" in page.locator("main").inner_text()


def test_the_chart_marks_what_passed_and_breaks_where_nothing_was_measured(mill: str) -> None:
    query = "point=outfall&parameter=cod&statistic=day"
    drawn = httpx.get(f"{mill}/api/v1/sites/{SITE}/charts/permit?{query}").json()
    assert [each["as"] for each in drawn["series"]] == ["line", "band", "points"]
    assert drawn["columns"][1] == [65, None, 70, 95, 99.5, None, 90, 60, 60, 81.25, 60]
    assert drawn["columns"][3] == [None, None, None, 95, 99.5, None, 90, None, None, 81.25, None]


MINE = f"{SITE}/exceedances"
HOSTILE = [
    (f"{MINE}?from=2024-01-01&to=2024-01-01", 400),
    (f"{MINE}?from=2024-02-01&to=2024-01-01", 400),
    (f"{MINE}?from=&to=", 400),
    (f"{MINE}?from=1970-01-01&to=2199-12-31", 400),
    (f"{MINE}?from=0001-01-01&to=0001-01-02", 400),
    (f"{MINE}?from=2024-02-30", 400),
    (f"{MINE}?from={'9' * 500}", 400),
    (f"{MINE}?to=now%00", 400),
    (f"{MINE}?from=２０２４-01-01", 400),
    (f"{MINE}.csv?lang={'x' * 99}", 400),
    ("none/exceedances", 404),
    ("none/exceedances.csv", 404),
    ("%2e%2e%2fdrained/exceedances", 404),
    (f"{'x' * 3000}/exceedances", 404),
    (f"{MINE}.xml", 404),
]


@pytest.mark.parametrize(("path", "status"), HOSTILE, ids=[str(i) for i in range(len(HOSTILE))])
def test_what_is_no_question_is_refused_with_one_line(mill: str, path: str, status: int) -> None:
    answer = httpx.get(f"{mill}/api/v1/sites/{path}")
    assert answer.status_code == status
    said = answer.json().get("error") or answer.json().get("detail")
    assert isinstance(said, str) and said and "\n" not in said and "Traceback" not in answer.text


def test_it_only_reads_and_answers_to_no_foreign_name(mill: str) -> None:
    url = f"{mill}/api/v1/sites/{SITE}/exceedances"
    assert httpx.post(url, json={}).status_code == 405 and httpx.delete(url).status_code == 405
    assert httpx.get(url, headers={"Host": "evil.example"}).status_code == 400
    answer = httpx.get(url, headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert answer.headers["cache-control"] == "no-store"


def test_a_note_from_the_first_screen_answers_an_episode(mill: str, visit: Any) -> None:
    asks = httpx.get(f"{mill}/parts/standing?site={SITE}&lang=en").text.partition("a-asks")[2]
    assert f"outside since {day(2)} 10:00, no note yet" in asks and f"outside since {day(2)}, no" in asks
    assert asks.count("no note yet") == 3 and "2 more without a note" in asks
    page = visit(f"{mill}/?site={SITE}&lang=en").page
    link = page.get_by_role("link", name="Write the note").first
    link.click()
    page.wait_for_url("**/v/desk?**")
    form = page.locator("form[data-kind=note]")
    about = form.locator("[data-path=about]")
    wanted = key("nh3n/hour", f"{day(2)}T10:00+08:00")
    assert about.is_visible() and about.input_value() == wanted
    page.locator("#by").fill("王芳")
    form.locator("[data-path=text]").fill("A pump failed; mended.")
    before = time.time()
    form.get_by_role("button", name="Seal it").click()
    wait_until(lambda: found(mill)[-1]["responded"] is not None, 20)
    one = found(mill)[-1]
    passed = before - datetime.fromisoformat(one["to"]).timestamp()
    assert one["about"] == wanted and abs(float(one["response_h"]) * 3600 - passed) < 60
    assert [each["responded"] is None for each in found(mill)] == [True] * 4 + [False]
    text = httpx.get(f"{mill}/v/exceedances?site={SITE}&lang=zh").text
    assert f"首个时段结束后 {one['response_h']} 小时" in text and text.count("尚无说明") == 4
    asks = httpx.get(f"{mill}/parts/standing?site={SITE}&lang=en").text.partition("a-asks")[2]
    assert "1 more without a note" in asks


def test_a_withdrawn_note_answers_nothing(mill: str) -> None:
    fields = {"about": key("cod/day", day(7)), "text": "The second day of it."}
    said = ask(f"{mill}/api/v1/sites/{SITE}/desk/note", {"by": "王芳", "note": "", "fields": fields})[1]
    assert found(mill)[0]["responded"] is not None
    undo = {"statement": said["sealed"][0]["hash"], "why": "a slip"}
    assert ask(f"{mill}/api/v1/sites/{SITE}/desk/withdraw", {"by": "王芳", "fields": undo})[0] == 200
    assert found(mill)[0]["responded"] is None
