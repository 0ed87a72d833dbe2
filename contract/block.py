"""Blocks: header, signature, body; and the parts of a body as rows. docs/block-format.md has the byte layout."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from contract import codec1
from contract.block_messages import (
    BodyHash,
    BodyLength,
    BodyTooLarge,
    BytesAfterPart,
    EndsInHeader,
    EndsInPart,
    EndsInPartBecause,
    HeaderNotCanonical,
    HeaderRows,
    NotBlock,
    NotHeader,
    PartOfOtherLayout,
    TagRuns,
    UnknownInHeader,
    UnknownInPart,
    UnknownQuality,
)
from contract.errors import Malformed
from contract.quality import Origin, Quality
from contract.schema import Schema
from contract.tags import EVENT, Group, Layout, Rows, from_bits, to_bits
from contract.topics import NODE, STREAMS

MAGIC = b"SYB1"
ROWS, STATEMENT = 0, 1
NO_HASH = bytes(32)
SALT = 16
MAX_BLOCK = 72 * 1024
"""Largest block in bytes that the cloud takes."""
MAX_RAW = 1 << 20
"""Most bytes that the columns of all parts of a body may hold before compression."""

_FIXED = struct.Struct("<QQ32sQ8sQQ16sqqBqqqBBI32s")
_PART = struct.Struct("<HBBBBIqBI")
_RUN = struct.Struct("<HI")
_HAS_STATUS, _HAS_SOURCE_TIME = 1, 2
UTC_BASE = 0


class Codec(Protocol):
    """Turns columns into bytes and back; ``ID`` is never reused for another format."""

    ID: int

    def encode(self, columns: Sequence[npt.NDArray[Any]], /) -> bytes:
        """Bytes of little-endian columns."""

    def decode(self, data: bytes, shapes: Sequence[tuple[np.dtype[Any], int]], /) -> list[npt.NDArray[Any]]:
        """The columns again; raises Malformed."""


CODECS: dict[int, Codec] = {codec1.ID: codec1}


@dataclass(frozen=True)
class Header:
    """Header of a block. Times are ns; a block of a statement has row_last = row_first - 1.

    prev: hash of the block before it (zeros: none). schema_seq, schema: seq and first 8 bytes of the hash of the schema
    statement (zeros before the first). boot_first..boot_last: CLOCK_BOOTTIME. utc: first and last row time, or None.
    """

    node: str
    stream: str
    incarnation: int
    seq: int
    prev: bytes
    schema_seq: int
    schema: bytes
    row_first: int
    row_last: int
    boot: bytes
    boot_first: int
    boot_last: int
    utc: tuple[int, int] | None
    sealed_at: int
    origins: int
    kind: int
    body_len: int
    body_hash: bytes

    def pack(self) -> bytes:
        """The bytes of the header; its SHA-256 is the hash of the block."""
        node, stream = self.node.encode("ascii"), self.stream.encode("ascii")
        first, last = self.utc or (0, 0)
        fixed = _FIXED.pack(
            self.incarnation, self.seq, self.prev, self.schema_seq, self.schema, self.row_first, self.row_last,
            self.boot, self.boot_first, self.boot_last, self.utc is not None, first, last, self.sealed_at,
            self.origins, self.kind, self.body_len, self.body_hash,
        )  # fmt: skip
        names = bytes([len(node)]) + node + bytes([len(stream)]) + stream
        return MAGIC + struct.pack("<H", 6 + len(names) + len(fixed)) + names + fixed

    @property
    def hash(self) -> bytes:
        """SHA-256 of the header: the name of the block."""
        return hashlib.sha256(self.pack()).digest()


def parse(data: bytes) -> tuple[Header, bytes, bytes]:
    """Header, signature and body of a block's bytes.

    Checks lengths and the body's hash, not the signature. Raises Malformed.
    """
    header, length = skim(data)
    body = data[length + 64 :]
    if hashlib.sha256(body).digest() != header.body_hash:
        raise Malformed(BodyHash())
    return header, data[length : length + 64], body


def skim(data: bytes) -> tuple[Header, int]:
    """Header of a block's bytes and its length; like parse, but the body's hash is not looked at. Raises Malformed."""
    if len(data) < 6 or data[:4] != MAGIC:
        raise Malformed(NotBlock())
    (length,) = struct.unpack_from("<H", data, 4)
    if len(data) < length + 64:
        raise Malformed(EndsInHeader())
    header = _unpack(data[:length])
    if len(data) - length - 64 != header.body_len:
        raise Malformed(BodyLength(len(data) - length - 64, header.body_len))
    return header, length


def _unpack(data: bytes) -> Header:
    try:
        node, at = _name(data, 6)
        stream, at = _name(data, at)
        fields = _FIXED.unpack(data[at:])
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Malformed(NotHeader(str(error))) from error
    has_utc, first, last = fields[10:13]
    utc = (first, last) if has_utc else None
    header = Header(*(node, stream, *fields[:10], utc, *fields[13:]))
    if not NODE.fullmatch(node) or stream not in STREAMS or header.kind not in (ROWS, STATEMENT):
        raise Malformed(UnknownInHeader(node, stream, header.kind))
    if header.pack() != data:
        raise Malformed(HeaderNotCanonical())
    count = header.row_last + 1 - header.row_first
    if header.row_first < 1 or count < 0 or (header.kind == STATEMENT and (count, header.utc) != (0, None)):
        raise Malformed(HeaderRows(header.row_first, header.row_last))
    return header


def _name(data: bytes, at: int) -> tuple[str, int]:
    end = at + 1 + data[at]
    return data[at + 1 : end].decode("ascii"), end


def encode_rows(rows: Sequence[Rows], schema: Schema, codec: Codec) -> bytes:
    """The parts of a rows body (without its salt), one for each item of *rows*."""
    parts = [_encode_part(item, schema.index[item.group.id], codec) for item in rows]
    return struct.pack("<H", len(parts)) + b"".join(parts)


def decode_rows(data: bytes, schema: Schema) -> list[Rows]:
    """The rows of a rows body (without its salt). Raises Malformed; columns over MAX_RAW are refused unread."""
    try:
        (count,) = struct.unpack_from("<H", data, 0)
        at, room, found = 2, MAX_RAW, []
        for _ in range(count):
            rows, at, size = _decode_part(data, at, schema, room)
            found.append(rows)
            room -= size
    except struct.error as error:
        raise Malformed(EndsInPartBecause(str(error))) from error
    if at != len(data):
        raise Malformed(BytesAfterPart(len(data) - at))
    return found


def summary(rows: Sequence[Rows]) -> tuple[int, tuple[int, int] | None, int]:
    """What a header says of its rows: their number, the first and last row time (None: no rows), the origin bits."""
    times = [(int(part.time.min()), int(part.time.max())) for part in rows if len(part)]
    origins = 0
    for part in rows:
        origins |= 1 << part.origin
    utc = (min(first for first, _ in times), max(last for _, last in times)) if times else None
    return sum(map(len, rows)), utc, origins


def same(a: Rows, b: Rows) -> bool:
    """Whether two pieces of rows are equal bit for bit."""
    plain = (a.group.id, a.origin, a.alive_until) == (b.group.id, b.origin, b.alive_until)
    pairs = ((a.time, b.time), (a.data, b.data), (_status(a), _status(b)), (a.source_time, b.source_time))
    return plain and all(_bits(x) == _bits(y) for x, y in pairs)


def _status(rows: Rows) -> npt.NDArray[np.uint8]:
    shape = (len(rows),) if rows.group.layout is Layout.EVENTS else (len(rows), len(rows.group.tags))
    return np.full(shape, Quality.GOOD, np.uint8) if rows.status is None else rows.status


def _bits(column: npt.NDArray[Any] | None) -> bytes | None:
    return None if column is None else column.tobytes()


def _encode_part(rows: Rows, group: int, codec: Codec) -> bytes:
    flags = _HAS_STATUS * (rows.status is not None) + _HAS_SOURCE_TIME * (rows.source_time is not None)
    columns = [rows.time.astype("<i8")]
    if rows.status is not None:
        columns.append(np.ascontiguousarray(rows.status.T).reshape(-1))
    if rows.source_time is not None:
        columns.append(rows.source_time.astype("<i8"))
    runs = b""
    if rows.group.layout is Layout.EVENTS:
        found = _runs(rows)
        runs = struct.pack("<H", len(found)) + b"".join(
            _RUN.pack(tag, stop - start) for tag, start, stop in found
        )
        columns += [from_bits(rows.data["value"][a:b], rows.group.tags[tag].dtype) for tag, a, b in found]
    else:
        columns += [np.ascontiguousarray(rows.data[name]) for name in rows.data.dtype.names or ()]
    packed = codec.encode(columns)
    head = _PART.pack(
        group,
        rows.group.layout,
        rows.origin,
        UTC_BASE,
        flags,
        len(rows),
        rows.alive_until,
        codec.ID,
        len(packed),
    )
    return head + runs + packed


def _runs(rows: Rows) -> list[tuple[int, int, int]]:
    """(tag, start, stop) of each run of equal tags; the rows stand by tag, then time."""
    tags = rows.data["tag"]
    if len(tags) == 0:
        return []
    starts = np.concatenate(([0], np.flatnonzero(np.diff(tags.astype("<i4"))) + 1))
    stops = np.concatenate((starts[1:], [len(tags)]))
    return [(int(tags[a]), int(a), int(b)) for a, b in zip(starts, stops, strict=True)]


def _decode_part(data: bytes, at: int, schema: Schema, room: int) -> tuple[Rows, int, int]:
    """Rows of the part at an offset, the offset after it, and the bytes of its columns, which fit into *room*."""
    number, layout, origin, base, flags, count, alive, codec_id, length = _PART.unpack_from(data, at)
    at += _PART.size
    if number >= len(schema.groups) or origin > max(Origin) or base != UTC_BASE or flags > 3:
        raise Malformed(UnknownInPart(number, origin, base, flags))
    group = schema.groups[number]
    if layout != group.layout or codec_id not in CODECS:
        raise Malformed(PartOfOtherLayout(layout, codec_id, group.id))
    runs: list[tuple[int, int]] = []
    if group.layout is Layout.EVENTS:
        runs, at = _decode_runs(data, at, group, count)
    shapes = _shapes(group, count, flags, runs)
    size = sum(dtype.itemsize * n for dtype, n in shapes)
    if size > room:
        raise Malformed(BodyTooLarge(count, MAX_RAW))
    if at + length > len(data):
        raise Malformed(EndsInPart())
    columns = CODECS[codec_id].decode(data[at : at + length], shapes)
    return _assemble(group, count, flags, runs, columns, Origin(origin), alive), at + length, size


def _decode_runs(data: bytes, at: int, group: Group, count: int) -> tuple[list[tuple[int, int]], int]:
    (number,) = struct.unpack_from("<H", data, at)
    runs = [_RUN.unpack_from(data, at + 2 + i * _RUN.size) for i in range(number)]
    tags = [tag for tag, _ in runs]
    if (
        tags != sorted(set(tags))
        or (tags and tags[-1] >= len(group.tags))
        or sum(n for _, n in runs) != count
    ):
        raise Malformed(TagRuns(group.id))
    return runs, at + 2 + number * _RUN.size


def _shapes(
    group: Group, count: int, flags: int, runs: list[tuple[int, int]]
) -> list[tuple[np.dtype[Any], int]]:
    time, events = np.dtype("<i8"), group.layout is Layout.EVENTS
    shapes: list[tuple[np.dtype[Any], int]] = [(time, count)]
    if flags & _HAS_STATUS:
        shapes.append((np.dtype("u1"), count if events else count * len(group.tags)))
    if flags & _HAS_SOURCE_TIME:
        shapes.append((time, count))
    if events:
        return shapes + [(group.tags[tag].dtype, n) for tag, n in runs]
    return shapes + [(tag.dtype, count) for tag in group.tags]


def _assemble(
    group: Group,
    count: int,
    flags: int,
    runs: list[tuple[int, int]],
    columns: list[npt.NDArray[Any]],
    origin: Origin,
    alive: int,
) -> Rows:
    rest = iter(columns)
    time = next(rest)
    status = next(rest) if flags & _HAS_STATUS else None
    source = next(rest) if flags & _HAS_SOURCE_TIME else None
    data = np.zeros(count, group.row)
    if group.layout is Layout.EVENTS:
        data["tag"] = np.repeat(np.array([t for t, _ in runs], "<u2"), [n for _, n in runs])
        data["value"] = np.concatenate([to_bits(c) for c in rest]) if runs else np.empty(0, EVENT["value"])
    else:
        for name, column in zip(data.dtype.names or (), rest, strict=True):
            data[name] = column
        if status is not None:
            status = np.ascontiguousarray(status.reshape(len(group.tags), count).T)
    if status is not None and status.size and status.max() > max(Quality):
        raise Malformed(UnknownQuality(int(status.max())))
    return Rows(group, time, data, status, source, origin, alive)
