"""Bytes from somebody who means harm: refused with Malformed and nothing else, at no cost worth speaking of."""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import textwrap
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract import block, codec1, seal
from contract.errors import BadSignature, Malformed, SealMismatch
from contract.quality import Origin
from contract.schema import Schema
from contract.tags import Group, Layout, Rows, Tag, to_bits
from tests.contract import made, plain_reader

TABLE = Group(
    "t", "d", "p", "account", Layout.TABLE, 1, "edge", (Tag("a", "float64", "1"), Tag("b", "uint16", "1"))
)
EVENTS = Group(
    "e", "d", "p", "account", Layout.EVENTS, 1, "edge", (Tag("c", "float32", "1"), Tag("d", "bool", "1"))
)
SCHEMA = Schema("00", 1, (TABLE, EVENTS))
FIELDS = SCHEMA.to_fields()


def pieces(seed: int, count: int = 9) -> list[Rows]:
    return [made.rows(TABLE, count, seed), made.rows(EVENTS, count, seed + 1)]


def block_bytes(seed: int = 3) -> bytes:
    return made.sealed(SCHEMA, pieces(seed))[2].data


def verdicts(body: bytes) -> tuple[Any, Any]:
    """What the two readers make of a body: the bits of its values, or None where it is refused.

    Any other exception than theirs, a warning too, is an error of the test.
    """
    try:
        ours: Any = [plain_of(rows) for rows in block.decode_rows(body, SCHEMA)]
    except Malformed:
        ours = None
    try:
        plain: Any = [
            (p.group, p.origin, p.alive_until, p.time, p.source_time, flat(p.status), bits_of(p))
            for p in plain_reader.read_rows(body, FIELDS)
        ]
    except plain_reader.Refused:
        plain = None
    return ours, plain


def plain_of(rows: Rows) -> tuple[Any, ...]:
    source = None if rows.source_time is None else rows.source_time.tolist()
    status = None if rows.status is None else rows.status.T.ravel().tolist()
    if rows.group is EVENTS:
        bits = list(zip(rows.data["tag"].tolist(), rows.data["value"].tolist(), strict=True))
    else:
        bits = [(i, bit) for i in (0, 1) for bit in to_bits(rows.data[f"f{i}"].copy()).tolist()]
    group = SCHEMA.index[rows.group.id]
    return group, int(rows.origin), rows.alive_until, rows.time.tolist(), source, status, bits


def flat(status: list[list[int]] | None) -> list[int] | None:
    return None if status is None else [code for column in status for code in column]


def bits_of(part: plain_reader.Part) -> list[tuple[int, int]]:
    return [(tag, bit) for tag, bits in part.columns for bit in bits]


# --- the sealed block


@pytest.mark.parametrize("which", [0, 1, 2])
def test_every_flip_of_a_sealed_block_is_refused(which: int) -> None:
    data = made.sealed(SCHEMA, pieces(3))[which].data
    key = made.KEY.public_key()
    seal.verify(data, key)
    for at in range(len(data)):
        for mask in (*(1 << bit for bit in range(8)), 0xFF):
            changed = bytearray(data)
            changed[at] ^= mask
            with pytest.raises(Malformed):
                seal.verify(bytes(changed), key)


def test_every_truncation_and_extension_is_refused() -> None:
    data = block_bytes()
    for size in range(len(data)):
        with pytest.raises(Malformed):
            seal.verify(data[:size], made.KEY.public_key())
    for more in (b"\0", data, bytes(100)):
        with pytest.raises(Malformed):
            seal.verify(data + more, made.KEY.public_key())


def test_another_key_does_not_verify() -> None:
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(BadSignature):
        seal.verify(block_bytes(), other.public_key())


def test_the_signature_covers_what_the_header_says() -> None:
    """A block put together anew, with the hash of its other body, fails by its signature."""
    header, signature, body = block.parse(block_bytes())
    rest = vars(header) | {"seq": header.seq + 1}
    forged = block.Header(**rest).pack() + signature + body
    assert block.parse(forged)[0].seq == header.seq + 1
    with pytest.raises(BadSignature):
        seal.verify(forged, made.KEY.public_key())


@pytest.mark.parametrize(
    "change",
    [
        {"node": "Mill"},
        {"node": "-mill"},
        {"node": "m" * 64},
        {"node": ""},
        {"stream": "wave"},
        {"kind": 2},
        {"kind": 1},  # a statement has no rows
        {"row_first": 0, "row_last": 8},
        {"row_first": 9, "row_last": 7},
    ],
)
def test_headers_that_say_what_cannot_be(change: dict[str, Any]) -> None:
    header, signature, body = block.parse(block_bytes())
    with pytest.raises(Malformed):
        block.parse(block.Header(**(vars(header) | change)).pack() + signature + body)


def test_random_bytes_are_no_block() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        data = b"SYB1" + struct.pack("<H", chance.randrange(400)) + chance.randbytes(chance.randrange(600))
        with pytest.raises(Malformed):
            block.parse(data)


# --- bodies


MUTATIONS: list[Callable[[random.Random, bytearray], None]] = [
    lambda r, b: b.__setitem__(r.randrange(len(b)), r.randrange(256)),
    lambda r, b: b.__setitem__(r.randrange(len(b)), r.choice([0, 1, 2, 0x7F, 0x80, 0xFF])),
    lambda r, b: b.__delitem__(slice(at := r.randrange(len(b)), at + r.randrange(1, 5))),
    lambda r, b: b.__setitem__(slice(at := r.randrange(len(b)), at), r.randbytes(r.randrange(1, 5))),
    lambda r, b: b.__delitem__(slice(r.randrange(2, len(b)), None)),
    lambda r, b: b.extend(b[r.randrange(len(b)) :]),
]


@pytest.mark.parametrize("seed", range(4))
def test_both_readers_agree_on_mutated_bodies(seed: int) -> None:
    """Refused by both, or read alike by both; the bodies are stored, so that a change reaches the columns too."""
    chance = random.Random(seed)
    refused = 0
    for trial in range(600):
        body = bytearray(stored_body(pieces(seed * 1000 + trial, chance.randrange(6))))
        for _ in range(chance.randrange(1, 3)):
            chance.choice(MUTATIONS)(chance, body)
            if not body:
                body += b"\0"
        ours, plain = verdicts(bytes(body))
        assert ours == plain, bytes(body).hex()
        refused += ours is None
    assert 60 < refused < 595


def stored_body(rows: list[Rows]) -> bytes:
    return block.encode_rows(rows, SCHEMA, Stored())


class Stored:
    """Codec 1 in its second form only."""

    ID = codec1.ID

    def encode(self, columns: Any) -> bytes:
        return b"\0" + b"".join(codec1._shuffle(codec1._bits(column)) for column in columns)

    def decode(self, data: bytes, shapes: Any) -> Any:
        return codec1.decode(data, shapes)


@pytest.mark.parametrize("seed", range(2))
def test_both_readers_agree_on_mutated_columns(seed: int) -> None:
    """Modes and planes changed before they are deflated: what a reader sees behind a sound zlib stream."""
    chance = random.Random(seed)
    shapes: list[tuple[np.dtype[Any], int]] = [
        (np.dtype("<f8"), 5),
        (np.dtype("<f4"), 7),
        (np.dtype("<u2"), 3),
    ]
    for _ in range(2000):
        modes = bytes(chance.choice([0, 1, 16, 20, 25]) if chance.random() < 0.9 else 99 for _ in range(2))
        modes += bytes([chance.choice([0, 1, 1, 16])])
        size = sum((8 if m >= 16 else w) * n for m, w, n in zip(modes, (8, 4, 2), (5, 7, 3), strict=True))
        planes = chance.randbytes(size + chance.choice([0, 0, 0, 1, -1]))
        data = b"\1" + modes + made.zlib_of(planes)
        try:
            ours: Any = [to_bits(c).tolist() for c in codec1.decode(data, shapes)]
        except Malformed:
            ours = None
        try:
            plain: Any = plain_reader.read_codec1(data, [("float64", 5), ("float32", 7), ("uint16", 3)])
        except plain_reader.Refused:
            plain = None
        assert ours == plain


@pytest.mark.parametrize("seed", range(2))
def test_random_bytes_are_no_rows_and_no_columns(seed: int) -> None:
    """Noise is refused by Malformed alone; of what is none, only no columns at all can come."""
    chance, refused, taken = random.Random(seed), 0, []
    for _ in range(3000):
        data = chance.randbytes(chance.randrange(120))
        for work in (
            lambda d: block.decode_rows(d, SCHEMA),
            lambda d: block.decode_rows(b"\1\0" + d, SCHEMA),
            lambda d: codec1.decode(d, [(np.dtype("<f8"), 3)]),
            lambda d: codec1.decode(b"\1" + d, [(np.dtype("<f4"), 3)]),
            lambda d: codec1.decode(d, []),
        ):
            try:
                taken.append(work(data))
            except Malformed:
                refused += 1
    assert refused > 14_900
    assert all(sum(map(len, each)) == 0 for each in taken)


def part(
    group: int = 0,
    layout: int = 0,
    origin: int = 0,
    base: int = 0,
    flags: int = 0,
    rows: int = 1,
    codec: int = 1,
    columns: bytes | None = None,
    length: int | None = None,
    runs: bytes = b"",
) -> bytes:
    """One part whose every field may lie; by default a sound one of one row."""
    columns = b"\0" + bytes(18) if columns is None else columns
    size = len(columns) if length is None else length
    head = struct.pack("<HBBBBIqBI", group, layout, origin, base, flags, rows, 0, codec, size)
    return head + runs + columns


def run_list(*runs: tuple[int, int]) -> bytes:
    return struct.pack("<H", len(runs)) + b"".join(struct.pack("<HI", tag, count) for tag, count in runs)


def test_the_sound_parts_that_the_lies_start_from() -> None:
    assert len(block.decode_rows(b"\1\0" + part(), SCHEMA)[0]) == 1
    events = part(1, 1, columns=b"\0" + bytes(12), runs=run_list((0, 1)))
    assert len(block.decode_rows(b"\2\0" + events + part(), SCHEMA)[0]) == 1


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\1", id="half a count"),
        pytest.param(b"\1\0", id="no part"),
        pytest.param(b"\2\0" + part(), id="one part of two"),
        pytest.param(b"\0\0" + part(), id="a part too many"),
        pytest.param(b"\1\0" + part() + b"\0", id="a byte too many"),
        pytest.param(b"\1\0" + part(group=2), id="group"),
        pytest.param(b"\1\0" + part(group=65535), id="last group"),
        pytest.param(b"\1\0" + part(layout=1), id="layout"),
        pytest.param(b"\1\0" + part(layout=2), id="unknown layout"),
        pytest.param(b"\1\0" + part(origin=5), id="origin"),
        pytest.param(b"\1\0" + part(origin=255), id="last origin"),
        pytest.param(b"\1\0" + part(base=1), id="time base"),
        pytest.param(b"\1\0" + part(flags=4), id="flags"),
        pytest.param(b"\1\0" + part(flags=1), id="status that is not there"),
        pytest.param(b"\1\0" + part(flags=2), id="source time that is not there"),
        pytest.param(b"\1\0" + part(flags=1, columns=b"\0" + bytes(8) + b"\x0f\0" + bytes(10)), id="code"),
        pytest.param(b"\1\0" + part(rows=0), id="fewer rows"),
        pytest.param(b"\1\0" + part(rows=2), id="more rows"),
        pytest.param(b"\1\0" + part(rows=(1 << 32) - 1), id="most rows"),
        pytest.param(b"\1\0" + part(codec=0), id="codec 0"),
        pytest.param(b"\1\0" + part(codec=2), id="codec 2"),
        pytest.param(b"\1\0" + part(length=18), id="shorter"),
        pytest.param(b"\1\0" + part(length=20), id="longer"),
        pytest.param(b"\1\0" + part(length=(1 << 32) - 1), id="longest"),
        pytest.param(b"\1\0" + part(columns=b""), id="no columns"),
        *(
            pytest.param(b"\1\0" + part(1, 1, rows=count, columns=b"\0" + bytes(12), runs=runs), id=name)
            for name, count, runs in [
                ("no runs", 1, b""),
                ("half a run", 1, run_list((0, 1))[:-1]),
                ("no run for the row", 1, run_list()),
                ("runs of fewer rows", 2, run_list((0, 1))),
                ("runs of more rows", 1, run_list((0, 2))),
                ("a tag twice", 1, run_list((0, 1), (0, 0))),
                ("tags out of order", 1, run_list((1, 0), (0, 1))),
                ("an unknown tag", 1, run_list((2, 1))),
                ("the sum wraps", 1, run_list((0, 1 << 31), (1, (1 << 31) + 1))),
                ("65535 runs", 1, b"\xff\xff"),
            ]
        ),
    ],
)
def test_lies_are_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        block.decode_rows(body, SCHEMA)
    with pytest.raises(plain_reader.Refused):
        plain_reader.read_rows(body, FIELDS)


def test_the_limit_holds_for_the_body_and_not_for_each_part() -> None:
    """2^15 rows of the table are 18 bytes each: one part fits into 1 MiB, two do not."""
    planes = made.zlib_of(bytes(18 << 15))
    big = part(rows=1 << 15, columns=b"\1\0\0\0" + planes)
    assert len(block.decode_rows(b"\1\0" + big, SCHEMA)[0]) == 1 << 15
    assert len(big) < 1000
    with pytest.raises(Malformed, match="limit"):
        block.decode_rows(b"\2\0" + big + big, SCHEMA)


BOMB = """
    import json, resource, struct, sys, time, zlib
    sys.path.insert(0, sys.argv[1])
    import numpy as np
    from contract import block, codec1
    from contract.errors import Malformed
    from contract.schema import Schema
    from contract.tags import Group, Layout, Tag

    def bomb(size):
        '''A zlib stream of *size* zeros, put together from one flushed MiB that is repeated.'''
        squeeze = zlib.compressobj(9)
        head = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
        again = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
        return head + again * ((size >> 20) - 1) + b"\\x01\\0\\0\\xff\\xff" + struct.pack(">I", size % 65521 << 16 | 1)

    one = bomb(1 << 30)
    assert zlib.decompress(bomb(8 << 20)) == bytes(8 << 20)
    group = Group("t", "d", "p", "account", Layout.TABLE, 1, "edge", (Tag("a", "float32", "1"),))
    schema = Schema("", 1, (group,))
    part = lambda rows: struct.pack("<HHBBBBIqBI", 1, 0, 0, 0, 0, 0, rows, 0, 1, len(one) + 3) + b"\\1\\1\\x10" + one
    peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bodies = [part(rows) for rows in (0, 1, (1 << 20) // 12, (1 << 20) // 12 + 1, 1 << 27, (1 << 32) - 1)]
    block.decode_rows(b"\\0\\0", schema)
    before, spent = peak(), []
    for body in bodies:
        begun = time.process_time()
        try:
            block.decode_rows(body, schema)
        except Malformed:
            spent.append(time.process_time() - begun)
    print(json.dumps({"refused": len(spent), "most_s": max(spent), "grown_mb": peak() - before}))
"""


def test_a_bomb_costs_nothing(pytestconfig: pytest.Config) -> None:
    """A zlib stream of 1 GiB behind each of six row counts: all refused, ≤ 20 MB and ≤ 50 ms."""
    code = textwrap.dedent(BOMB)
    done = subprocess.run(
        [sys.executable, "-c", code, str(pytestconfig.rootpath)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = json.loads(done.stdout)
    assert found["refused"] == 6
    assert found["most_s"] <= 0.05
    assert found["grown_mb"] <= 20


# --- what the seal itself refuses


def test_a_codec_that_flips_one_bit_seals_nothing() -> None:
    class Flipping(Stored):
        def encode(self, columns: Any) -> bytes:
            data = bytearray(super().encode(columns))
            data[-1] ^= 1
            return bytes(data)

    begun = made.opening(SCHEMA)[-1].chain
    rows = pieces(5)
    with pytest.raises(SealMismatch):
        seal.seal_rows(rows, 18, SCHEMA, begun, made.CLOCK, made.KEY, made.SALT, Flipping())


def test_rows_that_do_not_stand_by_tag_are_not_sealed() -> None:
    rows = made.rows(EVENTS, 4, 1)
    rows.data["tag"] = [0, 1, 0, 1]
    with pytest.raises(SealMismatch):
        seal.seal_rows([rows], 4, SCHEMA, made.CHAIN, made.CLOCK, made.KEY, made.SALT)


def test_bits_beyond_the_width_of_a_tag_are_not_sealed() -> None:
    rows = Rows(EVENTS, np.array([1], np.int64), np.array([(1, 256)], EVENTS.row), origin=Origin.LIVE)
    with pytest.raises(SealMismatch):
        seal.seal_rows([rows], 1, SCHEMA, made.CHAIN, made.CLOCK, made.KEY, made.SALT)


def test_a_block_has_as_many_rows_as_row_numbers() -> None:
    with pytest.raises(SealMismatch):
        seal.seal_rows(pieces(5), 17, SCHEMA, made.CHAIN, made.CLOCK, made.KEY, made.SALT)


def test_a_short_salt_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="salt"):
        seal.seal_rows(pieces(5), 18, SCHEMA, made.CHAIN, made.CLOCK, made.KEY, bytes(8))


def test_crc_and_adler_do_not_decide() -> None:
    """A stream with a wrong checksum is refused by zlib's own check, not taken for what it inflates to."""
    planes = bytearray(zlib.compress(bytes(18)))
    planes[-1] ^= 1
    with pytest.raises(Malformed):
        block.decode_rows(b"\1\0" + part(columns=b"\1\0\0\0" + bytes(planes)), SCHEMA)
