"""One group commit: check each message, append what is accepted, one fdatasync, and only then the receipts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from cloud.ingest import validation
from cloud.ingest.health import IngestCounters
from cloud.ingest.inbox import Message
from cloud.ingest.messages import SeqTaken
from cloud.ingest.validation import Accepted, Dropped, Duplicate, Fork, RefusedBlock
from cloud.ledger import Decoded, Decoder, Ledger
from cloud.ledger.heads import ChainKey, Heads, key_of
from contract import downlink, topics
from contract.downlink import Hello
from contract.errors import BadInput, Malformed
from contract.opening import Head
from contract.statement import DESK_KINDS
from journal.keyfiles import load_trust

log = structlog.get_logger()
MAX_REASON = 200
"""Longest reason in a receipt, characters."""


@dataclass(frozen=True)
class Outgoing:
    """A receipt to publish."""

    topic: str
    data: bytes
    retain: bool


class Trust:
    """The keys of a trust folder, read anew when a file in it changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._look()
        self._keys = load_trust(folder)

    def keys(self) -> dict[str, Ed25519PublicKey]:
        """Public key of each node. A file that can't be read changes nothing; it is logged."""
        seen = self._look()
        if seen != self._seen:
            self._seen = seen
            try:
                self._keys = load_trust(self._folder)
            except (BadInput, OSError) as error:
                log.error("the trust folder can't be read; the keys of before are kept", why=str(error))
        return self._keys

    def _look(self) -> list[tuple[str, int, int]]:
        found = []
        for path in sorted(self._folder.glob("*.pub")):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            found.append((path.name, status.st_mtime_ns, status.st_size))
        return found


class Commit:
    """The writer of the ledger: what it has, and what it makes of a group of messages."""

    def __init__(
        self, ledger: Ledger, trust: Trust, key: Ed25519PrivateKey, counters: IngestCounters
    ) -> None:
        self._ledger, self._trust, self._key, self._counters = ledger, trust, key, counters
        self._heads, self._decoder = Heads(), Decoder()
        self._warned: set[tuple[str, str]] = set()
        self._touched: dict[ChainKey, None] = {}
        self._declared = 0
        for record in ledger.scan():
            try:
                decoded = self._decoder.skim(record.data)
            except Malformed as error:
                log.error("a record of the ledger is no block", position=record.position, why=str(error))
                continue
            self._note(decoded)
            counters.block(record.stamp, record.data, decoded)
            counters.declared += _by_desk(decoded)
        for key_, item in ledger.refused():
            self._heads.note(key_).refuse(item)
        counters.heads, counters.keys, counters.damage = self._heads, trust.keys(), len(ledger.damage)

    def group(self, messages: Iterable[Message]) -> list[Outgoing]:
        """Take a group of messages in; when this returns, all that is receipted is on the disk. Raises OSError."""
        keys = self._trust.keys()
        self._touched = {}
        asked: dict[ChainKey, tuple[str, list[downlink.Head]]] = {}
        for message in messages:
            place = topics.parse_up(message.topic)
            if place is None:
                self._drop("", Dropped("not a topic of ours"))
            elif place[1] == "block":
                self._block(message, place[0], keys)
            else:
                hello = validation.hello(message.data, place[0], keys)
                if isinstance(hello, Dropped):
                    self._drop(place[0], hello)
                else:
                    self._hello(message, hello, asked)
        if self._touched:
            self._ledger.sync()
        self._counters.declared += self._declared
        self._declared = 0
        receipts = [
            self._receipt(key, *asked.get(key, (None, ())))
            for key in {**self._touched, **dict.fromkeys(asked)}
        ]
        self._counters.keys = keys
        return receipts

    def head(self, node: str, stream: str) -> Head | None:
        """The last block of a node's stream that is in the ledger."""
        key = self._heads.latest_of(node, stream)
        known = None if key is None else self._heads.of(key)
        if key is None or known is None or known.last < 0:
            return None
        return Head(key[2], known.last, known.last_hash)

    def have(self, node: str, stream: str, incarnation: int) -> int:
        """The last seq up to which every block of an incarnation is in the ledger; -1 for none."""
        return self._heads.of((node, stream, incarnation)).have

    def _block(self, message: Message, node: str, keys: dict[str, Ed25519PublicKey]) -> None:
        verdict = validation.check(message.data, node, keys, self._heads, self._decoder)
        if isinstance(verdict, Dropped):
            self._drop(node, verdict)
            return
        if isinstance(verdict, Accepted):
            self._accept(message, verdict)
        elif isinstance(verdict, Duplicate):
            self._counters.duplicates += 1
            self._touched[key_of(verdict.header)] = None
        elif isinstance(verdict, Fork | RefusedBlock):
            self._turn_away(message, verdict)
        else:
            self._counters.unlinked += 1

    def _accept(self, message: Message, verdict: Accepted) -> None:
        decoded = verdict.decoded
        key = key_of(decoded.header)
        self._ledger.append(message.received_at, message.data)
        self._note(decoded)
        self._decoder.learn(decoded)
        self._counters.block(message.received_at, message.data, decoded)
        self._touched[key] = None
        self._declared += _by_desk(decoded)

    def _note(self, decoded: Decoded) -> None:
        """Note a block that the ledger has, and the sequence gap that it may declare."""
        key = key_of(decoded.header)
        self._heads.note(key).add(decoded.header, decoded.hash)
        if decoded.gap is not None:
            self._heads.declare((*key[:2], decoded.gap.incarnation), decoded.gap)

    def _turn_away(self, message: Message, verdict: Fork | RefusedBlock) -> None:
        header, key = verdict.header, key_of(verdict.header)
        known = self._heads.note(key)
        self._touched[key] = None
        if isinstance(verdict, Fork):
            self._counters.forks += 1
            self._say(header.node, "a fork", f"{header.stream} {header.incarnation:016x} {header.seq}")
            known.fork(downlink.RefusedSeq(header.seq, verdict.hash.hex(), str(SeqTaken())))
            return
        self._counters.refused += 1
        reason = str(verdict.why)[:MAX_REASON]
        self._say(header.node, "a block is refused", f"{header.stream} {header.seq}: {reason}")
        item = downlink.RefusedSeq(header.seq, verdict.hash.hex(), reason)
        if known.refuse(item):
            self._ledger.refuse(message.received_at, key, item)

    def _hello(
        self, message: Message, hello: Hello, asked: dict[ChainKey, tuple[str, list[downlink.Head]]]
    ) -> None:
        self._counters.note_contact(hello.node, message.received_at)
        for head in hello.heads:
            key = (hello.node, head.stream, downlink.incarnation(head.incarnation))
            known = asked.get(key)
            if known is None or known[0] != hello.nonce:
                known = asked[key] = hello.nonce, []
            known[1].append(head)

    def _receipt(self, key: ChainKey, nonce: str | None, heads: Sequence[downlink.Head]) -> Outgoing:
        receipt = self._heads.of(key).receipt(key, nonce, heads)
        data = downlink.write(receipt, self._key)
        return Outgoing(topics.receipt(key[0], key[1]), data, self._heads.is_latest(key))

    def _drop(self, node: str, verdict: Dropped) -> None:
        if verdict.unknown_key:
            self._counters.unknown_keys += 1
        else:
            self._counters.dropped += 1
        self._say(node, "a message is dropped", verdict.reason)

    def _say(self, node: str, event: str, why: str) -> None:
        """Warn once of each kind and node, so that a flood fills no disk."""
        say = log.debug if (node, event) in self._warned else log.warning
        if len(self._warned) < 1000:
            self._warned.add((node, event))
        say(event, node=node, why=why)


def _by_desk(decoded: Decoded) -> bool:
    """Whether a block holds a statement of a kind that the registry takes."""
    return decoded.statement is not None and decoded.statement.kind in DESK_KINDS
