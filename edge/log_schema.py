"""The schema that a write-ahead log's rows follow: in the log where it is one statement, else in a file beside it.

The file holds the pages as records and is named by their hash, so that a log names it without a doubt. The log has it
apart from the journal: rows outlive damage there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contract import schema_pages, schema_split
from contract.errors import Malformed
from contract.schema import Schema, read_head
from contract.schema_pages import PageList
from contract.statement import canonical, parse
from edge.messages import NoPagesOfLog
from journal.files import Files
from journal.records import Record, pack, walk


class LogSchema:
    """The schema of a stream's logs of today. head: what stands at the beginning of each."""

    def __init__(self, folder: Path, stream: str, schema: Schema, files: Files) -> None:
        self._folder, self._stream, self._files = folder, stream, files
        self._pages = (
            [] if schema_split.fits(schema) else [_bytes(page) for page in schema_split.packed(schema)]
        )
        self._name = _hash(self._pages)
        fields = {"config": schema.config, "seal_after": str(schema.seal_after), "pages": self._name}
        self.head = canonical(fields if self._pages else schema.to_fields())

    def write(self) -> list[Path]:
        """Make the file durable, where there is one, before a log names it; the files of other schemas."""
        own = _path(self._folder, self._stream, self._name)
        if self._pages and not self._files.exists(own):
            self._files.replace(own, b"".join(pack(0, page) for page in self._pages))
        names = (name for name in self._files.names(self._folder) if name.startswith(f"tail-{self._stream}-"))
        return [self._folder / name for name in names if name.endswith(".pages") and name != own.name]


def read(folder: Path, stream: str, files: Files, head: bytes) -> Schema:
    """The schema that the head of a log names; raises Malformed when it is damaged or its file is gone."""
    fields = parse(head)
    if not isinstance(fields, dict) or "pages" not in fields:
        return Schema.from_fields(fields)
    path = _path(folder, stream, str(fields["pages"]))
    data = files.read(path) if files.exists(path) else b""
    found = [item.data for item in walk(data, 0) if isinstance(item, Record)]
    if _hash(found) != fields["pages"]:
        raise Malformed(NoPagesOfLog(path.name))
    pages = [schema_pages.read_page(json.loads(item), b"") for item in found]
    return schema_pages.join(PageList(*read_head(fields), ()), pages)


def _bytes(groups: list[dict[str, Any]]) -> bytes:
    return json.dumps({"groups": groups}, ensure_ascii=False, separators=(",", ":")).encode()


def _hash(pages: Iterable[bytes]) -> str:
    """The name of pages: SHA-256 over the SHA-256 of each."""
    return hashlib.sha256(b"".join(hashlib.sha256(page).digest() for page in pages)).hexdigest()


def _path(folder: Path, stream: str, name: str) -> Path:
    return folder / f"tail-{stream}-{name[:16]}.pages"
