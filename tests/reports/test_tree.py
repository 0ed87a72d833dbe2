"""The tree against vectors that others published, RFC 6962's own example, and a plain recursive twin."""

from __future__ import annotations

import hashlib
import os
import random

import pytest

from cloud.ledger.tree import EMPTY, Tree, consistent, includes, leaf

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
# Roots over the first 1, 2 … 8 of INPUTS, as the reference implementation of RFC 6962 tests them.
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


LEAVES = [sha(b"\0", bytes.fromhex(text)) for text in INPUTS]


def cut(count: int) -> int:
    """The largest power of two below *count*, found by doubling."""
    power = 1
    while power * 2 < count:
        power *= 2
    return power


def mth(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    k = cut(len(leaves))
    return sha(b"\1", mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = cut(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """RFC 6962, 2.1.2, word for word."""
    if m == len(leaves):
        return [] if known else [mth(leaves)]
    k = cut(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], known), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def test_roots_are_the_published_ones() -> None:
    tree = Tree()
    assert tree.root() == EMPTY == bytes.fromhex(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )  # fmt: skip
    for item, root in zip(LEAVES, ROOTS, strict=True):
        tree.append(item)
        assert tree.root().hex() == root
    assert [tree.root(size).hex() for size in range(1, 9)] == ROOTS


def test_the_example_of_rfc_6962() -> None:
    """Section 2.1.3: seven leaves, nodes a..l; the audit paths and consistency proofs that it lists."""
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = sha(b"\1", a, b), sha(b"\1", c, d), sha(b"\1", e, f)
    k, m = sha(b"\1", g, h), sha(b"\1", i, j)
    tree = Tree(LEAVES[:7])
    assert tree.root() == sha(b"\1", k, m)
    assert tree.inclusion(0) == [b, h, m]
    assert tree.inclusion(3) == [c, g, m]
    assert tree.inclusion(4) == [f, j, k]
    assert tree.inclusion(6) == [i, k]
    assert tree.consistency(3) == [c, d, g, m]
    assert tree.consistency(4) == [m]
    assert tree.consistency(6) == [i, j, k]


def test_every_proof_of_every_size_is_the_twins_and_is_accepted() -> None:
    leaves = [os.urandom(32) for _ in range(67)]
    tree = Tree(leaves)
    for size in range(1, len(leaves) + 1):
        root, some = tree.root(size), leaves[:size]
        assert root == mth(some)
        for index in range(size):
            proof = tree.inclusion(index, size)
            assert proof == path(index, some)
            assert includes(leaves[index], index, size, proof, root)
        for old in range(1, size + 1):
            proof = tree.consistency(old, size)
            assert proof == subproof(old, some, True)
            assert consistent(old, mth(leaves[:old]), size, root, proof)


def test_a_false_proof_is_refused() -> None:
    rng = random.Random(6962)
    leaves = [rng.randbytes(32) for _ in range(200)]
    tree = Tree(leaves)
    for _ in range(3000):
        size = rng.randrange(2, 201)
        index, old = rng.randrange(size), rng.randrange(1, size)
        root, proof = tree.root(size), tree.inclusion(index, size)
        other = rng.randrange(size)
        if other != index:
            assert not includes(leaves[index], other, size, proof, root)
            assert not includes(leaves[other], index, size, proof, root)
        assert not includes(leaves[index], index, size, [*proof, rng.randbytes(32)], root)
        assert not includes(leaves[index], index, size, proof[:-1], root)
        assert not includes(leaves[index], index, size, _flip(proof, rng), root)
        steps, before = tree.consistency(old, size), tree.root(old)
        assert not consistent(old, before, size, root, _flip(steps, rng))
        assert not consistent(old, before, size, root, [*steps, rng.randbytes(32)])
        assert not consistent(old, rng.randbytes(32), size, root, steps)
        assert not consistent(old, before, size, rng.randbytes(32), steps)


def _flip(proof: list[bytes], rng: random.Random) -> list[bytes]:
    at, bit = rng.randrange(len(proof)), rng.randrange(256)
    number = int.from_bytes(proof[at], "big") ^ 1 << bit
    return [*proof[:at], number.to_bytes(32, "big"), *proof[at + 1 :]]


def test_rewritten_history_has_no_consistency_proof() -> None:
    leaves = [os.urandom(32) for _ in range(50)]
    kept = Tree(leaves[:30]).root()
    other = Tree([*leaves[:7], os.urandom(32), *leaves[8:]])
    assert not consistent(30, kept, 50, other.root(), other.consistency(30))


def test_a_leaf_is_the_block_hash_and_the_time_it_came() -> None:
    assert leaf(b"\x11" * 32, -2) == sha(b"\0", b"\x11" * 32, b"\xfe" + b"\xff" * 7)
    assert leaf(b"\x11" * 32, 1) != leaf(b"\x11" * 32, 2)


def test_sizes_and_leaves_that_are_not_there_are_errors() -> None:
    tree = Tree(LEAVES)
    for wrong in (lambda: tree.root(9), lambda: tree.inclusion(8), lambda: tree.inclusion(3, 3),
                  lambda: tree.consistency(0), lambda: tree.consistency(5, 4), lambda: tree.append(b"x")):  # fmt: skip
        with pytest.raises(ValueError):
            wrong()
    assert not includes(LEAVES[0], -1, 8, [], tree.root())
    assert not consistent(0, EMPTY, 8, tree.root(), [])
