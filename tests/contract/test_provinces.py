"""The provinces against the tables of grid factors, which somebody else published."""

from __future__ import annotations

import pytest

from cloud.reference import factors
from cloud.settings import Site
from contract import provinces
from contract.errors import BadInput
from contract.messages import UnknownProvince


def test_every_province_of_the_tables_is_known_and_only_tibet_has_no_factor() -> None:
    published = {factor.place for factor in factors.shipped() if factor.level == "province"}
    assert set(provinces.FULL) - published == {"西藏"} and published <= set(provinces.FULL)
    assert len(provinces.FULL) == 31


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("浙江省", "浙江"),
        ("浙江", "浙江"),
        ("内蒙古自治区", "内蒙古"),
        ("上海市", "上海"),
        ("新疆维吾尔自治区", "新疆"),
    ],
)
def test_both_names_are_taken_and_the_short_one_is_kept(name: str, short: str) -> None:
    assert provinces.short(name) == short
    assert Site(id="a", name_zh="a", name_en="a", tz="UTC", province=name).province == short


@pytest.mark.parametrize("name", ["火星", "浙江市", "", "Zhejiang"])
def test_what_is_no_province_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        provinces.short(name)
    assert caught.value.message == UnknownProvince(name, tuple(provinces.FULL))
    assert "浙江" in str(caught.value)
