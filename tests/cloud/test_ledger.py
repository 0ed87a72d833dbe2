"""The ledger, its decoder, and what it knows of each incarnation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.ledger import Decoder, Ledger, read
from cloud.ledger.heads import Heads, Incarnation, LinkStatus
from contract import block
from contract.downlink import RefusedSeq
from contract.errors import CannotBeDone, Malformed
from contract.quality import Origin
from contract.tags import Rows
from tests.cloud.edge_twin import DYEING, METER, SPEED, T0, Node, events, table


def test_blocks_come_back_as_they_were_appended(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, limit=300)
    positions = [ledger.append(1000 + i, bytes([i]) * 100) for i in range(10)]
    ledger.sync()
    assert positions == sorted(set(positions))
    assert [(r.stamp, r.data) for r in read(tmp_path)] == [(1000 + i, bytes([i]) * 100) for i in range(10)]
    assert [r.position for r in read(tmp_path, positions[6])] == positions[6:]
    ledger.close()
    again = Ledger(tmp_path, limit=300)
    assert [r.position for r in again.scan()] == positions
    assert again.append(7, b"more") > positions[-1]
    again.close()


def test_a_second_writer_is_refused_until_the_first_closes(tmp_path: Path) -> None:
    first = Ledger(tmp_path)
    with pytest.raises(CannotBeDone, match="another cloud is writing"):
        Ledger(tmp_path)
    first.close()
    Ledger(tmp_path).close()


def test_refusals_are_there_after_a_restart(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    item = RefusedSeq(5, "ab" * 32, "why not")
    ledger.refuse(1, ("mill-edge", "account", 1 << 63), item)
    ledger.sync()
    ledger.close()
    again = Ledger(tmp_path)
    assert list(again.refused()) == [(("mill-edge", "account", 1 << 63), item)]
    again.close()


def test_rows_decode_with_the_schema_of_their_own_incarnation_only() -> None:
    one, two = Node(incarnation=1).begin(), Node(incarnation=2)
    decoder = Decoder()
    for data in one.blocks:
        decoder.feed(data)
    decoded = decoder.feed(one.reading(4).data)
    assert decoded.rows is not None and decoded.rows[0].data["f0"].tolist() == [4]
    assert decoded.schema == one.schema
    two.chain = replace(one.chain, incarnation=2)
    with pytest.raises(Malformed, match="is not known"):
        decoder.feed(two.reading(5).data)


def test_equal_schemas_of_many_incarnations_are_one_object() -> None:
    decoder = Decoder()
    seen = set()
    for number in range(5):
        node = Node(incarnation=number).begin()
        for data in node.blocks:
            decoder.feed(data)
        seen.add(id(decoder.feed(node.reading(1).data).schema))
    assert len(seen) == 1


def test_a_header_that_says_other_times_than_its_rows_does_not_decode() -> None:
    node = Node().begin()
    decoder = Decoder()
    for data in node.blocks:
        decoder.feed(data)
    header, _, body = block.parse(node.reading(1).data)
    for wrong in (replace(header, utc=(T0, T0)), replace(header, utc=None), replace(header, origins=2)):
        with pytest.raises(Malformed, match="other times or origins"):
            decoder.decode(wrong, wrong.hash, body)


def test_a_schema_with_a_group_of_another_stream_does_not_decode() -> None:
    node = Node(stream="process")
    with pytest.raises(Malformed, match="another stream"):
        Decoder().feed(node.begin().blocks[1])


def test_table_events_and_empty_parts_decode() -> None:
    node = Node(METER, DYEING).begin()
    heartbeat = Rows(
        DYEING, events(DYEING, 0, [], []).time, events(DYEING, 0, [], []).data, alive_until=T0 + 9
    )
    node.rows(
        table(METER, [T0, T0 + 5], [1, None], [2.5, 3.5], origin=Origin.BACKFILL),
        events(DYEING, 0, [T0, T0 + 1], [1.5, 2.5]),
        heartbeat,
    )
    decoder = Decoder()
    rows = [decoder.feed(data) for data in node.blocks][-1].rows
    assert rows is not None and len(rows) == 3
    assert rows[0].status is not None and rows[0].status[:, 0].tolist() == [0, 14]
    assert rows[1].group.tags[0] == SPEED and rows[2].alive_until == T0 + 9 and len(rows[2]) == 0


def _chain(length: int) -> Node:
    node = Node().begin()
    for number in range(length - 2):
        node.reading(number)
    return node


_LENGTH = 12
_CHAIN = _chain(_LENGTH)
_HEADERS = [block.parse(data)[0] for data in _CHAIN.blocks]


@given(st.lists(st.tuples(st.integers(0, _LENGTH - 1), st.booleans()), max_size=60))
def test_heads_agree_with_a_plain_model(steps: list[tuple[int, bool]]) -> None:
    """Blocks of one chain arrive in any order, some of them refused: a set of seqs is the model."""
    heads, held, refused = Incarnation(), set[int](), set[int]()
    for seq, refuse in steps:
        header, digest = _HEADERS[seq], _HEADERS[seq].hash
        place = heads.place(header, digest)
        if seq in held:
            assert place is LinkStatus.SAME
        elif seq == 0 or seq - 1 in held | refused:
            assert place is LinkStatus.NEXT
            if refuse:
                heads.refuse(RefusedSeq(seq, digest.hex(), "no"))
                refused.add(seq)
            else:
                heads.add(header, digest)
                held.add(seq)
        else:
            assert place is LinkStatus.LOOSE
        receipt = heads.receipt(("n", "account", 7))
        assert {s for run in receipt.runs for s in range(run.first, run.last + 1)} == held
        assert all(run.hash == _HEADERS[run.last].hash.hex() for run in receipt.runs)
        assert all(a.last + 1 < b.first for a, b in zip(receipt.runs, receipt.runs[1:], strict=False))
        assert receipt.have == next(s for s in range(-1, _LENGTH + 1) if s + 1 not in held)
        assert {item.seq for item in receipt.refused} == refused - held


def test_another_block_of_a_known_seq_is_told_apart_wherever_it_stands() -> None:
    heads = Incarnation()
    for header in _HEADERS[:6]:
        heads.add(header, header.hash)
    for seq in range(6):
        other = replace(_HEADERS[seq], sealed_at=1)
        assert heads.place(other, other.hash) is LinkStatus.OTHER
    late = Incarnation()
    late.add(_HEADERS[3], _HEADERS[3].hash)
    late.add(_HEADERS[1], _HEADERS[1].hash)
    other = replace(_HEADERS[2], sealed_at=1)
    assert late.place(other, other.hash) is LinkStatus.OTHER  # it links to 1, but 3 links to another 2
    assert late.place(_HEADERS[2], _HEADERS[2].hash) is LinkStatus.NEXT


def test_the_latest_incarnation_is_the_one_that_began_last() -> None:
    heads = Heads()
    for number in (9, 3, 9, 5):
        heads.note(("n", "account", number))
    heads.of(("n", "account", 77))
    assert heads.latest() == [("n", "account", 5)]
    assert heads.is_latest(("n", "account", 5)) and not heads.is_latest(("n", "account", 9))
