"""The provinces that a site may lie in, by the short names under which grid factors are published.

The names are those of the tables of grid factors (firmware_configs/factors/cn-grid.yaml names the documents), and 西藏,
which the tables leave out: a site there names its factor. The full names are those of GB/T 2260.
"""

from __future__ import annotations

from contract.errors import BadInput
from contract.messages import UnknownProvince

_PLAIN = (
    "河北", "山西", "辽宁", "吉林", "黑龙江", "江苏", "浙江", "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南",
    "广东", "海南", "四川", "贵州", "云南", "陕西", "甘肃", "青海",
)  # fmt: skip
"""Those whose full name ends in 省."""
FULL = (
    {name: f"{name}市" for name in ("北京", "天津", "上海", "重庆")}
    | {name: f"{name}省" for name in _PLAIN}
    | {
        "内蒙古": "内蒙古自治区", "广西": "广西壮族自治区", "西藏": "西藏自治区", "宁夏": "宁夏回族自治区",
        "新疆": "新疆维吾尔自治区",
    }
)  # fmt: skip
"""Full name by short name."""
_SHORT = {full: short for short, full in FULL.items()}


def short(name: str) -> str:
    """The short name of a province that is given by either name. Raises BadInput for one that is none."""
    found = _SHORT.get(name, name)
    if found not in FULL:
        raise BadInput(UnknownProvince(name, tuple(FULL)))
    return found
