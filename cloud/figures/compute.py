"""The figures of a site and a period, from the ledger's blocks alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from accounts import book
from accounts.figure.calendar import Calendar, Period
from accounts.figure.factors import Record, Tables
from accounts.figure.figure import Figure, RefusedFigure
from accounts.inputs.inputs import Declared
from cloud.figures.index import FigureIndex
from cloud.figures.messages import NotADate, ToNotAfterFrom
from cloud.hourly import records
from cloud.reference.factors import tables as shipped
from cloud.settings import Settings
from cloud.statements.replay import replay
from contract.errors import BadInput
from contract.fields import as_day

Json = dict[str, Any]
UNSAID = ("inputs",)
"""Left out of answers: it depends on how rows were cut into blocks, which differs from run to run of the same plant."""


@dataclass(frozen=True)
class Answer:
    """Figures and refusals as the first *size* blocks of the ledger give them."""

    declared: Declared
    period: Period
    figures: list[Figure]
    refused: list[RefusedFigure]
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
    check_order(first, after)
    statements = replay(settings, site, end)
    declared = statements.declared
    if not sealed:
        fresh = records.facts(settings, statements, records.wanted_days(statements, first, after))
        declared = replace(declared, facts=tuple(fresh))
    period = Period(Calendar.of(declared.site), first, after)
    made, refused = book.figures(declared, shipped() if tables is None else tables, period)
    FigureIndex(settings).note(
        site, ("answer", first.isoformat(), after.isoformat()), [item.id for item in made]
    )
    return Answer(declared, period, made, refused, statements.size)


def day(flag: str, text: str) -> date:
    """A date as a person wrote it. Raises BadInput, naming the flag."""
    found = as_day(text)
    if found is None:
        raise BadInput(NotADate(flag, text[:40]))
    return found


def period_of(from_: str, to: str) -> tuple[date, date]:
    """The first local date and the one after the last, as a person wrote them for --from and --to. Raises BadInput."""
    first, after = day("--from", from_), day("--to", to)
    check_order(first, after)
    return first, after


def check_order(first: date, after: date) -> None:
    """Raise BadInput unless *after* is later than *first*."""
    if after <= first:
        raise BadInput(ToNotAfterFrom(after.isoformat(), first.isoformat()))


def shown(figure: Figure) -> Json:
    """A figure as a person gets it."""
    return {key: value for key, value in figure.fields().items() if key not in UNSAID}
