"""The statement `hole`: blocks of its node and stream that are gone, and the hash with which their chain goes on.

Only a block of the same node and stream may carry it, so that only the holder of the node's key declares a sequence
gap. A block that arrives after all is taken, whatever was declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from contract.errors import Malformed
from contract.statement import Statement
from contract.statement_messages import GapCause, GapFields, GapHash, GapIncarnation, GapRange

KIND = "hole"
DAMAGED = "damaged"
"""Cause: bytes of the node's journal did not survive."""
FREED = "freed"
"""Cause: a receipt had freed the blocks, and the cloud has them no more."""
MOST_CAUSE = 200
_HEX16, _HEX64 = re.compile(r"[0-9a-f]{16}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class SequenceGap:
    """Blocks first..last of an incarnation are gone. hash: of the block *last*, to which the next one links."""

    incarnation: int
    first: int
    last: int
    hash: bytes
    cause: str

    def to_statement(self) -> Statement:
        """The statement that declares the gap."""
        fields = {"first": self.first, "last": self.last, "hash": self.hash.hex(), "cause": self.cause}
        return Statement(KIND, {"incarnation": f"{self.incarnation:016x}", **fields})


def read(fields: dict[str, Any]) -> SequenceGap:
    """The gap that a statement's fields declare; raises Malformed."""
    if set(fields) != {"incarnation", "first", "last", "hash", "cause"}:
        raise Malformed(GapFields(str(sorted(fields))))
    number, first, last = fields["incarnation"], fields["first"], fields["last"]
    digest, cause = fields["hash"], fields["cause"]
    if not (isinstance(number, str) and _HEX16.fullmatch(number)):
        raise Malformed(GapIncarnation())
    if type(first) is not int or type(last) is not int or not 0 <= first <= last:
        raise Malformed(GapRange())
    if not (isinstance(digest, str) and _HEX64.fullmatch(digest)):
        raise Malformed(GapHash())
    if not isinstance(cause, str) or not 0 < len(cause) <= MOST_CAUSE:
        raise Malformed(GapCause())
    return SequenceGap(int(number, 16), first, last, bytes.fromhex(digest), cause)
