"""A Chinese page has no English sentence: a mill whose figures are refused and doubted in many ways, page by page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.web.english import english
from tests.web.test_views_savings import DAYS, declaration, declare
from tests.web.year import SITE, midnight, served

PAGES = (
    "/", "/parts/standing", "/v/replacement", "/v/scatter", "/v/cusum", "/v/exceedances", "/v/completeness", "/v/load",
    "/v/report", "/v/desk", "/v/wizard",
)  # fmt: skip
CLOUD = Path(__file__).resolve().parents[2] / "cloud"
TEMPLATES = (CLOUD / "web" / "templates", CLOUD / "reports" / "templates")
NAMES = ("example permit", "example tariff, not a published one", "Li Wei", "LBNL EnPI", "US DOE")
"""What the site itself has said in English, and names of documents."""


@pytest.fixture(scope="module")
def mill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A mill with a good project and two that are refused; the second permit has a parameter nobody measures."""
    folder = tmp_path_factory.mktemp("chinese")
    with served(folder, days=DAYS, gap=20) as url:
        (folder / "projects.yaml").write_text(json.dumps(projects()), encoding="utf-8")
        declare(folder, folder / "projects.yaml")
        yield url


def projects() -> dict[str, Any]:
    said = declaration()
    good = said["replacement"][0]
    refused, brief = deepcopy(good), deepcopy(good)
    refused |= {"id": "refused", "name_zh": "被拒项目", "name_en": "Refused"}
    refused["energy"]["drivers"] = ["water"]
    refused["per_unit"] = {"product_unit": "t", "output": "water"}
    refused["oee"]["after"]["planned_run_per_item"] = "9 min/{piece}"
    del refused["money"]["investment"], refused["labour"]["after"]["hours"]
    brief |= {"id": "brief", "name_zh": "短基准", "name_en": "Brief"}
    first = midnight(DAYS // 2 + 1).date()
    brief["energy"] |= {
        "baseline": [str(first), str(first + timedelta(days=6))],
        "reporting": [str(first + timedelta(days=10)), str(first + timedelta(days=20))],
    }
    return said | {"replacement": [good, refused, brief]}


PRINTED = re.compile(r"\{\{[^}]*\b(?:\w+\.(?:why|conformity)|sentence|warning)\b[^}]*\}\}")
"""Places of templates that print a sentence of the code."""
LABELS = ("form.why", "label.why", "page.conformity")
"""What is called so and is a word of the pages, or has both languages of its own."""


def untold(template: str) -> list[str]:
    """Places of a template that print a sentence of the code as it is."""
    found = [place.group() for place in PRINTED.finditer(template)]
    warnings = re.findall(r"{% for (\w+) in \w+\.warnings %}", template)
    bare = ["{{ " + name + " }}" for name in warnings if "{{ " + name + " | translate }}" not in template]
    return bare + [
        place for place in found if "translate" not in place and not any(label in place for label in LABELS)
    ]


def test_every_template_tells_its_sentences_in_the_language_of_the_page() -> None:
    templates = [path for folder in TEMPLATES for path in sorted(folder.glob("*.html"))]
    assert sum("| translate" in path.read_text(encoding="utf-8") for path in templates) > 8
    for path in templates:
        assert untold(path.read_text(encoding="utf-8")) == [], path.name
    assert untold("<p>{{ each.why }}</p>{{ each.why | translate }}") == ["{{ each.why }}"]
    assert untold("{% for item in each.warnings %}{{ item }}{% endfor %}") == ["{{ item }}"]


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_has_no_english_sentence(mill: str, page: str) -> None:
    answer = httpx.get(f"{mill}{page}?site={SITE}&lang=zh", timeout=60)
    assert answer.status_code == 200
    assert english(answer.text, NAMES) == []


def test_refusals_and_warnings_stand_on_the_pages_in_chinese(mill: str) -> None:
    text = httpx.get(f"{mill}/v/replacement?site={SITE}&lang=zh", timeout=60).text
    for said in (
        "未申报资金·投资额", "未申报人工·改造后·工时", "其依据的数据未能给出", "基准期偏短：",
        "个整月，通常至少 12 个月",
        "性能率 16.0000 大于 1：速度超过铭牌值", "按实测总量相除，未对产品结构、气候或班次作修正",
    ):  # fmt: skip
        assert said in text, said
    report = httpx.get(f"{mill}/v/report?site={SITE}&lang=zh", timeout=60).text
    assert "计量点“排口”在化学需氧量监测时段没有废水流量或废水量数据" in report, "points stand by their names"


def test_the_json_and_the_english_page_keep_the_english_sentence(mill: str) -> None:
    answer = httpx.get(f"{mill}/v/replacement?site={SITE}&lang=en", timeout=60)
    assert "no money.investment is given" in answer.text
    assert "short baseline: " in answer.text
    days = f"from={midnight(30).date()}&to={midnight(0).date()}"
    said = httpx.get(f"{mill}/api/v1/sites/{SITE}/figures?{days}&lang=zh", timeout=60).json()
    whys = [item["message"] for item in said["refused"]]
    assert "nothing is measured or imported of " in " ".join(whys)
    assert not any("\u4e00" <= letter <= "\u9fff" for why in whys for letter in why)


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "zh", "en"),
    [
        ("/v/nothing", 404, "没有这个页面", "no such page"),
        ("/nothing", 404, "没有这个页面", "no such page"),
        ("/v/report?site=other", 404, "没有这个厂区", "no such site"),
        (f"/v/report?site={SITE}&first=x%3Cb%3E", 400, "first 须为如 2024-01-31 的日期，现为“x&lt;b&gt;”",
         "first must be a date such as 2024-01-31, not &#39;x&lt;b&gt;&#39;"),
        ("/v/provenance/none", 404, "未知的数据编号“none”；请先打开显示该数据的页面", "no figure &#39;none&#39;"),
    ],
)  # fmt: skip
def test_a_browser_gets_a_page_that_says_why_and_a_program_json(
    mill: str, path: str, status: int, zh: str, en: str
) -> None:
    between = "&" if "?" in path else "?"
    for lang, said in (("zh", zh), ("en", en)):
        answer = httpx.get(f"{mill}{path}{between}lang={lang}", headers=BROWSER, timeout=60)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert said in answer.text
        assert lang == "en" or english(answer.text, NAMES) == []
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    program = httpx.get(f"{mill}{path}", timeout=60)
    assert program.status_code == status
    assert program.headers["content-type"] == "application/problem+json"
    assert program.json()["detail"] == program.json()["error"]
