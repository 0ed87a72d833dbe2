"""What of the cloud's health needs somebody: in one word for the first page, by name for the page of the system."""

from __future__ import annotations

from typing import Any

Facts = dict[str, Any]
LAGS = 100
"""Blocks beyond which the projector counts as lagging."""
LOOKS = ("refused", "unknown_keys", "forks", "overflowed", "unknown_sites")
"""Counts of the health that should be zero."""
FULL_DAYS = 30
"""Days to a full disk below which the first page warns."""


def system_word(health: Facts) -> tuple[str, bool]:
    """The key of the word for a health report, and whether it raises an eye."""
    status = str(health.get("status", "ok"))
    look = status == "ok" and _needs_a_look(health)
    return "system/look" if look else f"status/{status}", look or status != "ok"


def days_to_full(ledger: Facts) -> float | None:
    """Days until the disk is full; None before a day's worth of blocks has shown how fast it fills."""
    a_day = ledger.get("bytes_per_day")
    known = a_day is not None and ledger["bytes"] >= a_day
    return ledger.get("days_to_full") if known else None


def _needs_a_look(health: Facts) -> bool:
    lag, damage = (
        (health.get("projector") or {}).get("lag_blocks"),
        (health.get("ledger") or {}).get("damage"),
    )
    return any(health.get(name) for name in LOOKS) or bool(damage) or (lag or 0) > LAGS
