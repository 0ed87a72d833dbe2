"""Records of a segment: a mark, a length, a CRC, a stamp and data; found again after a torn write or a flipped byte.

A record is MARK, length, CRC-32 of (stamp, data), stamp (int64 ns), data. A position is segment number << 32 | offset:
it only grows. docs/block-format.md has the layout.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from contract.message import Message
from journal.messages import NoWholeRecord

MARK = b"\xa7SY\x01"
HEAD = struct.Struct("<4sIIq")
MAX_RECORD = 1 << 20


@dataclass(frozen=True)
class Record:
    """One record: its position, the position after it, its stamp (ns) and its bytes."""

    position: int
    next: int
    stamp: int
    data: bytes


@dataclass(frozen=True)
class Damage:
    """Bytes of a segment that are no record: file name, first and last+1 offset, what is wrong."""

    segment: str
    offset: int
    end: int
    why: Message


def pack(stamp: int, data: bytes) -> bytes:
    """The bytes of one record."""
    return HEAD.pack(MARK, len(data), _crc(stamp, data), stamp) + data


def walk(data: bytes, number: int, start: int = 0) -> Iterator[Record | Damage]:
    """Records and damage of one segment's bytes, in order; after damage it goes on at the next whole record.

    data: the segment's bytes from offset *start* on, where a record begins.
    """
    at = 0
    while at < len(data):
        record = record_at(data, at, number, start)
        if record is None:
            bad, at = at, _resume(data, at + 1, number)
            yield Damage(f"{number:08d}.seg", start + bad, start + at, NoWholeRecord())
            continue
        yield record
        at = (record.next & 0xFFFFFFFF) - start


def record_at(data: bytes, at: int, number: int, start: int = 0) -> Record | None:
    """The record that begins at index *at* of a segment's bytes from offset *start* on; None where none is whole."""
    if at + HEAD.size > len(data):
        return None
    mark, length, crc, stamp = HEAD.unpack_from(data, at)
    end = at + HEAD.size + length
    if mark != MARK or length > MAX_RECORD or end > len(data):
        return None
    body = data[at + HEAD.size : end]
    if _crc(stamp, body) != crc:
        return None
    return Record(number << 32 | start + at, number << 32 | start + end, stamp, body)


def _resume(data: bytes, at: int, number: int) -> int:
    while True:
        at = data.find(MARK, at)
        if at < 0:
            return len(data)
        if record_at(data, at, number) is not None:
            return at
        at += 1


def torn(rest: bytes) -> bool:
    """Whether bytes at the end of a segment can be a record that is still being written."""
    if len(rest) < HEAD.size:
        return rest.startswith(MARK[: len(rest)])
    mark, length, _, _ = HEAD.unpack_from(rest, 0)
    return bool(mark == MARK and length <= MAX_RECORD and len(rest) < HEAD.size + length)


def _crc(stamp: int, data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(struct.pack("<q", stamp)))
