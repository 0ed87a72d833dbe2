"""What becomes of a block that arrives: one pure decision; what costs least is looked at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cloud.ingest.messages import BlockTooLarge, GapOverBlock
from cloud.ledger.decode import Decoded, Decoder
from cloud.ledger.heads import Heads, LinkStatus, key_of
from contract import block, downlink
from contract.block import MAX_BLOCK, Header
from contract.errors import BadSignature, Malformed
from contract.message import Message
from contract.schema_pages import PagesAbsent

MAX_MESSAGE = 1 << 20
"""Largest message in bytes that is looked at: one that is too large to take is refused by name up to here."""


@dataclass(frozen=True)
class Accepted:
    """The block links and decodes: append it."""

    decoded: Decoded


@dataclass(frozen=True)
class Duplicate:
    """The block is in the ledger: receipt it again."""

    header: Header


@dataclass(frozen=True)
class Unlinked:
    """A block that it needs is not in the ledger, the one before it or a page: wait until the edge sends it."""

    header: Header


@dataclass(frozen=True)
class Fork:
    """Another block of the same seq is in the ledger; both are signed by the node."""

    header: Header
    hash: bytes


@dataclass(frozen=True)
class RefusedBlock:
    """The block verifies and links, but can't be taken; it stays on the edge and the next one links to it."""

    header: Header
    hash: bytes
    why: Message


@dataclass(frozen=True)
class Dropped:
    """A message that no trusted key signed, or that is no block at all: it is counted and forgotten.

    unknown_key: no key that the trust folder has for the node verifies it.
    """

    reason: str
    unknown_key: bool = False


Verdict = Accepted | Duplicate | Unlinked | Fork | RefusedBlock | Dropped
Keys = Mapping[str, Ed25519PublicKey]


def check(
    data: bytes, topic_node: str, keys: Keys, heads: Heads, decoder: Decoder, cap: int = MAX_BLOCK
) -> Verdict:
    """Decide on the bytes of one message under the topic of *topic_node*. Changes nothing, raises nothing.

    keys: public key of each node. cap: largest block in bytes that is taken.
    """
    if len(data) > MAX_MESSAGE:
        return Dropped(f"{len(data)} bytes are no block")
    try:
        header, signature, body = block.parse(data)
    except Malformed as error:
        return Dropped(str(error))
    digest = header.hash
    stranger = _stranger(header, digest, signature, topic_node, keys)
    if stranger is not None:
        return stranger
    place = heads.of(key_of(header)).place(header, digest)
    if place is LinkStatus.SAME:
        return Duplicate(header)
    if place is LinkStatus.OTHER:
        return Fork(header, digest)
    if place is LinkStatus.LOOSE:
        return Unlinked(header)
    if len(data) > cap:
        return RefusedBlock(header, digest, BlockTooLarge(len(data), cap))
    try:
        decoded = decoder.decode(header, digest, body)
    except PagesAbsent as error:
        return _without_pages(header, digest, error, heads)
    except Malformed as error:
        return RefusedBlock(header, digest, error.message)
    gap = decoded.gap
    if gap is not None and heads.of((header.node, header.stream, gap.incarnation)).contradicts(gap):
        return RefusedBlock(header, digest, GapOverBlock(gap.last))
    return Accepted(decoded)


def _without_pages(
    header: Header, digest: bytes, error: PagesAbsent, heads: Heads
) -> Unlinked | RefusedBlock:
    """A schema whose pages are not there: in another incarnation they may be on their way."""
    for place in error.places:
        other = heads.of((header.node, header.stream, place.incarnation))
        if place.incarnation == header.incarnation or not other.awaits(place.seq):
            return RefusedBlock(header, digest, error.message)
    return Unlinked(header)


def _stranger(header: Header, digest: bytes, signature: bytes, topic_node: str, keys: Keys) -> Dropped | None:
    if header.node != topic_node:
        return Dropped(f"a block of node {header.node} under the topic of {topic_node}")
    key = keys.get(header.node)
    if key is None:
        return Dropped(f"no key of node {header.node} in the trust folder", unknown_key=True)
    try:
        key.verify(signature, digest)
    except InvalidSignature:
        return Dropped(f"the key of node {header.node} does not verify the block", unknown_key=True)
    return None


def hello(data: bytes, topic_node: str, keys: Keys) -> downlink.Hello | Dropped:
    """The hello in a message that came under the topic of *topic_node*; raises nothing."""
    key = keys.get(topic_node)
    if key is None:
        return Dropped(f"no key of node {topic_node} in the trust folder", unknown_key=True)
    try:
        message = downlink.read(data, downlink.by_fingerprint([key]))
    except BadSignature as error:
        return Dropped(str(error), unknown_key=True)
    except Malformed as error:
        return Dropped(str(error))
    if not isinstance(message, downlink.Hello) or message.node != topic_node:
        return Dropped(f"not a hello of node {topic_node}")
    return message
