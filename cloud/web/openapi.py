"""The description of the API: what the routes say of themselves, the models that they name, and who may ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from cloud.web.models.base import Model
from cloud.web.models.desk import NewRows, NewSite, NewStatement
from cloud.web.models.events import SiteEvent
from cloud.web.models.problems import FormProblem, Problem

Json = dict[str, Any]
URL = "/api/v1/openapi.json"
"""Where it is. No documentation pages: they would fetch scripts from elsewhere."""
NAMED: tuple[tuple[type[Model], JsonSchemaMode], ...] = (
    (Problem, "serialization"), (FormProblem, "serialization"), (SiteEvent, "serialization"),
    (NewSite, "validation"), (NewStatement, "validation"), (NewRows, "validation"),
)  # fmt: skip
"""Models that routes name without FastAPI's knowledge: of errors, events, and bodies that they read themselves."""
SCHEMES: dict[str, Json] = {
    "desk": {
        "type": "http",
        "scheme": "bearer",
        "description": "A desk token of the site (`steelyard-cloud token make --desk`). A page of the cloud on its own "
        "machine needs none.",
    },
    "regulator": {
        "type": "http",
        "scheme": "bearer",
        "description": "A regulator's token of the site (`steelyard-cloud token make`). Each access is sealed.",
    },
}
SECURITY: dict[str, list[Json]] = {"desk": [{"desk": []}, {}], "regulator": [{"regulator": []}]}
"""By tag. What has neither is open to whoever reaches the cloud."""
METHODS = ("get", "post")


class Described(FastAPI):
    """An application whose description is whole."""

    def openapi(self) -> Json:
        """The description, made once."""
        if self.openapi_schema is None:
            found = super().openapi()
            found.setdefault("components", {})["securitySchemes"] = SCHEMES
            found["components"].setdefault("schemas", {}).update(_schemas())
            for operation in _operations(found):
                operation["security"] = next(
                    (SECURITY[tag] for tag in operation["tags"] if tag in SECURITY), []
                )
        return self.openapi_schema or {}


def _schemas() -> Json:
    found = models_json_schema(NAMED, ref_template="#/components/schemas/{model}")[1]
    return dict(found["$defs"])


def _operations(description: Json) -> Iterator[Json]:
    for path in description["paths"].values():
        yield from (path[method] for method in METHODS if method in path)
