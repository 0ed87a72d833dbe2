"""Valid replacements to begin from: a whole file for `replacement FILE`, and a declaration of one of a site."""

from __future__ import annotations

from textwrap import indent

_PARTS = """\
money:
  currency: CNY
  investment: 1200000 CNY
  residual: 100000 CNY        # worth at the end of the last year
  years: 5 a
  discount_rate: 8 %          # a year
  costs:                      # a year; at: reporting-output, or own-output (then money.output scales the cost before)
    labour:
      at: reporting-output
      before: {amount: 8 person, price: 96000 CNY/person/a}
      after: {amount: 2 person, price: 110000 CNY/person/a}
    ENERGY
    scrap: {at: reporting-output, before: 150000 CNY/a, after: 60000 CNY/a}
    added: {maintenance: 60000 CNY/a, licences: 0 CNY/a, training: 0 CNY/a}

labour:
  product_unit: t
  before: {output: 14726 t, hours: 16000 h, operators: 8 person, period: 1 a}
  after: {output: 14711 t, hours: 4000 h, operators: 2 person, period: 1 a}
  person_year: 2000 h/a       # hours that one full-time person works

oee:                          # one shift before and after
  product_unit: pcs
  before:
    planned_busy: 450 min
    actual_production: 360 min
    planned_run_per_item: 0.5 min/pcs
    produced: 610 pcs
    good: 580 pcs
  after:
    planned_busy: 450 min
    actual_production: 405 min
    planned_run_per_item: 0.5 min/pcs
    produced: 720 pcs
    good: 700 pcs

per_unit:                     # sums over the rows of both periods; or before: and after: {energy: 1 kWh, output: 1 t}
  product_unit: t
  output: production

emissions:                    # one factor weighs both periods; what the grid itself changed is shown apart
  factor: cn-grid-2023-zhejiang
  factor_before: cn-grid-2022-zhejiang
  factor_after: cn-grid-2023-zhejiang

"""
"""The parts that a file of its own and a site's declaration share, but for the cost of energy."""
_ALL_CARRIERS = """\
# All carriers: electricity falls, the steam bill rises by more. Of electricity alone it may be what was avoided
    # at a price, {at: avoided-energy, price: 0.72 CNY/kWh}; then the money has an interval.
    energy: {at: reporting-output, before: 420000 CNY/a, after: 470000 CNY/a}"""
_AVOIDED = """\
# What the energy below avoids, a year, at a price: its interval makes that of the money.
    energy: {at: avoided-energy, price: 0.72 CNY/kWh}"""

EXAMPLE = (
    """\
# A machine replacement (机器换人), for: steelyard-cloud replacement FILE.yaml
# Every number has its unit. What is left out is not guessed: the figures that need it are refused by its name.
format: steelyard-replacement/1
name: 三台染色机更换 Three dyeing machines replaced

"""
    + _PARTS.replace("ENERGY", _ALL_CARRIERS)
    + """\
energy:                       # rows by day or month, for the avoided energy
  unit: kWh
  baseline: 2022-01..2023-12
  reporting: 2024-01..2024-12
  drivers: [production, cdd]  # null: every subset of the columns is tried
  confidence: 90 %
  columns: [time, energy, production, cdd]
  rows:
    - [2022-01, 151720, 1254, 0]
    - [2022-02, 127064, 959, 0]
    - [2022-03, 131188, 1038, 5]
    - [2022-04, 126464, 941, 30]
    - [2022-05, 150626, 1225, 95]
    - [2022-06, 151713, 1236, 170]
    - [2022-07, 143619, 1080, 260]
    - [2022-08, 132687, 955, 245]
    - [2022-09, 162706, 1369, 130]
    - [2022-10, 132619, 1020, 35]
    - [2022-11, 147286, 1309, 3]
    - [2022-12, 114924, 916, 0]
    - [2023-01, 161654, 1453, 0]
    - [2023-02, 160916, 1444, 0]
    - [2023-03, 121100, 934, 5]
    - [2023-04, 151618, 1264, 30]
    - [2023-05, 151893, 1258, 95]
    - [2023-06, 148949, 1166, 170]
    - [2023-07, 129565, 900, 260]
    - [2023-08, 154340, 1203, 245]
    - [2023-09, 173430, 1446, 130]
    - [2023-10, 156076, 1339, 35]
    - [2023-11, 131125, 1054, 3]
    - [2023-12, 148545, 1265, 0]
    - [2024-01, 141384, 1412, 0]
    - [2024-02, 110564, 1015, 0]
    - [2024-03, 145172, 1447, 8]
    - [2024-04, 121066, 1158, 25]
    - [2024-05, 127426, 1157, 110]
    - [2024-06, 156855, 1507, 180]
    - [2024-07, 156702, 1527, 240]
    - [2024-08, 136910, 1228, 260]
    - [2024-09, 116872, 982, 120]
    - [2024-10, 121887, 1135, 40]
    - [2024-11, 112911, 1031, 0]
    - [2024-12, 118340, 1112, 0]
"""
)

PROJECT = (
    """\
# A machine replacement (机器换人) of a site, for: steelyard-cloud declare FILE, then replacement --project ID
# It fits the site of `example site`. What is left out is not guessed: the figures that need it are refused by its name.
site: my-mill
replacement:                    # a list: each project is a statement of its own; the latest of an id counts
  - id: dyeing-2024
    name_zh: 三台染色机更换
    name_en: Three dyeing machines replaced
    date: 2024-01-01            # the day of commissioning
    machines_out:               # power_kw and nameplate: null or absent where nobody knows them
      - {name: 染色机 1, power_kw: 75, nameplate: "1998, 500 kg"}
      - {name: 染色机 2, power_kw: 75, nameplate: "1998, 500 kg"}
      - {name: 染色机 3, power_kw: null}
    machines_in:
      - {name: 染色机 11, power_kw: 90, nameplate: "2023, 1000 kg"}
    products: [cloth]

"""
    + indent(_PARTS.replace("ENERGY", _AVOIDED), "    ")
    + """\
    energy:                     # the avoided energy, from the readings and imported rows of the site itself
      quantity: electricity
      points: [dyeing]          # null: all that the site uses
      drivers: [production]     # null: every subset of what the site has is tried
      interval: month           # or day
      baseline: [2022-01-01, 2023-12-31]
      reporting: [2024-01-01, 2024-12-31]
      confidence: 90 %
note: commissioned
"""
)
