"""A second reader of blocks, written from docs/block-format.md alone, with the standard library and one Ed25519.

It imports nothing of ours and shares no code with what it judges. Values come as the unsigned integers of their bits.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTHS = {
    "bool": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4,
    "int64": 8, "uint64": 8, "float32": 4, "float64": 8,
}  # fmt: skip
LAYOUTS = ("table", "events")
MOST_BYTES = 1 << 20


class Refused(ValueError):
    """The bytes are not what the page describes."""


class Cursor:
    """Reads little-endian fields one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        if self.at + size > len(self.data):
            raise Refused("the bytes end too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int, signed: bool = False) -> int:
        return int.from_bytes(self.take(size), "little", signed=signed)

    def text(self) -> str:
        data = self.take(self.number(1))
        if not data.isascii():
            raise Refused("a name that is not ASCII")
        return data.decode("ascii")

    def end(self) -> None:
        if self.at != len(self.data):
            raise Refused("bytes follow where nothing may follow")


@dataclass
class Block:
    """header: field by its name on the page. body without its salt."""

    header: dict[str, Any]
    hash: bytes
    body: bytes


@dataclass
class Part:
    """Rows of one group. status: one list a tag (table), one list in all (events), or None.

    columns: (index of the tag, bits of each value); for events one entry a run.
    """

    group: int
    layout: str
    origin: int
    alive_until: int
    time: list[int]
    status: list[list[int]] | None
    source_time: list[int] | None
    columns: list[tuple[int, list[int]]] = field(default_factory=list)


def read_block(data: bytes, public_key: bytes) -> Block:
    """The block in *data*, its hashes and its signature checked."""
    cursor = Cursor(data)
    if cursor.take(4) != b"SYB1":
        raise Refused("magic")
    length = cursor.number(2)
    header = _header(cursor)
    if cursor.at != length:
        raise Refused("length of the header")
    digest = hashlib.sha256(data[:length]).digest()
    signature = cursor.take(64)
    body = cursor.take(header["body_len"])
    cursor.end()
    if hashlib.sha256(body).digest() != header["body_hash"]:
        raise Refused("hash of the body")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, digest)
    except InvalidSignature:
        raise Refused("signature") from None
    if len(data) > 73_728 or len(body) < 16:
        raise Refused("size")
    return Block(header, digest, body[16:])


def _header(cursor: Cursor) -> dict[str, Any]:
    fields: dict[str, Any] = {"node": cursor.text(), "stream": cursor.text()}
    fields |= {"incarnation": cursor.number(8), "seq": cursor.number(8), "prev": cursor.take(32)}
    fields |= {"schema_seq": cursor.number(8), "schema": cursor.take(8)}
    fields |= {"row_first": cursor.number(8), "row_last": cursor.number(8), "boot": cursor.take(16)}
    fields |= {"boot_first": cursor.number(8, True), "boot_last": cursor.number(8, True)}
    fields |= {"has_utc": cursor.number(1)}
    fields |= {"utc_first": cursor.number(8, True), "utc_last": cursor.number(8, True)}
    fields |= {"sealed_at": cursor.number(8, True), "origins": cursor.number(1), "kind": cursor.number(1)}
    fields |= {"body_len": cursor.number(4), "body_hash": cursor.take(32)}
    if not re.fullmatch("[a-z0-9][a-z0-9-]{0,62}", fields["node"]) or fields["stream"] not in (
        "account",
        "process",
    ):
        raise Refused("name of the node or stream")
    if fields["kind"] not in (0, 1) or fields["has_utc"] not in (0, 1):
        raise Refused("kind or has_utc")
    if fields["has_utc"] == 0 and (fields["utc_first"], fields["utc_last"]) != (0, 0):
        raise Refused("times of a block without rows")
    return fields


def read_statement(body: bytes) -> dict[str, Any]:
    """The object of a statement's body; refused unless it is in canonical form."""
    value = json.loads(body.decode("utf-8"))
    if canonical(value).encode("utf-8") != body or len(body) > 65_536:
        raise Refused("not canonical JSON")
    if value["kind"] not in ("open", "schema", "gap"):
        raise Refused("kind of statement")
    return dict(value)


def read_rows(body: bytes, schema: dict[str, Any]) -> list[Part]:
    """The parts of a rows body whose groups the fields of a schema statement describe."""
    cursor, room, parts = Cursor(body), MOST_BYTES, []
    for _ in range(cursor.number(2)):
        part, size = _part(cursor, schema["groups"], room)
        parts.append(part)
        room -= size
    cursor.end()
    return parts


def _part(cursor: Cursor, groups: list[dict[str, Any]], room: int) -> tuple[Part, int]:
    index, layout, origin, base, flags = (cursor.number(size) for size in (2, 1, 1, 1, 1))
    rows, alive, codec, length = cursor.number(4), cursor.number(8, True), cursor.number(1), cursor.number(4)
    if index >= len(groups) or layout > 1 or LAYOUTS[layout] != groups[index]["layout"]:
        raise Refused("group or layout")
    if origin > 4 or base != 0 or flags > 3 or codec != 1:
        raise Refused("origin, time base, flags or codec")
    types = [tag["type"] for tag in groups[index]["tags"]]
    runs = [(tag, rows) for tag in range(len(types))]
    if layout == 1:
        runs = [(cursor.number(2), cursor.number(4)) for _ in range(cursor.number(2))]
        ascending = all(a[0] < b[0] for a, b in pairwise(runs))
        if not ascending or any(tag >= len(types) for tag, _ in runs) or sum(n for _, n in runs) != rows:
            raise Refused("runs")
    statuses = rows if layout == 1 else rows * len(types)
    shapes = [("int64", rows)]
    shapes += [("bool", statuses)] if flags & 1 else []
    shapes += [("int64", rows)] if flags & 2 else []
    shapes += [(types[tag], count) for tag, count in runs]
    size = sum(WIDTHS[kind] * count for kind, count in shapes)
    if size > room:
        raise Refused("more columns than a body may have")
    columns = read_codec1(cursor.take(length), shapes)
    time = [signed(bits) for bits in columns.pop(0)]
    status = columns.pop(0) if flags & 1 else None
    source = [signed(bits) for bits in columns.pop(0)] if flags & 2 else None
    if status is not None and any(code > 14 for code in status):
        raise Refused("status code")
    by_tag = None
    if status is not None:
        by_tag = [status] if layout == 1 else [status[k * rows : (k + 1) * rows] for k in range(len(types))]
    named = [(tag, column) for (tag, _), column in zip(runs, columns, strict=True)]
    return Part(index, LAYOUTS[layout], origin, alive, time, by_tag, source, named), size


def read_codec1(data: bytes, shapes: list[tuple[str, int]]) -> list[list[int]]:
    """The bits of the values of each column of (type, count)."""
    cursor = Cursor(data)
    form = cursor.number(1)
    if form > 1:
        raise Refused("form")
    modes = list(cursor.take(len(shapes))) if form == 1 else [0] * len(shapes)
    widths = [_width(mode, kind) for mode, (kind, _) in zip(modes, shapes, strict=True)]
    wanted = sum(width * count for width, (_, count) in zip(widths, shapes, strict=True))
    planes = data[cursor.at :]
    if form == 1:
        stream = zlib.decompressobj()
        try:
            planes = stream.decompress(planes, wanted + 1)
        except zlib.error as error:
            raise Refused("the zlib stream is broken") from error
        if not stream.eof or stream.unused_data:
            raise Refused("the zlib stream does not end with the part")
    if len(planes) != wanted:
        raise Refused("the columns do not fill the planes")
    columns, at = [], 0
    for mode, width, (kind, count) in zip(modes, widths, shapes, strict=True):
        piece = planes[at : at + width * count]
        at += width * count
        words = [int.from_bytes(piece[i :: count or 1], "little") for i in range(count)]
        columns.append(_values(mode, width, kind, words))
    return columns


def _width(mode: int, kind: str) -> int:
    if mode in (0, 1):
        return WIDTHS[kind]
    if 16 <= mode <= 25 and kind.startswith("float"):
        return 8
    raise Refused("mode of a column")


def _values(mode: int, width: int, kind: str, words: list[int]) -> list[int]:
    if mode == 0:
        return words
    total, sums = 0, []
    for word in words:
        total = (total + word) % (1 << 8 * width)
        sums.append(total)
    if mode == 1:
        return sums
    shape = "<f" if kind == "float32" else "<d"
    quotients = (float(signed(k)) / 10.0 ** (mode - 16) for k in sums)
    return [int.from_bytes(struct.pack(shape, quotient), "little") for quotient in quotients]


def signed(bits: int) -> int:
    """The signed 64-bit integer of some bits."""
    return bits - (1 << 64) if bits >> 63 else bits


ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r",
}  # fmt: skip


def canonical(value: object) -> str:
    """RFC 8785 by its rules, for values without fractions: no space, keys in order, as few escapes as can be."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        escaped = (ESCAPES.get(c, c if ord(c) >= 0x20 else f"\\u{ord(c):04x}") for c in value)
        return f'"{"".join(escaped)}"'
    if isinstance(value, list | tuple):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    raise Refused(f"{type(value).__name__} has no canonical form here")
