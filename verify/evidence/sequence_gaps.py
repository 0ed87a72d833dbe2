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
    """The holes that blocks of a node and stream declare in chains of the same node and stream."""
    found: dict[Chain, list[SequenceGap]] = {}
    for entry in entries:
        if entry.said is None or entry.said.get("kind") != "hole":
            continue
        try:
            said = members(entry.said, entry.name, "kind incarnation first last hash cause")
            first, last = whole(said["first"], entry.name), whole(said["last"], entry.name)
            if first > last:
                raise Bad(HoleWithoutRange())
            node, stream, _ = entry.block.header.chain
            chain = (node, stream, number16(said["incarnation"], entry.name))
            cause = text(said["cause"], entry.name)
            found.setdefault(chain, []).append(
                SequenceGap(first, last, digest(said["hash"], entry.name), cause, entry.name)
            )
        except Bad as bad:
            findings.bad("links", entry.name, bad.why)
    return found


def accounted(first: int, last: int, refused: dict[int, bytes], holes: list[SequenceGap]) -> bool:
    """Whether each number first … last was refused or lies in a hole that begins behind block 0."""
    at = first
    while at <= last:
        ends = [hole.last for hole in holes if 0 < hole.first <= at <= hole.last]
        if at not in refused and not ends:
            return False
        at = max([at, *ends]) + 1
    return True


def report(chain: Chain, holes: list[SequenceGap], there: set[int], findings: Findings) -> None:
    """Show each declared hole with its cause, less what the pack has all the same."""
    node, stream, number = chain
    for hole in holes:
        has = sum(hole.first <= seq <= hole.last for seq in there)
        gone = hole.last - hole.first + 1 - has
        if gone:
            where = f"{node}/{stream}/{number:016x}/{hole.first} to {hole.last}"
            cause = "".join(c if c.isprintable() else "?" for c in hole.cause[:80])
            findings.good("gap", BlocksGone(where, gone, cause, hole.by))
