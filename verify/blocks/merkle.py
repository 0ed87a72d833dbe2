"""Inclusion proofs of an RFC 6962 tree."""

from __future__ import annotations

import hashlib


def leaf(header_hash: bytes, received_at: int) -> bytes:
    """Leaf of a block: SHA-256 of 0x00, its hash and the time of receipt (i64, little-endian)."""
    return hashlib.sha256(b"\0" + header_hash + received_at.to_bytes(8, "little", signed=True)).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of_path(leaf_hash: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that a path leads to, None when the path does not fit index and size (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    at, last, made = index, size - 1, leaf_hash
    for sibling in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            made = node(sibling, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = node(made, sibling)
        at, last = at >> 1, last >> 1
    return made if last == 0 else None
