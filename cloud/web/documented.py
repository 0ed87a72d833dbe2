"""What a route says of its errors and of its bodies in OpenAPI, besides its model."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from cloud.web.answers import PROBLEM

Responses = dict[int | str, dict[str, Any]]
_MEANING = {
    400: "a parameter or the body is wrong, or there is no such period",
    401: "a token is needed, or this is none",
    403: "the token opens another site, or a foreign page asks",
    404: "there is no such thing",
    413: "the body is too large",
    415: "the body is not application/json",
    422: "the form has faults; nothing of it is sealed",
    503: "not now: the cloud is starting, or what is needed is down",
}
OTHER: Responses = {
    "default": {
        "description": "any other error",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""For every router of the API."""
READING = (400, 401, 403, 404, 503)
"""What may keep somebody with a token from reading."""
WRITING = (400, 401, 403, 404, 413, 415, 422, 503)
"""What may keep somebody from writing."""


def problems(*statuses: int) -> Responses:
    """The errors of a route by status."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    name = "FormProblem" if status == 422 else "Problem"
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": _MEANING[status], "content": {PROBLEM: {"schema": schema}}}


def files(**media: str) -> Responses:
    """The answer 200 as a file. media: name of a format and its content type; JSON has its model instead."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content = {each: binary for name, each in media.items() if name != "json"}
    return {200: {"content": content}}


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """The body that a route reads itself, for `openapi_extra`."""
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
