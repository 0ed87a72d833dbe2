"""What the statements in the journal said: schemas, where chains end, holes that were declared."""

from __future__ import annotations

from typing import Any

import structlog

from contract import block, holes, statement
from contract.block import SALT, Header
from contract.downlink import incarnation
from contract.errors import Malformed
from contract.holes import SequenceGap
from contract.tags import Rows, Schema
from edge.opening_copies import Chain
from edge.stored_block import Head, StoredBlock

log = structlog.get_logger()


class Memory:
    """Grows with each block that is learnt.

    ends: seq and hash of a chain's last block as an `open` statement or the cursor names it; holes: those declared in
    a chain; previous: the incarnation before a chain.
    """

    def __init__(self) -> None:
        self.ends: dict[Chain, tuple[int, bytes]] = {}
        self.previous: dict[Chain, int] = {}
        self.holes: dict[Chain, list[SequenceGap]] = {}
        self._schemas: dict[tuple[str, int, bytes], Schema] = {}
        self._urgent: dict[Chain, int] = {}

    def ended(self, stream: str, head: Head) -> None:
        """A chain goes up to this head at least."""
        chain = (stream, head.incarnation)
        if head.seq >= self.ends.get(chain, (-1, b""))[0]:
            self.ends[chain] = head.seq, head.hash

    def learn(self, header: Header, digest: bytes, body: bytes) -> str | None:
        """Take a statement's block in and tell its kind; None for one that can't be read."""
        try:
            said = statement.load(body[SALT:])
            chain = (header.stream, header.incarnation)
            if said.kind == "schema":
                self._schemas[(*chain, digest[:8])] = Schema.from_fields(said.fields)
            elif said.kind == holes.KIND:
                hole = holes.read(said.fields)
                self.holes.setdefault((header.stream, hole.incarnation), []).append(hole)
                self._urgent[chain] = header.seq
            elif said.kind == "open":
                self._opened(header, said.fields.get("previous"))
        except Malformed as error:
            log.error("a block of the journal does not decode", seq=header.seq, why=str(error))
            return None
        return said.kind

    def rows(self, data: bytes) -> list[Rows]:
        """The rows of a block; none for a statement, for an unknown schema, or for what does not decode."""
        try:
            header, _, body = block.parse(data)
            known = self._schemas.get((header.stream, header.incarnation, header.schema))
            if header.kind == block.STATEMENT or known is None:
                return []
            return block.decode_rows(body[SALT:], known)
        except Malformed as error:
            log.error("a block of the journal does not decode", why=str(error))
            return []

    def urgent(self, kept: StoredBlock) -> bool:
        """Whether a block must go out before others: it declares a hole, or one behind it in its chain does."""
        return kept.seq <= self._urgent.get((kept.stream, kept.incarnation), -1)

    def _opened(self, header: Header, previous: dict[str, Any] | None) -> None:
        if previous is None:
            return
        try:
            number, seq = incarnation(previous["incarnation"]), int(previous["seq"])
            row_last, digest = int(previous["row_last"]), bytes.fromhex(previous["hash"])
        except (KeyError, TypeError, ValueError) as error:
            raise Malformed(f"an open statement whose previous block can't be read: {error!r}") from error
        self.previous[header.stream, header.incarnation] = number
        self.ended(header.stream, Head(number, seq, digest, row_last, 0))
