"""A site with savings projects in a real cloud's folder: monthly and daily rows, named drivers and none."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from tests.verify.real_site import run

SITE = "save-mill"
PERIOD = ("2023-01-01", "2024-01-01")
MONEY = """{currency: CNY, investment: 60000 CNY, residual: 5000 CNY, years: 6 a, discount_rate: 8 %%,
        costs: {labour: {at: reporting-output, before: 90000 CNY/a, after: 80000 CNY/a},
        energy: {at: avoided-energy, price: %s CNY/kWh}, added: {},
        scrap: {at: reporting-output, before: 9000 CNY/a, after: 8000 CNY/a}}}"""
YAML = f"""\
site: {{id: {SITE}, name_zh: 省电厂, name_en: Saving mill, tz: Asia/Shanghai, province: 浙江, day_start: "06:00"}}
points:
  - {{id: main, carrier: electricity, zh: 总表, en: Main}}
  - {{id: line, carrier: electricity, parent: main, zh: 线, en: Line}}
  - {{id: gas, carrier: gas, zh: 气, en: Gas}}
  - {{id: cloth, zh: 布, en: Cloth}}
  - {{id: out, zh: 排口, en: Outfall}}
factors: {{grid: national}}
savings:
    - {{id: by-day, quantity: electricity, drivers: [production], interval: day,
       baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-06-30]}}
    - {{id: by-month, quantity: electricity, points: [line], drivers: [production], interval: month,
       baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-12-31],
       confidence: 97.5 %}}
    - {{id: of-gas, quantity: natural_gas, drivers: [production, wastewater_flow], interval: day,
       baseline: [2022-01-01, 2022-12-31], reporting: [2023-02-01, 2023-12-31]}}
    - {{id: searched, quantity: electricity, interval: day,
       baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-12-31]}}
    - {{id: broken-months, quantity: natural_gas, drivers: [production], interval: month,
       baseline: [2022-01-10, 2022-12-20], reporting: [2023-01-15, 2023-11-11]}}
    - {{id: in-part, quantity: electricity, drivers: [production], interval: day,
       baseline: [2022-01-01, 2022-12-31], reporting: [2023-10-01, 2024-03-31]}}
    - {{id: hopeless, quantity: electricity, drivers: [water], interval: day,
       baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-12-31]}}
replacement:
    - id: machines
      name_zh: 机器
      name_en: Machines
      date: 2023-01-01
      emissions: {{factor: cn-grid-2022-zhejiang}}
      energy: {{quantity: electricity, points: [line], interval: month, confidence: 95 %,
        baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-09-30]}}
      money: {MONEY % "0.72"}
      per_unit: {{product_unit: t, output: production}}
    - id: by-flow
      name_zh: 流量
      name_en: By flow
      date: 2023-01-01
      energy: {{quantity: electricity, drivers: [production, wastewater_flow], interval: day, confidence: 80.5 %,
        baseline: [2022-01-01, 2022-12-31], reporting: [2023-03-01, 2023-12-31]}}
      money: {MONEY % "-0.06"}
      per_unit: {{product_unit: t, output: production}}
    - id: two-months
      name_zh: 两月
      name_en: Two months
      date: 2023-01-01
      emissions: {{factor: cn-grid-2022-zhejiang, factor_before: cn-grid-2022-zhejiang, factor_after: cn-grid-2023}}
      energy: {{quantity: electricity, drivers: [production], interval: month, confidence: 90 %,
        baseline: [2022-01-01, 2022-12-31], reporting: [2023-02-01, 2023-03-31]}}
      money: {MONEY % "0.005"}
      per_unit: {{product_unit: t, output: production}}
    - id: part-of-a-month
      name_zh: 半月
      name_en: Part of a month
      date: 2023-01-01
      energy: {{quantity: electricity, drivers: [production], interval: month, confidence: 90 %,
        baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-09-11]}}
      money: {MONEY % "0.72"}
      per_unit: {{product_unit: t, output: production}}
    - id: other-unit
      name_zh: 千克
      name_en: Kilograms
      date: 2023-01-01
      energy: {{quantity: electricity, drivers: [production], interval: day, confidence: 90 %,
        baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-01-31]}}
      money: {MONEY % "0.72"}
      per_unit: {{product_unit: kg, output: production}}
    - id: hopeless-machines
      name_zh: 不成
      name_en: Hopeless
      date: 2023-01-01
      energy: {{quantity: electricity, drivers: [water], interval: day, confidence: 90 %,
        baseline: [2022-01-01, 2022-12-31], reporting: [2023-01-01, 2023-12-31]}}
      money: {MONEY % "0.72"}
      per_unit: {{product_unit: m3, output: water}}
"""


def csv(seed: int) -> str:
    """Two years of days; the saving begins in 2023."""
    chance = random.Random(seed)
    lines, day, noise = ["from,to,point,quantity,value,unit"], date(2022, 1, 1), 0.0
    while day < date(2024, 1, 1):
        span = f"{day} 06:00,{day + timedelta(days=1)} 06:00"
        cloth = round(20 + chance.random() * 30 * (day.weekday() < 6), 2)
        flow = round(5 + chance.random() * 10, 1)
        noise = 0.5 * noise + chance.gauss(0, 400)
        saved = 0.92 if day.year == 2023 else 1
        main = round(saved * (4000 + 220 * cloth) + noise, 1)
        lines += [
            f"{span},main,electricity,{main},kWh",
            f"{span},line,electricity,{round(main * 0.6, 2)},kWh",
            f"{span},gas,natural_gas,{round(300 + 12 * cloth + 9 * flow + chance.gauss(0, 20), 1)},m3",
            f"{span},cloth,production,{cloth},t",
            f"{span},out,wastewater_flow,{flow},L/s",
        ]
        day += timedelta(days=1)
    if chance.random() < 0.5:
        del lines[1 + chance.randrange(365) * 5]  # a day of the baseline without electricity
    return "\n".join(lines) + "\n"


def build(folder: Path, seed: int) -> Path:
    run("init", "--workdir", str(folder))
    (folder / "site.yaml").write_text(YAML, encoding="utf-8")
    (folder / "rows.csv").write_text(csv(seed), encoding="utf-8")
    run("declare", str(folder / "site.yaml"), "--workdir", str(folder))
    run("import", "--workdir", str(folder), "--site", SITE, "--format", "csv", str(folder / "rows.csv"))
    return folder
