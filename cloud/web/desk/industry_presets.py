"""What a plant of a trade usually meters: points to begin from in the wizard, to be changed freely."""

from __future__ import annotations

from cloud.messages.i18n import N_

Point = dict[str, str]


def _point(name: str, carrier: str, zh: str, en: str, parent: str = "") -> Point:
    return {"id": name, "carrier": carrier, "parent": parent, "zh": zh, "en": en}


_MAIN = _point("main", "electricity", "总表", "Main meter")
_GAS = _point("boiler-gas", "gas", "锅炉天然气", "Boiler gas")
_WATER = _point("water", "water", "新水", "Fresh water")
_OUTFALL = _point("outfall", "", "总排口", "Outfall")

TRADES: tuple[tuple[str, str, tuple[Point, ...]], ...] = (
    ("any", N_("Any plant"), (_MAIN, _point("product", "", "产品", "Product"))),
    (
        "dyeing",
        N_("Dyeing and finishing"),
        (
            _MAIN, _point("dyeing", "electricity", "染色", "Dyeing", "main"), _GAS,
            _point("heat", "", "外购热力", "Purchased heat"), _WATER, _point("cloth", "", "成品布", "Finished cloth"),
            _OUTFALL,
        ),
    ),
    (
        "plating",
        N_("Electroplating"),
        (
            _MAIN, _point("rectifiers", "electricity", "整流器", "Rectifiers", "main"), _WATER,
            _point("parts", "", "镀件", "Plated parts"), _OUTFALL,
        ),
    ),
    (
        "machining",
        N_("Machine building"),
        (
            _MAIN, _point("compressors", "electricity", "空压机", "Compressors", "main"), _GAS,
            _point("pieces", "", "产品", "Pieces"),
        ),
    ),
)  # fmt: skip
"""Id, title, points of each trade."""
