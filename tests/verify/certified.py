"""A pack of the invented mill with a certificate of a machine replacement, made by none of the programs that check it.

Its money, labour and OEE are the worked numbers of docs/methods-replacement.md, its avoided energy is that of
tests/verify/plain_figures.py.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from tests.verify import certified_ends, make_packs, plain_figures, sealing
from tests.verify.make_packs import BASELINE, FIRST, LAST, SITE, Mill
from tests.verify.sealing import Chain, key_of

Json = dict[str, Any]
NAME = "certificate-1.json"
METHODS = {"kwh": "energy-per-unit", "tco2": "carbon-per-unit", "tco2_avoided": "carbon-avoided"}
PROJECT: Json = {
    "id": "new-machines", "name_zh": "新机器", "name_en": "New machines", "date": "2023-12-01",
    "machines_out": [{"name": "Jet 1", "power_kw": "75"}, {"name": "Jet 2", "power_kw": None}],
    "machines_in": [{"name": "Jet 3", "power_kw": "110", "nameplate": "2023"}], "products": ["cloth"],
    "money": {
        "currency": "CNY", "investment": "1200000 CNY", "residual": "100000 CNY", "years": "5 a",
        "discount_rate": "8 %",
        "costs": {
            "labour": {"at": "reporting-output", "before": {"amount": "8 person", "price": "96000 CNY/person/a"},
                       "after": {"amount": "2 person", "price": "110000 CNY/person/a"}},
            "energy": {"at": "reporting-output", "before": "420000 CNY/a", "after": "470000 CNY/a"},
            "scrap": {"at": "reporting-output", "before": "150000 CNY/a", "after": "60000 CNY/a"},
            "added": {"maintenance": "60000 CNY/a"},
        },
    },
    "labour": {
        "product_unit": "t",
        "before": {"output": "14726 t", "hours": "16000 h", "operators": "12 person", "period": "1 a"},
        "after": {"output": "14711 t", "hours": "4000 h", "operators": "5 person", "period": "1 a"},
        "person_year": "2000 h/a",
    },
    "oee": {"product_unit": "{piece}", "after": {
        "planned_busy": "450 min", "actual_production": "405 min", "planned_run_per_item": "0.5 min/{piece}",
        "produced": "720 {piece}", "good": "700 {piece}"}},
    "emissions": {"factor": "grid-2024"},
    "energy": {
        "quantity": "electricity", "points": ["line"], "drivers": ["production"], "interval": "day",
        "confidence": "90 %", "baseline": [str(day) for day in BASELINE],
        "reporting": [str(FIRST), str(LAST - timedelta(days=1))],
    },
}  # fmt: skip
WORKED = {
    "effect.labour": ("548000.00", "CNY/a", "effect"), "effect.energy": ("-50000.00", "CNY/a", "effect"),
    "effect.scrap": ("90000.00", "CNY/a", "effect"), "effect.added": ("-60000.00", "CNY/a", "effect"),
    "yearly_saving": ("528000.00", "CNY/a", "yearly-saving"), "payback_years": ("2.27273", "a", "payback"),
    "discounted_payback_years": ("2.61658", "a", "discounted-payback"), "npv": ("976209.22", "CNY", "npv"),
    "irr": ("34.7467", "%", "irr"), "labour.before.operators": ("12", "{person}", "declared"),
    "labour.after.operators": ("5", "{person}", "declared"),
    "labour.before.productivity": ("0.920375", "t/h", "labour-productivity"),
    "labour.after.productivity": ("3.67775", "t/h", "labour-productivity"),
    "labour.before.hours_per_unit": ("1.08651", "h/t", "labour-hours"),
    "labour.after.hours_per_unit": ("0.271905", "h/t", "labour-hours"),
    "labour.hours_saved": ("11983.7", "h", "labour-saved"), "labour.fte": ("5.99185", "{person}", "labour-fte"),
    "oee.after.availability": ("0.900000", "1", "oee-availability"),
    "oee.after.effectiveness": ("0.888889", "1", "oee-effectiveness"),
    "oee.after.quality_ratio": ("0.972222", "1", "oee-quality-ratio"),
    "oee.after.oee_index": ("0.777778", "1", "oee-index"),
}  # fmt: skip


@dataclass
class Certified:
    """A mill, its summary's body, the certificate's body, and the desk that may say more."""

    mill: Mill
    body: Json
    certificate: Json
    desk: Chain

    def pack(self, signer: str = "cloud") -> bytes:
        """The pack; signer: who signs the certificate."""
        files = make_packs.files(self.mill, self.body)
        return sealing.bundled({**files, NAME: sealing.signed(self.certificate, key_of(signer))}, "summary")


def planted(*statements: tuple[str, Json], price: str = "") -> Certified:
    """The mill, its project, and statements that the desk makes after it.

    In them @ stands for the hash of the project's block, @@ for that of the statement before. price: of a kWh, where
    the energy cost is that of the avoided energy, and energy a unit is that of the rows.
    """
    mill = make_packs.plant(4)
    desk = mill.chain(f"desk-{SITE}", SITE, 7777)
    project = certified_ends.project(PROJECT, mill.product, price) if price else PROJECT
    block = last = mill.desk(desk, "replacement", **project).hex()
    for kind, fields in statements:
        filled = {key: {"@": block, "@@": last}.get(str(value), value) for key, value in fields.items()}
        last = mill.desk(desk, kind, **filled).hex()
    mill.projects.append(PROJECT["id"])
    plain = plain_figures.Plain(mill)
    figures = plain.figures()
    body = make_packs.body(mill, figures, [])
    grid = [record for record in mill.factors if record["id"] == "grid-2024"]
    certificate = {
        "type": "certificate", "format": "steelyard-certificate/1",
        **{key: body[key] for key in ("site", "names", "tz", "day_start", "as_of", "tree", "signer")},
        "project": "new-machines", "statement": block, "from": str(FIRST), "to": str(LAST),
        "declared": copy.deepcopy(project), "figures": _figures(figures, plain, price), "factors": grid,
        "conformity": {"zh": "不声明符合", "en": "none claimed"}, "not_proven": {"zh": "表计", "en": "the meter"},
    }  # fmt: skip
    made = {item["kind"] for item in certificate["figures"]}
    certificate["refused"] = [{"kind": kind, "why": "none"} for kind in sorted(WORKED.keys() - made)]
    return Certified(mill, body, certificate, desk)


def _figures(summary: list[Json], plain: plain_figures.Plain, price: str) -> list[Json]:
    """The worked numbers, and the saving as the summary has it for the same rows."""
    made: list[Json] = [{"kind": kind, "value": value, "unit": unit, "method": f"steelyard/{method}/1", "factors": []}
            for kind, (value, unit, method) in WORKED.items()]  # fmt: skip
    twin = next(item for item in summary if item["kind"] == "saving_tco2")
    saving = next(item for item in summary if (item["kind"], item["point"]) == ("saving_kwh", PROJECT["id"]))
    more = {key: saving[key] for key in ("interval", "confidence", "form", "drivers", "inputs")}
    more["figure"] = saving["id"]
    made.append({"kind": "avoided", "value": saving["value"], "unit": "kW.h",
                 "method": "steelyard/avoided-energy/1", "factors": [], **more})  # fmt: skip
    weight = float(plain.records["grid-2024"]["value"])
    made.append({"kind": "avoided_tco2", "value": twin["value"], "unit": "t{CO2}",
                 "method": "steelyard/avoided-carbon/1", "factors": ["grid-2024"],
                 "interval": [f"{number * weight / 1000:.3f}" for number in plain.saved[1:]]})  # fmt: skip
    if price:
        _metered(made, plain, price, [saving["value"], *saving["interval"]])
    return sorted((item for item in made if item["value"] is not None), key=lambda item: item["kind"])


def _metered(made: list[Json], plain: plain_figures.Plain, price: str, avoided: list[str]) -> None:
    """Put in what follows from the avoided energy and from the rows."""
    for kind, (value, interval) in certified_ends.money(avoided, price).items():
        figure = next(item for item in made if item["kind"] == kind)
        figure.update(value=value, **({} if interval is None else {"interval": interval}))
        if kind == "effect.energy":
            figure["method"] = "steelyard/effect-of-avoided-energy/1"
    unit = plain.mill.product
    factor = Fraction(plain.records["grid-2024"]["value"])
    for kind, (value, ends) in certified_ends.each(plain, factor).items():
        name = kind.rpartition(".")[2]
        made.append({
            "kind": kind, "value": value,
            "unit": {"kwh": f"kW.h/{unit}", "tco2": f"t{{CO2}}/{unit}"}.get(name, "t{CO2}"),
            "method": f"steelyard/{METHODS[name]}/1", "factors": [] if name == "kwh" else ["grid-2024"],
            **({} if ends is None else {"interval": ends}),
        })  # fmt: skip
