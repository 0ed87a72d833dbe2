"""What is sealed here, a reader written from the page alone finds again bit for bit; and so do we."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings

from contract import block, seal, statement
from contract.block import SALT as SALT_BYTES
from contract.quality import Origin
from contract.schema import Schema
from contract.tags import Group, Layout, Rows, Tag, to_bits
from tests.contract import made, plain_reader
from tests.contract.plain_reader import Part


def assert_same(part: Part, rows: Rows, schema: Schema) -> None:
    """What the second reader found is what went in."""
    events = rows.group.layout is Layout.EVENTS
    assert schema.groups[part.group] is rows.group
    assert (part.layout, part.origin) == ("events" if events else "table", rows.origin)
    assert part.alive_until == rows.alive_until
    assert part.time == rows.time.tolist()
    assert part.source_time == (None if rows.source_time is None else rows.source_time.tolist())
    if rows.status is None:
        assert part.status is None
    else:
        assert part.status == ([rows.status.tolist()] if events else rows.status.T.tolist())
    if events:
        assert [tag for tag, bits in part.columns for _ in bits] == rows.data["tag"].tolist()
        assert [bit for _, bits in part.columns for bit in bits] == rows.data["value"].tolist()
    else:
        assert [tag for tag, _ in part.columns] == list(range(len(rows.group.tags)))
        for tag, bits in part.columns:
            assert bits == to_bits(np.ascontiguousarray(rows.data[f"f{tag}"])).tolist()


@settings(max_examples=120, deadline=None)
@given(made.bodies())
def test_the_second_reader_finds_the_same_bits(given_: tuple[Schema, list[Rows]]) -> None:
    schema, pieces = given_
    blocks = made.sealed(schema, pieces)
    read = [plain_reader.read_block(item.data, made.PUBLIC) for item in blocks]
    assert read[0].header["prev"] == bytes(32)
    for before, item in pairwise(read):
        assert item.header["prev"] == before.hash
        assert item.header["seq"] == before.header["seq"] + 1
    said = plain_reader.read_statement(read[1].body)
    assert (read[2].header["schema_seq"], read[2].header["schema"]) == (1, read[1].hash[:8])
    parts = plain_reader.read_rows(read[2].body, said)
    assert len(parts) == len(pieces)
    for part, rows in zip(parts, pieces, strict=True):
        assert_same(part, rows, schema)


@settings(max_examples=40, deadline=None)
@given(made.bodies())
def test_the_header_says_what_the_parts_hold(given_: tuple[Schema, list[Rows]]) -> None:
    schema, pieces = given_
    item = made.sealed(schema, pieces)[2]
    header = plain_reader.read_block(item.data, made.PUBLIC).header
    times = [time for rows in pieces for time in rows.time.tolist()]
    assert (header["row_first"], header["row_last"]) == (1, len(times))
    assert (header["has_utc"], header["utc_first"], header["utc_last"]) == (
        (1, min(times), max(times)) if times else (0, 0, 0)
    )
    assert header["origins"] == sum(1 << origin for origin in {int(rows.origin) for rows in pieces})
    assert (item.hash, item.chain.prev) == (item.header.hash, item.header.hash)
    assert item.chain.row_next == len(times) + 1


@settings(max_examples=60, deadline=None)
@given(made.bodies())
def test_we_read_our_own_blocks(given_: tuple[Schema, list[Rows]]) -> None:
    schema, pieces = given_
    opened, stated, item = made.sealed(schema, pieces)
    for said in (opened, stated):
        header, body = seal.verify(said.data, made.KEY.public_key())
        assert (header, header.hash) == (said.header, said.hash)
    assert Schema.from_fields(statement.load(body[SALT_BYTES:]).fields) == schema
    header, body = seal.verify(item.data, made.KEY.public_key())
    back = block.decode_rows(body[SALT_BYTES:], schema)
    assert len(back) == len(pieces)
    assert all(block.same(a, b) for a, b in zip(pieces, back, strict=True))
    assert block.summary(back) == (header.row_last + 1 - header.row_first, header.utc, header.origins)


def test_same_sees_a_single_bit() -> None:
    """The comparison before each seal has to tell 0.0 from -0.0 and one NaN from another."""
    group = Group("g", "d", "p", "account", Layout.TABLE, 1, "edge", (Tag("t", "float64", "1"),))

    def rows(bits: int, **changed: object) -> Rows:
        values = np.array([bits], "<u8").view(group.row)
        return Rows(group, np.array([1], np.int64), values, **changed)  # type: ignore[arg-type]

    nan = 0x7FF8000000000000
    assert block.same(rows(nan + 1), rows(nan + 1))
    assert not block.same(rows(nan + 1), rows(nan + 2))
    assert not block.same(rows(0), rows(1 << 63))
    good = np.zeros((1, 1), np.uint8)
    assert block.same(rows(5), rows(5, status=good))
    assert not block.same(rows(5), rows(5, status=good + 1))
    assert not block.same(rows(5), rows(5, source_time=np.array([1], np.int64)))
    assert not block.same(rows(5), rows(5, alive_until=3))
    assert not block.same(rows(5), rows(5, origin=Origin.DESK))
