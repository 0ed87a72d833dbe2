"""What the statements in the journal declare: schemas, ends of chains, sequence gaps."""

from __future__ import annotations

from typing import Any

import structlog

from contract import block, sequence_gaps, statement
from contract.block import SALT, Header
from contract.downlink import incarnation
from contract.errors import Malformed
from contract.sequence_gaps import SequenceGap
from contract.tags import Rows
from edge.messages import NoPreviousBlock
from edge.opening_copies import Chain
from edge.stated_schemas import StatedSchemas
from edge.stored_block import JournalHead, StoredBlock

log = structlog.get_logger()


class Memory:
    """Grows with each statement.

    ends: seq and hash of a chain's last block as an `open` statement or the cursor names it; gaps: the sequence gaps
    declared of a chain; previous: the incarnation before a chain; sites: the site that a chain's opening names.
    """

    def __init__(self) -> None:
        self.ends: dict[Chain, tuple[int, bytes]] = {}
        self.previous: dict[Chain, int] = {}
        self.gaps: dict[Chain, list[SequenceGap]] = {}
        self.sites: dict[Chain, str] = {}
        self.schemas = StatedSchemas()
        self._urgent: dict[Chain, int] = {}

    def ended(self, stream: str, head: JournalHead) -> None:
        """Note that a chain reaches this block at least."""
        chain = (stream, head.incarnation)
        if head.seq >= self.ends.get(chain, (-1, b""))[0]:
            self.ends[chain] = head.seq, head.hash

    def learn(self, header: Header, digest: bytes, body: bytes) -> str | None:
        """Take in a statement; its kind, or None when it can't be read.

        digest: hash of its header; body: salt and JSON.
        """
        try:
            content = body[SALT:]
            declared = statement.load(content)
            chain = (header.stream, header.incarnation)
            self.schemas.learn(header, digest, declared, content)
            if declared.kind == sequence_gaps.KIND:
                gap = sequence_gaps.read(declared.fields)
                self.gaps.setdefault((header.stream, gap.incarnation), []).append(gap)
                self._urgent[chain] = header.seq
            elif declared.kind == "open":
                self.sites[chain] = str(declared.fields.get("site"))
                self._opened(header, declared.fields.get("previous"))
        except Malformed as error:
            log.error("a block of the journal does not decode", seq=header.seq, why=str(error))
            return None
        return declared.kind

    def rows(self, data: bytes) -> list[Rows]:
        """The rows of a block; none for a statement, for an unknown schema, or for what does not decode."""
        try:
            header, _, body = block.parse(data)
            known = None if header.kind == block.STATEMENT else self.schemas.of(header)
            if known is None:
                return []
            return block.decode_rows(body[SALT:], known)
        except Malformed as error:
            log.error("a block of the journal does not decode", why=str(error))
            return []

    def urgent(self, stored: StoredBlock) -> bool:
        """Whether a block must go out before others: it declares a sequence gap, or a later one of its chain does."""
        return stored.seq <= self._urgent.get((stored.stream, stored.incarnation), -1)

    def _opened(self, header: Header, previous: dict[str, Any] | None) -> None:
        if previous is None:
            return
        try:
            number, seq = incarnation(previous["incarnation"]), int(previous["seq"])
            row_last, digest = int(previous["row_last"]), bytes.fromhex(previous["hash"])
        except (KeyError, TypeError, ValueError) as error:
            raise Malformed(NoPreviousBlock(repr(error))) from error
        self.previous[header.stream, header.incarnation] = number
        self.ended(header.stream, JournalHead(number, seq, digest, row_last, 0))
