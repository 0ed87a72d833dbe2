"""The HTTP part of docs/interfaces.md, from the routes of the application and its OpenAPI description."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from fastapi.routing import iter_route_contexts

from scripts.markdown import table

Json = dict[str, Any]
HEAD = """Every route that the cloud serves. `/api/v1/openapi.json` (OpenAPI 3.1) describes the API under `/api/v1` for
programs, with the same models as below; clients can be generated from it. There are no `/docs` pages: they would fetch
scripts from elsewhere.

An error of the API is `application/problem+json` (RFC 9457), a `Problem`: `code`, `params` and `message` are the
message as data ([messages.md](messages.md)), `detail` is its text in the language of `?lang=zh` or `?lang=en`. A
browser that opens a page gets a page that says the same. Besides the statuses of the table, any path may be answered
with 400 (a `Host` that is none of the server's names), 404, 405 and 500.

| who may ask | how |
| --- | --- |
| all | whoever reaches the port |
| desk | `Authorization: Bearer TOKEN` of a desk token of the site; none for a page of this cloud on its own machine |
| regulator | `Authorization: Bearer TOKEN` of a regulator's token of the site; each access is sealed |
"""
EVENTS = """`GET /api/v1/sites/{{site}}/events` is a stream of server-sent events (`text/event-stream`), one a second:

    event: site
    retry: {retry}
    data: SiteEvent, JSON on one line

Each has the whole state, so that a lost one loses nothing: a client that reads too slowly is given the newest. A
comment (`: ping`) comes every {ping} s; a client that takes nothing for {patience} s is dropped. The stream ends when
the cloud stops or its ledger is being read; clients connect again after `retry` ms.
"""


def application() -> Any:
    """The application. Nothing is served: settings are all of a service that its description needs."""
    settings = importlib.import_module("cloud.settings").Settings()
    return importlib.import_module("cloud.web.api").create_app(SimpleNamespace(settings=settings))


def http_sections() -> Iterator[str]:
    """The whole part."""
    app = application()
    description = app.openapi()
    yield HEAD
    yield "### API\n"
    yield table(
        ("request", "parameters (? = may be left out)", "who", "answer", "errors", "meaning"),
        list(_api_rows(description)),
    )
    yield "### Events\n"
    sse = importlib.import_module("cloud.web.sse")
    yield EVENTS.format(retry=sse.RETRY_MS, ping=sse.HEARTBEAT_S, patience=sse.SEND_TIMEOUT_S)
    yield "### Pages and files\n"
    yield table(("request", "parameters (? = may be left out)", "meaning"), list(_page_rows(app)))
    yield "### Models\n"
    yield "A key with ? may be absent. Decimal numbers are text, never floats.\n"
    for name, schema in sorted(description["components"]["schemas"].items()):
        yield f"#### {name}\n\n{schema.get('description', '')}\n"
        if rows := list(_key_rows(schema)):
            yield table(("key", "type", "meaning"), rows)


def _api_rows(description: Json) -> Iterator[tuple[str, ...]]:
    for path, methods in sorted(description["paths"].items()):
        for method, operation in sorted(methods.items()):
            yield (
                f"`{method.upper()} {path}`", _parameters(operation), _who(operation), _answer(operation),
                ", ".join(sorted(status for status in operation["responses"] if status not in ("200", "default"))),
                f"{operation['summary']}. {operation.get('description', '')}",
            )  # fmt: skip


def _parameters(operation: Json) -> str:
    asked = [_marked(each["name"], each.get("required", False)) for each in operation.get("parameters", [])]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return ", ".join(asked + ([f"body {_type(body['schema'])}"] if body else []))


def _marked(name: str, required: bool) -> str:
    return name if required else f"{name}?"


def _who(operation: Json) -> str:
    return next((name for each in operation["security"] for name in each), "all")


def _answer(operation: Json) -> str:
    content: Json = operation["responses"]["200"]["content"]
    return ", ".join(
        _type(each["schema"]) if "$ref" in each["schema"] else kind for kind, each in content.items()
    )


def _page_rows(app: Any) -> Iterator[tuple[str, ...]]:
    """Routes that are not in the description."""
    for route in sorted(iter_route_contexts(app.routes), key=lambda each: str(each.path)):
        if route.methods is None:
            yield f"`GET {route.path}/...`", "", "Scripts, styles and pictures of the pages"
        elif not getattr(route, "include_in_schema", False):
            found = getattr(route, "dependant", None)
            asked = [] if found is None else [*found.path_params, *found.query_params]
            names = ", ".join(_marked(each.alias, each.field_info.is_required()) for each in asked)
            yield f"`GET {route.path}`", names, _meaning(route)


def _meaning(route: Any) -> str:
    """What a page is: its own title for the list of pages, else the first line of its function."""
    entries = importlib.import_module("cloud.web.navigation").ENTRIES
    titles = {each.url: each.title for each in entries}
    if route.path == "/v/{name}":
        return "The pages " + ", ".join(f"`{each.id}` ({each.title})" for each in entries if each.url != "/")
    if route.path.endswith("/openapi.json"):
        return "The description of the API, OpenAPI 3.1"
    if route.path == "/v/provenance/{name}":
        return "Where a figure comes from; with part=1 without the frame"
    return titles.get(route.path) or str(getattr(route, "description", "")).partition("\n")[0]


def _key_rows(schema: Json) -> Iterator[tuple[str, ...]]:
    required = schema.get("required", [])
    for key, each in schema.get("properties", {}).items():
        yield f"`{_marked(key, key in required)}`", _type(each), each.get("description", "")


def _type(schema: Json) -> str:
    """A short name of a type."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "anyOf" in schema:
        return " or ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return _array(schema)
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])} by name"
    of_type = str(schema.get("type", "any"))
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(of_type, of_type)


def _array(schema: Json) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(each) for each in schema['prefixItems'])}]"
    return f"list of {_type(schema['items'])}"
