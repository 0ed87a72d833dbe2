"""The figures of a site and a period, from the ledger's blocks alone, and where to find one by its id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from accounts import book
from accounts.calendar import Calendar, Period
from accounts.factors import Record, Tables
from accounts.figure import Figure, Refused
from accounts.inputs import Declared
from cloud import facts
from cloud.factors import tables as shipped
from cloud.said import hear
from cloud.settings import Settings
from contract.errors import BadInput
from contract.fields import as_day

log = structlog.get_logger()
Json = dict[str, Any]
UNSAID = ("inputs",)
"""Not in what a person asks for: it names blocks, whose borders another run of the same plant draws elsewhere."""


@dataclass(frozen=True)
class Answer:
    """Figures and refusals as the first *size* blocks of the ledger give them."""

    declared: Declared
    period: Period
    figures: list[Figure]
    refused: list[Refused]
    size: int

    @property
    def records(self) -> list[Record]:
        """Every factor record that a figure names, by id."""
        found = {record.id: record for figure in self.figures for record in figure.records}
        return [found[name] for name in sorted(found)]

    def report(self) -> Json:
        """As one JSON object, without what depends on how rows were cut into blocks."""
        figures = [shown(figure) for figure in self.figures]
        return {
            "site": self.declared.site.id, "tz": self.declared.site.tz, "from": self.period.first.isoformat(),
            "to": self.period.after.isoformat(), "figures": figures,
            "refused": [item.fields() for item in self.refused],
        }  # fmt: skip


def compute(
    settings: Settings,
    site: str,
    first: date,
    after: date,
    end: int | None = None,
    sealed: bool = False,
    tables: Tables | None = None,
) -> Answer:
    """The figures of the days *first* to *after*, which is not among them.

    end: ledger position before which blocks count, by default all. sealed: from the hour facts as the accounts node has
    sealed them; else from the readings. Raises BadInput for an unknown site or dates in the wrong order.
    """
    if after <= first:
        raise BadInput(f"--to {after} must be later than --from {first}; it does not belong to the period")
    said = hear(settings, site, end)
    declared = said.declared
    if not sealed:
        fresh = facts.facts(settings, said, facts.wanted_days(said, first, after))
        declared = replace(declared, facts=tuple(fresh))
    period = Period(Calendar.of(declared.site), first, after)
    made, refused = book.figures(declared, shipped() if tables is None else tables, period)
    remember(settings, site, made, first, after)
    return Answer(declared, period, made, refused, said.size)


def day(flag: str, text: str) -> date:
    """A date that somebody wrote. Raises BadInput, naming the flag."""
    found = as_day(text)
    if found is None:
        raise BadInput(f"{flag} must be a date such as 2024-01-31, not {text[:40]!r}")
    return found


def find(settings: Settings, name: str) -> Json | None:
    """The figure of an id, computed again, or None when nobody has asked for its period yet."""
    for asked in _known(_index(settings)):
        if asked.get("id") == name:
            first, after = day("from", str(asked["from"])), day("to", str(asked["to"]))
            answer = compute(settings, str(asked["site"]), first, after)
            return next((shown(figure) for figure in answer.figures if figure.id == name), None)
    return None


def remember(settings: Settings, site: str, figures: list[Figure], first: date, after: date) -> None:
    """Note which question each new id answers. The file may be deleted: ids are found once they are asked for again."""
    path = _index(settings)
    known = {asked.get("id") for asked in _known(path)}
    place = {"site": site, "from": first.isoformat(), "to": after.isoformat()}
    lines = [json.dumps({"id": item.id, **place}) + "\n" for item in figures if item.id not in known]
    if not lines:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("".join(lines))
    except OSError as error:
        log.warning("figures can't be found by id", file=str(path), why=error.strerror)


def _index(settings: Settings) -> Path:
    return settings.store_folder / "figures.jsonl"


def _known(path: Path) -> Iterator[Json]:
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            asked = json.loads(line)
        except ValueError:
            continue  # a line that a crash cut short
        if isinstance(asked, dict):
            yield asked


def shown(figure: Figure) -> Json:
    """A figure as a person gets it."""
    return {key: value for key, value in figure.fields().items() if key not in UNSAID}
