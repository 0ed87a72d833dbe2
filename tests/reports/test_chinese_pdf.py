"""The Chinese pages of PDFs give reasons in Chinese, the English ones and the signed bodies in English."""

from __future__ import annotations

import json
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from accounts.inputs.messages import NoReadings
from accounts.replacement.messages import AllOf, NotGiven
from accounts.savings.project_messages import NoProduction
from cloud.reports import certificate_view, pdf, summary
from cloud.reports.summary import Summary
from contract.message import Message, Text
from tests.reports import replaced_site
from tests.reports.mill import SITE, Mill, book
from tests.reports.test_certificate import certify
from tests.reports.test_summary import YEAR
from tests.web.english import english, texts

WHYS: tuple[tuple[Message, str], ...] = (
    (NoProduction(), "没有导入产量，无法推算应有的用电量"),
    (
        AllOf((NotGiven("money.costs.labour"), NotGiven("money.years"))),
        "未申报资金·年费用·人工；未申报资金·计算期",
    ),
)
NAMES = ("Jet 4", "Steelyard", "example permit")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return summary.make(Mill(tmp_path_factory.mktemp("mill")).settings, SITE, YEAR, book)


def refused(body: dict[str, Any]) -> dict[str, Any]:
    """The body with refusals of some sorts, one that nobody knows."""
    messages = [NoReadings("out", "edge", "out.kwh"), *(why for why, _ in WHYS), Text("nobody <knows> this")]
    return {**body, "refused": [{"kind": "cost_yuan", "point": None, **one.json()} for one in messages]}


def test_a_chinese_summary_says_in_chinese_why_a_figure_is_refused(made: Summary) -> None:
    body = refused(made.body)
    page = pdf.html(body, made.hash, "pack.zip", ["zh"])
    said = "\n".join(texts(page))
    for why, chinese in WHYS:
        assert chinese in said
        assert str(why) not in said
    assert "计量点“out”：本时段没有 edge/out.kwh 的读数" in said
    assert '<span lang="en">nobody &lt;knows&gt; this</span>' in page, "not known: not lost, marked, escaped"
    other = unescape(pdf.html(body, made.hash, "pack.zip", ["en"]))
    assert all(str(why) in other for why, _ in WHYS)


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The signed bodies of a certificate whose figures are there, and of one whose are refused."""
    folder: Path = replaced_site.build(tmp_path_factory.mktemp("replaced"))
    found = {}
    for project in ("dyeing", "hopeless", "measured"):
        out = folder / f"{project}.json"
        certify(folder, project, out)
        found[project] = json.loads(out.read_bytes())["body"]
    return found


@pytest.mark.parametrize("project", ["dyeing", "hopeless", "measured"])
def test_a_chinese_certificate_has_no_english_sentence(
    bodies: dict[str, dict[str, Any]], project: str
) -> None:
    body = bodies[project]
    mark = "0" * 64
    page = pdf.filled(certificate_view.TEMPLATE, [certificate_view.page(body, mark, "pack.zip", "zh")])
    assert english(page, NAMES) == []
    assert project != "dyeing" or (
        "资金·投资额 <code>money.investment</code>" in page and "相关变量：产量" in page
    )


def test_a_refused_saving_says_why_in_the_language_of_its_page(bodies: dict[str, dict[str, Any]]) -> None:
    body = bodies["hopeless"]
    whys = [item["message"] for item in body["refused"]]
    assert whys and all(why.isascii() for why in whys), "the signed file keeps the sentence of the code"
    pages = {
        lang: unescape(
            pdf.filled(certificate_view.TEMPLATE, [certificate_view.page(body, "0" * 64, "p.zip", lang)])
        )
        for lang in ("zh", "en")
    }
    assert all(why in pages["en"] and why not in pages["zh"] for why in whys)
