"""Holes that a node declares in its own chains (docs/block-format.md, Holes): shown as gaps, never as whole data."""

from __future__ import annotations

from dataclasses import dataclass

from verify.evidence.ledger import Entry
from verify.evidence.messages import BlocksGone, HoleWithoutRange
from verify.evidence.summary import Chain
from verify.formats.findings import Bad, Findings
from verify.formats.shape import digest, members, number16, text, whole


@dataclass(frozen=True)
class SequenceGap:
    """Blocks first … last of a chain; hash: of the last one; by: the block that declares them gone."""

    first: int
    last: int
    hash: bytes
    cause: str
    by: str


def declared(entries: list[Entry], findings: Findings) -> dict[Chain, list[SequenceGap]]:
    """The sequence gaps that blocks of a node and stream declare in chains of the same node and stream."""
    found: dict[Chain, list[SequenceGap]] = {}
    for entry in entries:
        if entry.statement is None or entry.statement.get("kind") != "hole":
            continue
        try:
            fields = members(entry.statement, entry.name, "kind incarnation first last hash cause")
            first, last = whole(fields["first"], entry.name), whole(fields["last"], entry.name)
            if first > last:
                raise Bad(HoleWithoutRange())
            node, stream, _ = entry.block.header.chain
            chain = (node, stream, number16(fields["incarnation"], entry.name))
            cause = text(fields["cause"], entry.name)
            found.setdefault(chain, []).append(
                SequenceGap(first, last, digest(fields["hash"], entry.name), cause, entry.name)
            )
        except Bad as bad:
            findings.bad("links", entry.name, bad.why)
    return found


def accounted(first: int, last: int, refused: dict[int, bytes], gaps: list[SequenceGap]) -> bool:
    """Whether each number first … last was refused or lies in a gap that begins behind block 0."""
    at = first
    while at <= last:
        ends = [gap.last for gap in gaps if 0 < gap.first <= at <= gap.last]
        if at not in refused and not ends:
            return False
        at = max([at, *ends]) + 1
    return True


def report(chain: Chain, gaps: list[SequenceGap], there: set[int], findings: Findings) -> None:
    """Show each declared gap with its cause, less what the pack has all the same."""
    node, stream, number = chain
    for gap in gaps:
        has = sum(gap.first <= seq <= gap.last for seq in there)
        gone = gap.last - gap.first + 1 - has
        if gone:
            where = f"{node}/{stream}/{number:016x}/{gap.first} to {gap.last}"
            cause = "".join(c if c.isprintable() else "?" for c in gap.cause[:80])
            findings.good("gap", BlocksGone(where, gone, cause, gap.by))
