"""A summary as CSV: one line a figure, one a refusal; a view of the signed file, whose hash stands in each line."""

from __future__ import annotations

import csv
import io
from typing import Any

from cloud.messages.display_names import kind_name
from cloud.reports import envelope

COLUMNS = (
    "kind", "name_zh", "name_en", "point", "from", "to", "value", "unit", "interval_low", "interval_high",
    "completeness", "substituted", "factors", "citations", "method", "id", "refused", "summary_sha256",
)  # fmt: skip
BOM = "\ufeff"
"""Without it spreadsheets take the Chinese for something else."""


def render(data: bytes, body: dict[str, Any]) -> bytes:
    """The CSV of a summary's file, UTF-8 with a mark, lines ended by CR LF."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    digest = envelope.digest(data)
    for figure in body["figures"]:
        low, high = figure.get("interval") or ("", "")
        fields = {**figure, "interval_low": low, "interval_high": high, "refused": ""}
        writer.writerow(_line(fields, digest))
    for item in body["refused"]:
        writer.writerow(
            _line({**item, "from": body["from"], "to": body["to"], "refused": item["message"]}, digest)
        )
    return (BOM + out.getvalue()).encode()


def _line(fields: dict[str, Any], digest: str) -> list[str]:
    kind = fields["kind"]
    named = {
        **fields,
        "name_zh": kind_name(kind, "zh"),
        "name_en": kind_name(kind, "en"),
        "factors": "; ".join(fields.get("factors") or []),
        "citations": "; ".join(fields.get("citations") or []),
        "summary_sha256": digest,
    }
    return [_safe(named.get(column)) for column in COLUMNS]


def _safe(value: object) -> str:
    """Text that no spreadsheet takes for a formula; numbers stay as they are."""
    text = "" if value is None else str(value)
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _number(text):
        return f"'{text}"
    return text


def _number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdecimal()
