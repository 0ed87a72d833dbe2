"""Which blocks are on the edge's disk, by chain, and which of them wait for a receipt. In memory; no disk."""

from __future__ import annotations

from contract.holes import SequenceGap
from edge.cursor import Cursor
from edge.memory import Memory
from edge.missing import Side
from edge.opening_copies import Chain, OpeningCopies
from edge.stored_block import COPY, StoredBlock, as_head


class Index:
    """Blocks by chain and by segment. A receipt frees a block; it stays here until its segment goes.

    size: bytes of all blocks in segments.
    """

    def __init__(self, cursor: Cursor, begins: OpeningCopies) -> None:
        self.cursor, self.begins = cursor, begins
        self.memory = Memory()
        self.chains: dict[Chain, dict[int, StoredBlock]] = {}
        self.unreceipted: dict[tuple[str, int, int], StoredBlock] = {}
        self._in_segment: dict[int, list[StoredBlock]] = {}
        self._bytes: dict[int, int] = {}
        self.size = 0

    def hold(self, kept: StoredBlock) -> None:
        """A block is here; it waits for a receipt if none has freed it."""
        self.chains.setdefault((kept.stream, kept.incarnation), {})[kept.seq] = kept
        if kept.position != COPY:
            segment = kept.position >> 32
            self._in_segment.setdefault(segment, []).append(kept)
            self._bytes[segment] = self._bytes.get(segment, 0) + kept.size
            self.size += kept.size
        done = self.cursor.receipted.get(kept.stream, {}).get(f"{kept.incarnation:016x}", -1)
        if kept.seq > done:
            self.unreceipted[kept.place] = kept

    def free(self, gone: list[StoredBlock]) -> None:
        """Blocks that a receipt names wait no more."""
        for kept in gone:
            self.unreceipted.pop(kept.place, None)
            for said in (self.cursor.receipted, self.cursor.freed):
                done, name = said.setdefault(kept.stream, {}), f"{kept.incarnation:016x}"
                done[name] = max(kept.seq, done.get(name, -1))
        for chain in {(kept.stream, kept.incarnation) for kept in gone if kept.position == COPY}:
            self._let_go(chain)

    def lose(self, kept: StoredBlock) -> None:
        """A block turned out to be unreadable: it is not here any more."""
        self.unreceipted.pop(kept.place, None)
        self.chains[kept.stream, kept.incarnation].pop(kept.seq, None)

    def offer_again(self, stream: str) -> None:
        """Everything of a stream that is here waits for a receipt again."""
        self.cursor.receipted.pop(stream, None)
        self.unreceipted.update((kept.place, kept) for kept in self.held(stream))

    def follow(self, kept: StoredBlock, named: int | None) -> None:
        """A block becomes the head if it goes on with the head's chain, or begins one behind what the cursor named.

        named: position of the head that the cursor named, None without one.
        """
        heads = self.cursor.heads
        head = heads.get(kept.stream)
        if head is not None and head.incarnation == kept.incarnation:
            newer = kept.seq > head.seq
        else:
            began = (kept.stream, kept.incarnation) in self.chains
            newer = head is None or (not began and (named is None or kept.position >= named))
        if newer:
            heads[kept.stream] = as_head(kept)

    def follow_copy(self, kept: StoredBlock) -> None:
        """The same for a second copy, which has no position: its chain must be the head's or follow on it."""
        head = self.cursor.heads.get(kept.stream)
        if head is None:
            newer = True
        elif head.incarnation == kept.incarnation:
            newer = kept.seq > head.seq
        else:
            newer = self.memory.previous.get((kept.stream, kept.incarnation)) == head.incarnation
        if newer:
            self.cursor.heads[kept.stream] = as_head(kept)

    def held(self, stream: str) -> list[StoredBlock]:
        """Every block of a stream that is here, in the order it was sealed."""
        chains = (self.chains.get((stream, number), {}) for number in self.incarnations(stream))
        return [blocks[seq] for blocks in chains for seq in sorted(blocks)]

    def waiting(self, stream: str) -> list[StoredBlock]:
        """Blocks without a receipt in the order to send them: first what declares holes, which others wait behind."""
        waits = [kept for kept in self.held(stream) if kept.place in self.unreceipted]
        return sorted(waits, key=lambda kept: not self.memory.urgent(kept))

    def incarnations(self, stream: str) -> list[int]:
        """Incarnations of a stream of which something is here or known, in the order they began."""
        found: dict[int, None] = {}
        head = self.cursor.heads.get(stream)
        at = None if head is None else head.incarnation
        while at is not None and at not in found:
            found[at] = None
            at = self.memory.previous.get((stream, at))
        others = [n for s, n in [*self.memory.ends, *self.chains] if s == stream and n not in found]
        return [*dict.fromkeys(others), *reversed(found)]

    def side(self, chain: Chain) -> Side:
        """What the edge has and knows of a chain."""
        blocks = self.chains.get(chain, {})
        ends = [end for end in (self.memory.ends.get(chain),) if end is not None]
        ends += [(seq, kept.hash) for seq, kept in blocks.items()]
        freed = self.cursor.freed.get(chain[0], {}).get(f"{chain[1]:016x}", -1)
        waits = frozenset(seq for seq in blocks if (*chain, seq) in self.unreceipted)
        links = {seq: kept.previous for seq, kept in blocks.items()}
        return Side(
            frozenset(blocks), waits, freed, max(ends, default=None, key=lambda end: end[0]), links.get
        )

    def declared(self, chain: Chain) -> list[SequenceGap]:
        """The holes of a chain that blocks on this disk declare."""
        return self.memory.holes.get(chain, [])

    def size_of(self, segment: int) -> int:
        """Bytes of the blocks in a segment."""
        return self._bytes.get(segment, 0)

    def needed(self) -> set[int]:
        """Segments with a block that waits for a receipt."""
        return {kept.position >> 32 for kept in self.unreceipted.values()}

    def forget(self, segment: int) -> None:
        """A segment is gone. Of a chain that has more than its beginning, the copy of that stays."""
        self.size -= self._bytes.pop(segment, 0)
        for kept in self._in_segment.pop(segment, []):
            chain = (kept.stream, kept.incarnation)
            blocks = self.chains.get(chain)
            if blocks is None:
                continue
            if self.begins.get(chain, kept.seq) is not None:
                blocks[kept.seq] = kept.as_copy()
            else:
                blocks.pop(kept.seq, None)
            self._let_go(chain)

    def _let_go(self, chain: Chain) -> None:
        """Drop a chain of which only the copy of its beginning is left, with a receipt, unless it is the head's."""
        blocks = self.chains[chain].values()
        ended = self.cursor.heads[chain[0]].incarnation != chain[1]
        if ended and all(kept.position == COPY and kept.place not in self.unreceipted for kept in blocks):
            del self.chains[chain]
            self.begins.drop(chain)

    def live(self) -> set[Chain]:
        """Chains of which the cursor must remember what the receipts said."""
        return {(stream, head.incarnation) for stream, head in self.cursor.heads.items()} | set(self.chains)
