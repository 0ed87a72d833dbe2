"""The command `replacement`: a machine replacement (机器换人) declared in a YAML file, and what it brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ConfigDict

import settings
from cloud.cli.frame import AsJson, exits, say
from settings import Root
from settings.model import Fault

if TYPE_CHECKING:
    from accounts.factors import Factor


class _File(Root):
    """Any mapping: its keys are checked by accounts.replacement, whose faults get their lines here."""

    model_config = ConfigDict(extra="allow")

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[Fault]:
        """Every fault of the project."""
        from accounts.replacement import read

        yield from read(_plain(data), _factors())[1]


def add(app: typer.Typer) -> None:
    """Give the program this command."""
    app.command()(replacement)


def replacement(
    file: Annotated[Path, typer.Argument(help="a YAML file; `example replacement` prints one")],
    as_json: AsJson = False,
) -> None:
    """What a machine replacement saved, earned and changed, from its file alone; exit 1 when a figure is refused.

    Avoided energy with its interval, payback, NPV, IRR, labour, OEE, energy and CO2 a unit of output.
    """
    from accounts.replacement import evaluate, read

    with exits():
        loaded = settings.load(file, _File)
        factors = _factors()
        project, _ = read(_plain(loaded.model_extra), factors)
        assert project is not None  # load has raised on any fault
        found = {**evaluate(project, factors), "input_sha256": loaded.digest}
        say(found, as_json, "\n".join(_told(found)))
        raise typer.Exit(1 if found["refused"] else 0)


def _factors() -> Mapping[str, Factor]:
    """The grid factors that may be used, by id."""
    from accounts.factors import USABLE
    from cloud.factors import shipped

    return {factor.id: factor for factor in shipped() if factor.trust in USABLE}


def _plain(value: Any) -> Any:
    """The same values with lists for tuples, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _told(found: dict[str, Any]) -> Iterator[str]:
    """The figures for a person, one a line; what is refused and doubted after them."""
    yield found["name"]
    if found["avoided"] is not None:
        low, high = found["interval"]
        percent = f"{found['savings']['confidence']:.0%}"
        yield f"avoided energy {found['avoided']} kW.h ({percent}: {low} to {high})"
    yield from _money_told(found)
    for name in ("labour", "oee", "per_unit"):
        if found[name] is not None:
            yield from _part_told(name, found[name])
    yield from (f"refused: {item['kind']}: {item['why']}" for item in found["refused"])
    yield from (f"warning: {said}" for said in found["warnings"])
    yield found["conformity"]


def _money_told(found: dict[str, Any]) -> Iterator[str]:
    part = found["money"]
    if part is None:
        return
    for name, value in part["effects"].items():
        yield f"effect of {name}: {_or_none(value)} {part['currency']} a year (positive: less cost)"
    yield f"yearly saving {_or_none(part['yearly_saving'])} {part['currency']}"
    yield f"payback {_or_none(found['payback_years'])} years"
    yield f"discounted payback {_or_none(found['discounted_payback_years'])} years"
    yield f"NPV {_or_none(found['npv'])} {part['currency']}"
    yield f"IRR {_or_none(found['irr_percent'])} %" if found["irr"] is not None else "IRR none"


def _part_told(name: str, part: dict[str, Any]) -> Iterator[str]:
    """Each number of a part, by its path."""
    units = part.get("units", {})
    for key, value in part.items():
        if isinstance(value, dict) and key in ("before", "after"):
            yield from (
                f"{name} {key}: {inner} {number} {units.get(inner, '')}".rstrip()
                for inner, number in value.items()
                if isinstance(number, str)
            )
        elif key == "grid_effect" and value is not None:
            yield f"{name}: grid_effect {_or_none(value['tco2'])} t (the grid's own change, no saving)"
        elif isinstance(value, str) and key != "product_unit":
            yield f"{name}: {key} {value} {units.get(key, '')}".rstrip()


def _or_none(value: str | None) -> str:
    return "none" if value is None else value


EXAMPLE = """\
# A machine replacement (机器换人), for: steelyard-cloud replacement FILE.yaml
# Every number has its unit. What is left out is not guessed: the figures that need it are refused by its name.
format: steelyard-replacement/1
name: 三台染色机更换 Three dyeing machines replaced

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
    # All carriers: electricity falls, the steam bill rises by more.
    energy: {at: reporting-output, before: 420000 CNY/a, after: 470000 CNY/a}
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

per_unit:                     # the last twelve months before, and the reporting period
  product_unit: t
  before: {energy: 1789211 kWh, output: 14726 t}
  after: {energy: 1566089 kWh, output: 14711 t}

emissions:                    # one factor weighs both periods; what the grid itself changed is shown apart
  factor: cn-grid-2023-zhejiang
  factor_before: cn-grid-2022-zhejiang
  factor_after: cn-grid-2023-zhejiang

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
