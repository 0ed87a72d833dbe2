"""The cloud's HTTP interface, as far as the demo asks it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

# Never through a proxy: all of it is on this machine.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Page:
    """The page at `port` of loopback."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._asked = 0.0

    def get(self, path: str, query: Mapping[str, str] | None = None, timeout: float = 30.0) -> Any:
        """The JSON under /api/v1; OSError if it does not answer, ValueError if that is no JSON."""
        tail = "?" + urllib.parse.urlencode(query) if query else ""
        with _OPENER.open(f"{self.address}/api/v1/{path}{tail}", timeout=timeout) as answer:
            return json.load(answer)

    def health(self) -> dict[str, Any] | None:
        """/health, None as long as nothing answers; asks at most five times a second, so poll it freely."""
        if time.monotonic() - self._asked < 0.2:
            return None
        self._asked = time.monotonic()
        try:
            answer = self.get("health", timeout=2.0)
        except (OSError, ValueError):
            return None
        return answer if isinstance(answer, dict) else None

    def projected_all(self) -> bool:
        """Whether the store holds all that the ledger holds, and its values are counted."""
        health = self.health()
        return (
            health is not None and health["projector"]["lag_blocks"] == 0 and health["projector"]["counted"]
        )


def amounts(answer: Mapping[str, Any], units: Mapping[str, str]) -> dict[str, Decimal | None]:
    """Sums of an energy answer per counter tag of `units`.

    None where a row is in another unit or has no amount.
    """
    sums: dict[str, Decimal | None] = {}
    for row in answer["rows"]:
        tag, value = row["tag"], row["value"]
        if tag not in units:
            continue
        before = sums.get(tag, Decimal(0))
        bad = before is None or value is None or row["unit"] != units[tag]
        sums[tag] = None if bad or before is None else before + Decimal(value)
    return sums
