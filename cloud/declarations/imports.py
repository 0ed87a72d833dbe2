"""An import: a file's rows checked, sealed as statements of the site's desk, all in one incarnation or none."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cloud.declarations.csv_file import Table, load
from cloud.declarations.import_messages import LinesChecked, NoDesk, RowsSealing
from cloud.declarations.rows import Checker
from cloud.ingest.channel import Channel
from cloud.registry import Registry
from cloud.registry import sites as all_sites
from cloud.settings import Settings
from cloud.signing import deliver, keys
from contract.declared import MAX_SITE
from contract.errors import BadInput
from contract.fields import write_utc
from contract.imported import MAX_ROWS, Row
from contract.message import Message
from contract.statement import Statement, canonical

MAX_PART = 48 << 10
"""Most bytes of the rows in one statement."""
STEP = 10_000
"""After how many lines progress is reported."""
Progress = Callable[[Message], None]


@dataclass
class Outcome:
    """What became of a file: every line is accepted or refused; new: accepted rows that the ledger lacked."""

    lines: int = 0
    accepted: int = 0
    new: list[Row] = field(default_factory=list)
    refused: list[tuple[int, Message]] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """As one JSON object."""
        refused = [{"line": line, **why.json()} for line, why in self.refused]
        return {"in": self.lines, "accepted": self.accepted, "refused": refused, "new": len(self.new)}


def take(settings: Settings, site: str, file: Path, by: str, tell: Progress) -> Outcome:
    """Import a file into a site; *by* is the name of the person; *tell* is called with how far it is.

    Returns when all new rows are durable and count. Raises BadInput for a file that can't be used or an unknown site,
    CannotBeDone when the ledger can't be reached; nothing counts then.
    """
    return take_table(settings, site, lambda: load(file), by, tell, deliver.channel(settings))


def take_table(
    settings: Settings,
    site: str,
    read: Callable[[], Table],
    by: str,
    tell: Progress,
    ways: AbstractContextManager[Channel],
) -> Outcome:
    """The same for a table that *read* gives, by a way to the ledger that is entered when rows are new."""
    registry = Registry(settings)
    registry.catch_up()
    chosen = all_sites.find(settings, registry, site)
    if chosen is None or len(site) > MAX_SITE:
        raise BadInput(NoDesk(site))
    table = read()
    node = deliver.node_of(site)
    with keys.turn(settings, node) as key:
        registry.catch_up()
        tree = registry.points(site)
        named = {line.cells[2] for line in table.lines if line.cells is not None}
        mine = sorted({point.id for point in tree.points} & named) if tree is not None else None
        ledger = [reading.row for reading in registry.readings(site, points=mine)]
        checker = Checker(tree.points if tree is not None else None, chosen.zone, ledger)
        found = _check(table, checker, tell)
        if found.new:
            note = f"file sha256 {table.sha256}"
            head = {"site": site, "by": registry.people.pseudonym(by), "note": note}
            to_seal = list(statements(found.new, head))
            tell(RowsSealing(len(found.new), len(to_seal)))
            with ways as way:
                deliver.hand_over(way, key, node, site, to_seal)
    registry.catch_up()
    registry.close()
    return found


def statements(rows: list[Row], head: dict[str, str]) -> Iterator[Statement]:
    """The rows as import statements, none larger than a block takes. head: site, by, note."""
    cells = [_cells(row) for row in rows]
    file = hashlib.sha256(canonical(cells)).hexdigest()
    parts = list(_parts(cells))
    for number, part in enumerate(parts, 1):
        place = {"file": file, "part": number, "parts": len(parts), "rows": part}
        yield Statement("import", {**head, "at": str(time.time_ns()), **place})


def _check(table: Table, checker: Checker, tell: Progress) -> Outcome:
    found = Outcome(lines=len(table.lines))
    for count, line in enumerate(table.lines, 1):
        try:
            row = checker.check(line)
        except BadInput as error:
            found.refused.append((line.number, error.message))
        else:
            found.accepted += 1
            if row is not None:
                found.new.append(row)
        if count % STEP == 0:
            tell(LinesChecked(count, len(table.lines)))
    return found


def _cells(row: Row) -> list[str]:
    to = "" if row.to is None else write_utc(row.to)
    return [write_utc(row.from_), to, row.point, row.quantity, f"{row.value:f}", row.unit]


def _parts(rows: list[list[str]]) -> Iterator[list[list[str]]]:
    part: list[list[str]] = []
    size = 0
    for row in rows:
        more = sum(len(cell.encode()) + 3 for cell in row) + 2
        if part and (size + more > MAX_PART or len(part) == MAX_ROWS):
            yield part
            part, size = [], 0
        part.append(row)
        size += more
    if part:
        yield part
