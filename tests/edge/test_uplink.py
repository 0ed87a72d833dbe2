"""The uplink's lanes: windows, rewinds and freeing, against a network that loses, delays and repeats."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from contract.downlink import Receipt, RefusedSeq, Run
from edge import uplink
from edge.stored_block import StoredBlock
from edge.uplink import Lane


def kept(seq: int, incarnation: int = 1, size: int = 100) -> StoredBlock:
    return StoredBlock(
        "account", incarnation, seq, bytes([incarnation]) * 31 + bytes([seq]), seq, size, seq, bytes(32)
    )


def receipt(last: int, incarnation: int = 1, nonce: str | None = None, digest: str | None = None) -> Receipt:
    runs = (Run(0, last, digest or kept(last, incarnation).hash.hex()),) if last >= 0 else ()
    return Receipt("n", "account", f"{incarnation:016x}", runs, last, last, (), nonce)


def lane(count: int = 5) -> Lane:
    return uplink.added(Lane(), [kept(seq) for seq in range(count)])


def test_at_most_the_window_is_on_its_way_but_always_one_block() -> None:
    sut, first = uplink.to_send(lane(), 0, 250)
    assert [k.seq for k in first] == [0, 1]
    sut, more = uplink.to_send(sut, 0, 250)
    assert more == []
    sut = uplink.received(sut, receipt(0), 1).lane
    assert [k.seq for k in uplink.to_send(sut, 1, 250)[1]] == [2]
    assert [k.seq for k in uplink.to_send(lane(), 0, 1)[1]] == [0]


def test_a_receipt_frees_only_what_its_hash_commits_to() -> None:
    sut, _ = uplink.to_send(lane(), 0, 10_000)
    good = uplink.received(sut, receipt(2), 1)
    assert [k.seq for k in good.free] == [0, 1, 2]
    foreign = uplink.received(sut, receipt(2, digest="ab" * 32), 1)
    assert (foreign.free, foreign.forked) == ([], [2])
    assert foreign.lane.queue == sut.queue


def test_a_receipt_of_another_incarnation_or_of_unknown_blocks_frees_nothing() -> None:
    sut, _ = uplink.to_send(lane(), 0, 10_000)
    for other in (receipt(2, incarnation=2), receipt(9), receipt(-1)):
        answer = uplink.received(sut, other, 1)
        assert answer.free == []
        assert answer.lane.queue == sut.queue


def test_a_refused_block_leaves_the_lane_but_is_not_free() -> None:
    sut, _ = uplink.to_send(lane(), 0, 10_000)
    said = replace(receipt(0), refused=(RefusedSeq(1, kept(1).hash.hex(), "does not decode"),))
    answer = uplink.received(sut, said, 1)
    assert [k.seq for k in answer.free] == [0]
    assert answer.refused == {1: "does not decode"}
    assert [k.seq for k in answer.lane.queue] == [2, 3, 4]
    wrong = replace(receipt(-1), refused=(RefusedSeq(1, "cd" * 32, "no"),))
    assert uplink.received(sut, wrong, 1).refused == {}


def test_nothing_is_sent_between_a_hello_and_the_receipt_that_echoes_its_nonce() -> None:
    sut, _ = uplink.to_send(lane(), 0, 10_000)
    sut = uplink.asking(sut, "n1")
    assert uplink.to_send(sut, 1, 10_000)[1] == []
    sut = uplink.received(sut, receipt(0), 1).lane
    sut = uplink.received(sut, receipt(1, nonce="old"), 1).lane
    assert uplink.to_send(sut, 1, 10_000)[1] == []
    sut = uplink.received(sut, receipt(1, nonce="n1"), 1).lane
    assert [k.seq for k in uplink.to_send(sut, 1, 10_000)[1]] == [2, 3, 4]


def test_a_hello_waits_for_every_incarnation_that_has_something_unreceipted() -> None:
    sut = uplink.added(Lane(), [kept(3), kept(0, 2), kept(1, 2)])
    sut = uplink.asking(sut, "n1")
    sut = uplink.received(sut, receipt(-1, 1, "n1"), 1).lane
    assert uplink.to_send(sut, 1, 10_000)[1] == []
    sut = uplink.received(sut, receipt(-1, 2, "n1"), 1).lane
    assert [(k.incarnation, k.seq) for k in uplink.to_send(sut, 1, 10_000)[1]] == [(1, 3), (2, 0), (2, 1)]


def test_a_hello_waits_only_for_the_incarnations_that_it_names() -> None:
    sut = uplink.asking(uplink.added(Lane(), [kept(0, n) for n in (5, 6, 7)]), "n1", most=2)
    assert sut.asked == {5, 6}


@pytest.mark.parametrize("seed", range(50))
def test_over_a_bad_network_all_is_delivered_and_nothing_is_freed_too_early(seed: int) -> None:
    chance = random.Random(seed)
    sut, cloud, waiting = Lane(), -1, 0
    freed: list[int] = []
    made = 0
    for now in range(1, 2001):
        if made < 60 and chance.random() < 0.5:
            sut = uplink.added(sut, [kept(made, size=chance.randrange(50, 400))])
            made += 1
        sut, blocks = uplink.to_send(sut, now, 1000)
        answers = []
        for block in blocks:
            if chance.random() > 0.3 and block.seq == cloud + 1:
                cloud = block.seq
            answers.append(receipt(cloud))
        since = uplink.silent_since(sut)
        if (since is not None and now - since > 5) or (sut.asked and now > waiting):
            sut, waiting = uplink.asking(sut, f"n{now}"), now + 5
            answers.append(receipt(cloud, nonce=f"n{now}"))
        chance.shuffle(answers)
        for said in answers:
            if chance.random() > 0.3:
                answer = uplink.received(sut, said, now)
                assert all(k.seq <= cloud for k in answer.free)
                freed += [k.seq for k in answer.free]
                sut = answer.lane
    assert freed == list(range(60))
    assert sut.queue == ()
