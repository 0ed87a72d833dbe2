"""What each form of the desk seals is what `steelyard-cloud declare` seals for a YAML file of the same content."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cloud.declarations.replacement_examples import PROJECT
from tests.web.desk_pages import (
    SITE,
    declared,
    make_site,
    open_desk,
    put,
    seal,
    sheet,
    statements_in,
    without_nothing,
)  # fmt: skip
from tests.web.emptied import ask, empty_cloud

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium")]
WALL = {"width": 1600, "height": 1000}
FLOWS = """\
replacement:
  - id: press-2024
    name_zh: 压机
    name_en: Press
    date: 2024-03-01
    money:
      currency: EUR
      discount_rate: 7.5 %
      flows: [-100000 EUR, 60000 EUR, 60000 EUR]
    labour: {product_unit: pcs, before: {output: 900 pcs, hours: 12 h, operators: 3 person, period: 2 d}}
"""
OWN = """\
replacement:
  - id: saw-2024
    name_zh: 锯
    name_en: Saw
    date: 2024-03-01
    money:
      currency: CNY
      investment: 90000 CNY
      costs:
        labour: {at: own-output, before: 80000 CNY/a, after: {amount: 1 person, price: 70000 CNY/person/a}}
        energy: {at: reporting-output, before: {amount: 20 MWh/a, price: 700 CNY/MWh}, after: 9000 CNY/a}
        scrap: {at: reporting-output, before: {amount: 3 t/a, price: 400 CNY/t}, after: 0 CNY/a}
        added: {maintenance: 0 CNY/a}
      output: {product_unit: kg, before: 5000 kg/a, after: 6000 kg/a}
    energy: {quantity: electricity, interval: day, baseline: [2025-03-01, 2025-03-15],
      reporting: [2025-03-16, 2025-03-31], confidence: 95 %}
    per_unit: {product_unit: t, output: production}
    oee: {product_unit: m, after: {planned_busy: 8 h, produced: 30 m, planned_run_per_item: 0.25 h/m}}
"""
SUMS = """\
replacement:
  - id: lathe-2024
    name_zh: 车床
    name_en: Lathe
    date: 2024-03-01
    money:
      currency: CNY
      costs: {energy: {at: reporting-output, before: 420000 CNY/a, after: 470000 CNY/a}}
    per_unit: {product_unit: t, before: {energy: 1789.211 MWh, output: 14726 t}, after: {energy: 5 GJ, output: 8 t}}
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Path]]:
    """The address and folder of a cloud with a site, and the folder of another one for files."""
    folder, other = tmp_path_factory.mktemp("forms"), tmp_path_factory.mktemp("files")
    with empty_cloud(folder) as home:
        make_site(home)
        yield home, folder, other


def filled(page: Any, kind: str, content: list[tuple[str, ...]], note: str = "") -> str:
    form = sheet(page, kind)
    for path, text, *unit in content:
        put(form, path, text, *unit)
    return seal(form, note)


def machines(place: str, *found: tuple[str, ...]) -> list[tuple[str, ...]]:
    keys = ("name", "power_kw", "nameplate")
    return [
        (f"{place}[{number}].{key}", text)
        for number, each in enumerate(found)
        for key, text in zip(keys, each, strict=False)
    ]


EXAMPLE: list[tuple[str, ...]] = [
    ("id", "dyeing-2024"), ("name_zh", "三台染色机更换"), ("name_en", "Three dyeing machines replaced"),
    ("date", "2024-01-01"), ("products", "cloth"),
    *machines("machines_out", ("染色机 1", "75", "1998, 500 kg"), ("染色机 2", "75", "1998, 500 kg"), ("染色机 3",)),
    *machines("machines_in", ("染色机 11", "90", "2023, 1000 kg")),
    ("energy.points", "dyeing"), ("energy.drivers", "production"), ("energy.interval", "month"),
    ("energy.baseline.0", "2022-01-01"), ("energy.baseline.1", "2023-12-31"),
    ("energy.reporting.0", "2024-01-01"), ("energy.reporting.1", "2024-12-31"), ("energy.confidence", "90"),
    ("money.investment", "1200000"), ("money.residual", "100000"), ("money.years", "5"), ("money.discount_rate", "8"),
    ("money.costs.labour.at", "reporting-output"),
    ("money.costs.labour.before.amount", "8"), ("money.costs.labour.before.price", "96000"),
    ("money.costs.labour.after.amount", "2"), ("money.costs.labour.after.price", "110000"),
    ("money.costs.energy.price", "0.72"),
    ("money.costs.scrap.at", "reporting-output"), ("money.costs.scrap.before", "150000"),
    ("money.costs.scrap.after", "60000"),
    ("money.costs.added[0].key", "maintenance"), ("money.costs.added[0].value", "60000"),
    ("money.costs.added[1].key", "licences"), ("money.costs.added[1].value", "0"),
    ("money.costs.added[2].key", "training"), ("money.costs.added[2].value", "0"),
    ("labour.product_unit", "t"), ("labour.person_year", "2000"),
    ("labour.before.output", "14726"), ("labour.before.hours", "16000"), ("labour.before.operators", "8"),
    ("labour.after.output", "14711"), ("labour.after.hours", "4000"), ("labour.after.operators", "2"),
    ("oee.product_unit", "pcs"),
    ("oee.before.planned_busy", "450"), ("oee.before.actual_production", "360"),
    ("oee.before.planned_run_per_item", "0.5"), ("oee.before.produced", "610"), ("oee.before.good", "580"),
    ("oee.after.planned_busy", "450"), ("oee.after.actual_production", "405"),
    ("oee.after.planned_run_per_item", "0.5"), ("oee.after.produced", "720"), ("oee.after.good", "700"),
    ("per_unit.product_unit", "t"), ("per_unit.output", "production"),
    ("emissions.factor", "cn-grid-2023-zhejiang"), ("emissions.factor_before", "cn-grid-2022-zhejiang"),
    ("emissions.factor_after", "cn-grid-2023-zhejiang"),
]  # fmt: skip


def test_a_whole_replacement(places: Any, visit: Any) -> None:
    home, folder, other = places
    seen = open_desk(visit, home, viewport=WALL)
    filled(seen.page, "replacement", EXAMPLE, "commissioned")
    text = PROJECT.partition("site: my-mill\n")[2]
    assert without_nothing(statements_in(folder, "replacement")[-1]) == without_nothing(
        declared(other, "replacement", text)
    )
    assert seen.problems == []


def test_the_other_ways_in_which_a_replacement_may_be_given(places: Any, visit: Any) -> None:
    home, folder, other = places
    page = open_desk(visit, home, viewport=WALL).page
    filled(page, "replacement", [
        ("id", "press-2024"), ("name_zh", "压机"), ("name_en", "Press"), ("date", "2024-03-01"),
        ("money.currency", "EUR"), ("money.discount_rate", "7.5"),
        ("money.flows[0].", "-100000"), ("money.flows[1].", "60000"), ("money.flows[2].", "60000"),
        ("labour.product_unit", "pcs"), ("labour.before.output", "900"), ("labour.before.hours", "12"),
        ("labour.before.operators", "3"), ("labour.before.period", "2", "d"),
    ])  # fmt: skip
    assert statements_in(folder, "replacement")[-1] == declared(other, "replacement", FLOWS)
    filled(page, "replacement", [
        ("id", "saw-2024"), ("name_zh", "锯"), ("name_en", "Saw"), ("date", "2024-03-01"),
        ("money.investment", "90000"), ("money.costs.labour.at", "own-output"), ("money.costs.labour.before", "80000"),
        ("money.costs.labour.after.amount", "1"), ("money.costs.labour.after.price", "70000"),
        ("money.costs.energy.at", "reporting-output"), ("money.costs.energy.before.amount", "20", "MWh/a"),
        ("money.costs.energy.before.price", "700", "{money.currency}/MWh"), ("money.costs.energy.after", "9000"),
        ("money.costs.scrap.at", "reporting-output"), ("money.costs.scrap.before.amount", "3", "t/a"),
        ("money.costs.scrap.before.price", "400", "{money.currency}/t"), ("money.costs.scrap.after", "0"),
        ("money.costs.added[0].key", "maintenance"), ("money.costs.added[0].value", "0"),
        ("money.output.product_unit", "kg"), ("money.output.before", "5000"), ("money.output.after", "6000"),
        ("energy.interval", "day"), ("energy.baseline.0", "2025-03-01"), ("energy.baseline.1", "2025-03-15"),
        ("energy.reporting.0", "2025-03-16"), ("energy.reporting.1", "2025-03-31"), ("energy.confidence", "95"),
        ("per_unit.product_unit", "t"), ("per_unit.output", "production"),
        ("oee.product_unit", "m"), ("oee.after.planned_busy", "8", "h"), ("oee.after.produced", "30"),
        ("oee.after.planned_run_per_item", "0.25", "h/{oee.product_unit}"),
    ])  # fmt: skip
    assert without_nothing(statements_in(folder, "replacement")[-1]) == without_nothing(
        declared(other, "replacement", OWN)
    )
    filled(page, "replacement", [
        ("id", "lathe-2024"), ("name_zh", "车床"), ("name_en", "Lathe"), ("date", "2024-03-01"),
        ("money.costs.energy.at", "reporting-output"), ("money.costs.energy.before", "420000"),
        ("money.costs.energy.after", "470000"), ("per_unit.product_unit", "t"),
        ("per_unit.before.energy", "1789.211", "MWh"), ("per_unit.before.output", "14726"),
        ("per_unit.after.energy", "5", "GJ"), ("per_unit.after.output", "8"),
    ])  # fmt: skip
    assert without_nothing(statements_in(folder, "replacement")[-1]) == without_nothing(
        declared(other, "replacement", SUMS)
    )


SMALL: list[tuple[str, list[tuple[str, ...]], str]] = [
    ("site", [("name_en", "Newest mill"), ("day_start", "08:00")],
     "site: {id: new-mill, name_zh: 新染厂, name_en: Newest mill, tz: Asia/Shanghai, province: 浙江, "
     'day_start: "08:00"}\n'),
    ("points",
     [("points[0].zh", "进线总表"), ("points[4].id", "boiler"), ("points[4].zh", "锅炉"), ("points[4].en", "Boiler"),
      ("points[4].carrier", "gas"), ("points[4].node", "edge-1"), ("points[4].tag", "gas.m3")],
     """\
points:
  - {id: main, carrier: electricity, zh: 进线总表, en: Main meter}
  - {id: dyeing, carrier: electricity, parent: main, zh: 染色, en: Dyeing}
  - {id: cloth, zh: 成品布, en: Finished cloth}
  - {id: outfall, zh: 总排口, en: Outfall}
  - {id: boiler, zh: 锅炉, en: Boiler, carrier: gas, node: edge-1, tag: gas.m3}
"""),
    ("factors", [("grid", "cn-grid-2022-zhejiang"), ("heat", "cn-heat-default"), ("named[0].key", "diesel"),
                 ("named[0].value", "cn-burn-diesel")],
     "factors: {grid: cn-grid-2022-zhejiang, heat: cn-heat-default, named: {diesel: cn-burn-diesel}}\n"),
    ("tariff", [("valid_from", "2025-01-01"), ("source", "电价表"), ("bands[0].name", "峰"), ("bands[0].from", "08:00"),
                ("bands[0].to", "22:00"), ("bands[0].price", "0.95"), ("bands[1].name", "谷"),
                ("bands[1].from", "22:00"), ("bands[1].to", "08:00"), ("bands[1].price", "0.380")],
     """\
tariff:
  valid_from: 2025-01-01
  source: 电价表
  currency: CNY
  bands: [{name: 峰, from: "08:00", to: "22:00", price: 0.95}, {name: 谷, from: "22:00", to: "08:00", price: "0.380"}]
"""),
    ("permit", [("document", "排污许可证"), ("valid_from", "2025-01-01"), ("limits[0].point", "outfall"),
                ("limits[0].parameter", "ph"), ("limits[0].limit_low", "6"), ("limits[0].limit", "9"),
                ("limits[0].unit", "[pH]"), ("limits[0].statistic", "hour")],
     """\
permit:
  document: 排污许可证
  valid_from: 2025-01-01
  example: false
  limits: [{point: outfall, parameter: ph, limit_low: 6, limit: 9, unit: "[pH]", statistic: hour}]
"""),
    ("savings", [("projects[0].id", "dye"), ("projects[0].quantity", "electricity"),
                 ("projects[0].baseline.0", "2025-03-01"), ("projects[0].baseline.1", "2025-03-15"),
                 ("projects[0].reporting.0", "2025-03-16"), ("projects[0].reporting.1", "2025-03-31"),
                 ("projects[0].interval", "day"), ("projects[0].points", "dyeing"),
                 ("projects[0].drivers", "production"), ("projects[0].confidence", "97.5")],
     """\
savings:
  - {id: dye, quantity: electricity, points: [dyeing], drivers: [production], interval: day,
     baseline: [2025-03-01, 2025-03-15], reporting: [2025-03-16, 2025-03-31], confidence: 97.5 %}
"""),
    ("note", [("about", "main"), ("text", "换了电表\n读数从零开始")],
     'notes: [{about: main, text: "换了电表\\n读数从零开始"}]\n'),
    ("correction", [("point", "main"), ("quantity", "electricity"), ("from", "2025-03-01"), ("to", "2025-03-02"),
                    ("value", "9999"), ("unit", "kW.h")],
     """\
correction:
  {point: main, quantity: electricity, from: "2025-02-28T16:00:00Z", to: "2025-03-01T16:00:00Z",
   value: 9999, unit: kW.h}
note: 抄错
"""),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "text"), SMALL, ids=[each[0] for each in SMALL])
def test_every_other_form(places: Any, visit: Any, kind: str, content: Any, text: str) -> None:
    home, folder, other = places
    seen = open_desk(visit, home, "zh", locale="zh-CN")
    name = filled(seen.page, kind, content, "抄错")
    assert without_nothing(statements_in(folder, kind)[-1]) == without_nothing(declared(other, kind, text))
    newest = ask(f"{home}/api/v1/sites/{SITE}/desk/log")[1]["statements"][0]
    assert (newest["kind"], newest["hash"], newest["by"], newest["note"]) == (kind, name, "李明", "抄错")
    assert seen.problems == []
