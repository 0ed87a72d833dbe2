"""Canonical JSON (RFC 8785) in the narrow form of the documents: no fractions, integers below 2^53, ASCII keys."""

from __future__ import annotations

import json
from typing import Any

from verify.formats.findings import Bad
from verify.formats.messages import (
    IntegerTooLarge,
    KeyNotAscii,
    KeyTwice,
    NoJson,
    NotAnInteger,
    NotCanonical,
    NotUnicode,
    TooDeep,
)

MOST_DEPTH = 16
MOST_INTEGER = 2**53


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise Bad(KeyTwice())
    return made


def _fraction(text: str) -> Any:
    raise Bad(NotAnInteger(text[:40]))


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) >= MOST_INTEGER:
        raise Bad(IntegerTooLarge(text[:40]))
    return int(text)


def _look(value: Any, most_depth: int) -> None:
    """Refuse what a canonical text cannot hold, without recursion."""
    left = [(value, 1)]
    while left:
        item, depth = left.pop()
        if isinstance(item, (dict, list)) and depth > most_depth:
            raise Bad(TooDeep(most_depth))
        if isinstance(item, dict):
            if not all(key.isascii() for key in item):
                raise Bad(KeyNotAscii())
            left.extend((inner, depth + 1) for inner in item.values())
        elif isinstance(item, list):
            left.extend((inner, depth + 1) for inner in item)


def dump(value: Any) -> bytes:
    """The canonical bytes of a value."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Bad(NotUnicode()) from error


def parse(data: bytes, most_depth: int = MOST_DEPTH) -> Any:
    """A value from JSON text; raises Bad when it is no JSON or holds what canonical JSON cannot."""
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_fraction,
            parse_constant=_fraction,
            parse_int=_integer,
        )
    except Bad:
        raise
    except (ValueError, RecursionError) as error:
        raise Bad(NoJson(str(error)[:120])) from error
    _look(value, most_depth)
    return value


def load(data: bytes, most_depth: int = MOST_DEPTH) -> Any:
    """A value from canonical bytes; raises Bad when the bytes are not the canonical form of their value."""
    value = parse(data, most_depth)
    if dump(value) != data:
        raise Bad(NotCanonical())
    return value
