"""The judge: what the plant served against what was accepted, stored and computed. Pure functions.

A Modbus value is known by (device, read counter, tag), an OPC UA value by (tag, source time). The
counter of a stored Modbus value is the raw value of its device's counter tag at the same row time.
What was *accepted* comes from the acceptance trace alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from demo.energy import energy_error
from demo.evidence import Blocks, Read, Served, Stored, Tag, Trace, same_number
from demo.findings import Finding
from demo.gaps import Gaps
from demo.message import Message

EXAMPLES = 5  # of each kind of difference that are named


@dataclass
class Figures:
    """Counts of row values; what is zero in an honest run is `lost` and all after it but `unaccepted`."""

    served: int = 0
    accepted: int = 0
    ledger: int = 0
    stored: int = 0
    lost: int = 0
    unaccepted: int = 0
    uncovered: int = 0
    duplicated: int = 0
    different: int = 0
    energy_error: Decimal = Decimal(0)
    examples: dict[str, list[Message]] = field(default_factory=dict)

    def note(self, kind: str, what: Message) -> None:
        """Keep `what` as an example of `kind`, up to EXAMPLES of each."""
        known = self.examples.setdefault(kind, [])
        if len(known) < EXAMPLES:
            known.append(what)

    @property
    def agree(self) -> bool:
        """Whether nothing was lost, left unexplained, doubled, changed or wrongly summed."""
        return not (self.lost or self.uncovered or self.duplicated or self.different or self.energy_error)


@dataclass
class _Known:
    """What the plant served, by both kinds of key, and what of it the export holds."""

    reads: dict[Read, dict[str, Served]] = field(default_factory=dict)
    events: dict[tuple[str, int], Served] = field(default_factory=dict)
    found_reads: set[tuple[str, int, str]] = field(default_factory=set)
    found_events: set[tuple[str, int]] = field(default_factory=set)

    def stored(self, value: Served) -> bool:
        if value.counter is None:
            return (value.tag, value.time) in self.found_events
        return (value.device, value.counter, value.tag) in self.found_reads


def judge(
    tags: Mapping[str, Tag],
    account: Iterable[Served],
    trace: Trace,
    export: Iterable[Stored],
    blocks: Blocks,
    projected: int | None,
    energy: Mapping[str, Decimal | None],
) -> Figures:
    """Compare everything; `energy` is the API's amount per counter tag, `projected` the store's own count."""
    figures = Figures(ledger=blocks.values)
    known = _served(account, figures)
    _match(tags, known, list(export), figures)
    _settle(known, trace, Gaps.of(blocks.gaps), figures)
    _counts(blocks, projected, figures)
    figures.energy_error = energy_error(
        [t for t in tags.values() if t.carrier == "electricity" and t.kind == "counter"],
        _believed(known, trace),
        energy,
        figures.note,
    )
    return figures


def _served(account: Iterable[Served], figures: Figures) -> _Known:
    """The account by key; a key served twice with two numbers is a fault of the account itself."""
    known = _Known()
    for value in account:
        if value.counter is None:
            first = known.events.setdefault((value.tag, value.time), value)
        else:
            first = known.reads.setdefault((value.device, value.counter), {}).setdefault(value.tag, value)
        if first is value:
            figures.served += 1
        elif first.raw != value.raw:
            figures.different += 1
            figures.note(
                "different", Finding.SERVED_TWICE(value=_name(value), first=first.raw, second=value.raw)
            )
    return known


def _match(tags: Mapping[str, Tag], known: _Known, export: list[Stored], figures: Figures) -> None:
    """Find each stored value in the account, compare it, mark it as found."""
    counters = _counters(tags, export)
    for row in export:
        figures.stored += 1
        tag = tags.get(row.tag)
        if tag is None:
            served = None
        elif tag.polled:
            served = _match_read(tag, counters.get((tag.device, row.time)), known, row, figures)
        else:
            known.found_events.add((row.tag, row.time))
            served = known.events.get((row.tag, row.time))
        if tag is None or served is None:
            figures.different += 1
            figures.note("different", Finding.NEVER_SERVED(tag=row.tag, time=row.time))
        elif not same_number(tag.type, served.raw, row.raw):
            figures.different += 1
            figures.note("different", Finding.CHANGED(value=_name(served), served=served.raw, stored=row.raw))


def _match_read(tag: Tag, counter: int | None, known: _Known, row: Stored, figures: Figures) -> Served | None:
    if counter is None:
        return None
    key = (tag.device, counter, row.tag)
    if key in known.found_reads:
        figures.duplicated += 1
        figures.note("duplicated", Finding.STORED_AGAIN(tag=row.tag, counter=counter, time=row.time))
    known.found_reads.add(key)
    return known.reads.get((tag.device, counter), {}).get(row.tag)


def _counters(tags: Mapping[str, Tag], export: list[Stored]) -> dict[tuple[str, int], int]:
    """(device, row time) -> read counter, from the stored counter tags."""
    counters = {}
    for row in export:
        tag = tags.get(row.tag)
        if tag is not None and tag.read_counter:
            counters[tag.device, row.time] = int(row.raw)
    return counters


def _settle(known: _Known, trace: Trace, gaps: Gaps, figures: Figures) -> None:
    """Which served values were accepted, which of those are lost, and which others a gap explains."""
    for value in _all(known):
        if trace.accepts(value):
            figures.accepted += 1
            if not known.stored(value):
                figures.lost += 1
                figures.note("lost", Finding.NOT_STORED(value=_name(value)))
            continue
        figures.unaccepted += 1
        if not known.stored(value) and not gaps.cover(value.device, value.time):
            figures.uncovered += 1
            figures.note("uncovered", Finding.NOT_COVERED(value=_name(value)))


def _counts(blocks: Blocks, projected: int | None, figures: Figures) -> None:
    """Differences that only the totals show."""
    figures.duplicated += blocks.duplicates
    if blocks.duplicates:
        figures.note("duplicated", Finding.ROWS_TWICE(count=blocks.duplicates))
    hidden = blocks.values - figures.stored - blocks.duplicates
    if hidden > 0:
        figures.duplicated += hidden
        figures.note("duplicated", Finding.LEDGER_MORE(count=hidden))
    elif figures.stored > blocks.values:
        figures.different += figures.stored - blocks.values
        figures.note("different", Finding.EXPORT_MORE(count=figures.stored - blocks.values))
    for bad in blocks.bad:
        figures.different += 1
        figures.note("different", Finding.BAD_BLOCK(block=bad))
    if projected is not None and projected != figures.stored:
        figures.lost += abs(projected - figures.stored)
        figures.note("lost", Finding.STORE_DIFFERS(stored=projected, exported=figures.stored))


def _believed(known: _Known, trace: Trace) -> dict[str, list[Served]]:
    """Per tag what the figures may rest on: accepted or stored, in the order it was served."""
    readings: dict[str, list[Served]] = {}
    for value in _all(known):
        if trace.accepts(value) or known.stored(value):
            readings.setdefault(value.tag, []).append(value)
    for values in readings.values():
        values.sort(key=lambda v: (v.counter or 0, v.time))
    return readings


def _all(known: _Known) -> Iterable[Served]:
    for read in known.reads.values():
        yield from read.values()
    yield from known.events.values()


def _name(value: Served) -> Message:
    if value.counter is None:
        return Finding.EVENT(tag=value.tag, time=value.time)
    return Finding.READ(tag=value.tag, counter=value.counter)
