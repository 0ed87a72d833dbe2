"""The declaration of the mill's machine replacement (机器换人), made from what its people wrote down.

Crews and production are those of the plant's files, prices are the demo's own examples. What the energy costs less
and what a tonne of cloth takes is not declared: the cloud works it out of the dyeing meter and the imported production.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PROJECT = "dyeing-machines"
PRICE = "0.75"
"""Yuan a kW.h that the avoided energy is worth in the example."""
WAGE = 96_000
"""Yuan a person and year."""
PERSON_YEAR = 2_000
"""Hours a person works a year."""
MAINTENANCE = 40_000
"""Yuan a year that the new machines take more."""
SCRAP = (150_000, 60_000)
"""Yuan a year of cloth that must be dyed again, before and after."""
_MACHINES_OUT = [
    {"name": f"染色机 {i} (2004)", "power_kw": "75", "nameplate": "O-type 2004"} for i in (1, 2, 3)
]
_MACHINES_IN = [{"name": "气流染色机 4", "power_kw": "110", "nameplate": "jet 2026"}]


@dataclass(frozen=True)
class Span:
    """One of the two periods: its days, the cloth in t, the crew."""

    days: tuple[date, date]
    cloth: float
    crew: int

    @property
    def length(self) -> int:
        """Its number of days."""
        return (self.days[1] - self.days[0]).days + 1


def section(folder: Path) -> dict[str, Any]:
    """The part `replacement` of the declaration, for the plant's history in *folder*; {} where it has none."""
    path = folder / "truth.json"
    if not path.is_file():
        return {}
    known = json.loads(path.read_text(encoding="utf-8"))
    before, after = (
        _span(folder, known, days, crew) for days, crew in (("baseline", "before"), ("reporting", "after"))
    )
    return {"replacement": [_project(known["retrofit"], known["point"], before, after)]}


def _span(folder: Path, known: Mapping[str, Any], period: str, crew: str) -> Span:
    first, last = (date.fromisoformat(day) for day in known[period])
    if period == "baseline":
        first += timedelta(days=1)  # the record begins within its first day
    with (folder / "production.csv").open(encoding="utf-8", newline="") as file:
        made = sum(
            float(row["value"])
            for row in csv.DictReader(file)
            if first <= date.fromisoformat(row["from"][:10]) <= last
        )
    return Span((first, last), made, int(known["operators"][crew]))


def _project(on: str, point: str, before: Span, after: Span) -> dict[str, Any]:
    return {
        "id": PROJECT, "name_zh": "三台染色机更换", "name_en": "Three dyeing machines replaced", "date": on,
        "machines_out": _MACHINES_OUT, "machines_in": _MACHINES_IN, "products": ["染色布"],
        "energy": {
            "quantity": "electricity", "points": [point], "drivers": ["production"], "interval": "day",
            "baseline": _days(before), "reporting": _days(after), "confidence": "90 %",
        },
        "money": _money(before, after),
        "labour": {
            "product_unit": "t", "before": _crew(before), "after": _crew(after),
            "person_year": f"{PERSON_YEAR} h/a",
        },
        "oee": {
            "product_unit": "pcs",
            "before": _run(9_600, 7_500, "90", 76, 72),
            "after": _run(9_600, 8_640, "75", 121, 119),  # faster than its nameplate says: flagged, not clipped
        },
        "per_unit": {"product_unit": "t", "output": "production"},
        "emissions": {"factor": "cn-grid-2023-zhejiang"},
    }  # fmt: skip


def _days(span: Span) -> list[str]:
    return [day.isoformat() for day in span.days]


def _money(before: Span, after: Span) -> dict[str, Any]:
    return {
        "currency": "CNY", "investment": "2600000 CNY", "residual": "200000 CNY", "years": "8 a",
        "discount_rate": "8 %",
        "costs": {
            "labour": {
                "at": "reporting-output",
                "before": {"amount": f"{before.crew} person", "price": f"{WAGE} CNY/person/a"},
                "after": {"amount": f"{after.crew} person", "price": f"{WAGE} CNY/person/a"},
            },
            "energy": {"at": "avoided-energy", "price": f"{PRICE} CNY/kWh"},
            "scrap": {"at": "reporting-output", "before": f"{SCRAP[0]} CNY/a", "after": f"{SCRAP[1]} CNY/a"},
            "added": {"maintenance": f"{MAINTENANCE} CNY/a"},
        },
    }  # fmt: skip


def _crew(span: Span) -> dict[str, str]:
    hours = span.crew * PERSON_YEAR * span.length / 365
    return {
        "output": f"{span.cloth:.2f} t", "hours": f"{hours:.0f} h", "period": f"{span.length} d",
        "operators": f"{span.crew} person",
    }  # fmt: skip


def _run(busy: int, producing: int, planned: str, made: int, good: int) -> dict[str, str]:
    return {
        "planned_busy": f"{busy} min", "actual_production": f"{producing} min",
        "planned_run_per_item": f"{planned} min/pcs", "produced": f"{made} pcs", "good": f"{good} pcs",
    }  # fmt: skip
