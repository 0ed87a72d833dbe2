"""What the ledger holds of each incarnation: runs of linked blocks, and the blocks that were refused.

Of each block 8 bytes of its hash are kept, enough to tell a duplicate from a fork: a receipt carries the
whole hash of a run's last block. Only where a node asks, by a signed hello, about a block inside a run, those 8 decide.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from contract.block import Header
from contract.downlink import MAX_REFUSED, MAX_RUNS, Head, Receipt, RefusedSeq, Run
from contract.sequence_gaps import SequenceGap

ChainKey = tuple[str, str, int]
"""Node, stream, incarnation."""


class LinkStatus(Enum):
    """How a block stands to what is there of its incarnation."""

    NEXT = "links"
    SAME = "is there"
    OTHER = "another block has its seq"
    LOOSE = "the block before it is not there"


@dataclass
class _Span:
    """Linked blocks first.. ; before: hash that the first links to, last: hash of the last one."""

    first: int
    before: bytes
    last: bytes
    short: array[int] = field(default_factory=lambda: array("Q"))

    @property
    def end(self) -> int:
        return self.first + len(self.short)


class Incarnation:
    """The blocks of one incarnation of one stream that are in the ledger, and those refused."""

    def __init__(self) -> None:
        self._spans: list[_Span] = []
        self._refused: dict[int, RefusedSeq] = {}
        self._forks: dict[int, RefusedSeq] = {}
        self._gaps: dict[int, SequenceGap] = {}

    @property
    def last(self) -> int:
        """The highest seq in the ledger; -1 for none."""
        return self._spans[-1].end - 1 if self._spans else -1

    @property
    def last_hash(self) -> bytes:
        """The hash of the block with the highest seq; b"" for none."""
        return self._spans[-1].last if self._spans else b""

    @property
    def have(self) -> int:
        """The last seq up to which every block is in the ledger; -1 for none."""
        return self._spans[0].end - 1 if self._spans and self._spans[0].first == 0 else -1

    def place(self, header: Header, digest: bytes) -> LinkStatus:
        """Where a block of this incarnation goes."""
        span = self._span(header.seq)
        if span is not None and header.seq < span.end:
            same = span.short[header.seq - span.first] == _short(digest)
            return LinkStatus.SAME if same else LinkStatus.OTHER
        refused = self._refused.get(header.seq)
        if refused is not None and refused.hash != digest.hex():
            return LinkStatus.OTHER
        if header.seq > 0 and header.prev != self._hash(header.seq - 1):
            return LinkStatus.LOOSE
        gap = self._gaps.get(header.seq)
        if gap is not None and gap.hash != digest:
            return LinkStatus.OTHER
        after = self._span(header.seq + 1)
        if after is not None and after.first == header.seq + 1 and after.before != digest:
            return LinkStatus.OTHER
        return LinkStatus.NEXT

    def add(self, header: Header, digest: bytes) -> None:
        """Note a block that is in the ledger; one that is noted already changes nothing."""
        at = bisect_right(self._spans, header.seq, key=lambda span: span.first)
        span = self._spans[at - 1] if at else None
        if span is not None and header.seq < span.end:
            return
        if span is None or span.end != header.seq or span.last != header.prev:
            span = _Span(header.seq, header.prev, digest)
            self._spans.insert(at, span)
            at += 1
        span.short.append(_short(digest))
        span.last = digest
        if at < len(self._spans) and self._spans[at].first == span.end and self._spans[at].before == digest:
            after = self._spans.pop(at)
            span.short.extend(after.short)
            span.last = after.last

    def refuse(self, item: RefusedSeq) -> bool:
        """Note a refused block, so that the next one links to it; False when it is known."""
        if self._refused.get(item.seq) == item:
            return False
        self._refused[item.seq] = item
        return True

    def fork(self, item: RefusedSeq) -> None:
        """Note a block whose seq another block has; the last few are named in receipts."""
        self._forks.pop(item.seq, None)
        self._forks[item.seq] = item
        if len(self._forks) > MAX_REFUSED // 2:
            del self._forks[next(iter(self._forks))]

    def contradicts(self, gap: SequenceGap) -> bool:
        """Whether the ledger has another block where the gap ends than the one that it names."""
        if self._holds(gap.last):
            span = self._span(gap.last)
            return span is not None and span.short[gap.last - span.first] != _short(gap.hash)
        known = self._gaps.get(gap.last)
        return known is not None and known.hash != gap.hash

    def declare(self, gap: SequenceGap) -> None:
        """Note a sequence gap that the node declared: the block behind it links to the hash that the gap names.

        It hides no block that is here or comes later. No block links to it before the block in front of the gap is
        there, and none ever where it begins with block 0: the site of the chain would be unknown.
        """
        known = self._gaps.get(gap.last)
        if known is None or gap.first < known.first:
            self._gaps[gap.last] = gap

    def awaits(self, seq: int) -> bool:
        """Whether a block may still come: it is not there, was not refused and lies in no declared gap."""
        known = self._holds(seq) or seq in self._refused
        return not known and not any(gap.first <= seq <= gap.last for gap in self._gaps.values())

    def receipt(self, key: ChainKey, nonce: str | None = None, asked: Sequence[Head] = ()) -> Receipt:
        """The receipt for what is here. Call it only after the ledger's sync.

        asked: heads of a hello. Of more than a receipt holds it then names the first runs and refused blocks from
        the first seq on that was asked about, else the last ones; and each asked block that lies inside a run ends
        another one, for the node may not know the hash of the last.
        """
        first = min((head.first for head in asked), default=None)
        spans = self._spans[-MAX_RUNS:]
        gone = [item for item in self._refused.values() if not self._holds(item.seq)]
        if first is None:
            gone = gone[-(MAX_REFUSED // 2) :]
        else:
            spans = [span for span in self._spans if span.end > first][:MAX_RUNS]
            gone = sorted((item for item in gone if item.seq >= first), key=lambda item: item.seq)
            gone = gone[: MAX_REFUSED // 2]
        runs = tuple(Run(span.first, span.end - 1, span.last.hex()) for span in spans)
        runs += tuple(self._up_to(head) for head in asked[:MAX_REFUSED] if self._inside(head))
        refused = (*gone, *self._forks.values())
        node, stream, incarnation = key
        return Receipt(node, stream, f"{incarnation:016x}", runs, self.have, self.have, refused, nonce)

    def _inside(self, head: Head) -> bool:
        span = self._span(head.last)
        return (
            span is not None
            and head.last < span.end - 1
            and span.short[head.last - span.first] == _short(bytes.fromhex(head.hash))
        )

    def _up_to(self, head: Head) -> Run:
        span = self._span(head.last)
        assert span is not None
        return Run(span.first, head.last, head.hash)

    def _span(self, seq: int) -> _Span | None:
        """The last span that begins at or before *seq*."""
        at = bisect_right(self._spans, seq, key=lambda span: span.first)
        return self._spans[at - 1] if at else None

    def _holds(self, seq: int) -> bool:
        span = self._span(seq)
        return span is not None and seq < span.end

    def _hash(self, seq: int) -> bytes | None:
        """The hash of a block that the next one may link to: the last of a run, a refused one, the end of a gap."""
        span = self._span(seq)
        if span is not None and span.end - 1 == seq:
            return span.last
        if (refused := self._refused.get(seq)) is not None:
            return bytes.fromhex(refused.hash)
        gap = self._gaps.get(seq)
        return gap.hash if gap and self._reaches(gap) else None

    def _reaches(self, gap: SequenceGap) -> bool:
        """Whether what stands before a gap is there, or is gone as well: else it must come first."""
        seen: SequenceGap | None = gap
        while seen is not None and seen.first > 0:
            before = seen.first - 1
            if self._holds(before) or before in self._refused:
                return True
            seen = self._gaps.get(before)
        return False


class Heads:
    """Every incarnation that the ledger knows, and which one of a stream began last."""

    def __init__(self) -> None:
        self._known: dict[ChainKey, Incarnation] = {}
        self._latest: dict[tuple[str, str], int] = {}

    def of(self, key: ChainKey) -> Incarnation:
        """What is known of an incarnation; nothing is noted by asking."""
        return self._known.get(key) or Incarnation()

    def note(self, key: ChainKey) -> Incarnation:
        """The incarnation, known from now on; a new one is its stream's latest."""
        if key not in self._known:
            self._known[key] = Incarnation()
            self._latest[key[:2]] = key[2]
        return self._known[key]

    def declare(self, key: ChainKey, gap: SequenceGap) -> None:
        """Note a sequence gap of an incarnation; one that is known only by its gap is never its stream's latest."""
        self._known.setdefault(key, Incarnation()).declare(gap)

    def is_latest(self, key: ChainKey) -> bool:
        """Whether this incarnation is the one of its stream that began last."""
        return self._latest.get(key[:2]) == key[2]

    def latest_of(self, node: str, stream: str) -> ChainKey | None:
        """The incarnation of a stream that began last."""
        number = self._latest.get((node, stream))
        return None if number is None else (node, stream, number)

    def latest(self) -> list[ChainKey]:
        """The latest incarnation of every stream, sorted."""
        return sorted((node, stream, number) for (node, stream), number in list(self._latest.items()))


def key_of(header: Header) -> ChainKey:
    """The incarnation that a block belongs to."""
    return header.node, header.stream, header.incarnation


def _short(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big")
