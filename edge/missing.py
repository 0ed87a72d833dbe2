"""Which blocks of a chain neither edge nor cloud has, and which the cloud has lost. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from contract.downlink import MAX_REFUSED, MAX_RUNS, Receipt
from contract.sequence_gaps import DAMAGED, FREED, SequenceGap


@dataclass(frozen=True)
class Side:
    """The edge's side of a chain.

    held: seqs on its disk; waiting: those of them without a receipt; freed: highest seq that a receipt ever freed, -1
    for none; end: seq and hash of its last block, here or as a later `open` names it, None when it is not known;
    previous: of the block with a seq, the hash that it links to.
    """

    held: frozenset[int]
    waiting: frozenset[int]
    freed: int
    end: tuple[int, bytes] | None
    previous: Callable[[int], bytes | None]


def from_(side: Side) -> int:
    """From which seq on a hello asks: the last block here before the first that waits; the newest when none does."""
    before = min(side.waiting, default=None)
    return max((seq for seq in side.held if before is None or seq < before), default=0)


class Answer:
    """A receipt that answers a hello about a chain from *first* on."""

    def __init__(self, receipt: Receipt, first: int) -> None:
        self._spans = sorted(
            [(run.first, run.last) for run in receipt.runs] + [(r.seq, r.seq) for r in receipt.refused]
        )
        self.first = first
        ends = [max(run.last for run in receipt.runs)] if len(receipt.runs) >= MAX_RUNS else []
        if len(receipt.refused) >= MAX_REFUSED // 2:
            ends.append(max(item.seq for item in receipt.refused[: MAX_REFUSED // 2]))
        self.until = min(ends) if ends else None
        """The last seq that a full receipt covers; None: it covers all."""

    def covers(self, seq: int) -> bool:
        """Whether the receipt would name the block, were it there."""
        return seq >= self.first and (self.until is None or seq <= self.until)

    def has(self, seq: int) -> bool:
        """Whether the cloud has the block or has refused it."""
        return any(first <= seq <= last for first, last in self._spans)

    def spans(self) -> list[tuple[int, int]]:
        """First and last seq of all that the cloud has or refused."""
        return self._spans


def lost(side: Side, answer: Answer) -> bool:
    """Whether the cloud lacks a block that is here and that it once had."""
    once = (seq for seq in side.held - side.waiting if seq <= side.freed)
    return any(answer.covers(seq) and not answer.has(seq) for seq in once)


def gaps(incarnation: int, side: Side, answer: Answer) -> list[SequenceGap]:
    """Ranges that neither side has, as sequence gaps to declare: those behind which a block waits, and one at the end.

    The cloud can't take a chain without its opening block: then all of it is one gap.
    """
    if side.end is None:
        return []
    end, last_hash = side.end
    last = end if answer.until is None else min(end, answer.until)
    gaps = []
    for a, b in _between(answer.spans() + runs(side.held), answer.first, last):
        cause = FREED if b <= side.freed else DAMAGED
        if a == 0 and b < end:
            return [SequenceGap(incarnation, 0, end, last_hash, cause)]
        digest = None
        if b + 1 in side.waiting and not answer.has(b + 1):
            digest = side.previous(b + 1)
        elif b == end:
            digest = last_hash
        if digest is not None:
            gaps.append(SequenceGap(incarnation, a, b, digest, cause))
    return gaps


def declared(gap: SequenceGap, known: Iterable[SequenceGap]) -> bool:
    """Whether one of the *known* sequence gaps covers this one."""
    return any(
        other.first <= gap.first and (other.last, other.hash) == (gap.last, gap.hash) for other in known
    )


def ends(side: Side) -> list[int]:
    """The last seq of each run of blocks here in which one waits."""
    waits = sorted(side.waiting)
    return [b for a, b in runs(side.held) if bisect_left(waits, a) < bisect_right(waits, b)]


def runs(seqs: Collection[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbours, in order."""
    spans: list[tuple[int, int]] = []
    for seq in sorted(seqs):
        if spans and spans[-1][1] + 1 == seq:
            spans[-1] = spans[-1][0], seq
        else:
            spans.append((seq, seq))
    return spans


def _between(spans: list[tuple[int, int]], first: int, last: int) -> list[tuple[int, int]]:
    """The parts of first..last that lie in none of the spans."""
    if first > last:
        return []
    gaps, at = [], first
    for a, b in sorted(spans):
        if a > at:
            gaps.append((at, min(a - 1, last)))
        at = max(at, b + 1)
        if at > last:
            return gaps
    return [*gaps, (at, last)] if at <= last else gaps
