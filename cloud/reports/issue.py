"""Make the summary or pack of a site and period from the ledger as it is now."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from cloud.reports import books, summary
from cloud.reports import pack as packs
from cloud.reports.summary import Period, Summary
from cloud.settings import Settings
from contract.errors import BadInput

Json = dict[str, Any]


def make(settings: Settings, site: str, from_: str, to: str) -> Summary:
    """The summary of a site from one local date to another (exclusive); hour facts are sealed first.

    Raises BadInput for dates or a site that are none, CannotBeDone.
    """
    period = Period(from_, to)
    first, end = _day("--from", from_), _day("--to", to)
    if end <= first:
        raise BadInput(f"--to {to} must be later than --from {from_}; it does not belong to the period")
    return summary.make(settings, site, period, books.keeper(settings, site, first, end))


def pack(settings: Settings, site: str, from_: str, to: str, path: Path, depth: str) -> tuple[Summary, Json]:
    """Write the pack of a site and period; returns its summary and what was written. Raises as `make`, and OSError."""
    if depth not in packs.DEPTHS:
        raise BadInput(f"--depth must be {' or '.join(packs.DEPTHS)}, not {depth!r}")
    made = make(settings, site, from_, to)
    return made, packs.write(path, settings.ledger_folder, made.survey, made.data, site, depth)


def told(made: Summary) -> Json:
    """What a command says of a summary."""
    body = made.body
    return {
        "site": body["site"],
        "from": body["from"],
        "to": body["to"],
        "hash": made.hash,
        "key": made.key,
        "tree": body["tree"],
        "figures": len(body["figures"]),
        "refused": len(body["refused"]),
    }


def _day(name: str, text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{name} must be a date such as 2024-01-31, not {text!r}") from None
    if found.isoformat() != text:
        raise BadInput(f"{name} must be written YYYY-MM-DD, not {text!r}")
    return found
