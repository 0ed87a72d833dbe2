"""Chinese of the few texts of figures that are no messages: marks of limits and citations, and the note on methods."""

from __future__ import annotations

WHOLE = {
    "no limit on record": "无限值记录",
    "example, not a legal limit": "示例，非法定限值",
    "Steelyard methods by their ids (docs/methods-replacement.md); no conformity with ISO 22400-2, GB/T 28750, "
    "IPMVP or another standard is claimed.": "各项指标按 Steelyard 自有的具名方法计算"
    "（docs/methods-replacement.md），不声明符合 ISO 22400-2、GB/T 28750、IPMVP 或任何其他标准。",
}
BEHIND = {
    " (single source)": "（单一来源）",
    " (example, not a legal limit)": "（示例，非法定限值）",
}
"""What stands behind a document's name."""


def chinese(text: str) -> str | None:
    """The text in Chinese; None for one that is not here."""
    for english, shown in BEHIND.items():
        if text.endswith(english):
            return text.removesuffix(english) + shown
    return WHOLE.get(text)
