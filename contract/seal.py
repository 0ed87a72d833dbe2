"""Sealing and verifying: link, hash, Ed25519; and the chain that a writer extends block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract import block, codec1
from contract import statement as statement_codec
from contract.block import NO_HASH, ROWS, SALT, STATEMENT, Codec, Header
from contract.block_messages import DecodedToOther, NotDecodedBack, NotVerified, RowsOfOtherCount
from contract.errors import BadSignature, Malformed, SealMismatch
from contract.schema import Schema
from contract.statement import Statement
from contract.tags import Rows


@dataclass(frozen=True)
class Sealer:
    """Where the next block of one stream and incarnation goes: its seq, the hash it links to, its schema, its rows."""

    node: str
    stream: str
    incarnation: int
    boot: bytes
    seq: int = 0
    prev: bytes = NO_HASH
    schema_seq: int = 0
    schema: bytes = bytes(8)
    row_next: int = 1


@dataclass(frozen=True)
class Clock:
    """The edge's clocks at sealing: UTC ns now, and CLOCK_BOOTTIME ns of the first and last thing in the block."""

    utc: int
    boot_first: int
    boot_last: int


@dataclass(frozen=True)
class Sealed:
    """A sealed block: its bytes, its header, its hash, and the chain after it."""

    data: bytes
    header: Header
    hash: bytes
    chain: Sealer


def seal_rows(
    rows: Sequence[Rows],
    count: int,
    schema: Schema,
    chain: Sealer,
    clock: Clock,
    key: Ed25519PrivateKey,
    salt: bytes,
    codec: Codec = codec1,
) -> Sealed:
    """Seal *count* row numbers as one block: encode, decode, compare bit for bit, link, sign.

    Raises SealMismatch when the encoded body does not decode to the rows; nothing is lost then.
    salt: SALT random bytes.
    """
    encoded = block.encode_rows(rows, schema, codec)
    _compare(rows, encoded, schema)
    found, utc, origins = block.summary(rows)
    if found != count:
        raise SealMismatch(RowsOfOtherCount(found, count))
    return _seal(ROWS, salt, encoded, chain, clock, key, count, utc, origins)


def seal_statement(
    statement: Statement, chain: Sealer, clock: Clock, key: Ed25519PrivateKey, salt: bytes
) -> Sealed:
    """Seal a statement; a ``schema`` statement becomes the schema of the blocks after it.

    Raises Malformed for a statement that nobody could read.
    """
    sealed = _seal(STATEMENT, salt, statement_codec.dump(statement), chain, clock, key, 0, None, 0)
    if statement.kind != "schema":
        return sealed
    chain = replace(sealed.chain, schema_seq=sealed.header.seq, schema=sealed.hash[:8])
    return replace(sealed, chain=chain)


def verify(data: bytes, key: Ed25519PublicKey) -> tuple[Header, bytes]:
    """Header and body of a block whose signature verifies; raises Malformed or BadSignature."""
    header, signature, body = block.parse(data)
    try:
        key.verify(signature, header.hash)
    except InvalidSignature:
        raise BadSignature(NotVerified(header.seq, header.node, header.stream)) from None
    return header, body


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the 32 raw bytes of a public key, in hex."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _compare(rows: Sequence[Rows], encoded: bytes, schema: Schema) -> None:
    try:
        back = block.decode_rows(encoded, schema)
    except Malformed as error:
        raise SealMismatch(NotDecodedBack(error.message)) from error
    if len(back) != len(rows) or not all(block.same(a, b) for a, b in zip(rows, back, strict=True)):
        raise SealMismatch(DecodedToOther())


def _seal(
    kind: int,
    salt: bytes,
    content: bytes,
    chain: Sealer,
    clock: Clock,
    key: Ed25519PrivateKey,
    count: int,
    utc: tuple[int, int] | None,
    origins: int,
) -> Sealed:
    if len(salt) != SALT:
        raise ValueError(f"a salt of {len(salt)} bytes instead of {SALT}")
    body = salt + content
    named: dict[str, Any] = {
        name: getattr(chain, name)
        for name in ("node", "stream", "incarnation", "seq", "prev", "schema_seq", "schema", "boot")
    }
    header = Header(
        **named,
        row_first=chain.row_next,
        row_last=chain.row_next + count - 1,
        boot_first=clock.boot_first,
        boot_last=clock.boot_last,
        utc=utc,
        sealed_at=clock.utc,
        origins=origins,
        kind=kind,
        body_len=len(body),
        body_hash=hashlib.sha256(body).digest(),
    )
    digest = header.hash
    data = header.pack() + key.sign(digest) + body
    after = replace(chain, seq=chain.seq + 1, prev=digest, row_next=chain.row_next + count)
    return Sealed(data, header, digest, after)
