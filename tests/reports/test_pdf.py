"""PDFs: every page carries hash, fingerprints and command; both languages in real glyphs; nothing is fetched."""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from accounts import book as book_of_figures
from accounts.inputs import tree
from cloud.messages import words
from cloud.messages.display_names import kind_name
from cloud.reports import pdf, summary, view
from cloud.reports.summary import Book, Summary
from contract.message import Text
from contract.permits import PARAMETERS
from tests.reports.mill import SITE, Mill, book, figure
from tests.reports.printing import PRINTING
from tests.reports.test_summary import YEAR

pytestmark = [PRINTING, pytest.mark.needs("fonts-liberation", "poppler-utils")]
PACK = "demo-mill-2023.zip"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Summary:
    return summary.make(Mill(tmp_path_factory.mktemp("mill")).settings, SITE, YEAR, book)


def pages(data: bytes, *flags: str) -> list[str]:
    """The text of each page, as poppler reads it."""
    done = subprocess.run(
        ["pdftotext", *flags, "-", "-"], input=data, capture_output=True, timeout=60, check=True
    )
    return done.stdout.decode().split("\f")[:-1]


def test_every_page_has_hash_fingerprints_and_command(made: Summary) -> None:
    found = pages(pdf.render(made.data, made.body, PACK))
    assert len(found) >= 4
    raws = [made.body["signer"], *made.body["keys"].values()]
    marks = [hashlib.sha256(bytes.fromhex(raw)).hexdigest() for raw in raws]
    assert len(marks) == 4
    for text in found:
        flat = "".join(text.split())
        for needed in (made.hash, *marks, f"steelyard-verify{PACK}--trust{marks[0]}"):
            assert needed in flat


def test_the_foot_of_many_keys_still_has_hash_and_signer(made: Summary) -> None:
    keys = {f"edge-{number:02d}": f"{number:064x}" for number in range(40)}
    body = {**made.body, "keys": keys}
    found = pages(pdf.render(made.data, body, PACK))
    signer = view.fingerprint(made.body["signer"])
    for text in found:
        assert made.hash in text and signer in text and f"--trust {signer}" in text
    whole = "".join("".join(found).split())
    assert all(view.fingerprint(raw) in whole for raw in keys.values())


def test_both_languages_say_the_same_figures(made: Summary) -> None:
    chinese = "\n".join(pages(pdf.render(made.data, made.body, PACK, ["zh"]), "-layout"))
    english = "\n".join(pages(pdf.render(made.data, made.body, PACK, ["en"]), "-layout"))
    for number in ("2,131.653", "1,822.628", "3,973.000", "3,456,789.10", "13.500", "221,917.17", "1.25 %",
                   "187,000.00 … 256,000.00", "\u221212.50", "0.5306",
                   "NCV 389.31 GJ/10000 m3, CC 0.0153 tC/GJ, OF 0.99"):  # fmt: skip
        assert number in chinese and number in english
    for text in (
        "综合能耗",
        "范围一排放",
        "总排口",
        "演示印染厂",
        "单一来源",
        "本文件不能证明的事项",
        "未能给出的数据",
    ):
        assert text in chinese
    for text in ("Total energy", "Scope 1 emissions", "Outfall", "Demo dyeing mill", "single source",
                 "What is not proven", "Figures that could not be made", "no production on record"):  # fmt: skip
        assert text in english
    assert "公告 2025年第47号" in english  # a document keeps its own title
    both = "\n".join(pages(pdf.render(made.data, made.body, PACK)))
    assert "综合能耗" in both and "Total energy" in both


def test_what_is_not_proven_stands_in_full(made: Summary) -> None:
    flat = "".join("".join(pages(pdf.render(made.data, made.body, PACK))).split())
    assert "".join(words.NOT_PROVEN.zh.split()) in flat
    assert "".join(words.NOT_PROVEN.en.split()) in flat


def test_chinese_is_set_in_a_font_that_has_it(made: Summary) -> None:
    data = pdf.render(made.data, made.body, PACK, ["zh"])
    done = subprocess.run(["pdffonts", "-"], input=data, capture_output=True, timeout=60, check=True)
    lines = done.stdout.decode().splitlines()[2:]
    assert any("WenQuanYi" in line or "CJK" in line for line in lines)
    assert all(" yes yes " in line for line in lines)  # every font embedded, as a subset


def test_text_of_others_is_no_markup(made: Summary, tmp_path: Path) -> None:
    evil = '<script>x</script><img src="http://127.0.0.1:9/x"><b>'
    mill = Mill(tmp_path)
    figures = [figure("energy_tce", "1.000", "t", evil), figure(evil, "2.000", evil, factors=[evil])]
    said = Book(
        {"zh": evil, "en": evil},
        "UTC",
        "00:00",
        figures,
        [{"kind": evil, "point": None, **Text(evil).json()}],
        [],
    )
    made = summary.make(mill.settings, SITE, YEAR, lambda end: said)
    text = pdf.html(made.body, made.hash, PACK, ["zh", "en"])
    assert "<script" not in text and "<img" not in text
    flat = "".join("".join(pages(pdf.render(made.data, made.body, PACK))).split())
    assert "<script>x</script>" in flat


def test_an_address_in_the_page_is_refused() -> None:
    weasyprint = importlib.import_module("weasyprint")
    refusal = importlib.import_module("weasyprint.urls").FatalURLFetchingError
    for address in ("http://127.0.0.1:9/x.png", "file:///etc/passwd", "data:image/png;base64,AA"):
        page = weasyprint.HTML(string=f'<img src="{address}">', url_fetcher=pdf.fetcher())
        with pytest.raises(refusal):
            page.write_pdf()


def test_the_bytes_are_the_same_in_another_process(made: Summary, tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(made.data)
    code = (
        "import json,sys; from cloud.reports import pdf; data=open(sys.argv[1],'rb').read();"
        "sys.stdout.buffer.write(pdf.render(data, json.loads(data)['body'], sys.argv[2]))"
    )
    found = []
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])}
        run = [sys.executable, "-c", code, str(tmp_path / "s.json"), PACK]
        found.append(subprocess.run(run, env=env, capture_output=True, timeout=60, check=True).stdout)
    assert found[0] == found[1] == pdf.render(made.data, made.body, PACK)


def test_numbers_keep_every_digit() -> None:
    shown = [view.number(text) for text in ("0.001", "1234567.250", "-12.50", "999", "1000", "0", "n/a")]
    assert shown == ["0.001", "1,234,567.250", "\u221212.50", "999", "1,000", "0", "n/a"]
    shares = [view.share(text) for text in ("1.0000", "0.9987", "0", None, "0.0125", "1")]
    assert shares == ["100 %", "99.87 %", "0 %", "", "1.25 %", "100 %"]


@pytest.mark.parametrize(
    ("kind", "zh", "en", "section"),
    [
        ("electricity_kwh", "电力", "Electricity", "amounts"),
        ("natural_gas_m3", "天然气", "Natural gas", "amounts"),
        ("production_piece", "产量", "Production", "amounts"),
        ("unaccounted_water_m3", "未分摊：新水", "Unaccounted water", "balance"),
        ("permit_nh3n_day", "氨氮日均值", "Ammonia nitrogen, daily mean", "permit"),
        ("permit_tp_hour", "总磷小时均值", "Total phosphorus, hourly mean", "permit"),
        ("cod_mean_mg_l", "化学需氧量平均浓度（流量加权）", "COD, flow-weighted mean", "pollutants"),
        ("something_new", "something_new", "something_new", "other"),
    ],
)
def test_names_and_sections_of_kinds(kind: str, zh: str, en: str, section: str) -> None:
    assert (kind_name(kind, "zh"), kind_name(kind, "en"), view.section(kind)) == (zh, en, section)


def test_no_kind_of_the_accounts_is_without_a_name() -> None:
    amounts = [tree.kind_of(quantity) for quantity in tree.AMOUNTS]
    kinds = [
        *book_of_figures.MEASURES,
        *amounts,
        *(f"unaccounted_{kind}" for kind in amounts),
        "unaccounted_kwh",
    ]
    kinds += [f"intensity_{of}_per_{per}" for of in ("tce", "tco2e", "kwh") for per in ("t", "m", "piece")]
    kinds += [f"{of}_{what}" for of in ("cod", "nh3n") for what in ("kg", "mean_mg_l")]
    kinds += [f"permit_{of}_{statistic}" for of in PARAMETERS for statistic in ("day", "hour")]
    kinds += [f"saving_{kind.rpartition('_')[2]}" for kind in amounts if not kind.startswith("production")]
    for kind in [*kinds, "saving_tco2"]:
        assert kind_name(kind, "zh") != kind != kind_name(kind, "en")
        assert view.section(kind) != "other"


def test_a_comparison_shows_limit_verdict_and_that_it_is_an_example(made: Summary) -> None:
    english = "\n".join(pages(pdf.render(made.data, made.body, PACK, ["en"]), "-layout"))
    assert re.search(r"Chemical oxygen demand, daily +Outfall +75 +mg/L +80 +0 / 3 +within", english)
    assert re.search(r"pH, hourly mean +Outfall +9.5 +pH +6 ?… ?9 +1 / 3 +over", english)
    assert "example, not a legal limit" in english


def test_a_summary_without_figures_says_so(made: Summary) -> None:
    empty = replace(made, body={**made.body, "figures": [], "factors": [], "refused": []})
    text = "\n".join(pages(pdf.render(empty.data, empty.body, PACK)))
    assert "There is no figure for this period." in text and "本期间没有数据。" in text


def test_every_text_is_there_in_both_languages() -> None:
    texts = [*words.LABELS.values(), *words.KINDS.values(), *words.OF_KIND.values(), words.NOT_PROVEN]
    for text in texts:
        assert text.zh and (text.en or text is words.LABELS["page_after"])
        assert not re.search(r"[\u4e00-\u9fff][,:;()?]", text.zh), f"half-width punctuation in {text.zh}"
