"""Statements: what a node declares, as canonical JSON (RFC 8785).

Numbers that may exceed 2**53 or have a fraction travel as decimal strings, so that every JSON reader agrees.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from contract.errors import Malformed
from contract.statement_messages import (
    IntegerTooLarge,
    JsonTooDeep,
    JsonTooLong,
    KeyNotAsciiText,
    LoneSurrogate,
    NoPlaceInStatement,
    NotCanonical,
    NotJson,
    StatementTooLong,
    UnknownStatement,
)

DESK_KINDS = (
    "site", "points", "factors", "tariff", "permit", "savings", "import", "access", "replacement", "note", "correction",
    "withdraw",
)  # fmt: skip
"""What the desk of a site says; contract/declared.py has their fields."""
KINDS = ("open", "schema", "schema-page", "gap", "hole", *DESK_KINDS, "hours")
MAX_BYTES = 1 << 16
_SAFE = 1 << 53
_DEPTH = 16


@dataclass(frozen=True)
class Statement:
    """kind and its fields; fields hold strings, integers below 2**53, booleans, None, lists, objects."""

    kind: str
    fields: dict[str, Any]


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a JSON value without floats. Raises Malformed for what has no canonical form here.

    Keys are ASCII, for which the order of UTF-16 code units is the order of code points.
    """
    _check(value, 0)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def parse(data: bytes) -> Any:
    """The JSON value of canonical bytes; raises Malformed when they are not canonical JSON."""
    if len(data) > MAX_BYTES:
        raise Malformed(JsonTooLong(len(data), MAX_BYTES))
    try:
        value = json.loads(data)
        same = canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise Malformed(NotJson(str(error))) from error
    if not same:
        raise Malformed(NotCanonical())
    return value


def dump(statement: Statement) -> bytes:
    """The bytes of a statement; raises Malformed where `load` would not take them back."""
    data = canonical({**statement.fields, "kind": statement.kind})
    if statement.kind not in KINDS or len(data) > MAX_BYTES:
        raise Malformed(StatementTooLong(statement.kind, len(data), MAX_BYTES))
    return data


def load(data: bytes) -> Statement:
    """The statement that the bytes hold; raises Malformed for another kind or shape."""
    value = parse(data)
    if not isinstance(value, dict) or value.get("kind") not in KINDS:
        raise Malformed(UnknownStatement())
    kind = value.pop("kind")
    return Statement(kind, value)


def _check(value: object, depth: int) -> None:
    if isinstance(value, dict | list) and depth == _DEPTH:
        raise Malformed(JsonTooDeep(_DEPTH))
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise Malformed(KeyNotAsciiText(str(key)[:40]))
            if type(item) is not str or not item.isascii():  # a call for each plain text is half of the time
                _check(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, str):
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            raise Malformed(LoneSurrogate())
    elif isinstance(value, int):
        if abs(value) >= _SAFE:
            raise Malformed(IntegerTooLarge())
    elif value is not None:
        raise Malformed(NoPlaceInStatement(type(value).__name__))
