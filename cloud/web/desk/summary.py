"""A statement of a desk in one line, of its own words: ids, days, numbers with their units, texts."""

from __future__ import annotations

from typing import Any

MOST = 160
"""Longest summary in characters."""
_KEYS = {
    "site": ("id", "name_zh", "name_en", "tz", "province"),
    "factors": ("grid", "heat"),
    "tariff": ("valid_from", "source"),
    "permit": ("document", "valid_from", "valid_to"),
    "replacement": ("id", "date", "name_zh", "name_en"),
    "note": ("about", "text"),
    "correction": ("point", "quantity", "from", "to", "value", "unit"),
    "withdraw": ("why",),
}
_LISTS = {"points": "points", "savings": "projects"}


def summary(kind: str, fields: dict[str, Any]) -> str:
    """One line; of an import the number of its rows."""
    if kind == "import":
        return str(fields["rows"])
    if kind in _LISTS:
        text = ", ".join(str(item.get("id")) for item in fields.get(_LISTS[kind], ()))
    else:
        parts = [str(fields[key]) for key in _KEYS.get(kind, ()) if fields.get(key)]
        if kind == "withdraw":
            parts.insert(0, str(fields["statement"])[:12])
        text = " · ".join(parts)
    return text if len(text) <= MOST else text[: MOST - 1] + "…"
