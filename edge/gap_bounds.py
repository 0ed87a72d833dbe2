"""Which times may have lost rows when blocks are gone: from the last row known before them to the first one behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contract.message import Message
from contract.quality import Origin
from contract.schema import Schema
from contract.tags import Group, Layout, Rows
from edge.book import Book
from edge.gap import DataGap
from edge.stored_block import StoredBlock

MOST_BLOCKS = 256
"""Blocks to each side in which a group's nearest row is searched; beyond, the gap has an open end."""

Ends = dict[tuple[str, bool], tuple[int, int]]
"""First and last row time (UTC ns) in the nearest block of each group; true: of its recorded rows."""


def gaps(
    book: Book, stream: str, schema: Schema, chain: int, first: int, last: int, cause: Message
) -> list[DataGap]:
    """A gap for each group that may have had rows in blocks first..last of an incarnation of a stream."""
    order = {number: i for i, number in enumerate(book.index.incarnations(stream))}
    at = order.get(chain, -1)
    held = [(order.get(stored.incarnation, -1), stored) for stored in book.index.held(stream)]
    before = [stored for i, stored in held if (i, stored.seq) < (at, first)]
    behind = [stored for i, stored in held if (i, stored.seq) > (at, last)]
    return between(
        schema, book, nearest(book, schema, reversed(before)), nearest(book, schema, behind), cause
    )


def between(schema: Schema, book: Book, before: Ends, behind: Ends, cause: Message) -> list[DataGap]:
    """The gap of each group between its nearest rows; open where there is none."""
    gaps = []
    for group in schema.groups:
        for recorded in (False, True):
            key = (group.id, recorded)
            if recorded and key not in before and key not in behind:
                continue
            from_, to = before[key][1] if key in before else None, behind[key][0] if key in behind else None
            if from_ is None and to is None:
                from_ = book.last.groups.get(group.id)
            if from_ is not None or to is not None:
                gaps.append(_gap(group, from_, to, cause))
    return gaps


def nearest(book: Book, schema: Schema, blocks: Iterable[StoredBlock]) -> Ends:
    """The nearest rows of each group, in the order of *blocks*."""
    wanted = {group.id for group in schema.groups}
    first_seen: Ends = {}
    for rows in _rows(book, blocks):
        for key, ends in of_rows(rows).items():
            first_seen.setdefault(key, ends)
        if wanted <= {group for group, recorded in first_seen if not recorded}:
            break
    return first_seen


def of_rows(rows: Iterable[Rows]) -> Ends:
    """First and last row time of each group."""
    ends: Ends = {}
    for part in rows:
        if len(part):
            key = (part.group.id, part.origin is Origin.BACKFILL)
            first, last = int(part.time.min()), int(part.time.max())
            known = ends.get(key, (first, last))
            ends[key] = min(first, known[0]), max(last, known[1])
    return ends


def _rows(book: Book, blocks: Iterable[StoredBlock]) -> Iterator[list[Rows]]:
    for _, stored in zip(range(MOST_BLOCKS), blocks, strict=False):
        if rows := book.rows(stored):
            yield rows


def _gap(group: Group, from_: int | None, to: int | None, cause: Message) -> DataGap:
    """Events of one publish are not in order of time: two of them to each side are in doubt as well."""
    slack = 2 * group.every if group.layout is Layout.EVENTS else 0
    from_ = None if from_ is None else from_ - slack
    to = None if to is None else to + slack
    return DataGap(group.id, from_, to if to is None or from_ is None else max(from_, to), cause)
