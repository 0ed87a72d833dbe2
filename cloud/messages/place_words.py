"""Words that stand in the places of sentences, in Chinese; which of them a place may hold follows from its name."""

from __future__ import annotations

import re

from cloud.messages.display_names import kind_name
from cloud.messages.words import PARAMETERS, UNITS
from contract.quantities import QUANTITIES

QUANTITY = {code: item.zh for code, item in QUANTITIES.items()} | {
    code: text.zh for code, text in PARAMETERS.items()
}
QUANTITY |= {f"production_{unit}": "产量" for unit in ("t", "m", "piece")} | {
    "gas": "天然气",
    "steam": "蒸汽",
}
_INTERVAL = {"day": "日", "month": "月", "hour": "小时", "row": "行数据", "rows": "行数据"}
_TABLE = {"coal": "折标准煤", "combustion": "燃烧排放", "heat": "外购热力排放"}
_DIMENSION = {
    "energy": "能量", "power": "功率", "mass": "质量", "length": "长度", "volume": "体积", "count": "件数",
    "volume flow": "体积流量", "mass flow": "质量流量", "mass concentration": "质量浓度", "acidity": "酸碱度",
    "standard volume": "标准体积", "temperature": "温度", "production": "产量", "baseline": "基准期",
}  # fmt: skip
_SINGLE = _DIMENSION | QUANTITY | {"R2": "R²", "degree days": "度日数"}
_PART = {
    "money": "资金", "labour": "人工", "oee": "设备综合效率", "per_unit": "单位产品能耗", "emissions": "排放",
    "energy": "能源", "scrap": "废品", "added": "新增费用", "before": "改造前", "after": "改造后", "costs": "年费用",
    "investment": "投资额", "residual": "期末残值", "years": "计算期", "discount_rate": "折现率", "output": "产量",
    "hours": "工时", "operators": "操作工人数", "period": "统计期", "person_year": "每人年工时",
    "planned_busy": "计划占用时间", "actual_production": "实际生产时间", "planned_run_per_item": "计划单件时间",
    "produced": "生产数量", "good": "合格数量", "factor": "排放因子", "factor_before": "改造前排放因子",
    "factor_after": "改造后排放因子", "confidence": "置信度", "amount": "数量", "price": "单价", "at": "费用口径",
    "product_unit": "产品单位", "flows": "现金流", "maintenance": "维护费",
    "licences": "软件许可费", "training": "培训费", "currency": "币种",
    "availability": "可用率", "effectiveness": "性能率", "quality_ratio": "合格率", "oee_index": "设备综合效率",
}  # fmt: skip
_UNIT = {code: text.zh for code, text in UNITS.items()} | {"t": "t"}
_WORDS = {
    **dict.fromkeys(
        ("quantity", "quantities", "parameter", "carrier", "above", "driver", "drivers"), QUANTITY
    ),
    **dict.fromkeys(("dimension", "other_dimension"), _DIMENSION),
    **dict.fromkeys(("interval", "rows"), _INTERVAL),
    **dict.fromkeys(("kinds", "parts"), _PART),
    "table": _TABLE,
    "unit": _UNIT,
    "currency": {"CNY": "元"},
    "value": {"inf": "∞", "nan": "无定义"},
    "units": _UNIT,
    "end": {"low": "下限", "high": "上限"},
}
_SIGNS = {"<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"}
_BOUND = re.compile(r"([<>]=?) (\S+)")
_SPAN = re.compile(r"(\d{4}-\d\d(?:-\d\d)?)\.\.(\d{4}-\d\d(?:-\d\d)?)")
_SPANS = re.compile(r"[\d.-]+(?:, [\d.-]+)*")


def word(name: str, text: str) -> str | None:
    """What one word in a place of a name is in Chinese; None when it stays as it is."""
    if name in ("kind", "input"):
        return kind(text) or _path(text) or _SINGLE.get(text)
    if name in ("what", "said") and (found := _SINGLE.get(text) or kind(text)):
        return found
    if name in ("period", "span", "first", "last", "rest", "said"):
        return _SPAN.sub(r"\1 至 \2", text) if _SPANS.fullmatch(text) else None
    if name == "bound":
        bound = _BOUND.fullmatch(text)
        return None if bound is None else f"{_SIGNS[bound[1]]} {bound[2]}"
    return _WORDS.get(name, {}).get(text)


def kind(text: str) -> str | None:
    """The name of a kind of figure, of a certificate or a summary; None for one without a name."""
    name = kind_name(text, "zh")
    return None if name == text else name


def _path(text: str) -> str | None:
    """A path of keys such as labour.before.hours; None when one of them has no word."""
    found = [_PART.get(key) for key in text.split(".")]
    return None if None in found else "·".join(str(each) for each in found)
