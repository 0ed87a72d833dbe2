"""A second copy of the opening blocks of each incarnation, `open`, pages and `schema`, beside the journal.

Rows can't be decoded without their schema, and no block links behind a lost `open`: one damaged byte there would lose
all rows of the incarnation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import structlog

from contract import block, schema_pages
from contract.block import Header
from contract.errors import Malformed
from contract.topics import STREAMS
from journal.files import Files
from journal.records import Record, pack, walk

log = structlog.get_logger()
OPENING = ("open", schema_pages.KIND, "schema")
"""The kinds of statements that are copied."""
_NAME = re.compile(rf"begin-({'|'.join(STREAMS)})-([0-9a-f]{{16}})\.blocks")

Chain = tuple[str, int]
"""Stream and incarnation."""


class OpeningCopies:
    """The copies by chain and seq. Raises OSError when the disk does."""

    def __init__(self, folder: Path, files: Files) -> None:
        self._folder, self._files = folder, files
        self._blocks: dict[Chain, dict[int, tuple[int, bytes]]] = {}
        self._dirty: dict[Chain, None] = {}
        for name in files.names(folder):
            if match := _NAME.fullmatch(name):
                self._load((match.group(1), int(match.group(2), 16)), files.read(folder / name))

    def chains(self) -> list[Chain]:
        """The chains that have copies, oldest first."""
        return sorted(
            self._blocks, key=lambda chain: min((at for at, _ in self._blocks[chain].values()), default=0)
        )

    def blocks(self, chain: Chain) -> Iterator[tuple[Header, bytes]]:
        """Header and bytes of each copied block of a chain, by seq."""
        for _, (_, data) in sorted(self._blocks.get(chain, {}).items()):
            yield block.parse(data)[0], data

    def get(self, chain: Chain, seq: int) -> bytes | None:
        """The bytes of a block; None where there is no copy."""
        copy = self._blocks.get(chain, {}).get(seq)
        return None if copy is None else copy[1]

    def add(self, header: Header, data: bytes) -> None:
        """Copy a block with the next `save`."""
        chain = (header.stream, header.incarnation)
        copies, copy = self._blocks.setdefault(chain, {}), (header.sealed_at, data)
        if copies.get(header.seq) != copy:
            copies[header.seq] = copy
            self._dirty[chain] = None

    def save(self) -> None:
        """Make the copies durable; call it after the sync of the journal."""
        for chain in self._dirty:
            records = (pack(stamp, data) for stamp, data in self._blocks[chain].values())
            self._files.replace(self._path(chain), b"".join(records))
        self._dirty.clear()

    def drop(self, chain: Chain) -> None:
        """Delete the copies of a chain."""
        if self._blocks.pop(chain, None) is not None and self._files.exists(self._path(chain)):
            self._files.unlink(self._path(chain))
        self._dirty.pop(chain, None)

    def _load(self, chain: Chain, data: bytes) -> None:
        copies = self._blocks.setdefault(chain, {})
        for item in walk(data, 0):
            if not isinstance(item, Record):
                log.error("the copy of an opening block is damaged", stream=chain[0], offset=item.offset)
                continue
            try:
                header = block.parse(item.data)[0]
            except Malformed as error:
                log.error("a record among the opening copies is no block", stream=chain[0], why=str(error))
                continue
            if (header.stream, header.incarnation) == chain:
                copies[header.seq] = item.stamp, item.data

    def _path(self, chain: Chain) -> Path:
        return self._folder / f"begin-{chain[0]}-{chain[1]:016x}.blocks"
