"""What is wrong in a form comes back with the path of its field, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.desk_pages import SITE, make_site
from tests.web.emptied import ask, empty_cloud

CHINESE, ENGLISH = re.compile("[\u4e00-\u9fff]"), re.compile(r"[a-z]{2,} [a-z]{2,}", re.IGNORECASE)
HEAD = {"id": "x", "name_zh": "换", "name_en": "X", "date": "2025-03-15"}
ENERGY = {
    "quantity": "electricity", "interval": "month", "baseline": ["2025-01-01", "2025-02-28"],
    "reporting": ["2025-03-01", "2025-03-31"], "confidence": "90 %",
}  # fmt: skip
MONEY = {"currency": "CNY"}
PROJECT = {"id": "s", **{key: value for key, value in ENERGY.items() if key != "confidence"}}
BAND = {"name": "a", "from": "00:00", "to": "24:00", "price": "1"}
TARIFF = {"valid_from": "2025-01-01", "source": "x", "currency": "CNY", "bands": [BAND]}
LIMIT = {"point": "outfall", "parameter": "cod", "limit": "80", "unit": "mg/L", "statistic": "day"}
PERMIT = {"document": "x", "valid_from": "2025-01-01", "example": True, "limits": [LIMIT]}
FIX = {
    "point": "main",
    "quantity": "electricity",
    "from": "2025-03-01",
    "to": "2025-03-02",
    "value": "1",
    "unit": "kW.h",
}


def money(**more: Any) -> dict[str, Any]:
    return {**HEAD, "money": {**MONEY, **more}}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("replacement", HEAD, "id"),
    ("replacement", {**money(), "id": "Not An Id"}, "id"),
    ("replacement", {**money(), "name_zh": ""}, "name_zh"),
    ("replacement", {**money(), "date": "31.12.2024"}, "date"),
    ("replacement", {**money(), "machines_out": [{"name": "a", "power_kw": "-75"}]}, "machines_out[0].power_kw"),
    ("replacement", {**money(), "machines_out": [{"name": "a", "power_kw": "much"}]}, "machines_out[0].power_kw"),
    ("replacement", {**money(), "machines_in": [{"name": ""}]}, "machines_in[0].name"),
    ("replacement", money(investment="much CNY"), "money.investment"),
    ("replacement", money(investment="1,200,000 CNY"), "money.investment"),
    ("replacement", money(investment="-1 CNY"), "money.investment"),
    ("replacement", money(investment="1 EUR"), "money.investment"),
    ("replacement", money(years="2.5 a"), "money.years"),
    ("replacement", money(discount_rate="-100 %"), "money.discount_rate"),
    ("replacement", money(flows=["-1 CNY", "2 CNY"], investment="3 CNY"), "money.investment"),
    ("replacement", money(flows=["-1 CNY"]), "money.flows"),
    ("replacement", money(costs={"labour": {"at": "home", "before": "1 CNY/a"}}), "money.costs.labour.at"),
    ("replacement", money(costs={"energy": {"at": "avoided-energy", "price": "cheap CNY/kWh"}}),
     "money.costs.energy.price"),
    ("replacement", money(costs={"energy": {"before": {"amount": "2 t/a", "price": "1 CNY/kWh"}}}),
     "money.costs.energy.before.price"),
    ("replacement", money(costs={"added": {"maintenance": "1 CNY"}}), "money.costs.added.maintenance"),
    ("replacement", {**HEAD, "labour": {"product_unit": "kWh", "before": {"hours": "1 h"}}}, "labour.product_unit"),
    ("replacement", {**HEAD, "labour": {"product_unit": "", "before": {"hours": "1 h"}}}, "labour.product_unit"),
    ("replacement", {**HEAD, "labour": {"product_unit": "t", "before": {"output": "1 m"}}}, "labour.before.output"),
    ("replacement", {**HEAD, "oee": {"product_unit": "t", "before": {"good": "x t"}}}, "oee.before.good"),
    ("replacement", {**HEAD, "per_unit": {"product_unit": "t", "before": {"energy": "1 m3"}}},
     "per_unit.before.energy"),
    ("replacement", {**HEAD, "emissions": {"factor": "none-such"}, "energy": ENERGY}, "emissions.factor"),
    ("replacement", {**HEAD, "energy": {**ENERGY, "baseline": ["2025-02-28", "2025-01-01"]}}, "energy.baseline"),
    ("replacement", {**HEAD, "energy": {**ENERGY, "baseline": ["", ""]}}, "energy.baseline"),
    ("replacement", {**HEAD, "energy": {**ENERGY, "reporting": ["2025-02-01", "2025-03-31"]}}, "energy.reporting"),
    ("replacement", {**HEAD, "energy": {**ENERGY, "confidence": "30 %"}}, "energy.confidence"),
    ("replacement", {**HEAD, "energy": {**ENERGY, "points": ["nowhere"]}}, "energy.points[0]"),
    ("replacement", {**HEAD, "energy": {**ENERGY, "drivers": ["moon"]}}, "energy.drivers[0]"),
    ("savings", {"projects": [PROJECT, PROJECT]}, "projects[1].id"),
    ("savings", {"projects": [{**PROJECT, "quantity": ""}]}, "projects[0].quantity"),
    ("savings", {"projects": [{**PROJECT, "points": ["nowhere"]}]}, "projects[0].points[0]"),
    ("savings", {"projects": [{**PROJECT, "confidence": "100 %"}]}, "projects[0].confidence"),
    ("points", {"points": [{"id": "a b"}]}, "points[0].id"),
    ("points", {"points": [{"id": "a"}, {"id": "a"}]}, "points[1].id"),
    ("points", {"points": [{"id": "a", "parent": "b"}]}, "points[0].parent"),
    ("points", {"points": [{"id": "a", "parent": "b"}, {"id": "b", "parent": "a"}]}, "points[0].parent"),
    ("points", {"points": [{"id": "a", "node": "n"}]}, "points[0].tag"),
    ("points", {"points": [{"id": "a", "carrier": "gas", "parent": "b"}, {"id": "b", "carrier": "water"}]},
     "points[0].parent"),
    ("factors", {"grid": ""}, "grid"),
    ("factors", {"grid": "none-such"}, "grid"),
    ("factors", {"grid": "province", "named": {"moon": "x"}}, "named.moon"),
    ("tariff", {**TARIFF, "valid_from": ""}, "valid_from"),
    ("tariff", {**TARIFF, "bands": [{**BAND, "to": "7"}]}, "bands[0].to"),
    ("tariff", {**TARIFF, "bands": [{**BAND, "to": "07:00"}]}, "bands"),
    ("tariff", {**TARIFF, "bands": [BAND, BAND]}, "bands[1].from"),
    ("tariff", {**TARIFF, "bands": [{**BAND, "price": "-1"}]}, "bands[0].price"),
    ("tariff", {key: value for key, value in TARIFF.items() if key != "bands"}, "bands"),
    ("permit", {**PERMIT, "valid_to": "2024-01-01"}, "valid_to"),
    ("permit", {**PERMIT, "limits": [{**LIMIT, "unit": "[pH]"}]}, "limits[0].unit"),
    ("permit", {**PERMIT, "limits": [{**LIMIT, "limit_low": "90"}]}, "limits[0].limit_low"),
    ("permit", {**PERMIT, "limits": [LIMIT, LIMIT]}, "limits[1].parameter"),
    ("permit", {**PERMIT, "limits": [{**LIMIT, "point": "nowhere"}]}, "limits[0].point"),
    ("correction", {**FIX, "from": "yesterday"}, "from"),
    ("correction", {**FIX, "value": "x"}, ""),
    ("correction", {**FIX, "from": "2024-03-01", "to": "2024-03-02"}, ""),
    ("note", {"about": "", "text": "x"}, "about"),
    ("note", {"about": "x", "text": ""}, "text"),
    ("site", {"id": SITE, "name_zh": "厂", "name_en": "Mill", "tz": "Moon/Sea", "province": "浙江"}, "tz"),
    ("site", {"id": "other", "name_zh": "厂", "name_en": "Mill", "tz": "Asia/Shanghai", "province": "浙江"}, "id"),
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with empty_cloud(tmp_path_factory.mktemp("bad")) as url:
        make_site(url)
        yield url


@pytest.mark.parametrize(
    ("kind", "fields", "path"), BAD, ids=[f"{k}-{p}-{n}" for n, (k, _, p) in enumerate(BAD)]
)
def test_a_fault_has_its_path_and_its_words(home: str, kind: str, fields: dict[str, Any], path: str) -> None:
    url, body = f"{home}/api/v1/sites/{SITE}/desk/{kind}", {"by": "王芳", "note": "x", "fields": fields}
    for language in ("zh", "en"):
        status, said = ask(f"{url}?lang={language}", body)
        assert status == 422, said
        assert path in [fault["path"] for fault in said["faults"]]
        for fault in said["faults"]:
            assert bool(CHINESE.search(fault["detail"])) is (language == "zh"), fault
            assert language == "en" or not ENGLISH.search(re.sub("“.*?”|'.*?'", "", fault["detail"])), fault


def test_nothing_of_it_was_sealed(home: str) -> None:
    said = ask(f"{home}/api/v1/sites/{SITE}/desk/log")[1]["statements"]
    assert [item["kind"] for item in said] == ["import", "points", "site"]


def test_a_list_that_was_changed_meanwhile_is_not_overwritten(home: str) -> None:
    url = f"{home}/api/v1/sites/{SITE}/desk/points?lang=zh"
    now = ask(f"{home}/api/v1/sites/{SITE}/desk/now/points")[1]
    assert [point["id"] for point in now["fields"]["points"]] == ["main", "dyeing", "cloth", "outfall"]
    said = ask(url, {"by": "王芳", "fields": now["fields"], "on": "0" * 64})
    assert said[0] == 400 and CHINESE.search(said[1]["error"])
    assert ask(url, {"by": "王芳", "fields": now["fields"], "on": now["hash"]})[1]["unchanged"] == ["points"]


def test_what_is_not_there_is_not_found(home: str) -> None:
    desk = f"{home}/api/v1/sites/{SITE}/desk"
    assert ask(f"{desk}/log/{'0' * 64}")[0] == 404
    assert ask(f"{desk}/now/tariff")[0] == 400
    assert ask(f"{desk}/now/savings")[1] == {"kind": "savings", "hash": None, "fields": None}
    assert ask(f"{home}/api/v1/sites/nowhere/desk/now/points")[0] == 404
