"""What becomes of a block that arrives: taken, waited for, refused or dropped."""

from __future__ import annotations

import os
import struct
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.ingest.validation import Accepted, Dropped, Duplicate, Fork, RefusedBlock, Unlinked, check
from cloud.ledger import Decoder
from cloud.ledger.heads import Heads, key_of
from contract import downlink
from contract.block import MAX_BLOCK, STATEMENT
from tests.cloud.edge_twin import Node, raw


class State:
    """Heads, decoder and keys of a cloud that takes what check accepts."""

    def __init__(self, *nodes: Node) -> None:
        self.heads, self.decoder = Heads(), Decoder()
        self.keys = {node.name: node.key.public_key() for node in nodes}

    def check(self, data: bytes, node: str = "mill-edge") -> Any:
        """The verdict; an accepted block is noted."""
        verdict = check(data, node, self.keys, self.heads, self.decoder)
        if isinstance(verdict, Accepted):
            self.heads.note(key_of(verdict.decoded.header)).add(verdict.decoded.header, verdict.decoded.hash)
            self.decoder.learn(verdict.decoded)
        return verdict


def test_a_chain_is_accepted_in_order_and_once() -> None:
    node = Node().begin()
    state = State(node)
    for number in range(4):
        node.reading(number)
    assert all(isinstance(state.check(data), Accepted) for data in node.blocks)
    assert all(isinstance(state.check(data), Duplicate) for data in node.blocks)


def test_a_block_whose_predecessor_is_missing_waits() -> None:
    node = Node().begin()
    state = State(node)
    node.reading(1)
    assert isinstance(state.check(node.blocks[1]), Unlinked)
    assert isinstance(state.check(node.blocks[0]), Accepted)
    assert isinstance(state.check(node.blocks[2]), Unlinked)


def test_two_blocks_of_one_seq_are_a_fork_whichever_came_first() -> None:
    node = Node().begin()
    chain = node.chain
    node.reading(1)
    node.chain = chain
    node.reading(2)
    for first, second in ((2, 3), (3, 2)):
        state = State(node)
        for data in node.blocks[:2]:
            state.check(data)
        assert isinstance(state.check(node.blocks[first]), Accepted)
        verdict = state.check(node.blocks[second])
        assert isinstance(verdict, Fork) and verdict.hash == node.hashes[second]


def test_strangers_are_dropped() -> None:
    node, stranger = Node().begin(), Node(name="stranger").begin()
    impostor = Node(name="mill-edge").begin()
    state = State(node)
    assert state.check(stranger.blocks[0], "stranger") == Dropped(
        "no key of node stranger in the trust folder", unknown_key=True
    )
    verdict = state.check(impostor.blocks[0])
    assert isinstance(verdict, Dropped) and verdict.unknown_key
    both = State(node, stranger)
    verdict = both.check(node.blocks[0], "stranger")
    assert isinstance(verdict, Dropped) and not verdict.unknown_key and "under the topic" in verdict.reason


def test_a_block_that_does_not_decode_is_refused_and_the_next_links_to_it() -> None:
    node = Node().begin()
    state = State(node)
    for data in node.blocks:
        state.check(data)
    for body in (b"short", os.urandom(200), bytes(16) + struct.pack("<H", 0) + b"x"):
        verdict = state.check(raw(node, body))
        assert isinstance(verdict, RefusedBlock), body
        known = state.heads.note(key_of(verdict.header))
        known.refuse(downlink.RefusedSeq(verdict.header.seq, verdict.hash.hex(), str(verdict.why)))
    for body in (os.urandom(16) + b'{"kind":"unheard-of"}', os.urandom(16) + b'{"kind": "gap"}'):
        verdict = state.check(raw(node, body, STATEMENT))
        assert isinstance(verdict, RefusedBlock), body
        known.refuse(downlink.RefusedSeq(verdict.header.seq, verdict.hash.hex(), str(verdict.why)))
    assert isinstance(state.check(node.reading(3).data), Accepted)


def test_the_size_cap_refuses_by_name_and_far_beyond_it_nothing_is_looked_at() -> None:
    node = Node().begin()
    state = State(node)
    for data in node.blocks:
        state.check(data)
    verdict = state.check(raw(node, bytes(MAX_BLOCK)))
    assert isinstance(verdict, RefusedBlock) and str(MAX_BLOCK) in str(verdict.why)
    assert isinstance(state.check(bytes(1 << 21)), Dropped)


_SOUND = Node().begin()
for _number in range(3):
    _SOUND.reading(_number)


@settings(max_examples=400)
@given(st.data())
def test_no_mutation_of_a_block_is_taken(data: st.DataObject) -> None:
    state = State(_SOUND)
    at = data.draw(st.integers(0, len(_SOUND.blocks) - 1))
    for sound in _SOUND.blocks[:at]:
        assert isinstance(state.check(sound), Accepted)
    sound = _SOUND.blocks[at]
    how = data.draw(st.sampled_from(["flip", "cut", "add", "splice", "zero", "noise"]))
    where = data.draw(st.integers(0, len(sound) - 1))
    if how == "flip":
        bit = data.draw(st.integers(0, 7))
        mutant = sound[:where] + bytes([sound[where] ^ 1 << bit]) + sound[where + 1 :]
    elif how == "cut":
        mutant = sound[:where]
    elif how == "add":
        mutant = sound[:where] + data.draw(st.binary(min_size=1, max_size=40)) + sound[where:]
    elif how == "splice":
        mutant = sound[:where] + _SOUND.blocks[at - 1][where:]
    elif how == "zero":
        mutant = sound[:where] + bytes(len(sound) - where)
    else:
        mutant = data.draw(st.binary(max_size=300))
    if mutant in _SOUND.blocks:
        return
    assert isinstance(state.check(mutant), Dropped)
    assert isinstance(state.check(sound), Accepted)
