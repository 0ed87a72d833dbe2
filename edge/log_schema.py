"""The schema that a write-ahead log's rows follow: in the log where it is one statement, else in a file beside it.

The file holds the pages as records and is named by their hash, so that a log names it without a doubt. The log has it
apart from the journal: rows outlive damage there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from contract import schema_pages, schema_split, statement
from contract.errors import Malformed
from contract.schema_pages import Page, PageList
from contract.statement import canonical, parse
from contract.tags import Schema, read_head
from edge.messages import NoPagesOfLog
from journal.files import Files
from journal.records import Record, pack, walk

_HEX64 = re.compile(r"[0-9a-f]{64}")


class LogSchema:
    """The schema of a stream's logs of today. head: what stands at the beginning of each."""

    def __init__(self, folder: Path, stream: str, schema: Schema, files: Files) -> None:
        self._folder, self._stream, self._files = folder, stream, files
        self._pages = [] if schema_split.fits(schema) else schema_split.pages(schema)
        fields = schema.to_fields() if not self._pages else {
            "config": schema.config, "seal_after": str(schema.seal_after), "pages": self._name().hex(),
        }  # fmt: skip
        self.head = canonical(fields)

    def write(self) -> list[Path]:
        """Make the file durable, where there is one, before a log names it; the files of other schemas."""
        own = _path(self._folder, self._stream, self._name().hex())
        if self._pages and not self._files.exists(own):
            records = (pack(0, statement.dump(page.said)) for page in self._pages)
            self._files.replace(own, b"".join(records))
        names = (name for name in self._files.names(self._folder) if name.startswith(f"tail-{self._stream}-"))
        return [self._folder / name for name in names if name.endswith(".pages") and name != own.name]

    def _name(self) -> bytes:
        return _name_of(page.hash for page in self._pages)


def read(folder: Path, stream: str, files: Files, head: bytes) -> Schema:
    """The schema that the head of a log names; raises Malformed when it is damaged or its file is gone."""
    fields = parse(head)
    if not isinstance(fields, dict) or "pages" not in fields:
        return Schema.from_fields(fields)
    name = fields["pages"]
    path = _path(folder, stream, name)
    if not _HEX64.fullmatch(name) or not files.exists(path):
        raise Malformed(NoPagesOfLog(path.name))
    found = [_page(item.data) for item in walk(files.read(path), 0) if isinstance(item, Record)]
    if _name_of(page.hash for page in found).hex() != name:
        raise Malformed(NoPagesOfLog(path.name))
    return schema_pages.join(PageList(*read_head(fields), ()), found)


def _page(content: bytes) -> Page:
    return schema_pages.read_page(statement.load(content).fields, schema_pages.page_hash(content))


def _name_of(hashes: Iterable[bytes]) -> bytes:
    return hashlib.sha256(b"".join(hashes)).digest()


def _path(folder: Path, stream: str, name: str) -> Path:
    return folder / f"tail-{stream}-{name[:16]}.pages"
