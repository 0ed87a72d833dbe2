"""Takes typed values out of parsed JSON; each refusal names the place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from verify.formats.findings import Bad
from verify.formats.messages import (
    Lacks,
    NotADigest,
    NotAList,
    NotAnIncarnation,
    NotAnObject,
    NotAText,
    NotAWholeNumber,
    NotNanoseconds,
    UnknownMembers,
)

HASH = re.compile(r"[0-9a-f]{64}\Z")
NANOSECONDS = re.compile(r"0|-?[1-9][0-9]{0,18}\Z")


def members(value: Any, where: str, names: str, more: str = "") -> dict[str, Any]:
    """An object with exactly the members `names`, and any of `more`."""
    if not isinstance(value, dict):
        raise Bad(NotAnObject(), where)
    need, may = set(names.split()), set(more.split())
    if missing := sorted(need - value.keys()):
        raise Bad(Lacks(tuple(missing)), where)
    if odd := sorted(value.keys() - need - may):
        raise Bad(UnknownMembers(", ".join(odd)[:200]), where)
    return value


def part(value: Mapping[str, Any], key: str, where: str) -> dict[str, Any] | None:
    """An object inside another, None where it is absent or null."""
    found = value.get(key)
    if found is not None and not isinstance(found, dict):
        raise Bad(NotAnObject(), f"{where}.{key}")
    return found


def listed(value: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise Bad(NotAList(), where)
    return value


def text(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise Bad(NotAText(), where)
    return value


def whole(value: Any, where: str, least: int = 0) -> int:
    """An integer (a truth value is none) of at least `least`."""
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Bad(NotAWholeNumber(), where)
    return value


def digest(value: Any, where: str) -> bytes:
    """32 bytes from 64 lower-case hex digits."""
    if not isinstance(value, str) or not HASH.match(value):
        raise Bad(NotADigest(), where)
    return bytes.fromhex(value)


def nanoseconds(value: Any, where: str) -> int:
    """A time from its decimal text."""
    if not isinstance(value, str) or not NANOSECONDS.fullmatch(value) or abs(int(value)) >= 2**63:
        raise Bad(NotNanoseconds(), where)
    return int(value)


def number16(value: Any, where: str) -> int:
    """An incarnation from 16 hex digits."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-f]{16}", value):
        raise Bad(NotAnIncarnation(), where)
    return int(value, 16)
