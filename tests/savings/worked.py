"""The worked example of the reference on savings: 24 baseline months, 12 reporting months."""

from __future__ import annotations

PRODUCTION = [
    1254, 959, 1038, 941, 1225, 1236, 1080, 955, 1369, 1020, 1309, 916,
    1453, 1444, 934, 1264, 1258, 1166, 900, 1203, 1446, 1339, 1054, 1265,
]  # fmt: skip
COOLING = [0, 0, 5, 30, 95, 170, 260, 245, 130, 35, 3, 0] * 2
ENERGY = [
    151720, 127064, 131188, 126464, 150626, 151713, 143619, 132687, 162706, 132619, 147286, 114924,
    161654, 160916, 121100, 151618, 151893, 148949, 129565, 154340, 173430, 156076, 131125, 148545,
]  # fmt: skip
PRODUCTION_AFTER = [1412, 1015, 1447, 1158, 1157, 1507, 1527, 1228, 982, 1135, 1031, 1112]
COOLING_AFTER = [0, 0, 8, 25, 110, 180, 240, 260, 120, 40, 0, 0]
ENERGY_AFTER = [
    141384, 110564, 145172, 121066, 127426, 156855, 156702, 136910, 116872, 121887, 112911, 118340,
]  # fmt: skip
COOLING_NORMAL = [0, 0, 6, 28, 100, 175, 250, 250, 125, 38, 2, 0]

BASELINE, REPORTING = "2022-01-01..2023-12-31", "2024-01-01..2024-12-31"


def csv(production: str = "production", cooling: str = "cdd") -> str:
    """The example as a file: monthly rows from 2022-01."""
    columns = (ENERGY + ENERGY_AFTER, PRODUCTION + PRODUCTION_AFTER, COOLING + COOLING_AFTER)
    rows = zip(*columns, strict=True)
    lines = [f"{2022 + i // 12}-{i % 12 + 1:02d}-01,{e},{p},{c}" for i, (e, p, c) in enumerate(rows)]
    return "\n".join([f"time,energy,{production},{cooling}", *lines]) + "\n"


def normal_csv() -> str:
    """Normal conditions: 1,200 t every month and a usual year's cooling degree days."""
    return "\n".join(["production,cdd", *(f"1200,{cdd}" for cdd in COOLING_NORMAL)]) + "\n"
