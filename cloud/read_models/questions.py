"""What can be asked of an edition: questions as cloud.figures.index notes them, whose answers hold figures with ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from accounts import book
from accounts.figure.calendar import Calendar, Period
from accounts.figure.figure import Figure
from cloud.figures.compute import Answer
from cloud.figures.exceedances import Timeline, timeline
from cloud.figures.index import Question
from cloud.read_models import workings
from cloud.read_models.messages import DaysInWrongOrder, UnknownQuestion
from cloud.read_models.snapshot import Snapshot
from cloud.reference.factors import tables
from contract.errors import BadInput

Json = dict[str, Any]
Named = Figure | Json
"""A figure, or one of a replacement as JSON."""
RECENT_DAYS = 7
"""Days back of which pages show what was to be expected."""
EXCEEDED_DAYS = 90
"""Days back of which pages show what passed its limit."""
_DAY = timedelta(days=1)


def days(kind: str, first: date, after: date) -> Question:
    """A question about the days from *first* to *after*, which is not among them."""
    return kind, first.isoformat(), after.isoformat()


def ask(snapshot: Snapshot, question: Question) -> Any:
    """The answer. Raises BadInput for an unknown kind or a wrong number of words."""
    kind, *words = question
    if kind not in _KINDS or len(words) != _KINDS[kind][0]:
        raise BadInput(UnknownQuestion(kind[:40]))
    return _KINDS[kind][1](snapshot, *words)


def figures(value: Any) -> dict[str, Named]:
    """The figures of an answer, by id."""
    if isinstance(value, tuple):
        return {str(item["id"]): item for item in value[1].values()}
    return {item.id: item for item in value.figures}


def present(snapshot: Snapshot, today: date) -> list[Question]:
    """The questions of now whose figures stand in no answer of a period."""
    recent = [today - back * _DAY for back in range(RECENT_DAYS)]
    expected = [days("expected", day, day + _DAY) for day in recent]
    month = [days("expected", today.replace(day=1), today)] if today.day > 1 else []
    exceeded = days("exceedances", today + _DAY - EXCEEDED_DAYS * _DAY, today + _DAY)
    projects = [("replacement", item.declaration.id) for item in snapshot.statements.declared.replacements]
    return [*expected, *month, exceeded, *projects]


def _answer(snapshot: Snapshot, first: str, after: str) -> Answer:
    begin, end = _dates(first, after)
    if end <= begin:
        raise BadInput(DaysInWrongOrder(after, first))
    declared = snapshot.statements.declared
    period = Period(Calendar.of(declared.site), begin, end)
    made, refused = book.figures(declared, tables(), period)
    return Answer(declared, period, made, refused, snapshot.statements.size)


def _expected(snapshot: Snapshot, first: str, after: str) -> workings.Expectation:
    return workings.expected(snapshot.tree, *_dates(first, after))


def _exceedances(snapshot: Snapshot, first: str, after: str) -> Timeline:
    return timeline(snapshot.tree, *_dates(first, after))


def _replacement(snapshot: Snapshot, project: str) -> tuple[Json, dict[str, Json]]:
    return workings.replacement(snapshot.statements.declared, project)


def _dates(first: str, after: str) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(after)


_KINDS: dict[str, tuple[int, Callable[..., Any]]] = {
    "answer": (2, _answer),
    "expected": (2, _expected),
    "exceedances": (2, _exceedances),
    "replacement": (1, _replacement),
}
"""By kind: the number of its words, and the function that answers."""
