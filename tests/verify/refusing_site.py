"""Sites in a real cloud's folder whose figures are refused, each for reasons of its own."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.verify.real_site import run

SITE = "refusing-mill"
PERIOD = ("2023-12-30", "2024-01-03")
HEAD = f"site: {{id: {SITE}, name_zh: 厂, name_en: Mill, tz: Asia/Shanghai, province: 浙江, day_start: '00:00'}}\n"
TARIFF = """\
tariff:
  currency: CNY
  source: example tariff
  valid_from: {since}
  bands:
    - {{name: peak, from: "08:00", to: "22:00", price: 0.95}}
    - {{name: valley, from: "22:00", to: "08:00", price: 0.38}}
"""
LIMITS = """\
permit:
  document: example permit
  example: true
  valid_from: 2023-01-01
  limits:
    - {point: out, parameter: cod, limit: 80, unit: mg/L, statistic: hour}
    - {point: out, parameter: ph, limit: 9, unit: "[pH]", statistic: day}
"""


@dataclass(frozen=True)
class Case:
    """What a site declares and imports (from, to: local times), and codes of refusals that follow."""

    points: str
    rows: str
    codes: str
    more: str = ""
    period: tuple[str, str] = PERIOD

    @property
    def yaml(self) -> str:
        points = "\n".join(f"  - {{{line}, zh: 点, en: Point}}" for line in self.points.splitlines())
        return f"{HEAD}points:\n{points}\n{self.more}"


CASES = {
    "nothing": Case(
        f"id: main, carrier: electricity, node: {SITE}-edge, tag: main.kwh\nid: cloth\nid: out",
        "2023-11-01 00:00,2023-11-02 00:00,cloth,production,5,t",
        "inputs.no_readings energy.no_rows_at_point inputs.nothing_known energy.no_factors_chosen energy.nothing_of"
        " permits.no_rows",
        LIMITS,
    ),
    "crossing": Case(
        "id: main\nid: sub, parent: main\nid: cloth\nid: boiler",
        "2023-12-29 12:00,2023-12-30 12:00,main,electricity,5,kWh\n"
        "2023-12-30 00:00,2023-12-31 00:00,sub,electricity,4,kWh\n"
        "2023-12-30 00:00,2023-12-31 00:00,cloth,production,0,t\n"
        "2023-12-31 00:00,2024-01-02 00:00,boiler,diesel,2,t",
        "inputs.row_crosses_period",
        "factors: {grid: national}\n",
    ),
    "two-years": Case(
        "id: main\nid: cloth",
        "2023-12-31 12:00,2024-01-01 12:00,main,electricity,5,kWh\n"
        "2023-12-30 00:00,2023-12-31 00:00,cloth,production,0,t",
        "energy.several_prices energy.no_product energy.nothing_of",
        "factors: {grid: national}\n" + TARIFF.format(since="2023-01-01"),
    ),
    "no-tariff": Case(
        "id: main\nid: cloth",
        "2023-12-30 00:00,2023-12-31 00:00,main,electricity,5,kWh\n"
        "2023-12-30 00:00,2023-12-31 00:00,cloth,production,0,t",
        "energy.no_tariff energy.no_product",
        "factors: {grid: province}\n" + TARIFF.format(since="2024-01-01"),
    ),
    "steam": Case(
        f"id: boiler, carrier: steam, node: {SITE}-edge, tag: steam.t\nid: cloth",
        "2023-12-30 00:00,2023-12-31 00:00,cloth,production,7,t",
        "energy.steam_without_enthalpy energy.nothing_emits energy.nothing_of",
        "factors: {grid: national}\n",
    ),
    "samples": Case(
        "id: out\nid: in",
        "2023-12-30 00:00,,out,cod,50,mg/L\n2023-12-31 00:00,,out,cod,60,mg/L\n"
        "2023-12-30 00:00,2023-12-30 01:00,in,nh3n,50,mg/L",
        "permits.samples_without_interval permits.no_flow_for_times permits.no_rows",
        LIMITS,
    ),
    "dry": Case(
        "id: out\nid: in\nid: half\nid: two",
        "2023-12-30 00:00,2023-12-30 01:00,out,cod,50,mg/L\n"
        "2023-12-30 00:00,2023-12-30 01:00,out,wastewater_flow,0,m3/h\n"
        "2023-12-30 00:00,2023-12-30 01:00,in,cod,50,mg/L\n"
        "2023-12-30 00:00,2023-12-30 01:00,in,wastewater_flow,3,m3/h\n"
        "2023-12-30 00:00,2023-12-30 01:00,in,wastewater_volume,3,m3\n"
        "2023-12-30 00:00,2023-12-30 01:00,half,nh3n,50,mg/L\n"
        "2023-12-30 00:30,2023-12-30 01:30,half,wastewater_flow,3,m3/h\n"
        "2023-12-30 00:30,2023-12-30 01:30,two,ph,7,[pH]\n"
        "2023-12-30 00:30,2023-12-30 01:30,two,cod,7,mg/L",
        "permits.nothing_flowed permits.flow_and_volume permits.partial_overlap permits.row_in_two_periods"
        " permits.no_flow_for_times",
        LIMITS + '    - {point: two, parameter: ph, limit: 9, unit: "[pH]", statistic: hour}\n'
        "    - {point: two, parameter: cod, limit: 9, unit: mg/L, statistic: hour}\n",
    ),
    "before-any-factor": Case(
        "id: main\nid: cloth",
        "2001-12-31 12:00,2002-01-01 12:00,main,electricity,5,kWh\n"
        "2001-12-31 12:00,2002-01-01 12:00,cloth,production,1,t",
        "figure.no_grid_factor_yet energy.no_tariff",
        "factors: {grid: province}\n",
        ("2001-12-30", "2002-01-03"),
    ),
    "outside": Case(
        "id: main",
        "2023-12-30 00:00,2023-12-31 00:00,main,electricity,5,kWh",
        "energy.reporting_outside",
        "savings:\n    - {id: late, quantity: electricity, drivers: [water], interval: day,\n"
        "       baseline: [2023-01-01, 2023-12-01], reporting: [2023-12-29, 2024-01-02]}\n",
    ),
}  # fmt: skip


def build(folder: Path, name: str) -> Path:
    """A work folder with the site of a case."""
    return declared(folder, CASES[name])


def declared(folder: Path, case: Case, site: str = SITE) -> Path:
    """A work folder with a site."""
    run("init", "--workdir", str(folder))
    (folder / "site.yaml").write_text(case.yaml.replace(SITE, site), encoding="utf-8")
    (folder / "rows.csv").write_text(f"from,to,point,quantity,value,unit\n{case.rows}\n", encoding="utf-8")
    run("declare", str(folder / "site.yaml"), "--workdir", str(folder))
    run("import", "--workdir", str(folder), "--site", site, "--format", "csv", str(folder / "rows.csv"))
    return folder
