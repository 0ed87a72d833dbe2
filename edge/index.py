"""Which blocks are on the edge's disk, by chain, and which of them wait for a receipt. In memory; no disk."""

from __future__ import annotations

from collections.abc import Iterable

from contract.schema_pages import PagePlace
from contract.sequence_gaps import SequenceGap
from edge.cursor import Cursor
from edge.memory import Memory
from edge.missing import Side
from edge.opening_copies import Chain, OpeningCopies
from edge.stored_block import COPY, StoredBlock, as_head


class Index:
    """Blocks by chain and by segment. A block stays here until its segment is deleted, freed by a receipt or not.

    size: bytes of all blocks in segments.
    """

    def __init__(self, cursor: Cursor, copies: OpeningCopies) -> None:
        self.cursor, self.copies = cursor, copies
        self.memory = Memory()
        self.chains: dict[Chain, dict[int, StoredBlock]] = {}
        self.unreceipted: dict[tuple[str, int, int], StoredBlock] = {}
        self._in_segment: dict[int, list[StoredBlock]] = {}
        self._bytes: dict[int, int] = {}
        self.size = 0

    def hold(self, stored: StoredBlock) -> None:
        """Add a block; it waits for a receipt unless the cursor has one."""
        self.chains.setdefault((stored.stream, stored.incarnation), {})[stored.seq] = stored
        if stored.position != COPY:
            segment = stored.position >> 32
            self._in_segment.setdefault(segment, []).append(stored)
            self._bytes[segment] = self._bytes.get(segment, 0) + stored.size
            self.size += stored.size
        done = self.cursor.receipted.get(stored.stream, {}).get(f"{stored.incarnation:016x}", -1)
        if stored.seq > done:
            self.unreceipted[stored.place] = stored

    def free(self, gone: list[StoredBlock]) -> None:
        """Note the receipt of blocks."""
        for stored in gone:
            self.unreceipted.pop(stored.place, None)
            for by_stream in (self.cursor.receipted, self.cursor.freed):
                done, name = by_stream.setdefault(stored.stream, {}), f"{stored.incarnation:016x}"
                done[name] = max(stored.seq, done.get(name, -1))
        for chain in {(stored.stream, stored.incarnation) for stored in gone if stored.position == COPY}:
            self._drop_receipted(chain)

    def refuse(self, chain: Chain, seqs: Iterable[int]) -> None:
        """Note blocks that the cloud refused: no schema may list their pages any more."""
        pages = [seq for seq in seqs if self.memory.schemas.has_page(chain, seq)]
        if pages:
            name = f"{chain[1]:016x}"
            self.cursor.refused.setdefault(chain[0], {}).setdefault(name, []).extend(pages)

    def pages(self, stream: str, site: str) -> dict[bytes, PagePlace]:
        """The pages that a schema may list, by hash: they are on this disk, of this site, and not refused."""
        refused = self.cursor.refused.get(stream, {})
        return {
            place.hash: place
            for place in self.memory.schemas.pages(stream)
            if place.seq in self.chains.get((stream, place.incarnation), {})
            and self.memory.sites.get((stream, place.incarnation)) == site
            and place.seq not in refused.get(f"{place.incarnation:016x}", ())
        }

    def lose(self, stored: StoredBlock) -> None:
        """Remove a block that can't be read."""
        self.unreceipted.pop(stored.place, None)
        self.chains[stored.stream, stored.incarnation].pop(stored.seq, None)

    def offer_again(self, stream: str) -> None:
        """Let every block of a stream wait for a receipt again."""
        self.cursor.receipted.pop(stream, None)
        self.unreceipted.update((stored.place, stored) for stored in self.held(stream))

    def follow(self, stored: StoredBlock, named: int | None) -> None:
        """Make a block the head if it continues the head's chain, or begins a chain behind the head of the cursor.

        named: position of the head in the cursor, None without one.
        """
        heads = self.cursor.heads
        head = heads.get(stored.stream)
        if head is not None and head.incarnation == stored.incarnation:
            newer = stored.seq > head.seq
        else:
            began = (stored.stream, stored.incarnation) in self.chains
            newer = head is None or (not began and (named is None or stored.position >= named))
        if newer:
            heads[stored.stream] = as_head(stored)

    def follow_copy(self, stored: StoredBlock) -> None:
        """The same for a copy, which has no position: its chain must be the head's or the next one."""
        head = self.cursor.heads.get(stored.stream)
        if head is None:
            newer = True
        elif head.incarnation == stored.incarnation:
            newer = stored.seq > head.seq
        else:
            newer = self.memory.previous.get((stored.stream, stored.incarnation)) == head.incarnation
        if newer:
            self.cursor.heads[stored.stream] = as_head(stored)

    def held(self, stream: str) -> list[StoredBlock]:
        """Every block of a stream on this disk, in the order of sealing."""
        chains = (self.chains.get((stream, number), {}) for number in self.incarnations(stream))
        return [blocks[seq] for blocks in chains for seq in sorted(blocks)]

    def waiting(self, stream: str) -> list[StoredBlock]:
        """Blocks without a receipt in the order to send them, those that declare sequence gaps first.

        The cloud takes no block behind a gap before the gap is declared.
        """
        waits = [stored for stored in self.held(stream) if stored.place in self.unreceipted]
        return sorted(waits, key=lambda stored: not self.memory.urgent(stored))

    def incarnations(self, stream: str) -> list[int]:
        """Incarnations of a stream that have blocks here or are named by others, in the order they began."""
        order: dict[int, None] = {}
        head = self.cursor.heads.get(stream)
        at = None if head is None else head.incarnation
        while at is not None and at not in order:
            order[at] = None
            at = self.memory.previous.get((stream, at))
        others = [n for s, n in [*self.memory.ends, *self.chains] if s == stream and n not in order]
        return [*dict.fromkeys(others), *reversed(order)]

    def side(self, chain: Chain) -> Side:
        """The edge's side of a chain, for edge.missing."""
        blocks = self.chains.get(chain, {})
        ends = [end for end in (self.memory.ends.get(chain),) if end is not None]
        ends += [(seq, stored.hash) for seq, stored in blocks.items()]
        freed = self.cursor.freed.get(chain[0], {}).get(f"{chain[1]:016x}", -1)
        waits = frozenset(seq for seq in blocks if (*chain, seq) in self.unreceipted)
        links = {seq: stored.previous for seq, stored in blocks.items()}
        return Side(
            frozenset(blocks), waits, freed, max(ends, default=None, key=lambda end: end[0]), links.get
        )

    def declared(self, chain: Chain) -> list[SequenceGap]:
        """The sequence gaps of a chain that blocks on this disk declare."""
        return self.memory.gaps.get(chain, [])

    def size_of(self, segment: int) -> int:
        """Bytes of the blocks in a segment."""
        return self._bytes.get(segment, 0)

    def needed(self) -> set[int]:
        """Segments with a block that waits for a receipt."""
        return {stored.position >> 32 for stored in self.unreceipted.values()}

    def forget(self, segment: int) -> None:
        """Remove a deleted segment. The copies of a chain's opening blocks stay while it has other blocks."""
        self.size -= self._bytes.pop(segment, 0)
        for stored in self._in_segment.pop(segment, []):
            chain = (stored.stream, stored.incarnation)
            blocks = self.chains.get(chain)
            if blocks is None:
                continue
            if self.copies.get(chain, stored.seq) is not None:
                blocks[stored.seq] = stored.as_copy()
            else:
                blocks.pop(stored.seq, None)
            self._drop_receipted(chain)

    def _drop_receipted(self, chain: Chain) -> None:
        """Drop a chain of which only receipted copies are left, unless it is the head's or others need its pages."""
        blocks = self.chains[chain].values()
        ended = self.cursor.heads[chain[0]].incarnation != chain[1]
        if (
            ended
            and all(stored.position == COPY and stored.place not in self.unreceipted for stored in blocks)
            and not any(chain in self.memory.schemas.needed(other) for other in self.chains)
        ):
            del self.chains[chain]
            self.copies.drop(chain)
            for other in self.memory.schemas.needed(chain):
                if other in self.chains:
                    self._drop_receipted(other)

    def live(self) -> set[Chain]:
        """Chains whose receipts the cursor must keep."""
        return {(stream, head.incarnation) for stream, head in self.cursor.heads.items()} | set(self.chains)
