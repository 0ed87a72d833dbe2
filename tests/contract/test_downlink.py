"""Envelopes: only what a trusted key signed, in its one form, is read; all else is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from contract import downlink
from contract.downlink import Head, Hello, Receipt, RefusedSeq, Run
from contract.errors import BadSignature, Malformed
from tests.contract import plain_reader

CLOUD = Ed25519PrivateKey.from_private_bytes(bytes(32))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes([1] * 32))
TRUST = downlink.by_fingerprint([CLOUD.public_key()])
H = "ab" * 32
RECEIPT = Receipt(
    "mill-edge", "account", "00000000000000ff", (Run(0, 4, H), Run(5, 5, "00" * 32)), 5, 4,
    (RefusedSeq(3, H, "too large"),), "n1",
)  # fmt: skip
HELLO = Hello("mill-edge", "n1", (Head("process", "0123456789abcdef", 2, 7, H),))

RECEIPT_BODY: dict[str, Any] = {
    "type": "receipt", "node": "mill-edge", "stream": "account", "incarnation": "00000000000000ff",
    "runs": [{"first": 0, "last": 4, "hash": H}, {"first": 5, "last": 5, "hash": "00" * 32}],
    "have": 5, "safe": 4, "refused": [{"seq": 3, "hash": H, "reason": "too large"}], "nonce": "n1",
}  # fmt: skip
HELLO_BODY: dict[str, Any] = {
    "type": "hello", "node": "mill-edge", "nonce": "n1",
    "heads": [{"stream": "process", "incarnation": "0123456789abcdef", "first": 2, "last": 7, "hash": H}],
}  # fmt: skip


def envelope(body: Any, key: Ed25519PrivateKey = CLOUD) -> bytes:
    """An envelope as the page describes it, made without our writer."""
    name = hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()
    signature = key.sign(plain_reader.canonical(body).encode()).hex()
    return plain_reader.canonical({"body": body, "key": name, "sig": signature}).encode()


@pytest.mark.parametrize("message, body", [(RECEIPT, RECEIPT_BODY), (HELLO, HELLO_BODY)])
def test_messages_as_the_page_describes_them(message: Receipt | Hello, body: dict[str, Any]) -> None:
    assert downlink.write(message, CLOUD) == envelope(body)
    assert downlink.read(envelope(body), TRUST) == message


def hexes(digits: int) -> st.SearchStrategy[str]:
    return st.integers(0, 16**digits - 1).map(lambda n: f"{n:0{digits}x}")


SEQ = st.integers(0, 2**53 - 1)
RANGE = st.tuples(SEQ, SEQ).map(sorted)
NODES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)
STREAM = st.sampled_from(["account", "process"])
RUNS = st.lists(st.builds(lambda r, h: Run(r[0], r[1], h), RANGE, hexes(64)), max_size=3).map(tuple)
HEADS = st.lists(
    st.builds(lambda s, i, r, h: Head(s, i, r[0], r[1], h), STREAM, hexes(16), RANGE, hexes(64)), max_size=3
).map(tuple)
REASON = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
REFUSED = st.lists(st.builds(RefusedSeq, SEQ, hexes(64), REASON), max_size=3).map(tuple)
NONCE = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(max_examples=100, deadline=None)
@given(
    st.builds(Hello, NODES, NONCE, HEADS)
    | st.builds(
        lambda node, stream, inc, runs, have, refused, nonce: Receipt(
            node, stream, inc, runs, have[1] - 1, have[0] - 1, refused, nonce
        ),
        NODES,
        STREAM,
        hexes(16),
        RUNS,
        RANGE,
        REFUSED,
        st.none() | NONCE,
    )
)
def test_what_is_written_is_read(message: Receipt | Hello) -> None:
    assert downlink.read(downlink.write(message, CLOUD), TRUST) == message


@pytest.mark.parametrize("message", [RECEIPT, HELLO])
def test_every_altered_byte_is_refused(message: Receipt | Hello) -> None:
    data = downlink.write(message, CLOUD)
    for at in range(len(data)):
        for mask in (1, 2, 4, 8, 16, 32, 64, 128):
            changed = bytearray(data)
            changed[at] ^= mask
            with pytest.raises(Malformed):
                downlink.read(bytes(changed), TRUST)
    for size in range(len(data)):
        with pytest.raises(Malformed):
            downlink.read(data[:size], TRUST)


def test_a_stranger_is_not_believed() -> None:
    with pytest.raises(BadSignature, match="trust"):
        downlink.read(downlink.write(RECEIPT, STRANGER), TRUST)
    with pytest.raises(BadSignature, match="trust"):
        downlink.read(downlink.write(RECEIPT, CLOUD), {})


def test_a_borrowed_name_is_not_believed() -> None:
    """Signed by a stranger who writes the cloud's fingerprint over it."""
    data = downlink.write(RECEIPT, STRANGER)
    ours, theirs = next(iter(TRUST)), next(iter(downlink.by_fingerprint([STRANGER.public_key()])))
    with pytest.raises(BadSignature, match="fit"):
        downlink.read(data.replace(theirs.encode(), ours.encode()), TRUST)


def test_a_signature_of_another_message_is_not_believed() -> None:
    """A node's signature under another node's words: each message names its node, inside what is signed."""
    data = downlink.write(RECEIPT, CLOUD)
    with pytest.raises(BadSignature, match="fit"):
        downlink.read(data.replace(b'"node":"mill-edge"', b'"node":"mill-ed2e"'), TRUST)
    with pytest.raises(BadSignature, match="fit"):
        downlink.read(data.replace(b'"have":5', b'"have":9'), TRUST)
    message = downlink.read(data, TRUST)
    assert isinstance(message, Receipt)
    assert message.node == "mill-edge"


def test_only_the_one_form_of_an_envelope_is_read() -> None:
    data = envelope(HELLO_BODY)
    signature = data[data.index(b'"sig":"') + 7 : -2]
    for changed in (
        data.replace(b'"body":', b'"body": '),
        data.replace(signature, signature.upper()),
        data.replace(signature, signature[:-2]),
        data.replace(signature, signature + b"00"),
        data.replace(signature, signature[:64] + b" " + signature[64:]),
        data.replace(b'"sig"', b'"sig":"' + signature + b'","sig"'),
        data.replace(b'{"body"', b'{"a":1,"body"'),
        data + b"\n",
        b"[" + data + b"]",
        data.decode().encode("utf-16"),
    ):
        assert changed != data
        with pytest.raises(Malformed):
            downlink.read(changed, TRUST)


JUNK: list[Any] = [
    None,
    True,
    -2,
    1.0,
    2**53,
    "",
    "x",
    "\n",
    [],
    [1],
    {},
    {"a": 1},
    [None],
    [[]],
    [{}],
    "AB" * 32,
    "ab" * 31,
]


def holders(body: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside a body."""
    found = []
    items = body.items() if isinstance(body, dict) else enumerate(body)
    for key, value in list(items):
        found.append((body, key))
        if isinstance(value, dict | list):
            found += holders(value)
    return found


@pytest.mark.parametrize("body", [RECEIPT_BODY, HELLO_BODY])
def test_well_signed_nonsense_is_malformed(body: dict[str, Any]) -> None:
    """Each field in turn replaced by junk, left out, or joined by another: Malformed or a message, no other error."""
    refused = 0
    for place in range(len(holders(body))):
        for junk in [*JUNK, "leave out", "add"]:
            copy = _copy(body)
            holder, key = holders(copy)[place]
            if junk == "leave out":
                del holder[key]
            elif junk == "add" and isinstance(holder, dict):
                holder["more"] = 1
            else:
                holder[key] = junk
            try:
                data = envelope(copy)
            except plain_reader.Refused:
                continue  # a fraction can't be signed in canonical form
            try:
                message = downlink.read(data, TRUST)
            except Malformed as error:
                assert "\n" not in str(error)
                refused += 1
                continue
            assert downlink.write(message, CLOUD) == data
    assert refused > 100


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "change",
    [
        {"type": "watch"},
        {"node": "Mill"},
        {"stream": "wave"},
        {"incarnation": "ff"},
        {"incarnation": "00000000000000FF"},
        {"have": 3},  # below safe
        {"safe": -2, "have": -2},
        {"have": True, "safe": True},
        {"runs": [{"first": 5, "last": 4, "hash": H}]},
        {"runs": [{"first": -1, "last": 4, "hash": H}]},
        {"runs": [{"first": 0, "last": 4, "hash": H.upper()}]},
        {"refused": [{"seq": 3, "hash": H, "reason": "x" * 201}]},
        {"nonce": 5},
    ],
)
def test_receipts_that_say_what_cannot_be(change: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        downlink.read(envelope(RECEIPT_BODY | change), TRUST)


@pytest.mark.parametrize("body", [[], "hello", 5, None])
def test_a_body_is_an_object(body: Any) -> None:
    with pytest.raises(Malformed):
        downlink.read(envelope(body), TRUST)


def test_incarnations_are_sixteen_digits() -> None:
    assert downlink.incarnation("00000000000000ff") == 255
    for text in ("ff", "00000000000000FF", "0x000000000000ff", "0" * 17, "", "000000000000000\n", "٠" * 16):
        with pytest.raises(Malformed):
            downlink.incarnation(text)
