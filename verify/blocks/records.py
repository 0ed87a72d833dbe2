"""Segment records: mark, length, CRC-32, stamp, data, with nothing between them (docs/block-format.md, Segments)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from verify.blocks.messages import NoRecord, RecordDamaged
from verify.formats.findings import Bad

MARK = b"\xa7SY\x01"
HEAD = struct.Struct("<4sIIq")
MOST_DATA = 1 << 20


@dataclass(frozen=True)
class Record:
    """offset: of the record in its file; stamp: UTC ns; data: a block."""

    offset: int
    stamp: int
    data: bytes


def records(data: bytes) -> Iterator[Record]:
    """Every record of a file; raises Bad at the first bytes that are none. In a pack nothing may be damaged."""
    at = 0
    while at < len(data):
        where = f"ledger.seg:{at}"
        if at + HEAD.size > len(data):
            raise Bad(NoRecord(), where)
        mark, length, crc, stamp = HEAD.unpack_from(data, at)
        end = at + HEAD.size + length
        if mark != MARK or length > MOST_DATA or end > len(data):
            raise Bad(NoRecord(), where)
        if zlib.crc32(data[at + 12 : end]) != crc:
            raise Bad(RecordDamaged(), where)
        yield Record(at, stamp, data[at + HEAD.size : end])
        at = end
