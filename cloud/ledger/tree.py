"""The RFC 6962 tree over the intake log: its roots, inclusion and consistency proofs.

Hashes of whole subtrees are kept level by level, 64 bytes a leaf, so that the root of any size and any proof take
as many steps as the tree is high. docs/pack-format.md has the leaf.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Sequence

HASH = 32
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf(digest: bytes, received_at: int) -> bytes:
    """The leaf of a block: its hash (32 bytes) and the time it came (UTC ns)."""
    return hashlib.sha256(b"\0" + digest + struct.pack("<q", received_at)).digest()


class Tree:
    """A tree that only grows. Leaves are hashes of 32 bytes."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self._levels: list[bytearray] = [bytearray()]
        for item in leaves:
            self.append(item)

    def __len__(self) -> int:
        return len(self._levels[0]) // HASH

    def append(self, item: bytes) -> None:
        """Add a leaf at the right end."""
        if len(item) != HASH:
            raise ValueError(f"a leaf of {len(item)} bytes instead of {HASH}")
        size = len(self) + 1
        for level in range(len(self._levels)):
            nodes = self._levels[level]
            nodes += item
            if size & 1:
                return
            item = _join(bytes(nodes[-2 * HASH : -HASH]), item)
            size >>= 1
        self._levels.append(bytearray(item))

    def root(self, size: int | None = None) -> bytes:
        """The root over the first *size* leaves, by default all."""
        size = self._checked(len(self) if size is None else size)
        return self._over(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The audit path of a leaf (RFC 6962, 2.1.1) in the tree of *size* leaves, from the leaf up."""
        size = self._checked(len(self) if size is None else size)
        if not 0 <= index < size:
            raise ValueError(f"no leaf {index} among {size}")
        path, low, high = [], 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low = middle
        return path[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The proof (RFC 6962, 2.1.2) that the tree of *size* leaves begins with that of *old* leaves."""
        size = self._checked(len(self) if size is None else size)
        if not 0 < old <= size:
            raise ValueError(f"no tree of {old} leaves to compare with one of {size}")
        path, low, high, known = [], 0, size, True
        while old < high:
            middle = low + _split(high - low)
            if old <= middle:
                path.append(self._over(middle, high))
                high = middle
            else:
                path.append(self._over(low, middle))
                low, known = middle, False
        if not known:
            path.append(self._over(low, high))
        return path[::-1]

    def _checked(self, size: int) -> int:
        if not 0 <= size <= len(self):
            raise ValueError(f"the tree has {len(self)} leaves, not {size}")
        return size

    def _over(self, low: int, high: int) -> bytes:
        """The hash over leaves low..high-1 of a subtree as RFC 6962 cuts them."""
        found: bytes | None = None
        for node in reversed(list(self._peaks(low, high))):
            found = node if found is None else _join(node, found)
        assert found is not None
        return found

    def _peaks(self, low: int, high: int) -> Iterator[bytes]:
        """Hashes of the largest whole subtrees that make up low..high-1, left to right."""
        while low < high:
            level = (high - low).bit_length() - 1
            at = (low >> level) * HASH
            yield bytes(self._levels[level][at : at + HASH])
            low += 1 << level


def includes(item: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether an audit path leads from a leaf to the root."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, item
    for node in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = _join(node, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = _join(found, node)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that the tree of *size* leaves begins with that of *old* leaves."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    nodes = list(proof)
    if old & (old - 1) == 0:
        nodes.insert(0, old_root)
    if not nodes:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = _join(node, before), _join(node, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = _join(after, node)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _split(count: int) -> int:
    """The largest power of two below *count*."""
    return 1 << (count - 1).bit_length() - 1


def _join(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
