"""The shipped grid factors: complete, cited, and refused without a citation."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.figure.factors import USABLE, Factor, select
from cloud.figures import meter_energy
from cloud.reference import factors
from cloud.registry import Registry, sites
from cloud.settings import load
from settings import SettingsError
from tests.desk.bench import Bench

GOOD = """version: 1
unit: "kg{CO2}/kW.h"
documents:
  - {id: doc, title: 公告, issuer: 生态环境部, date: 2025-12-31}
factors:
  - {id: a, level: province, place: 浙江, year: 2023, value: "0.4974", document: doc, trust: R}
"""


def test_three_years_of_nation_regions_and_provinces_each_with_its_document() -> None:
    found = factors.shipped()
    for year, document in ((2021, "第12号"), (2022, "第33号"), (2023, "第47号")):
        mine = [factor for factor in found if factor.year == year]
        counts = [sum(f.level == level for f in mine) for level in ("national", "region", "province")]
        assert counts == [1, 7, 30]
        assert all(document in factor.citation for factor in mine)
    assert {factor.trust for factor in found} <= set(USABLE)
    assert {f.trust for f in found if f.year == 2021 and f.level == "province"} == {"R1"}


@pytest.mark.parametrize(
    ("named", "province", "year", "value"),
    [
        (None, "浙江", 2023, "0.4974"),
        (None, "浙江", 2026, "0.4974"),
        (None, "浙江", 2022, "0.5153"),
        (None, "云南", 2021, "0.1235"),
        ("national", "浙江", 2024, "0.5306"),
        ("cn-grid-2021", "浙江", 2018, "0.5568"),
    ],
)
def test_published_values(named: str | None, province: str, year: int, value: str) -> None:
    found = select(factors.shipped(), named, province, year)
    assert isinstance(found, Factor)
    assert found.value == value


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ('"0.4974"', "0.4974", 6, "must be text"),
        ("trust: R", "trust: sure", 6, "must be"),
        ("2025-12-31", "2025-13-31", 4, "no date"),
        ("kW.h", "MW.h", 2, "must be"),
    ],
)
def test_a_malformed_factor_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    path = tmp_path / "f.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        factors.load(path)
    assert f"f.yaml:{line}: " in str(caught.value)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (", document: doc", ""),
        ("document: doc", "document: other"),
        (", issuer: 生态环境部", ""),
        (", date: 2025-12-31", ""),
    ],
)
def test_a_factor_without_its_citation_loads_and_makes_no_figure(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "f.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    assert str(select(factors.load(path), None, "浙江", 2023)) == "factor a has no citation"


def test_the_good_file_loads(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert factors.load(path)[0].value == "0.4974"


def test_the_choice_of_the_province_is_a_choice_and_none_is_none(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    settings = load(bench.folder / "cloud" / "cloud.yaml")
    found = []
    for text in ("", "site: mill\nfactors: {grid: province}\n", "site: mill\nfactors: {grid: national}\n"):
        if text:
            bench.declare(text)
        registry = Registry(settings)
        registry.catch_up()
        site = sites.find(settings, registry, "mill")
        registry.close()
        assert site is not None
        factor = meter_energy.chooser(site)(2023)
        found.append((site.factor, factor.id if isinstance(factor, Factor) else factor))
    assert found == [
        (None, "cn-grid-2023-zhejiang"), ("province", "cn-grid-2023-zhejiang"), ("national", "cn-grid-2023"),
    ]  # fmt: skip
