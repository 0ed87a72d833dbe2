"""Signed envelopes: the hello of a node, the receipt of a cloud.

An envelope is JSON {"body", "key", "sig"}: key is the fingerprint of the signer, sig is Ed25519 over the canonical JSON
of body, in hex.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contract.errors import BadSignature, Malformed
from contract.seal import fingerprint
from contract.statement import canonical, parse
from contract.statement_messages import (
    NotAnEnvelope,
    NotAnIncarnation,
    NotDownlink,
    SignatureNotHex,
    SignatureOfOther,
    UntrustedKey,
)
from contract.topics import NODE, STREAMS

MAX_RUNS, MAX_REFUSED = 64, 32
"""Most runs and refused blocks that one receipt names."""
_HEX16, _HEX64, _HEX128 = (re.compile(f"[0-9a-f]{{{digits}}}") for digits in (16, 64, 128))


@dataclass(frozen=True)
class Run:
    """Blocks first..last of one incarnation over checked links; hash (hex) of the last commits to all of them."""

    first: int
    last: int
    hash: str


@dataclass(frozen=True)
class RefusedSeq:
    """A block that verifies and that the cloud will not take; it stays on the edge."""

    seq: int
    hash: str
    reason: str


@dataclass(frozen=True)
class Receipt:
    """What the cloud has of one stream and incarnation (16 hex digits).

    have: last seq up to which all is on its disk, safe: the same with a second copy, -1 for none.
    runs, refused: the last ones; in answer to a hello the first ones from the seq on that the hello names.
    nonce: echo of the hello that this answers, else None.
    """

    node: str
    stream: str
    incarnation: str
    runs: tuple[Run, ...]
    have: int
    safe: int
    refused: tuple[RefusedSeq, ...] = ()
    nonce: str | None = None


@dataclass(frozen=True)
class Head:
    """Blocks first..last of one stream and incarnation that a node asks about, and the hash of the last."""

    stream: str
    incarnation: str
    first: int
    last: int
    hash: str


@dataclass(frozen=True)
class Hello:
    """A node's heartbeat: its durable heads and a nonce that the receipts in answer must echo."""

    node: str
    nonce: str
    heads: tuple[Head, ...]


def write(message: Receipt | Hello, key: Ed25519PrivateKey) -> bytes:
    """The signed envelope of a message."""
    body = {"type": type(message).__name__.lower(), **asdict(message)}
    return _envelope({k: list(v) if isinstance(v, tuple) else v for k, v in body.items()}, key)


def read(data: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Receipt | Hello:
    """The message in an envelope signed by one of *keys* (by fingerprint). Raises Malformed or BadSignature."""
    body = _open(data, keys)
    try:
        return _message(body)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(NotDownlink(str(error)[:200])) from error


def incarnation(text: str) -> int:
    """The number that 16 hex digits name; raises Malformed."""
    if not _HEX16.fullmatch(text):
        raise Malformed(NotAnIncarnation(text[:40]))
    return int(text, 16)


def by_fingerprint(keys: list[Ed25519PublicKey]) -> dict[str, Ed25519PublicKey]:
    """Keys by their fingerprint, as `read` wants them."""
    return {fingerprint(key): key for key in keys}


def _envelope(body: dict[str, Any], key: Ed25519PrivateKey) -> bytes:
    signature = key.sign(canonical(body)).hex()
    return canonical({"body": body, "key": fingerprint(key.public_key()), "sig": signature})


def _open(data: bytes, keys: Mapping[str, Ed25519PublicKey]) -> dict[str, Any]:
    envelope = parse(data)
    if not isinstance(envelope, dict) or set(envelope) != {"body", "key", "sig"}:
        raise Malformed(NotAnEnvelope())
    body, name, signature = envelope["body"], envelope["key"], envelope["sig"]
    if not (isinstance(body, dict) and isinstance(name, str) and isinstance(signature, str)):
        raise Malformed(NotAnEnvelope())
    if name not in keys:
        raise BadSignature(UntrustedKey())
    if not _HEX128.fullmatch(signature):
        raise BadSignature(SignatureNotHex())
    try:
        keys[name].verify(bytes.fromhex(signature), canonical(body))
    except InvalidSignature:
        raise BadSignature(SignatureOfOther()) from None
    return body


def _message(body: dict[str, Any]) -> Receipt | Hello:
    kind = body.pop("type")
    if not NODE.fullmatch(body["node"]):
        raise ValueError("node name")
    if kind == "hello":
        heads = tuple(_head(**item) for item in _list(body.pop("heads")))
        return Hello(heads=heads, **_typed(body, {"node": str, "nonce": str}))
    if kind == "receipt":
        runs = tuple(_run(**item) for item in _list(body.pop("runs")))
        refused = tuple(_refused(**item) for item in _list(body.pop("refused")))
        nonce = body.pop("nonce")
        if nonce is not None and not isinstance(nonce, str):
            raise ValueError("nonce")
        shape = {"node": str, "stream": str, "incarnation": str, "have": int, "safe": int}
        receipt = Receipt(runs=runs, refused=refused, nonce=nonce, **_typed(body, shape))
        _check_place(receipt.stream, receipt.incarnation)
        if not -1 <= receipt.safe <= receipt.have:
            raise ValueError("have or safe")
        return receipt
    raise ValueError(f"type {kind!r}")


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("a list is expected")
    return value


def _typed(body: dict[str, Any], shape: dict[str, type]) -> dict[str, Any]:
    if set(body) != set(shape) or any(type(body[name]) is not kind for name, kind in shape.items()):
        raise ValueError(f"fields {sorted(body)}")
    return body


def _head(stream: str, incarnation: str, first: int, last: int, hash: str) -> Head:
    _check_place(stream, incarnation)
    _check_range(first, last, hash)
    return Head(stream, incarnation, first, last, hash)


def _run(first: int, last: int, hash: str) -> Run:
    _check_range(first, last, hash)
    return Run(first, last, hash)


def _refused(seq: int, hash: str, reason: str) -> RefusedSeq:
    _check_range(seq, seq, hash)
    if type(reason) is not str or len(reason) > 200:
        raise ValueError("reason")
    return RefusedSeq(seq, hash, reason)


def _check_place(stream: str, incarnation: str) -> None:
    if stream not in STREAMS or not _HEX16.fullmatch(incarnation):
        raise ValueError("stream or incarnation")


def _check_range(first: int, last: int, hash: str) -> None:
    if (
        type(first) is not int
        or type(last) is not int
        or not 0 <= first <= last
        or not _HEX64.fullmatch(hash)
    ):
        raise ValueError("range or hash")
