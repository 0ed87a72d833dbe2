"""One block: its header, hash and signature (docs/block-format.md, Header)."""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

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
        raise Bad("a header that ends too early")
    end = at + 1 + data[at]
    text = data[at + 1 : end]
    if not text.isascii():
        raise Bad("a name that is not ASCII")
    return text.decode("ascii"), end


def _sound(header: Header) -> None:
    """A header has one form only."""
    if not NODE.match(header.node) or header.stream not in STREAMS:
        raise Bad(f"a block of {header.node[:70]!r}, {header.stream[:20]!r}: no such names")
    if header.kind not in (0, 1) or header.has_utc not in (0, 1):
        raise Bad("a header with a kind or flag that the page does not know")
    if header.rows < 0 or header.row_first < 1 or (header.kind == 1 and header.rows):
        raise Bad("row numbers that do not fit the block")
    if (header.has_utc == 1) != (header.rows > 0) or header.origins >> (MOST_ORIGIN + 1):
        raise Bad("row times or origins that do not fit the block")
    if not header.has_utc and (header.utc_first or header.utc_last):
        raise Bad("row times in a block without rows")
    if header.kind == 1 and header.origins:
        raise Bad("origins in a statement")
    if header.utc_first > header.utc_last or header.body_len < 16:
        raise Bad("row times or a length that cannot be")


def parse(data: bytes) -> Block:
    """A block from its bytes, with or without body; raises Bad. Hash of the body and signature are checked apart."""
    if len(data) > MOST_BYTES or len(data) < 8 or data[:4] != b"SYB1":
        raise Bad("bytes that are no block of version 1")
    length = int.from_bytes(data[4:6], "little")
    head = data[:length]
    if len(head) != length:
        raise Bad("a header that ends too early")
    node, at = _name(head, 6)
    stream, at = _name(head, at)
    if at + FIXED.size != length:
        raise Bad("a header of another length than its fields")
    header = Header(node, stream, *FIXED.unpack_from(head, at))
    _sound(header)
    body = data[length + 64 :] or None
    if len(data) < length + 64 or (body is not None and len(body) != header.body_len):
        raise Bad("a block of another length than its header says")
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
