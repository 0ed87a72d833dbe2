"""The certificates that are due in a period, and their files as a pack has them."""

from __future__ import annotations

from typing import Any

from cloud.figures import replacements
from cloud.reports import certificate, certificate_view
from cloud.reports.certificate import Certificate
from cloud.reports.chains import statements
from cloud.reports.summary import Summary
from cloud.settings import Settings
from journal.keyfiles import load_key

HEAD = ("kind", "site", "by", "at", "note")
"""Fields of every statement of a desk."""


def due(settings: Settings, of: Summary) -> list[Certificate]:
    """Of each replacement that reports in the summary's period, by id, made from what the summary was made from."""
    if of.declared is None:
        return []
    first, after = of.body["from"], of.body["to"]
    items = []
    for item in replacements.projects(of.declared):
        begin, end = (day.isoformat() for day in replacements.span(item))
        if first <= begin and end <= after:
            items.append(item)
    if not items:
        return []
    key = load_key(settings.key_file)
    by_block = statements(settings.ledger_folder, of.survey, {item.block for item in items})
    return [
        certificate.make(of.body, _fields(by_block[item.block]), replacements.of(of.declared, item), key)
        for item in items
    ]


def files(settings: Settings, found: list[Certificate], pack_name: str | None) -> dict[str, bytes]:
    """Their files by name, in the pack's order. pack_name: for the command on the PDFs; None for no PDF."""
    key = load_key(settings.key_file)
    parts: dict[str, bytes] = {}
    for number, one in enumerate(found, 1):
        parts[f"certificate-{number}.json"] = one.data
        if pack_name is not None:
            pdf = certificate_view.render(one.data, one.body, pack_name)
            parts[f"certificate-{number}.pdf"] = pdf
            parts[f"certificate-{number}.view.json"] = certificate.view(one.data, pdf, number, key)
    return parts


def _fields(statement: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in statement.items() if key not in HEAD}
