"""What a start makes of the tails: rows that no block holds, and where rows are missing before them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from contract.tags import Rows, Schema
from edge.last_accepted import LastAccepted
from edge.pieces import cut
from edge.write_ahead_log import Recovered


@dataclass
class Left:
    """Rows of one schema that no block holds, with the number that each piece had; broken: rows before it are lost."""

    schema: Schema
    broken: bool
    pieces: list[tuple[int, Rows]] = field(default_factory=list)

    @property
    def rows(self) -> list[Rows]:
        """The pieces without their numbers."""
        return [rows for _, rows in self.pieces]


def left(found: Sequence[Recovered], row_next: int) -> list[Left]:
    """The rows from number *row_next* on, oldest first, in runs without a missing row."""
    runs: list[Left] = []
    for item in found:
        run, at = None, item.row_first
        for rows in item.rows:
            skip = min(max(row_next - at, 0), len(rows))
            if skip < len(rows):
                if run is None or at + skip > row_next:
                    run = Left(item.schema, at + skip > row_next)
                    runs.append(run)
                run.pieces.append((at + skip, cut(rows, skip, len(rows))))
                row_next = at + len(rows)
            at += len(rows)
    return runs


def row_after(found: Sequence[Recovered]) -> int:
    """The number behind all that the tails know of; 0 when they know nothing."""
    return max((item.row_first + sum(map(len, item.rows)) for item in found), default=0)


def lower(last: LastAccepted, here: dict[str, int], schema: Schema) -> None:
    """Take back last rows that are not *here* any more (newest row time by group, UTC ns): the gap begins before them.

    What was a tag's last value may be lost with them, so that the next one counts as new, though it be the same.
    """
    for group in _of(schema):
        newest = here.get(group)
        if newest is not None and newest < last.groups.get(group, newest):
            last.groups[group] = newest
            for tag in schema.groups[schema.index[group]].tags:
                last.tags.pop(tag.name, None)


def _of(schema: Schema) -> Iterator[str]:
    return (group.id for group in schema.groups)
