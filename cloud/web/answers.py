"""How JSON leaves: ready bytes, never kept by a cache; and an error as RFC 9457 has it, with its message as data."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import Request, Response

from cloud.messages.rendering import plain
from contract.message import Message

Json = dict[str, Any]
FRESH = {"Cache-Control": "no-store"}
PROBLEM = "application/problem+json"


def ready(value: Json) -> Response:
    """JSON of status 200."""
    return Response(orjson.dumps(value), 200, FRESH, "application/json")


def language(request: Request) -> str:
    """The language of an error for programs: that of ?lang=, else English."""
    return "zh" if request.query_params.get("lang") == "zh" else "en"


def problem(
    message: Message,
    status: int,
    language: str = "en",
    headers: Mapping[str, str] | None = None,
    more: Json | None = None,
) -> Response:
    """An error for programs. more: members beside those that every error has."""
    detail = plain(message.json(), language)
    body = {
        "type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail,
        "error": detail, **message.json(), **(more or {}),
    }  # fmt: skip
    return Response(orjson.dumps(body), status, {**FRESH, **(headers or {})}, PROBLEM)
