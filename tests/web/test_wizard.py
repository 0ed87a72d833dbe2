"""From an empty installation to the first figures by wizard and one CSV, and the desk after it, in a real Chromium."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cloud.web.formatting import shown
from tests.web.emptied import ask, empty_cloud

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium", "fonts-wqy-zenhei", "fonts-liberation")]
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PHONE = {"width": 375, "height": 812}
WALL = {"width": 1920, "height": 1080}
SITE = "new-mill"
PROMISED_S = 180.0
WORDS = {
    "zh": {
        "name": "您的姓名", "id": "编号（a-z、0-9 和 -）", "zh": "中文名称", "en": "英文名称", "province": "省份",
        "trade": "计量点模板", "dyeing": "印染", "seal": "封存厂区", "import": "导入", "refused": "未知单位“tonne”",
        "fault": "须为由 a-z、0-9 和 - 组成的编号", "person": "请填写姓名",
    },
    "en": {
        "name": "Your name", "id": "Id: a-z, 0-9 and -", "zh": "Name in Chinese", "en": "Name in English",
        "province": "Province", "trade": "Begin with the points of", "dyeing": "Dyeing and finishing",
        "seal": "Seal the site", "import": "Import", "refused": "unknown unit 'tonne'",
        "fault": "must be an id of a-z, 0-9 and -", "person": "the name of the person is required",
    },
}  # fmt: skip


def rows() -> str:
    """A month of days of two meters and of cloth."""
    lines = ["from,to,point,quantity,value,unit"]
    for number in range(31):
        day = date(2025, 3, 1) + timedelta(days=number)
        span = f"{day},{day + timedelta(days=1)}"
        lines += [
            f"{span},main,electricity,{9000 + 7 * number},kW.h",
            f"{span},dyeing,electricity,{6000 + number},kW.h",
        ]
        lines.append(f"{span},cloth,production,{20 + number / 10:.1f},t")
    return "\n".join(lines) + "\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[str]:
    with empty_cloud(tmp_path) as url:
        yield url


def say_the_site(page: Any, words: dict[str, str], site: str = SITE) -> None:
    page.get_by_label(words["name"]).fill("王芳")
    page.get_by_label(words["id"]).fill(site)
    page.locator("[data-path='site.name_zh']").fill("新染厂")
    page.locator("[data-path='site.name_en']").fill("New mill")
    page.get_by_label(words["province"]).fill("浙江")
    page.get_by_label(words["trade"]).select_option(label=words["dyeing"])


@pytest.mark.parametrize("language", LOCALES)
def test_from_nothing_to_the_first_figures(
    home: str, visit: Any, tmp_path: Path, language: str, record_property: Any
) -> None:
    words, file = WORDS[language], tmp_path / "rows.csv"
    file.write_text(rows(), encoding="utf-8-sig")
    begun = time.monotonic()
    seen = visit(f"{home}/?lang={language}", locale=LOCALES[language], viewport=PHONE)
    page = seen.page
    assert "/v/wizard" in page.url
    assert seen.violations() == []
    say_the_site(page, words)
    page.get_by_role("button", name=words["seal"]).click()
    page.locator("#step-csv").wait_for(state="visible")
    assert seen.violations() == []
    page.locator("[data-file]").set_input_files(file)
    page.get_by_role("button", name=words["import"], exact=True).click()
    page.wait_for_url("**/v/report?site=new-mill")
    page.locator("[data-figure]").first.wait_for()
    took = time.monotonic() - begun
    record_property("seconds", took)
    print(f"wizard {language}: {took:.1f} s")
    assert took < PROMISED_S
    assert page.locator("[name=first]").input_value() == "2025-03-01"
    assert page.locator("[name=last]").input_value() == "2025-03-31"
    total = Decimal(sum(9000 + 7 * number for number in range(31)))
    found = {
        item["kind"]: item
        for item in ask(f"{home}/api/v1/sites/{SITE}/figures?from=2025-03-01&to=2025-04-01")[1]["figures"]
        if item["point"] is None
    }
    assert Decimal(found["electricity_kwh"]["value"]) == total
    for place in page.locator("[data-figure]").all():
        figure = ask(f"{home}/api/v1/figures/{place.get_attribute('data-figure')}")[1]
        assert place.inner_text() == shown(figure["value"], figure["unit"])
    assert page.locator("[data-figure]").count() >= 4
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator(".why").first.click()
    page.locator("#drawer[open]").wait_for()
    assert seen.foreign() == []
    assert seen.problems == []


@pytest.mark.parametrize("language", LOCALES)
def test_what_is_wrong_stands_at_its_field(home: str, visit: Any, language: str) -> None:
    words = WORDS[language]
    seen = visit(f"{home}/v/wizard?lang={language}", locale=LOCALES[language])
    page = seen.page
    page.get_by_role("button", name=words["seal"]).click()
    page.locator("#by[aria-invalid]").wait_for()
    assert words["person"] in page.locator(f"#{page.get_attribute('#by', 'aria-describedby')}").inner_text()
    say_the_site(page, words, "Not An Id")
    page.get_by_role("button", name=words["seal"]).click()
    wrong = page.locator("[data-path='site.id'][aria-invalid]")
    wrong.wait_for()
    assert words["fault"] in page.locator(f"#{wrong.get_attribute('aria-describedby')}").inner_text()
    summary = page.locator("#site-form [data-faults]")
    assert summary.evaluate("element => element === document.activeElement")
    assert words["fault"] in summary.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert wrong.evaluate("element => element === document.activeElement")
    assert seen.violations() == []
    assert ask(f"{home}/api/v1/sites")[1] == {"sites": []}
    wrong.fill(SITE)
    page.get_by_role("button", name=words["seal"]).click()
    page.locator("[data-csv]").fill(rows().replace(",t\n", ",tonne\n", 1))
    page.get_by_role("button", name=words["import"], exact=True).click()
    page.get_by_text(words["refused"]).wait_for()
    assert page.locator("#step-done").is_visible()
    assert [each for each in seen.problems if "422" not in each] == []


def test_a_reload_by_accident_loses_nothing(home: str, visit: Any) -> None:
    page = visit(f"{home}/v/wizard?lang=en").page
    say_the_site(page, WORDS["en"])
    page.locator("[data-path=zh]").first.fill("进线")
    page.reload()
    assert page.get_by_label(WORDS["en"]["name"]).input_value() == "王芳"
    assert page.locator("[data-path='site.province']").input_value() == "浙江"
    assert page.locator("[data-path=zh]").first.input_value() == "进线"
    page.get_by_role("button", name=WORDS["en"]["seal"]).click()
    page.locator("#step-csv").wait_for(state="visible")
    page.locator("[data-csv]").fill(rows())
    assert ask(f"{home}/api/v1/sites/{SITE}/desk/now/points")[1]["fields"]["points"][0]["zh"] == "进线"
    page.goto(f"{home}/v/wizard?lang=en")
    assert page.locator("[data-path='site.province']").input_value() == ""
    assert page.locator("[data-csv]").input_value() == rows()


def test_the_whole_way_by_keyboard(home: str, visit: Any) -> None:
    page = visit(f"{home}/v/wizard?lang=en", viewport=WALL).page
    said = {
        "by": "Wang Fang",
        "site.id": SITE,
        "site.name_zh": "新",
        "site.name_en": "New",
        "site.province": "浙江",
    }
    for _ in range(120):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.dataset.path ?? document.activeElement.id")
        text = page.evaluate("document.activeElement.textContent")
        if name in said:
            page.keyboard.type(said.pop(name))
        elif text == "Seal the site":
            break
    assert not said
    page.keyboard.press("Enter")
    page.locator("#step-csv").wait_for(state="visible")
    assert page.evaluate("document.activeElement.matches('[data-file]')")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(
        "from,to,point,quantity,value,unit\n2025-03-01,2025-04-01,main,electricity,280000,kWh\n"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/v/report?site=new-mill")
    assert page.locator("[data-figure]", has_text="280000").count() >= 1


def made(home: str) -> str:
    """The address of the desk of a site with a month of rows."""
    points = [{"id": name, "carrier": "electricity"} for name in ("main", "dyeing")] + [{"id": "cloth"}]
    points[1]["parent"] = "main"
    site = {"id": SITE, "name_zh": "新染厂", "name_en": "New mill", "tz": "Asia/Shanghai", "province": "浙江"}
    status, said = ask(f"{home}/api/v1/desk/sites", {"by": "王芳", "site": site, "points": points})
    assert status == 200 and [item["kind"] for item in said["sealed"]] == ["site", "points"]
    status, said = ask(
        f"{home}/api/v1/sites/{SITE}/import", {"by": "王芳", "name": "rows.csv", "csv": rows()}
    )
    assert (status, said) == (200, {"in": 93, "accepted": 93, "refused": [], "new": 93})
    return f"{home}/v/desk?site={SITE}"


@pytest.mark.parametrize("language", LOCALES)
@pytest.mark.parametrize("viewport", [PHONE, WALL], ids=["phone", "wall"])
def test_the_desk_seals_a_tariff_and_undoes_it(home: str, visit: Any, language: str, viewport: Any) -> None:
    seen = visit(f"{made(home)}&lang={language}", locale=LOCALES[language], viewport=viewport)
    page = seen.page
    page.locator("#log tbody tr").nth(2).wait_for()
    page.locator("#by").fill("李明")
    for summary in page.locator(".sheet > summary").all():
        summary.click()
    assert seen.violations() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    form = page.locator("form[data-kind=tariff]")
    form.locator("[data-path=valid_from]").fill("2025-01-01")
    form.locator("[data-path=source]").fill("price list")
    for row, (name, begin, end, price) in enumerate(
        [("peak", "08:00", "22:00", "0.95"), ("valley", "22:00", "07:00", "0.38")]
    ):
        for path, text in (("name", name), ("from", begin), ("to", end), ("price", price)):
            form.locator("[data-row]").nth(row).locator(f"[data-path={path}]").fill(text)
    form.locator("button.strong").click()
    form.locator("[data-faults]", has_text="07:00").wait_for()  # an hour has no band
    form.locator("[data-row]").nth(1).locator("[data-path=to]").fill("08:00")
    form.locator("button.strong").click()
    top = page.locator("#log tbody tr").first
    top.get_by_text("price list").wait_for()
    assert "李明" in top.inner_text()
    costs = f"{home}/api/v1/sites/{SITE}/figures?from=2025-03-01&to=2025-04-01"
    assert ask(f"{home}/api/v1/sites/{SITE}/desk/log")[1]["statements"][0]["kind"] == "tariff"
    top.get_by_role("button", name="撤销" if language == "zh" else "Undo").click()
    page.locator("#undo[open]").wait_for()
    assert seen.violations() == []
    page.locator("#undo-form [data-path=why]").fill("wrong year")
    page.locator("#undo-form button.strong").click()
    page.locator("#log tbody tr").first.get_by_text("wrong year").wait_for()
    log = ask(f"{home}/api/v1/sites/{SITE}/desk/log")[1]["statements"]
    assert [(item["kind"], item["withdrawn"]) for item in log[:2]] == [("withdraw", False), ("tariff", True)]
    assert "electricity_cost_yuan" not in {item["kind"] for item in ask(costs)[1]["figures"]}
    assert seen.foreign() == []
    assert [each for each in seen.problems if "422" not in each] == []
