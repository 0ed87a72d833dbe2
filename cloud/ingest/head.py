"""The head of a node of the cloud itself: the block of its stream that its next delivery links to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

STREAM = "account"
"""The one stream of a desk or of the accounts."""


@dataclass(frozen=True)
class Head:
    """The last block of a node's stream that is in the ledger."""

    incarnation: int
    seq: int
    hash: bytes


def head_fields(head: Head | None) -> dict[str, Any] | None:
    """A head as the `previous` field of an `open` statement; a desk has no rows."""
    if head is None:
        return None
    place = {"incarnation": f"{head.incarnation:016x}", "seq": head.seq}
    return {**place, "row_last": 0, "hash": head.hash.hex()}


def head_of(fields: dict[str, Any] | None) -> Head | None:
    """The head in such a field."""
    if fields is None:
        return None
    return Head(int(fields["incarnation"], 16), int(fields["seq"]), bytes.fromhex(fields["hash"]))
