"""A site in a real cloud's folder with machine replacements: two years of daily rows, the saving begins in 2023."""

from __future__ import annotations

from pathlib import Path

from tests.verify import saving_site
from tests.verify.real_site import run

SITE = saving_site.SITE
PERIOD = saving_site.PERIOD
YAML = f"""\
site: {{id: {SITE}, name_zh: 省电厂, name_en: Saving mill, tz: Asia/Shanghai, province: 浙江, day_start: "06:00"}}
points:
  - {{id: main, carrier: electricity, zh: 总表, en: Main}}
  - {{id: line, carrier: electricity, parent: main, zh: 线, en: Line}}
  - {{id: gas, carrier: gas, zh: 气, en: Gas}}
  - {{id: cloth, zh: 布, en: Cloth}}
  - {{id: out, zh: 排口, en: Outfall}}
factors: {{grid: national}}
replacement:
  - id: dyeing
    name_zh: 三台染色机更换
    name_en: Three dyeing machines replaced
    date: 2023-01-01
    machines_out:
      - {{name: 染色机 1, power_kw: 75}}
      - {{name: 染色机 2, power_kw: 75, nameplate: 1998}}
      - {{name: 染色机 3}}
    machines_in: [{{name: Jet 4, power_kw: 110}}]
    products: [布]
    money:
      currency: CNY
      investment: 1200000 CNY
      residual: 100000 CNY
      years: 5 a
      discount_rate: 8 %
      costs:
        labour:
          at: reporting-output
          before: {{amount: 8 person, price: 96000 CNY/person/a}}
          after: {{amount: 2 person, price: 110000 CNY/person/a}}
        energy: {{at: reporting-output, before: 420000 CNY/a, after: 470000 CNY/a}}
        scrap: {{at: reporting-output, before: 150000 CNY/a, after: 60000 CNY/a}}
        added: {{maintenance: 60000 CNY/a}}
    labour:
      product_unit: t
      before: {{output: 12726 t, hours: 24000 h, operators: 12 person, period: 1 a}}
      after: {{output: 12711 t, hours: 10000 h, operators: 5 person, period: 1 a}}
      person_year: 2000 h/a
    oee:
      product_unit: pcs
      before:
        {{planned_busy: 450 min, actual_production: 360 min, planned_run_per_item: 0.5 min/pcs, produced: 610 pcs,
         good: 580 pcs}}
      after:
        {{planned_busy: 450 min, actual_production: 405 min, planned_run_per_item: 0.6 min/pcs, produced: 720 pcs,
         good: 700 pcs}}
    per_unit:
      product_unit: t
      before: {{energy: 3789211 kWh, output: 12726 t}}
      after: {{energy: 3566089 kWh, output: 12711 t}}
    emissions:
      factor: cn-grid-2023-zhejiang
      factor_before: cn-grid-2022-zhejiang
      factor_after: cn-grid-2023-zhejiang
    energy:
      quantity: electricity
      points: [line]
      drivers: [production]
      interval: day
      baseline: [2022-01-01, 2022-12-31]
      reporting: [2023-01-01, 2023-12-31]
      confidence: 90 %
  - id: hopeless
    name_zh: 无望
    name_en: Hopeless
    date: 2023-07-01
    energy:
      quantity: electricity
      drivers: [water]
      interval: day
      baseline: [2022-01-01, 2022-12-31]
      reporting: [2023-07-01, 2023-12-31]
      confidence: 95 %
  - id: measured
    name_zh: 按读数
    name_en: By the readings
    date: 2023-01-01
    money:
      currency: CNY
      investment: 1200000 CNY
      residual: 100000 CNY
      years: 5 a
      discount_rate: 8 %
      costs:
        labour: {{at: reporting-output, before: 768000 CNY/a, after: 520000 CNY/a}}
        energy: {{at: avoided-energy, price: 0.72 CNY/kWh}}
        scrap: {{at: reporting-output, before: 150000 CNY/a, after: 60000 CNY/a}}
        added: {{}}
    per_unit: {{product_unit: t, output: production}}
    emissions: {{factor: cn-grid-2023-zhejiang}}
    energy:
      quantity: electricity
      points: [line]
      drivers: [production]
      interval: day
      baseline: [2022-01-01, 2022-12-31]
      reporting: [2023-01-01, 2023-12-31]
      confidence: 90 %
"""


def build(folder: Path, seed: int = 3) -> Path:
    """Declare and import; the folder again."""
    run("init", "--workdir", str(folder))
    (folder / "site.yaml").write_text(YAML, encoding="utf-8")
    (folder / "rows.csv").write_text(saving_site.csv(seed), encoding="utf-8")
    run("declare", str(folder / "site.yaml"), "--workdir", str(folder))
    run("import", "--workdir", str(folder), "--site", SITE, "--format", "csv", str(folder / "rows.csv"))
    return folder
