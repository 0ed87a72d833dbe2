"""One block: its header, hash and signature (docs/block-format.md, Header)."""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.blocks.messages import (
    BlockLengthUnfit,
    HeaderEndsEarly,
    HeaderLengthUnfit,
    NameNotAscii,
    NoBlock,
    OriginsInStatement,
    RowNumbersUnfit,
    RowTimesImpossible,
    RowTimesUnfit,
    RowTimesWithoutRows,
    UnknownHeaderKind,
    UnknownNodeOrStream,
)
from verify.formats.findings import Bad

MOST_BYTES = 73_728
STREAMS = ("account", "process")
NODE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\Z")
FIXED = struct.Struct("<QQ32sQ8sQQ16sqqBqqqBBI32s")
MOST_ORIGIN = 4


@dataclass(frozen=True)
class Header:
    """The fields in the order of the page; times are ns."""

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
    has_utc: int
    utc_first: int
    utc_last: int
    sealed_at: int
    origins: int
    kind: int
    body_len: int
    body_hash: bytes

    @property
    def rows(self) -> int:
        return self.row_last - self.row_first + 1

    @property
    def chain(self) -> tuple[str, str, int]:
        return self.node, self.stream, self.incarnation

    @property
    def name(self) -> str:
        """How a person finds the block: node/stream/incarnation/seq."""
        return f"{self.node}/{self.stream}/{self.incarnation:016x}/{self.seq}"


@dataclass(frozen=True)
class Block:
    """hash: SHA-256 of the header's bytes; body: None where a pack left it out."""

    header: Header
    hash: bytes
    signature: bytes
    body: bytes | None


def _name(data: bytes, at: int) -> tuple[str, int]:
    if at >= len(data) or at + 1 + data[at] > len(data):
        raise Bad(HeaderEndsEarly())
    end = at + 1 + data[at]
    text = data[at + 1 : end]
    if not text.isascii():
        raise Bad(NameNotAscii())
    return text.decode("ascii"), end


def _sound(header: Header) -> None:
    """A header has one form only."""
    if not NODE.match(header.node) or header.stream not in STREAMS:
        raise Bad(UnknownNodeOrStream(header.node[:70], header.stream[:20]))
    if header.kind not in (0, 1) or header.has_utc not in (0, 1):
        raise Bad(UnknownHeaderKind())
    if header.rows < 0 or header.row_first < 1 or (header.kind == 1 and header.rows):
        raise Bad(RowNumbersUnfit())
    if (header.has_utc == 1) != (header.rows > 0) or header.origins >> (MOST_ORIGIN + 1):
        raise Bad(RowTimesUnfit())
    if not header.has_utc and (header.utc_first or header.utc_last):
        raise Bad(RowTimesWithoutRows())
    if header.kind == 1 and header.origins:
        raise Bad(OriginsInStatement())
    if header.utc_first > header.utc_last or header.body_len < 16:
        raise Bad(RowTimesImpossible())


def parse(data: bytes) -> Block:
    """A block from its bytes, with or without body; raises Bad. Hash of the body and signature are checked apart."""
    if len(data) > MOST_BYTES or len(data) < 8 or data[:4] != b"SYB1":
        raise Bad(NoBlock())
    length = int.from_bytes(data[4:6], "little")
    head = data[:length]
    if len(head) != length:
        raise Bad(HeaderEndsEarly())
    node, at = _name(head, 6)
    stream, at = _name(head, at)
    if at + FIXED.size != length:
        raise Bad(HeaderLengthUnfit())
    header = Header(node, stream, *FIXED.unpack_from(head, at))
    _sound(header)
    body = data[length + 64 :] or None
    if len(data) < length + 64 or (body is not None and len(body) != header.body_len):
        raise Bad(BlockLengthUnfit())
    return Block(header, hashlib.sha256(head).digest(), data[length : length + 64], body)


def body_holds(block: Block) -> bool:
    """Whether the header's body hash is that of the body, or no body is there."""
    return block.body is None or hashlib.sha256(block.body).digest() == block.header.body_hash


def signed(block: Block, key: Ed25519PublicKey) -> bool:
    """Whether the signature over the block's hash is the key's."""
    try:
        key.verify(block.signature, block.hash)
    except InvalidSignature:
        return False
    return True
