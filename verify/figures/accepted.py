"""The factors that the reader accepts, and whether a pack uses these (docs/pack-format.md, A list of factors)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verify.figures.factors import COMMON, FIELDS
from verify.figures.messages import (
    CellCount,
    ColumnsAbsent,
    ColumnTwice,
    FactorDiffers,
    FactorIncomplete,
    FactorMemberNotListed,
    FactorMemberNotPacked,
    FactorNotListed,
    FactorsAccepted,
    FactorTwice,
    ListEmpty,
    ListNotUtf8,
    ListTooLarge,
    ListUnreadable,
    NoCsv,
    NoFactorList,
    NotTextsAndNumbers,
    NoYearOf,
    UnknownColumns,
    UnknownFactorMembers,
)
from verify.formats.findings import Bad, Findings
from verify.formats.message import Message
from verify.formats.messages import At, NoJson
from verify.formats.numbers import number

CHECK = "accepted factors"
MOST_BYTES = 16 << 20
NUMBERS = ("value", "ncv", "per", "cc", "of")
NEEDED = ("id", "unit", "year")
KNOWN = {*COMMON.split(), *(name for fields in FIELDS.values() for name in fields.split()), *NEEDED}
Row = dict[str, str]


class BadList(ValueError):
    """A file that is no list of factors; the message names the file and the place."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


@dataclass(frozen=True)
class Accepted:
    """The content of a list. file: as it was named; sha256: of the file, hex; rows: cells that are not empty, by id."""

    file: str
    sha256: str
    rows: dict[str, Row]

    def json(self) -> dict[str, object]:
        return {"file": self.file, "sha256": self.sha256, "rows": len(self.rows)}


def read(name: str) -> Accepted:
    """A list from its file, CSV or JSON, in UTF-8; raises BadList."""
    try:
        with Path(name).open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise BadList(ListUnreadable(name[:200], getattr(error, "strerror", None) or str(error))) from error
    if len(data) > MOST_BYTES:
        raise BadList(ListTooLarge(name))
    try:
        text = data.decode("utf-8-sig")
        rows = list(_json(text) if text.lstrip()[:1] in ("{", "[") else _csv(text))
    except UnicodeDecodeError as error:
        raise BadList(ListNotUtf8(name)) from error
    except Bad as bad:
        raise BadList(At(f"{name}:{bad.where}", bad.why)) from bad
    if not rows:
        raise BadList(ListEmpty(name))
    made: dict[str, Row] = {}
    for where, row in rows:
        _sound(row, f"{name}:{where}", made)
        made[row["id"]] = row
    return Accepted(name, hashlib.sha256(data).hexdigest(), made)


def _csv(text: str) -> Iterator[tuple[str, Row]]:
    """(line, cells that are not empty) of each row; raises Bad."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = [cell.strip() for cell in next(reader, [])]
        _header(head)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                raise Bad(CellCount(len(cells), len(head)), str(reader.line_num))
            row = {key: cell.strip() for key, cell in zip(head, cells, strict=True) if cell.strip()}
            yield str(reader.line_num), row
    except csv.Error as error:
        raise Bad(NoCsv(str(error)), str(reader.line_num)) from error


def _header(head: Sequence[str]) -> None:
    if missing := [name for name in NEEDED if name not in head]:
        raise Bad(ColumnsAbsent(tuple(missing)), "1")
    if odd := [name for name in head if name not in KNOWN]:
        raise Bad(UnknownColumns(", ".join(odd)[:200]), "1")
    if len(set(head)) < len(head):
        raise Bad(ColumnTwice(), "1")


def _json(text: str) -> Iterator[tuple[str, Row]]:
    """(place, members that are not null) of each object; numbers as they are written. Raises Bad."""
    try:
        value = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise Bad(NoJson(str(error)[:200]), "1") from error
    items = value.get("factors") if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise Bad(NoFactorList(), "1")
    for index, item in enumerate(items):
        where = f"factors[{index}]"
        if not isinstance(item, dict) or not all(
            cell is None or isinstance(cell, str) for cell in item.values()
        ):
            raise Bad(NotTextsAndNumbers(), where)
        if odd := [name for name in item if name not in KNOWN]:
            raise Bad(UnknownFactorMembers(", ".join(odd)[:200]), where)
        yield where, {key: cell.strip() for key, cell in item.items() if cell and cell.strip()}


def _sound(row: Row, where: str, known: dict[str, Row]) -> None:
    """Whether a row can be one of a list; raises BadList."""
    if "id" not in row or "unit" not in row or not any(key in row for key in NUMBERS):
        raise BadList(At(where, FactorIncomplete()))
    if row["id"] in known:
        raise BadList(At(where, FactorTwice(row["id"])))
    try:
        for key in NUMBERS:
            if key in row:
                number(row[key], key)
    except Bad as bad:
        raise BadList(At(where, At(bad.where, bad.why))) from bad
    for key in ("year", "from_year", "to_year"):
        if key in row and not (row[key].isascii() and row[key].isdigit() and len(row[key]) == 4):
            raise BadList(At(where, NoYearOf(key)))


def check(records: Sequence[dict[str, Any]], accepted: Accepted, findings: Findings) -> None:
    """Keep a fault for each record of a pack that the list does not have just so."""
    for record in records:
        id_, cited = str(record["id"]), str(record["citation"])
        row = accepted.rows.get(id_)
        if row is None:
            findings.bad(CHECK, id_, FactorNotListed(f"{_numbers(record)} {record['unit']}", cited))
            continue
        for key, packed, listed in _unlike(record, row):
            findings.bad(CHECK, id_, _differs(key, packed, listed, cited))
    findings.settle(CHECK, FactorsAccepted(len(records)))


def _differs(member: str, packed: str | None, listed: str | None, cited: str) -> Message:
    """That a member differs; None where one side does not have it."""
    if packed is None:
        return FactorMemberNotPacked(member, str(listed), cited)
    if listed is None:
        return FactorMemberNotListed(member, packed, cited)
    return FactorDiffers(member, packed, listed, cited)


def _numbers(record: dict[str, Any]) -> str:
    return ", ".join(f"{key} {record[key]}" for key in NUMBERS if key in record)


def _unlike(record: dict[str, Any], row: Row) -> Iterator[tuple[str, str | None, str | None]]:
    """(member, the pack's, the list's) where they differ, None where absent; of texts only what the list gives."""
    for key in NUMBERS:
        if key in record and (key not in row or number(record[key], key) != number(row[key], key)):
            yield key, str(record[key]), row.get(key)
        elif key in row and key not in record:
            yield key, None, row[key]
    if "year" in record:
        if row.get("year") != str(record["year"]):
            yield "year", str(record["year"]), row.get("year")
    elif "year" in row and not _valid(record, int(row["year"])):
        yield "year", f"{record['from_year'] or '…'} to {record['to_year'] or '…'}", row["year"]
    for key in sorted(row.keys() - {*NUMBERS, "year", "id"}):
        packed = None if record.get(key) is None else str(record[key])
        if row[key] != packed:
            yield key, packed, row[key]


def _valid(record: dict[str, Any], year: int) -> bool:
    """Whether a record holds in a year."""
    first, last = record["from_year"], record["to_year"]
    return (first is None or first <= year) and (last is None or year <= last)
