"""The words of certificates in both languages."""

from __future__ import annotations

from cloud.messages.words import Text

LABELS = {
    "title": Text("机器换人效益证书", "Machine replacement certificate"),
    "project": Text("项目", "Project"),
    "date": Text("投产日期", "Commissioned"),
    "baseline": Text("基准期", "Baseline period"),
    "period": Text("报告期", "Reporting period"),
    "machines": Text("更换的设备", "Machines replaced"),
    "products": Text("产品", "Products"),
    "out": Text("淘汰设备", "Out"),
    "in": Text("新装设备", "In"),
    "none": Text("未申报。", "None declared."),
    "declared": Text("申报值", "declared"),
    "no_end": Text("不存在", "does not exist"),
    "before": Text("改造前", "Before"),
    "after": Text("改造后", "After"),
    "method": Text("方法", "Method"),
    "people": Text("操作工人数", "Operators"),
    "inputs": Text("申报的输入", "Declared inputs"),
    "statement": Text("声明数据块", "Statement (block)"),
    "methods": Text("方法说明", "Methods"),
    "hash": Text("证书文件 SHA-256", "SHA-256 of the certificate"),
    "above_one": Text("大于 1：按计算值列出，未截断", "above 1: shown as computed, not clipped"),
    "drivers": Text("相关变量", "Drivers"),
}

CONFORMITY = Text(
    "各项指标按 Steelyard 自有的具名方法计算（docs/methods-replacement.md），不声明符合 ISO 22400-2、GB/T 28750、"
    "IPMVP 或任何其他标准。",
    "Figures follow Steelyard's own named methods (docs/methods-replacement.md); no conformity with ISO 22400-2, "
    "GB/T 28750, IPMVP or any other standard is claimed.",
)

NOT_PROVEN = Text(
    "本文件证明：节能量及其区间，以及凡附有区间的指标中取自读数的部分，由封存的小时数据和声明按公开方法算出，"
    "其余由场所申报的输入算出（申报值没有区间；金额的区间只含节能量的不确定度），"
    "且自封存之后均未被改动。本文件不能证明：投资额、人数、工时、产量等申报值属实；计量表的示值与实际用量一致；"
    "节能仅由更换机器引起；现金流在未来实现。这些须由合同、考勤、检定证书和现场核查确认。",
    "This file proves that the avoided energy and its interval, and what other figures with an interval take from the "
    "readings, follow by published methods from sealed hour facts and statements, that the rest follows from inputs "
    "which the site declared (declared numbers have no interval; those of money hold the uncertainty of the avoided "
    "energy only), and that none of these has "
    "been altered since it was sealed. It does not prove that a declared value (investment, people, hours, output) is "
    "true; that a meter shows what flowed through it; that nothing but the machines brought the saving; or that the "
    "cash flows will come. Contracts, attendance records, calibration certificates and inspection on site must show "
    "that.",
)

KINDS = {
    "avoided": Text("节能量", "Avoided energy"),
    "avoided_tco2": Text("减排量", "Avoided emissions"),
    "effect.labour": Text("人工费用减少", "Labour cost, fall"),
    "effect.energy": Text("能源费用减少", "Energy cost, fall"),
    "effect.scrap": Text("废品损失减少", "Scrap cost, fall"),
    "effect.added": Text("新增费用（负值为增加）", "Added costs (negative: more cost)"),
    "yearly_saving": Text("年净收益", "Yearly saving"),
    "flows": Text("现金流", "Cash flows"),
    "payback_years": Text("静态投资回收期", "Simple payback"),
    "discounted_payback_years": Text("动态投资回收期", "Discounted payback"),
    "npv": Text("净现值 (NPV)", "Net present value (NPV)"),
    "irr": Text("内部收益率 (IRR)", "Internal rate of return (IRR)"),
    "labour.hours_saved": Text("报告期节省工时", "Labour hours saved"),
    "labour.fte": Text("折合全职人数", "Full-time equivalents"),
    "per_unit.tco2_avoided": Text("按单耗计的减排量", "CO₂ avoided, by energy a unit"),
    "per_unit.grid_effect": Text("电网因子变化（非节能）", "Change of the grid itself (no saving)"),
}

PAIRS = {
    "labour.{}.productivity": Text("劳动生产率", "Labour productivity"),
    "labour.{}.hours_per_unit": Text("单位产品工时", "Labour hours a unit"),
    "labour.{}.operators": Text("操作工人数", "Operators"),
    "oee.{}.availability": Text("可用率", "Availability"),
    "oee.{}.effectiveness": Text("性能率", "Effectiveness"),
    "oee.{}.quality_ratio": Text("合格率", "Quality ratio"),
    "oee.{}.oee_index": Text("设备综合效率 (OEE)", "OEE index"),
    "per_unit.{}.kwh": Text("单位产品电耗", "Electricity a unit"),
    "per_unit.{}.kwh_interval": Text("单位产品电耗的区间", "Interval of electricity a unit"),
    "per_unit.{}.tco2": Text("单位产品碳排放", "CO₂ a unit"),
}
"""Figures with a value before and one after."""

SECTIONS = (
    (Text("节能与减排", "Energy and emissions"), ("avoided", "avoided_tco2", "per_unit.tco2_avoided",
     "per_unit.grid_effect")),
    (Text("人工", "Labour"), ("labour.hours_saved", "labour.fte")),
    (Text("投资与收益", "Investment and return"), ("effect.labour", "effect.energy", "effect.scrap", "effect.added",
     "yearly_saving", "payback_years", "discounted_payback_years", "npv", "irr")),
)  # fmt: skip

CARDS = ("avoided", "avoided_tco2", "payback_years", "npv", "irr")

UNITS = {
    "{person}": Text("人", "people"),
    "a": Text("年", "years"),
    "h": Text("小时", "h"),
    "1": Text("", ""),
    "/a": Text("年", "year"),
}
"""Units of certificates beside those of summaries."""
