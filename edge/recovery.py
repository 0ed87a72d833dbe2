"""Rows of an earlier run in the write-ahead log: those that no block holds, and where rows are lost. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from contract.schema import Schema
from contract.tags import Rows
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


def left(recovered: Sequence[Recovered], row_next: int) -> list[Left]:
    """The rows from number *row_next* on, oldest first, in runs without a missing row."""
    runs: list[Left] = []
    for item in recovered:
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


def row_after(recovered: Sequence[Recovered]) -> int:
    """The number behind the last row of the log; 0 when it is empty."""
    return max((item.row_first + sum(map(len, item.rows)) for item in recovered), default=0)


def lower(last: LastAccepted, here: dict[str, int], schema: Schema) -> None:
    """Set back last rows that are lost to those that are *here* (newest row time by group, UTC ns): a gap begins there.

    The last value of a tag may be lost with them, so its next value counts as new even if it is the same.
    """
    for group in (each.id for each in schema.groups):
        newest = here.get(group)
        if newest is not None and newest < last.groups.get(group, newest):
            last.groups[group] = newest
            for tag in schema.groups[schema.index[group]].tags:
                last.tags.pop(tag.name, None)
