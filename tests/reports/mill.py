"""A cloud folder with a sealed ledger of two sites, made by nodes of the tests, and a book of made-up figures."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from cloud.cli.frame import settings_of
from cloud.ledger import Ledger
from cloud.reports.summary import Book
from cloud.settings import Settings
from contract.message import Text
from journal.keyfiles import make_key
from tests.cloud.edge_twin import SECOND, T0, Node

SITE = "demo-mill"
YAML = """\
broker: {host: 127.0.0.1, port: 1}
sites:
  - {id: demo-mill, name_zh: 演示印染厂, name_en: Demo mill, tz: Asia/Shanghai, province: 浙江}
"""


class Mill:
    """Nodes of a site and of another one, and the ledger that took their blocks in turn."""

    def __init__(self, folder: Path, readings: int = 12) -> None:
        self.folder = folder
        cloud = folder / "cloud"
        cloud.mkdir(parents=True)
        (cloud / "cloud.yaml").write_text(YAML, encoding="utf-8")
        make_key(cloud / "cloud.key", cloud / "cloud.pub")
        self.edge = Node().begin()
        self.edge.say("gap", group="meter", device="meter", **{"from": None, "to": str(T0)}, cause="start")
        for number in range(readings):
            self.edge.reading(number)
        self.other = Node(name="other-edge", site="other-mill", incarnation=9).begin()
        self.other.reading(1)
        self.desk = Node(name="desk-demo-mill", incarnation=3)
        self.desk.say("open", node="desk-demo-mill", site=SITE, previous=None, cause="start")
        self.desk.say("site", site=SITE, by="p-0123456789ab", at=str(T0), note="", id=SITE, name_zh="演示印染厂",
                      name_en="Demo mill", tz="Asia/Shanghai", province="浙江", day_start="00:00")  # fmt: skip
        self.accounts = Node(name="accounts", site="", incarnation=5)
        self.accounts.say("open", node="accounts", site="", previous=None, cause="start")
        for site in (SITE, "other-mill", SITE):
            self.accounts.say("hours", site=site, day="2023-11-15", steps=[1, 2])
        self.nodes = [self.desk, self.edge, self.other, self.accounts]
        for node in self.nodes:
            node.trust(cloud / "trust")
        self.order = _turns([node.blocks for node in self.nodes])
        self.take(self.order)

    @property
    def settings(self) -> Settings:
        """The settings, read anew."""
        return settings_of(self.folder, None)

    def take(self, blocks: list[bytes], start: int = 0) -> None:
        """Put blocks into the ledger, each a second after the one before."""
        ledger = Ledger(self.folder / "cloud" / "ledger", limit=2000)
        for number, data in enumerate(blocks, start):
            ledger.append(T0 + number * SECOND + 7, data)
        ledger.sync()
        ledger.close()


def _turns(lists: list[list[bytes]]) -> list[bytes]:
    """One of each list in turn, as blocks of several nodes come."""
    left, found = [list(items) for items in lists], []
    while any(left):
        found += [items.pop(0) for items in left if items]
    return found


def figure(kind: str, value: str, unit: str, point: str | None = None, **more: Any) -> dict[str, Any]:
    """A figure of the right shape with made-up content."""
    name = hashlib.sha256(f"{kind} {point}".encode()).hexdigest()[:16]
    return {
        "id": name, "kind": kind, "point": point, "from": "2023-01-01", "to": "2024-01-01",
        "value": value, "unit": unit, "completeness": "0.9987", "substituted": "0.0000",
        "factors": [], "citations": [], "method": "steelyard/test/1", "inputs": "00" * 32, "parts": [], **more,
    }  # fmt: skip


DOCUMENT = {
    "document": "mee", "title": "公告 2025年第47号 (2023年电力二氧化碳排放因子)", "issuer": "生态环境部、国家统计局",
    "date": "2025-12-31", "url": None, "citation": "…",
}  # fmt: skip
GRID = {
    "id": "cn-grid-2023", "table": "grid", "value": "0.5306", "unit": "kg{CO2}/kW.h", "year": 2023,
    "level": "national", "place": "全国", "clause": "table 1", "trust": "V", **DOCUMENT,
}  # fmt: skip
GAS = {
    "id": "cn-gas-a", "table": "combustion", "quantity": "natural_gas", "unit": "m3",
    "ncv": "389.31", "per": "10000", "cc": "0.0153", "of": "0.99",
    "from_year": None, "to_year": None, "clause": "表 2", "trust": "R1", **DOCUMENT,
}  # fmt: skip


def book(end: int = 0) -> Book:
    """Figures such as a mill has, none of them computed."""
    figures = [
        figure("energy_tce", "2131.653", "t{ce}", factors=["cn-grid-2023"]),
        figure("scope1_tco2e", "1822.628", "t{CO2}", factors=["cn-gas-a"]),
        figure(
            "scope2_tco2", "3973.000", "t{CO2}", factors=["cn-grid-2023"], citations=["公告 2025年第47号"]
        ),
        figure("cost_yuan", "3456789.10", "CNY"),
        figure("electricity_kwh", "5000000", "kW.h", "总表/main"),
        figure("electricity_kwh", "1234567.25", "kW.h", "dye-1", substituted="0.0125"),
        figure("unaccounted_kwh", "-12.50", "kW.h", "总表/main"),
        figure("cod_kg", "13.500", "kg", "outfall"),
        figure("cod_mean_mg_l", "62.5", "mg/L", "outfall"),
        figure(
            "permit_cod_day",
            "75",
            "mg/L",
            "outfall",
            limit="80",
            limit_low=None,
            lowest="50",
            periods=3,
            over=0,
            verdict="within",
            statistic="day",
            weighting="flow",
            documents=["许可证"],
            example=True,
            citations=["许可证 (example, not a legal limit)"],
        ),
        figure(
            "permit_ph_hour",
            "9.5",
            "[pH]",
            "outfall",
            limit="9",
            limit_low="6",
            lowest="7",
            periods=3,
            over=1,
            verdict="over",
            statistic="hour",
            weighting="time",
            documents=["许可证"],
            example=False,
        ),
        figure("intensity_tce_per_t", "0.123456", "t{ce}/t"),
        figure("saving_kwh", "221917.17", "kW.h", "retrofit", interval=["187000.00", "256000.00"]),
        figure("saving_tco2", "117.749", "t{CO2}", "retrofit", factors=["cn-grid-2023"]),
    ]
    refused = [
        {"kind": "intensity_kwh_per_t", "point": None, **Text("no production on record for 2023").json()}
    ]
    points = [
        {"id": "outfall", "zh": "总排口", "en": "Outfall"},
        {"id": "dye-1", "zh": "染色机 1", "en": "Dyeing machine 1"},
    ]
    names = {"zh": "演示印染厂", "en": "Demo dyeing mill"}
    return Book(names, "Asia/Shanghai", "00:00", figures, refused, [GRID, GAS], points)
