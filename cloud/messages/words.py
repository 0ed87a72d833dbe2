"""The words of summaries in both languages, side by side, so that neither can be missing."""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str


LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""Codes of the languages, and HTML's lang value of each."""

NOT_PROVEN = Text(
    "本文件证明：所列数据由所列数据块和声明按公开方法算出，且自封存之后未被改动。"
    "本文件不能证明：计量表的示值与实际用量一致；边缘网关在签名之前未被改动；"
    "人工填报的数值属实；计量点清单之外不存在其他排放源；所引用的排放因子适用于本场所。"
    "这些须由现场核查、检定证书和其他凭证确认。",
    "This file proves that the figures follow, by published methods, from the blocks and statements listed, and that "
    "these have not been altered since they were sealed. It does not prove that a meter shows what flowed through it; "
    "that the edge box was not tampered with before it signed; that a value typed by a person is true; that there is "
    "no source of emissions outside the list of meter points; or that the factors cited suit this site. "
    "Inspection on site, calibration certificates and other records must show that.",
)

LABELS = {
    "title": Text("能耗与排放汇总", "Energy and emission summary"),
    "period": Text("期间", "Period"),
    "until": Text("至（不含）", "to (exclusive)"),
    "zone": Text("时区", "Time zone"),
    "day_start": Text("日起始", "Day begins"),
    "as_of": Text("数据截至", "Known as of"),
    "tree": Text("账本树", "Ledger tree"),
    "leaves": Text("个数据块", "blocks"),
    "headline": Text("要点", "At a glance"),
    "figure": Text("指标", "Figure"),
    "point": Text("计量点", "Point"),
    "value": Text("数值", "Value"),
    "unit": Text("单位", "Unit"),
    "interval": Text("置信区间", "Interval"),
    "complete": Text("完整率", "Complete"),
    "substituted": Text("替代率", "Substituted"),
    "factors": Text("因子", "Factors"),
    "highest": Text("最高均值", "Highest mean"),
    "limit": Text("限值", "Limit"),
    "over": Text("超限/已判定", "Over / judged"),
    "verdict": Text("结论", "Verdict"),
    "example": Text("示例限值，非法定限值", "example, not a legal limit"),
    "whole_site": Text("全厂", "whole site"),
    "refused": Text("未能给出的数据", "Figures that could not be made"),
    "why": Text("原因", "Why"),
    "nothing_refused": Text("无。", "None."),
    "cited": Text("所用因子及出处", "Factors used, with their sources"),
    "no_factors": Text("未使用因子。", "No factor was used."),
    "id": Text("编号", "Id"),
    "source": Text("出处", "Source"),
    "single": Text("单一来源", "single source"),
    "not_proven": Text("本文件不能证明的事项", "What is not proven"),
    "check": Text("如何校验", "How to check this"),
    "check_text": Text(
        "本页为签名 JSON 文件的阅读视图，本身不具证明力。请对证据包运行下列命令，无需联网；"
        "指纹须由其他途径取得（例如公函或上一次现场检查）。",
        "These pages are a view of a signed JSON file and prove nothing by themselves. Run the command below on the "
        "evidence pack; it needs no network. Get the fingerprint in another way: a letter, or an earlier visit.",
    ),
    "hash": Text("汇总文件 SHA-256", "SHA-256 of the summary"),
    "root": Text("账本树根", "Root of the ledger tree"),
    "key": Text("密钥指纹", "Key fingerprint"),
    "keys": Text("密钥", "Keys"),
    "signer": Text("云端（签名者）", "cloud (signer)"),
    "more_keys": Text("其余密钥的完整指纹见末页", "the others in full on the last page"),
    "verify": Text("校验命令", "Verify with"),
    "page_before": Text("第 ", "Page "),
    "page_between": Text(" 页，共 ", " of "),
    "page_after": Text(" 页", ""),
    "no_figures": Text("本期间没有数据。", "There is no figure for this period."),
}

KINDS = {
    "energy_tce": Text("综合能耗", "Total energy"),
    "scope1_tco2e": Text("范围一排放（直接）", "Scope 1 emissions (direct)"),
    "scope2_tco2": Text("范围二排放（外购能源）", "Scope 2 emissions (bought energy)"),
    "cost_yuan": Text("能源费用", "Energy cost"),
    "saving_kwh": Text("节能量", "Saving"),
    "saving_tco2": Text("减排量", "Avoided emissions"),
    "saving_gj": Text("节约量", "Saving"),
    "saving_m3": Text("节约量", "Saving"),
    "saving_t": Text("节约量", "Saving"),
    "cod_kg": Text("化学需氧量排放量", "COD mass"),
    "cod_mean_mg_l": Text("化学需氧量平均浓度（流量加权）", "COD, flow-weighted mean"),
    "nh3n_kg": Text("氨氮排放量", "NH₃-N mass"),
    "nh3n_mean_mg_l": Text("氨氮平均浓度（流量加权）", "NH₃-N, flow-weighted mean"),
    "unaccounted_kwh": Text("未分摊：电力", "unaccounted electricity"),
    "intensity_tce_per_t": Text("单位产品综合能耗", "Energy per product"),
    "intensity_tce_per_m": Text("单位产品综合能耗", "Energy per product"),
    "intensity_tce_per_piece": Text("单位产品综合能耗", "Energy per product"),
    "intensity_tco2e_per_t": Text("单位产品排放", "Emissions per product"),
    "intensity_tco2e_per_m": Text("单位产品排放", "Emissions per product"),
    "intensity_tco2e_per_piece": Text("单位产品排放", "Emissions per product"),
    "intensity_kwh_per_t": Text("单位产品电耗", "Electricity per product"),
    "intensity_kwh_per_m": Text("单位产品电耗", "Electricity per product"),
    "intensity_kwh_per_piece": Text("单位产品电耗", "Electricity per product"),
}

PARAMETERS = {
    "tn": Text("总氮", "total nitrogen"),
    "tp": Text("总磷", "total phosphorus"),
    "ss": Text("悬浮物", "suspended solids"),
}
"""Parameters of permits that are no quantity of an import."""

STATISTICS = {"day": Text("日均值", "daily mean"), "hour": Text("小时均值", "hourly mean")}
NOTHING = Text("", "")

FAMILIES = {
    "unaccounted_": Text("未分摊：{what}", "unaccounted {what}"),
    "permit_": Text("{what}{of}", "{what}, {of}"),
}
"""Kinds of many quantities, by how they begin."""

VERDICTS = {
    "within": Text("未超限", "within"),
    "over": Text("超限", "over"),
    "no limit on record": Text("无限值记录", "no limit on record"),
}

UNITS = {
    "kW.h": Text("kWh", "kWh"),
    "MW.h": Text("MWh", "MWh"),
    "m3": Text("m³", "m³"),
    "CNY": Text("元", "yuan"),
    "t{ce}": Text("吨标准煤", "tce"),
    "t{CO2}": Text("吨 CO₂", "t CO₂"),
    "kg{CO2}": Text("kg CO₂", "kg CO₂"),
    "kg{ce}": Text("kgce", "kgce"),
    "t": Text("吨", "t"),
    "[pH]": Text("pH", "pH"),
    "{piece}": Text("件", "pieces"),
}
"""How a person reads a unit; others stand as they are."""

OF_KIND = {"scope1_tco2e": Text("吨 CO₂e", "t CO₂e")}
"""Units of kinds that have a name of their own."""

SECTIONS = (
    ("headline_figures", Text("能耗、排放与费用", "Energy, emissions and cost")),
    ("amounts", Text("各计量点用量", "Amounts by meter point")),
    ("balance", Text("计量平衡", "Meter balance")),
    ("pollutants", Text("污染物", "Pollutants")),
    ("permit", Text("与排污许可限值比较", "Compared with the permit")),
    ("intensity", Text("单位产品指标", "Intensity per product")),
    ("savings", Text("节能量与减排量", "Savings")),
    ("other", Text("其他指标", "Other figures")),
)
"""Sections of figures, in order."""

HEADLINE = ("energy_tce", "scope1_tco2e", "scope2_tco2", "saving_kwh", "cod_kg", "cost_yuan")
"""Kinds that stand in large figures on the first page, where they are there."""
