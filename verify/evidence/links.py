"""Chains: every block names the one before, none is missing, and each ends where the summary says (check 5)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from verify.blocks.block import Header
from verify.evidence import schemas, sequence_gaps
from verify.evidence.ledger import ACCOUNTS, Entry, complete, statements_only
from verify.evidence.messages import (
    BehindTheHead,
    ChainAbsent,
    ChainsHold,
    LinkToNothingNamed,
    NoOpenStatement,
    NotFromZero,
    NotLinked,
    NotTheNextNumber,
    NumberNotAbove,
    OpenOfOtherNode,
    OpenOfOtherSite,
    OtherEnd,
    OtherPreviousLinked,
    OtherPreviousNamed,
    OtherRowNumber,
    SchemaNotBefore,
    StatementsAbsent,
    UnexplainedHole,
)
from verify.evidence.sequence_gaps import SequenceGap
from verify.evidence.summary import Chain, Head, Summary
from verify.formats.findings import Bad, Findings
from verify.formats.message import Message
from verify.formats.shape import digest, members, number16, whole


def check(entries: list[Entry], summary: Summary, depth: str, findings: Findings) -> None:
    """Check each chain that the summary names; faults go into the findings as `links`."""
    by_chain: dict[Chain, list[Entry]] = {chain: [] for chain in summary.heads}
    for entry in entries:
        by_chain[entry.block.header.chain].append(entry)
    schemas.check(entries, findings)
    gone = sequence_gaps.declared(entries, findings)
    counted = 0
    for chain, found in by_chain.items():
        # A block that was refused may have been taken later: the order of the ledger is not that of the chain.
        found.sort(key=lambda entry: entry.block.header.seq)
        links = _Links(found, summary, findings, gone.get(chain, []))
        if complete(chain, depth):
            links.whole_chain(summary.heads[chain])
            counted += 1
        elif statements_only(chain, depth):
            links.part_of_chain(summary.heads[chain])
            counted += 1
        links.previous(by_chain)
    for chain, gaps in gone.items():
        there = {entry.block.header.seq for entry in by_chain.get(chain, [])}
        sequence_gaps.report(chain, gaps, there if complete(chain, depth) else set(), findings)
    findings.settle("links", ChainsHold(counted, len(by_chain)))


class _Links:
    def __init__(
        self, entries: list[Entry], summary: Summary, findings: Findings, gone: list[SequenceGap]
    ) -> None:
        self.entries, self.summary, self.findings, self.gone = entries, summary, findings, gone

    def bad(self, where: str, why: Message) -> None:
        self.findings.bad("links", where, why)

    def whole_chain(self, head: Head) -> None:
        """Seq 0, 1, 2 … up to the head; a number is missing only where the summary or the node accounts for it."""
        if not self.entries:
            return self.bad(head.name, ChainAbsent(head.blocks))
        refused = self.summary.not_taken.get(head.chain, {})
        expected, prev, row_next = 0, b"", None
        for entry in self.entries:
            header = entry.block.header
            skipped = header.seq - expected
            if skipped < 0:
                self.bad(entry.name, NotTheNextNumber())
            elif not sequence_gaps.accounted(expected, header.seq - 1, refused, self.gone):
                self.bad(
                    entry.name,
                    UnexplainedHole(expected, header.seq - 1),
                )
            elif header.prev not in (
                self._before(header.seq - 1, refused) if skipped else {prev or header.prev}
            ):
                self.bad(entry.name, NotLinked())
            self._rows(entry, row_next, skipped > 0)
            expected, prev, row_next = header.seq + 1, entry.block.hash, header.row_last + 1
        self._first(self.entries[0])
        self._schemas()
        last = self.entries[-1].block
        if (len(self.entries), last.header.seq, last.hash) != (head.blocks, head.last, head.hash):
            self.bad(
                head.name,
                OtherEnd(last.header.seq, len(self.entries), head.last, head.blocks),
            )
        return None

    def part_of_chain(self, head: Head) -> None:
        """Statements only: ascending, and linked where two are neighbours."""
        if not self.entries:
            return self.bad(head.name, StatementsAbsent())
        for before, after in pairwise(self.entries):
            if after.block.header.seq <= before.block.header.seq:
                self.bad(after.name, NumberNotAbove())
            elif (
                after.block.header.seq == before.block.header.seq + 1
                and after.block.header.prev != before.block.hash
            ):
                self.bad(after.name, NotLinked())
        self._first(self.entries[0])
        last = self.entries[-1].block
        if last.header.seq > head.last or (last.header.seq == head.last and last.hash != head.hash):
            self.bad(head.name, BehindTheHead())
        return None

    def _before(self, seq: int, refused: dict[int, bytes]) -> set[bytes]:
        """What may stand for a missing block: its hash as the refusal or a sequence gap that ends with it names it."""
        return {refused[seq]} if seq in refused else {gap.hash for gap in self.gone if gap.last == seq}

    def _rows(self, entry: Entry, row_next: int | None, skipped: bool) -> None:
        header = entry.block.header
        if row_next is not None and (
            header.row_first < row_next or (header.row_first > row_next and not skipped)
        ):
            self.bad(entry.name, OtherRowNumber(header.row_first, row_next))

    def _first(self, entry: Entry) -> None:
        statement = entry.statement
        if entry.block.header.seq != 0:
            return self.bad(entry.name, NotFromZero())
        if entry.whole and (statement is None or statement.get("kind") != "open"):
            return self.bad(entry.name, NoOpenStatement())
        if statement is not None and statement.get("node") != entry.block.header.node:
            return self.bad(entry.name, OpenOfOtherNode())
        site = "" if entry.block.header.node == ACCOUNTS else self.summary.site
        if statement is not None and statement.get("site") != site:
            return self.bad(entry.name, OpenOfOtherSite())
        return None

    def _schemas(self) -> None:
        """Rows name a schema statement that stands before them in their chain."""
        known: set[tuple[int, bytes]] = set()
        for entry in self.entries:
            header = entry.block.header
            if header.rows and (header.schema_seq, header.schema) not in known:
                self.bad(entry.name, SchemaNotBefore())
            if entry.statement is not None and entry.statement.get("kind") == "schema":
                known.add((header.seq, entry.block.hash[:8]))

    def previous(self, by_chain: dict[Chain, list[Entry]]) -> None:
        """The incarnation before: the hash that an open statement names is the one that the pack has."""
        if (
            not self.entries
            or self.entries[0].statement is None
            or self.entries[0].statement.get("kind") != "open"
        ):
            return
        entry = self.entries[0]
        header = entry.block.header
        try:
            self._previous(header, entry.statement or {}, by_chain)
        except Bad as bad:
            self.bad(entry.name, bad.why)

    def _previous(
        self, header: Header, statement: dict[str, Any], by_chain: dict[Chain, list[Entry]]
    ) -> None:
        before = statement.get("previous")
        if before is None:
            if header.prev != bytes(32):
                raise Bad(LinkToNothingNamed())
            return
        members(before, "previous", "incarnation seq row_last hash")
        named = digest(before["hash"], "previous")
        if header.prev != named:
            raise Bad(OtherPreviousLinked())
        chain = (header.node, header.stream, number16(before["incarnation"], "previous"))
        seq, row_last = whole(before["seq"], "previous"), whole(before["row_last"], "previous")
        for entry in by_chain.get(chain, []):
            block = entry.block
            if block.header.seq == seq and (block.hash, block.header.row_last) != (named, row_last):
                raise Bad(OtherPreviousNamed(block.header.name))
