"""The verifier's own reader of blocks, against blocks that were sealed once and against any that can be sealed."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from numpy.typing import NDArray

from contract.schema import Schema
from contract.tags import Rows
from tests.contract import made, plain_reader
from verify.blocks import block, rows
from verify.formats import canonical_json
from verify.formats.findings import Bad

GOLDEN = Path(__file__).parents[1] / "contract" / "golden"
KEY = Ed25519PublicKey.from_public_bytes(made.PUBLIC)


def bits(values: NDArray[Any]) -> list[int]:
    """Values as the unsigned integers of their bits."""
    found: list[int] = values.view(f"<u{values.dtype.itemsize}").tolist()
    return found


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_golden_blocks_verify(path: Path) -> None:
    for text in json.loads(path.read_text(encoding="utf-8"))["blocks"]:
        read = block.parse(bytes.fromhex(text))
        assert block.body_holds(read) and block.signed(read, KEY)


@settings(max_examples=100, deadline=None)
@given(made.bodies())
def test_two_readers_find_the_same_bits(given_: tuple[Schema, list[Rows]]) -> None:
    _, stated, item = made.sealed(*given_)
    schema = block.parse(stated.data)
    assert schema.body is not None
    fields = canonical_json.load(schema.body[16:])
    read = block.parse(item.data)
    assert read.hash == item.hash and block.signed(read, KEY) and block.body_holds(read)
    other = plain_reader.read_rows(plain_reader.read_block(item.data, made.PUBLIC).body, fields)
    for part, twin in zip(rows.parts(read, fields["groups"]), other, strict=True):
        assert (part.origin, part.alive_until, part.time.tolist()) == (
            twin.origin,
            twin.alive_until,
            twin.time,
        )
        assert [bits(series.values) for series in part.series] == [column for _, column in twin.columns]


@settings(max_examples=30, deadline=None)
@given(made.bodies())
def test_any_damage_is_refused_or_found(given_: tuple[Schema, list[Rows]]) -> None:
    _, stated, item = made.sealed(*given_)
    groups = canonical_json.load((block.parse(stated.data).body or b"")[16:])["groups"]
    chance = random.Random(item.data)
    for _ in range(60):
        data = bytearray(item.data)
        at = chance.randrange(len(data))
        data[at] ^= chance.randrange(1, 256)
        if chance.random() < 0.3:
            del data[at:]
        try:
            read = block.parse(bytes(data))
            assert read.body is None or not (block.body_holds(read) and block.signed(read, KEY))
            rows.parts(read, groups)
        except Bad:
            continue


@pytest.mark.parametrize(
    "data",
    [b"{", b'{"a":1.0}', b'{"a":1e3}', b'{"a":NaN}', b'{"a":9007199254740992}', b'{"a":1,"a":1}', b'{"b":1,"a":2}',
     b'{ "a":1}', b'{"a":"\\u0041"}', b"\xff", b"[" * 100_000, b"[" * 17 + b"]" * 17, '{"é":1}'.encode(),
     b'{"a":' + b"9" * 5000 + b"}", b'{"a":"\\ud800"}'],
)  # fmt: skip
def test_json_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(Bad):
        canonical_json.load(data)


def test_canonical_json_comes_back() -> None:
    value = {"b": [1, "二\n\u001f\u007f", None, True], "a": {"c": -5}}
    assert canonical_json.load(canonical_json.dump(value)) == value
    assert np.array_equal(canonical_json.load(b"[1,2]"), [1, 2])
