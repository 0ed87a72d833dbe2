"""Messages on Chinese pages: words in their places, points by their names, what is foreign marked."""

from __future__ import annotations

from accounts.figure.messages import NationalGrid, NoGridFactor
from accounts.inputs.messages import MeasuredAndImported
from accounts.replacement.messages import AbovePlanned, AllOf, EnergyDoubt, NotGiven, OfKind
from accounts.savings.criteria_messages import CriterionFailed, InRange, IpmvpRule, ReportingMean
from accounts.savings.messages import MissingRows, ReportingGap, ShortBaseline
from cloud.messages.rendering import html, plain
from contract.message import Message, Text


def chinese(message: Message) -> str:
    return plain(message.json(), "zh")


def test_words_stand_in_the_places_that_call_for_them() -> None:
    rule = CriterionFailed(ReportingMean("production"), "12", InRange("3", "5"), IpmvpRule())
    assert (
        str(rule)
        == "reporting mean of production: 12, required in 3..5 (IPMVP rule of thumb (single source))"
    )
    assert chinese(rule) == "“产量”的报告期均值：12，要求在 3 与 5 之间（IPMVP 经验准则（单一来源））"


def test_messages_in_messages_are_told_too() -> None:
    gap = ReportingGap(MissingRows(2, 365, "day", "2024-01-01..2024-01-02"))
    assert str(EnergyDoubt(gap)) == (
        "energy: gap: the reporting period lacks 2 of 365 days: 2024-01-01..2024-01-02; "
        "nothing is claimed over missing rows"
    )
    assert chinese(EnergyDoubt(gap)) == (
        "能源：数据缺失：报告期应有 365 个日数据，缺 2 个：2024-01-01..2024-01-02；缺失期间不计节能量"
    )
    assert chinese(OfKind("oee.after", AbovePlanned("1.5"))).startswith(
        "设备综合效率·改造后：可用率 1.5 大于 1："
    )
    several = AllOf((NotGiven("money.investment"), NotGiven("money.years")))
    assert str(several) == "no money.investment is given; no money.years is given"
    assert chinese(several) == "未申报资金·投资额；未申报资金·计算期"
    assert chinese(NoGridFactor(NationalGrid())) == "全国电网没有已发布的电网排放因子"


def test_english_says_one_of_a_thing_in_the_singular() -> None:
    assert str(ShortBaseline("p", 1, 12)) == "short baseline: p holds 1 whole month, at least 12 are usual"
    assert str(ShortBaseline("p", 11, 12)) == "short baseline: p holds 11 whole months, at least 12 are usual"


def test_a_page_shows_points_by_their_names_and_hostile_values_as_text() -> None:
    said = MeasuredAndImported("electricity", "main", "<b>").json()
    assert "计量点“总表”的" in html(said, "zh", {"main": "总表"}.__getitem__) and "&lt;b&gt;" in html(
        said, "zh"
    )
    assert "point &#39;main&#39;" in html(said, "en", {"main": "总表"}.__getitem__)


def test_what_no_catalogue_has_is_marked_as_english() -> None:
    foreign = {"code": "no.such", "params": {}, "message": "nobody <knows> this"}
    assert html(foreign, "zh") == '<span lang="en">nobody &lt;knows&gt; this</span>'
    assert html(Text("nobody knows this").json(), "zh") == '<span lang="en">nobody knows this</span>'
