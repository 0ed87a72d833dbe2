"""The worked examples, as plain values and as a YAML file; and the twin that judges the money."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import yaml

from accounts.replacement import evaluate, read
from cloud.reference.factors import shipped

FACTORS = {factor.id: factor for factor in shipped()}

MONEY: dict[str, Any] = {
    "currency": "CNY",
    "investment": "1200000 CNY",
    "residual": "100000 CNY",
    "years": "5 a",
    "discount_rate": "8 %",
    "costs": {
        "labour": {
            "at": "reporting-output",
            "before": {"amount": "8 person", "price": "96000 CNY/person/a"},
            "after": {"amount": "2 person", "price": "110000 CNY/person/a"},
        },
        "energy": {"at": "reporting-output", "before": "420000 CNY/a", "after": "470000 CNY/a"},
        "scrap": {"at": "reporting-output", "before": "150000 CNY/a", "after": "60000 CNY/a"},
        "added": {"maintenance": "60000 CNY/a"},
    },
}
SHIFT: dict[str, Any] = {
    "planned_busy": "450 min",
    "actual_production": "405 min",
    "planned_run_per_item": "0.5 min/pcs",
    "produced": "720 pcs",
    "good": "700 pcs",
}
LABOUR: dict[str, Any] = {
    "product_unit": "t",
    "before": {"output": "10000 t", "hours": "16000 h", "period": "1 a", "operators": "8 person"},
    "after": {"output": "12000 t", "hours": "4000 h", "period": "1 a", "operators": "2 person"},
    "person_year": "2000 h/a",
}
PER_UNIT: dict[str, Any] = {
    "product_unit": "t",
    "before": {"energy": "1000 MWh", "output": "10000 t"},
    "after": {"energy": "960000 kWh", "output": "12000000 kg"},
}


def project(**parts: Any) -> dict[str, Any]:
    """A project of the given parts, deeply copied."""
    return copy.deepcopy({"format": "steelyard-replacement/1", "name": "三台染色机更换", **parts})


def found(**parts: Any) -> dict[str, Any]:
    """The figures of a project of the given parts, which has no fault."""
    said, faults = read(project(**parts), FACTORS)
    assert said is not None, faults
    return evaluate(said, FACTORS)


def faults(**parts: Any) -> list[tuple[str, str]]:
    """The faults of a project: dotted path, sentence."""
    said, noted = read(project(**parts), FACTORS)
    assert (said is None) == bool(noted)
    return [(".".join(map(str, path)), str(why)) for path, why in noted]


def refused(result: dict[str, Any]) -> dict[str, str]:
    """The refusals of a result: kind, why."""
    return {item["kind"]: item["message"] for item in result["refused"]}


def messages(warnings: list[dict[str, Any]]) -> list[str]:
    """The English texts of messages."""
    return [one["message"] for one in warnings]


def text(**parts: Any) -> str:
    """The same project as another writer writes YAML."""
    return yaml.safe_dump(project(**parts), allow_unicode=True, sort_keys=False)


def twin_npv(flows: list[Fraction], rate: Fraction) -> Fraction:
    """The definition, term by term."""
    return sum((flow / (1 + rate) ** k for k, flow in enumerate(flows)), Fraction(0))


def twin_irr(flows: list[float]) -> float:
    """The only root above -1 of flows with one sign change, by plain halving of floats."""
    low, high = -0.999999, 1e7
    rising = sum(f / (1 + low) ** k for k, f in enumerate(flows)) < 0
    for _ in range(400):
        middle = (low + high) / 2
        below = sum(f / (1 + middle) ** k for k, f in enumerate(flows)) < 0
        low, high = (middle, high) if below == rising else (low, middle)
    return (low + high) / 2
