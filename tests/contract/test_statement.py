"""Statements: one canonical form (RFC 8785), nothing else is read."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract import statement
from contract.errors import Malformed
from contract.statement import MAX_BYTES, Statement
from tests.contract import plain_reader

KEYS = st.text(st.characters(max_codepoint=0x7F), max_size=8)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
@example("".join(map(chr, range(0x20))) + '"\\/\x7f\u2028\u2029\ufeff\U0001f600é染')
@example({"b": 1, "a": 2, "A": 3, "": 4, "\x00": 5, "\x7f": 6})
def test_canonical_form_follows_the_rules(value: Any) -> None:
    data = statement.canonical(value)
    assert data == plain_reader.canonical(value).encode()
    assert json.loads(data) == value
    assert statement.parse(data) == value


def test_escapes_are_those_of_rfc_8785() -> None:
    """Spelled out by hand, so that both writers above can't be wrong together."""
    text = '\x00\x01\x07\b\t\n\x0b\f\r\x0e\x1f "\\/\x7f\x80\u20ac\u2028'
    assert statement.canonical(text) == (
        b'"\\u0000\\u0001\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u001f \\"\\\\/'
        b'\x7f\xc2\x80\xe2\x82\xac\xe2\x80\xa8"'
    )
    assert statement.canonical({"b": [True, None], "a": -5, "A": {}}) == b'{"A":{},"a":-5,"b":[true,null]}'


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" {}",
        b"{} ",
        b"{}\n",
        b'{"a": 1}',
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a":1,"a":2}',
        b'{"a":1,}',
        b"[1,]",
        b"01",
        b"-0",
        b"+1",
        b"1.0",
        b"1.5",
        b"1e3",
        b"1e999",
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"9007199254740992",
        b"-9007199254740992",
        b"1" * 5000,
        b"[" * 17 + b"]" * 17,
        b"[" * 30_000 + b"]" * 30_000,
        b"[" * 60_000,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'"\\u0041"',
        b'"\\/"',
        b'"\\u000B"',
        b'"\\u000a"',
        b'"\n"',
        b'"\\ud800"',
        b'"\\udc00\\ud800"',
        b'"\\ud83d\\ude00"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\xc0\x80"',
        "{\u00a0}".encode(),
        '{"é":1}'.encode(),
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        '{"a":1}'.encode("utf-32-le"),
        b"'a'",
        b"true false",
        b"nul",
        b'"' + b"a" * MAX_BYTES + b'"',
    ],
    ids=lambda data: repr(data[:20]),
)
def test_any_other_form_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed) as refused:
        statement.parse(data)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("seed", range(2))
def test_mutations_raise_only_malformed(seed: int) -> None:
    chance = random.Random(seed)
    sound = (
        b'{"cause":"a\\tb","from":"170","group":"\xe6\x9f\x93","kind":"gap","n":[1,-2,{"x":null}],"to":null}'
    )
    statement.load(sound)
    for _ in range(4000):
        data = bytearray(sound)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data))
            data[at : at + chance.randrange(3)] = chance.choice(
                [
                    b"",
                    b"\0",
                    b"{",
                    b"]",
                    b'"',
                    b"\\",
                    b"\\u",
                    b"\\ud800",
                    b"e9",
                    b".",
                    b"-",
                    b"\xff",
                    b"NaN",
                    b"9" * 30,
                ]
            )
        try:
            loaded = statement.load(bytes(data))
        except Malformed:
            continue
        assert statement.dump(loaded) == bytes(data)


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), 2**53, -(2**53), 10**5000, b"x", {1: 2}, {"é": 1}, "\ud800", {1}],
    ids=["fraction", "nan", "2^53", "-2^53", "huge", "bytes", "number as key", "key", "surrogate", "set"],
)
def test_what_has_no_form_is_not_written(value: Any) -> None:
    for holder in (value, [value], {"a": value}):
        with pytest.raises(Malformed) as refused:
            statement.canonical(holder)
        assert len(str(refused.value)) < 200


def test_nested_too_deep_is_not_written() -> None:
    assert statement.parse(b"[" * 16 + b"1" + b"]" * 16)
    value: Any = 1
    for _ in range(100_000):
        value = [value]
    with pytest.raises(Malformed, match="deeper"):
        statement.canonical(value)


@pytest.mark.parametrize(
    "data", [b"[]", b'"gap"', b"{}", b'{"kind":"shed"}', b'{"kind":["gap"]}', b'{"kind":null}']
)
def test_only_known_kinds_are_statements(data: bytes) -> None:
    with pytest.raises(Malformed):
        statement.load(data)


def test_a_statement_that_nobody_could_read_is_not_written() -> None:
    with pytest.raises(Malformed, match="65536"):
        statement.dump(Statement("schema", {"config": "x" * MAX_BYTES}))
    with pytest.raises(Malformed):
        statement.dump(Statement("shed", {}))
    fits = Statement("gap", {"cause": "x" * (MAX_BYTES - 25)})
    assert len(statement.dump(fits)) == MAX_BYTES
    assert statement.load(statement.dump(fits)) == fits
