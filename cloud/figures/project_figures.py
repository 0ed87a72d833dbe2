"""The figures of a machine replacement, each with an id of its own, as /api/v1/figures/{id} answers them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.figure.figure import Figure
from accounts.inputs.inputs import Declared, Replaced
from cloud.figures import certificate_figures, replacements

Json = dict[str, Any]
ENDS = ("low", "high")
"""An end of a figure's interval is a figure too: its kind and one of these words."""
_OWN = ("kind", "value", "unit", "method", "factors", "interval")
_BOUGHT = "steelyard/effect-of-avoided-energy/1"


def figures(found: Json) -> dict[str, Json]:
    """By kind, from an answer of cloud.figures.replacements. A declared number has neither completeness nor share."""
    made: dict[str, Json] = {}
    for item in certificate_figures.figures(found):
        for kind, value, more in _each(item):
            made[kind] = _figure(found, item, kind, value) | more
    return made


def _each(item: Json) -> Iterator[tuple[str, str, Json]]:
    """A figure, and the ends of its interval that exist: kind, value and further members."""
    rest = {key: item[key] for key in item if key not in _OWN}
    yield item["kind"], item["value"], rest | ({"interval": item["interval"]} if "interval" in item else {})
    for end, value in zip(ENDS, item.get("interval") or (None, None), strict=True):
        if value is not None:
            yield f"{item['kind']}.{end}", value, {}


def _figure(found: Json, item: Json, kind: str, value: str) -> Json:
    named = Figure(
        found["site"], f"replacement.{kind}", found["project"], found["from"], found["to"], value, item["unit"], "", "",
        item["method"],
    )  # fmt: skip
    citations = [record["citation"] for record in found["factors"] if record["id"] in item["factors"]]
    return {
        "id": named.id, "kind": named.kind, "point": named.point, "from": named.from_, "to": named.to,
        "value": named.value, "unit": named.unit, "completeness": None, "substituted": None,
        "factors": item["factors"], "citations": citations, "method": named.method, "statement": found["statement"],
        "declared": certificate_figures.is_declared(
            item["kind"], (found["per_unit"] or {}).get("output"), found["methods"].get("effect.energy") == _BOUGHT
        ),
    }  # fmt: skip


def of(declared: Declared, item: Replaced) -> tuple[Json, dict[str, Json]]:
    """The answer for a replacement, and its figures by kind."""
    found = replacements.of(declared, item)
    return found, figures(found)
