"""A valid declaration, import and savings table to begin from; they fit each other."""

from __future__ import annotations

import random
from datetime import date, timedelta

SITE = """\
# A site for `steelyard-cloud declare FILE`. Numbers with a fraction are kept exactly as written.
site:
  id: my-mill               # a-z, 0-9 and -
  name_zh: 我的印染厂
  name_en: My dyeing mill
  tz: Asia/Shanghai         # in this zone days and months begin
  province: 浙江
  day_start: "00:00"
points:                     # the meter tree: what is measured or imported, and what is part of what
  - {id: main, carrier: electricity, zh: 总表, en: Main meter}
  - {id: dyeing, carrier: electricity, parent: main, zh: 染色, en: Dyeing}
  - {id: boiler-gas, carrier: gas, zh: 锅炉天然气, en: Boiler gas}
  - {id: purchased-heat, zh: 外购热力, en: Purchased heat}
  - {id: vehicles, zh: 车辆, en: Vehicles}
  - {id: cloth, zh: 成品布, en: Finished cloth}
  - {id: outfall, zh: 总排口, en: Outfall}
factors:
  grid: national            # province, national, or the id of a factor
tariff:
  currency: CNY
  source: example tariff, not a published one
  valid_from: 2023-01-01
  bands:                    # together they cover 24 hours exactly once
    - {name: peak, from: "08:00", to: "22:00", price: 0.95}
    - {name: valley, from: "22:00", to: "08:00", price: 0.38}
permit:
  document: example permit
  example: true             # example, not a legal limit
  valid_from: 2023-01-01
  limits:
    - {point: outfall, parameter: cod, limit: 80, unit: mg/L, statistic: day}
    - {point: outfall, parameter: ph, limit: 9, limit_low: 6, unit: "[pH]", statistic: hour}
note: first declaration
"""

CSV = """\
from,to,point,quantity,value,unit
2023-01-01,2024-01-01,main,electricity,5000000,kW.h
2023-01-01,2024-01-01,dyeing,electricity,3100000,kW.h
2023-01-01,2024-01-01,boiler-gas,natural_gas,800000,m3
2023-01-01,2024-01-01,purchased-heat,heat,12000,GJ
2023-01-01,2024-01-01,vehicles,diesel,30,t
2023-01-01,2024-01-01,cloth,production,6200,t
2023-06-01T08:00:00+08:00,2023-06-01T09:00:00+08:00,outfall,wastewater_flow,20,L/s
2023-06-01T09:00:00+08:00,2023-06-01T10:00:00+08:00,outfall,wastewater_flow,22,L/s
2023-06-01T10:00:00+08:00,2023-06-01T11:00:00+08:00,outfall,wastewater_flow,18,L/s
2023-06-01T08:00:00+08:00,2023-06-01T09:00:00+08:00,outfall,cod,60,mg/L
2023-06-01T09:00:00+08:00,2023-06-01T10:00:00+08:00,outfall,cod,75,mg/L
2023-06-01T10:00:00+08:00,2023-06-01T11:00:00+08:00,outfall,cod,50,mg/L
2023-06-01 08:30,,outfall,ph,7.4,[pH]
"""


def savings() -> str:
    """Two years of months for `steelyard-cloud savings`: energy in kW.h, its drivers, less energy in the second."""
    chance = random.Random(1)
    lines = ["time,energy,production,cooling"]
    day = date(2023, 1, 1)
    while day < date(2025, 1, 1):
        made = 480 + chance.randrange(120)
        warm = max(0, 12 - 4 * abs(day.month - 7)) * 10 + chance.randrange(8)
        used = 60_000 + 410 * made + 700 * warm + chance.randrange(-4000, 4000)
        lines.append(f"{day},{used if day.year == 2023 else used * 88 // 100},{made},{warm}")
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return "\n".join(lines) + "\n"
