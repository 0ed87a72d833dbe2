"""The figures of a machine replacement, each with an id of its own, as /api/v1/figures/{id} answers them."""

from __future__ import annotations

from typing import Any

from accounts.figure import Figure
from accounts.inputs import Declared, Replaced
from cloud import replaced
from cloud.reports import certificate_figures

Json = dict[str, Any]


def figures(found: Json) -> dict[str, Json]:
    """By kind, from what `cloud.replaced.of` says. A number that was declared has neither completeness nor share."""
    made: dict[str, Json] = {}
    for item in certificate_figures.figures(found):
        kind = item["kind"]
        named = Figure(
            found["site"], f"replacement.{kind}", found["project"], found["from"], found["to"], item["value"],
            item["unit"], "", "", item["method"],
        )  # fmt: skip
        citations = [record["citation"] for record in found["factors"] if record["id"] in item["factors"]]
        rest = {key: item[key] for key in item if key not in ("kind", "value", "unit", "method", "factors")}
        made[kind] = {
            "id": named.id, "kind": named.kind, "point": named.point, "from": named.from_, "to": named.to,
            "value": named.value, "unit": named.unit, "completeness": None, "substituted": None,
            "factors": item["factors"], "citations": citations, "method": named.method,
            "statement": found["statement"], **rest,
        }  # fmt: skip
    return made


def of(declared: Declared, item: Replaced) -> tuple[Json, dict[str, Json]]:
    """What a replacement came to, and its figures by kind."""
    found = replaced.of(declared, item)
    return found, figures(found)
