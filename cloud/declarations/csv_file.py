"""An import's CSV file -> its lines as cells. A file that is no such table is refused whole, with one clear line."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cloud.declarations.import_messages import (
    ByteNotUtf8,
    CellCount,
    FileTooLarge,
    LineTooLong,
    NulByte,
    OpenQuote,
    OtherHeader,
)
from contract.errors import BadInput
from contract.message import Message
from journal.messages import PathError

HEADER = ("from", "to", "point", "quantity", "value", "unit")
MAX_BYTES = 64 << 20
"""Largest file in bytes; more is imported in several files."""
MAX_LINE = 1000
"""Longest line in characters."""


@dataclass(frozen=True)
class Line:
    """A line below the header. number: in the file, from 1; cells: six, or why there are none."""

    number: int
    cells: list[str] | None
    why: Message | None = None


@dataclass(frozen=True)
class Table:
    """A file: the SHA-256 of its bytes in hex, and its lines below the header, empty ones left out."""

    sha256: str
    lines: list[Line]


def load(path: Path) -> Table:
    """Read a file; raises BadInput, `file:line: why`, when it is not the table that an import is."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(PathError(str(path), str(error.strerror))) from None
    return parse(str(path), data)


def parse(path: str, data: bytes) -> Table:
    """Read the bytes of a file; *path* names it where it is refused. Raises BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(FileTooLarge(path, MAX_BYTES >> 20))
    rows = _text(path, data).replace("\r\n", "\n").split("\n")
    head = _cells(rows[0]) or rows[0][:200]
    if head != list(HEADER):
        shown = ",".join(head)[:200] if isinstance(head, list) else head
        raise BadInput(OtherHeader(path, ",".join(HEADER), shown))
    return Table(hashlib.sha256(data).hexdigest(), list(_lines(rows)))


def _text(path: str, data: bytes) -> str:
    zero = data.find(b"\0")
    if zero >= 0:
        line = data.count(b"\n", 0, zero) + 1
        raise BadInput(NulByte(path, line))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(ByteNotUtf8(path, line, f"{data[error.start]:02x}")) from None


def _lines(rows: list[str]) -> Iterator[Line]:
    for number, row in enumerate(rows[1:], 2):
        if not row or row.isspace():
            continue
        if len(row) > MAX_LINE:
            yield Line(number, None, LineTooLong(len(row), MAX_LINE))
            continue
        cells = _cells(row)
        if cells is None:
            yield Line(number, None, OpenQuote())
        elif len(cells) != len(HEADER):
            yield Line(number, None, CellCount(len(cells), len(HEADER)))
        else:
            yield Line(number, cells)


def _cells(row: str) -> list[str] | None:
    """The cells of one line without blanks around them; None where its quotation marks make no sense."""
    if '"' not in row:
        return [cell.strip() for cell in row.split(",")]
    try:
        found = list(csv.reader([row], strict=True))
    except csv.Error:
        return None
    return [cell.strip() for cell in found[0]] if len(found) == 1 else None
