"""The body of a summary, checked for its shape (docs/pack-format.md, summary.json)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from verify.evidence.messages import ChainTwice, NoSummary, NotASignature
from verify.formats import canonical_json
from verify.formats.findings import Bad
from verify.formats.messages import NotAnObject
from verify.formats.shape import digest, listed, members, nanoseconds, number16, text, whole

FIELDS = (
    "type format site names tz day_start from to as_of tree signer keys heads not_taken points figures refused factors"
    " not_proven"
)
MOST_DEPTH = 64
Chain = tuple[str, str, int]


@dataclass(frozen=True)
class Head:
    """Where a chain ends in the tree: blocks counts those that the tree has."""

    chain: Chain
    blocks: int
    last: int
    hash: bytes

    @property
    def name(self) -> str:
        return f"{self.chain[0]}/{self.chain[1]}/{self.chain[2]:016x}"


@dataclass(frozen=True)
class NotTaken:
    """A signed block that the ledger refused."""

    chain: Chain
    seq: int
    hash: bytes


@dataclass(frozen=True)
class Summary:
    """body: the JSON as it was signed; the rest is taken from it."""

    body: dict[str, Any]
    key: bytes
    signature: bytes
    site: str
    as_of: int
    size: int
    root: bytes
    signer: bytes
    keys: dict[str, bytes]
    heads: dict[Chain, Head]
    not_taken: dict[Chain, dict[int, bytes]]


def _chain(item: dict[str, Any], where: str) -> Chain:
    return text(item["node"], where), text(item["stream"], where), number16(item["incarnation"], where)


def _heads(value: Any) -> dict[Chain, Head]:
    made: dict[Chain, Head] = {}
    for index, item in enumerate(listed(value, "summary.json: heads")):
        where = f"summary.json: heads[{index}]"
        members(item, where, "node stream incarnation blocks last hash")
        chain = _chain(item, where)
        if chain in made:
            raise Bad(ChainTwice(), where)
        made[chain] = Head(
            chain, whole(item["blocks"], where, 1), whole(item["last"], where), digest(item["hash"], where)
        )
    return made


def _not_taken(value: Any) -> dict[Chain, dict[int, bytes]]:
    made: dict[Chain, dict[int, bytes]] = {}
    for index, item in enumerate(listed(value, "summary.json: not_taken")):
        where = f"summary.json: not_taken[{index}]"
        members(item, where, "node stream incarnation seq hash reason")
        made.setdefault(_chain(item, where), {})[whole(item["seq"], where)] = digest(item["hash"], where)
    return made


def read(envelope: Any) -> Summary:
    """A summary from its parsed file; raises Bad at what is not as the page says."""
    members(envelope, "summary.json", "body key sig")
    where = "summary.json: body"
    body = members(envelope["body"], where, FIELDS)
    if (body["type"], body["format"]) != ("summary", "steelyard-summary/1"):
        raise Bad(NoSummary(), where)
    tree = members(body["tree"], f"{where}.tree", "size root")
    keys = body["keys"]
    if not isinstance(keys, dict):
        raise Bad(NotAnObject(), f"{where}.keys")
    signature = text(envelope["sig"], "summary.json: sig")
    if len(signature) != 128 or not all(letter in "0123456789abcdef" for letter in signature):
        raise Bad(NotASignature(), "summary.json: sig")
    return Summary(
        body,
        digest(envelope["key"], "summary.json: key"),
        bytes.fromhex(signature),
        text(body["site"], f"{where}.site"),
        nanoseconds(body["as_of"], f"{where}.as_of"),
        whole(tree["size"], f"{where}.tree.size"),
        digest(tree["root"], f"{where}.tree.root"),
        digest(body["signer"], f"{where}.signer"),
        {node: digest(key, f"{where}.keys.{node}") for node, key in keys.items()},
        _heads(body["heads"]),
        _not_taken(body["not_taken"]),
    )


def signed(summary: Summary) -> bool:
    """Whether the signature over the canonical body is the signer's."""
    try:
        Ed25519PublicKey.from_public_bytes(summary.signer).verify(
            summary.signature, canonical_json.dump(summary.body)
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(key: bytes) -> str:
    """SHA-256 of a raw public key, in hex."""
    return hashlib.sha256(key).hexdigest()
