"""Sends blocks, asks the cloud which it has, and frees them by receipts. Runs in the thread of the edge store.

A hello asks with a nonce about chains; the receipts that echo it name the blocks that the cloud has of each. Blocks
that it had and lost are offered again; those that neither side has are sequence gaps to declare.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable

import structlog

from contract import backoff, downlink, topics
from contract.downlink import Head, Hello, Receipt
from contract.sequence_gaps import SequenceGap
from edge import clock, missing, uplink
from edge.book import Book
from edge.counts import Counts
from edge.index import Index
from edge.missing import Answer
from edge.node import Node
from edge.stored_block import StoredBlock
from edge.uplink import Lane

log = structlog.get_logger()
HEARTBEAT = 60 * 10**9
MOST_HEADS = 128
"""Incarnations that one hello names, at most a few more, so that it stays below the limit of an envelope."""
MOST_ENDS = 8
"""Ends of runs of one chain that one hello names; the cloud answers for each whether it has the blocks up to it."""

Publish = Callable[[str, bytes], bool]


class Sender:
    """The lanes of a node. Raises OSError when the disk does."""

    def __init__(self, node: Node, book: Book, streams: list[str], window: int, counts: Counts) -> None:
        """window: most bytes of all streams together that are sent and not yet receipted."""
        self._node, self._book, self.counts = node, book, counts
        self.lanes = {name: Lane() for name in streams}
        self._most = window // len(streams)
        self._window = dict.fromkeys(streams, self._most)
        self._publish: Publish | None = None
        self._asked: dict[tuple[str, int], int] = {}
        self._gaps: dict[tuple[str, int], list[SequenceGap]] = {}
        self._tries = 0
        self._patience = self._draw()
        self._next_hello = 0

    @property
    def connected(self) -> bool:
        """Whether there is a connection."""
        return self._publish is not None

    @property
    def _index(self) -> Index:
        return self._book.index

    def load(self) -> None:
        """Queue every block that waits."""
        for name in self.lanes:
            self._refill(name)

    def connect(self, publish: Publish | None) -> None:
        """The connection is up (its publish function) or down (None). It begins with a hello about every chain."""
        self._publish = publish
        if publish is not None:
            self._tries = 0
            self._ask(everything=True)

    def pump(self) -> None:
        """Queue new blocks, send within the window, ask after silence."""
        self._absorb()
        if self._publish is None:
            return
        now = clock.boottime()
        for name in self.lanes:
            self.lanes[name], blocks = uplink.to_send(self.lanes[name], now, self._window[name])
            for stored in blocks:
                self._send(stored)
        self._ask_if_silent(now)

    def take(self, receipt: Receipt) -> dict[str, list[SequenceGap]]:
        """Free the blocks that a receipt names by hash.

        The sequence gaps to declare, by stream, once every chain of the stream that a hello asked about is answered.
        """
        lane = self.lanes.get(receipt.stream)
        if lane is None:
            return {}
        answer = uplink.received(lane, receipt, clock.boottime())
        self.lanes[receipt.stream] = answer.lane
        self._count(receipt.stream, answer)
        self._index.refuse((receipt.stream, downlink.incarnation(receipt.incarnation)), answer.refused)
        if answer.free:
            self._tries, self._patience = 0, self._draw()
            freed = sum(stored.size for stored in answer.free)
            self._window[receipt.stream] = min(self._most, self._window[receipt.stream] + freed)
            self._book.free(answer.free)
        if receipt.nonce is None or receipt.nonce != lane.nonce:
            return {}
        return self._answered(receipt)

    def _answered(self, receipt: Receipt) -> dict[str, list[SequenceGap]]:
        """Compare the blocks of a chain in the cloud with those here, when the last hello asked about the chain."""
        chain = (receipt.stream, downlink.incarnation(receipt.incarnation))
        first = self._asked.pop(chain, None)
        if first is None:
            return {}
        if not self._asked:
            self._next_hello = (
                clock.boottime() + _heartbeat()
            )  # all is answered: the next one is the heartbeat
        side, answer = self._index.side(chain), Answer(receipt, first)
        if missing.lost(side, answer):
            log.warning("the cloud lost blocks; what is here is offered again", stream=chain[0])
            self.counts.relapses += 1
            self._index.offer_again(chain[0])
            self._book.save_cursor()
            self._refill(chain[0])
            self._ask(everything=True)
            return {}
        known = self._index.declared(chain)
        gaps = missing.gaps(chain[1], side, answer)
        self._gaps[chain] = [gap for gap in gaps if not missing.declared(gap, known)]
        self._strand(chain, side.held, answer)
        if any(stream == chain[0] for stream, _ in self._asked):
            return {}
        answered = [key for key in self._gaps if key[0] == chain[0]]
        undeclared = [gap for key in answered for gap in self._gaps.pop(key)]
        return {chain[0]: undeclared} if undeclared else {}

    def _strand(self, chain: tuple[str, int], held: frozenset[int], answer: Answer) -> None:
        """Stop offering blocks of a chain whose opening block is lost on both sides: the cloud can't take them."""
        if answer.first > 0 or 0 in held or answer.has(0):
            return
        gone = [stored for stored in self.lanes[chain[0]].queue if stored.incarnation == chain[1]]
        if gone:
            log.error(
                "the opening block of a chain is gone; its other blocks can't be sent",
                stream=chain[0],
                blocks=len(gone),
            )
            self.lanes[chain[0]] = uplink.without(self.lanes[chain[0]], gone)

    def declared(self, stream: str) -> None:
        """Send the blocks that declare sequence gaps first, the others behind them once more."""
        self._refill(stream)

    def _refill(self, stream: str) -> None:
        self._absorb()
        lane = Lane(tuple(self._index.waiting(stream)), nonce=self.lanes[stream].nonce)
        self.lanes[stream] = lane

    def _absorb(self) -> None:
        """Queue blocks that have become durable."""
        for stored in self._book.take_fresh():
            self.counts.sealed_bytes += stored.size
            self.lanes[stored.stream] = uplink.added(self.lanes[stored.stream], [stored])

    def _send(self, stored: StoredBlock) -> None:
        data = self._book.read(stored)
        if data is None:
            log.error(
                "a block can't be read back", stream=stored.stream, seq=stored.seq, position=stored.position
            )
            self._index.lose(stored)
            self.lanes[stored.stream] = uplink.without(self.lanes[stored.stream], [stored])
        elif self._publish is not None:
            self._publish(topics.block(self._node.id), data)
            self.counts.sent += 1

    def _ask_if_silent(self, now: int) -> None:
        waiting = [uplink.silent_since(lane) for lane in self.lanes.values()]
        silent = any(since is not None and now - since > self._patience for since in waiting)
        asked = any(lane.asked for lane in self.lanes.values())
        if now > self._next_hello or (silent and not asked):
            if silent or asked:
                self._tries += 1
                self._window = {
                    name: max(uplink.LEAST_WINDOW, size // 2) for name, size in self._window.items()
                }
            self._ask()

    def _ask(self, everything: bool = False) -> None:
        """Send a hello; lanes with unreceipted blocks wait for the answer.

        It names the chains with blocks that wait, and the newest; *everything*: all known chains.
        """
        if self._publish is None:
            return
        nonce, most = secrets.token_hex(8), MOST_HEADS // len(self.lanes) // 2
        self.lanes = {name: uplink.asking(lane, nonce, most) for name, lane in self.lanes.items()}
        unanswered, self._asked = self._asked, {}
        heads: list[Head] = []
        for name, lane in self.lanes.items():
            known = self._index.incarnations(name)
            still = known if everything else [number for number in known if (name, number) in unanswered]
            for number in dict.fromkeys([*sorted(lane.asked), *still[-most:], *known[-1:]]):
                least = 0 if everything else unanswered.get((name, number))
                heads += self._head(name, number, least, 0 if len(heads) > MOST_HEADS else MOST_ENDS)
        self._publish(
            topics.hello(self._node.id),
            downlink.write(Hello(self._node.id, nonce, tuple(heads)), self._node.key),
        )
        waiting = any(lane.asked for lane in self.lanes.values()) or everything
        self._patience = self._draw()
        pause = self._patience if waiting else _heartbeat()
        self._next_hello = clock.boottime() + pause

    def _head(self, stream: str, number: int, least: int | None, most_ends: int) -> list[Head]:
        """The heads of a chain for a hello, from block *least* on, or from the last one before a block that waits."""
        side = self._index.side((stream, number))
        if side.end is None:
            return []
        first = missing.from_(side) if least is None else least
        self._asked[stream, number] = first
        blocks = self._index.chains.get((stream, number), {})
        ends = {seq: blocks[seq].hash for seq in missing.ends(side)[:most_ends]} | dict([side.end])
        return [
            Head(stream, f"{number:016x}", first, seq, digest.hex())
            for seq, digest in ends.items()
            if seq >= first
        ]

    def _draw(self) -> int:
        """Ns without progress until the next hello: SILENCE and a random part with an exponential cap."""
        return uplink.SILENCE + int(
            backoff.wait(self._tries, uplink.SILENCE, uplink.SILENCE_MOST, random.random())
        )

    def _count(self, stream: str, answer: uplink.Answer) -> None:
        self.counts.receipts += 1
        self.counts.last_receipt = clock.utc()
        for seq, reason in answer.refused.items():
            self.counts.refused[reason] += 1
            log.error("the cloud refuses a block; it stays here", stream=stream, seq=seq, reason=reason)
        for seq in answer.forked:
            self.counts.forks += 1
            log.error("fork: the cloud has another block of this number", stream=stream, seq=seq)


def _heartbeat() -> int:
    return int(HEARTBEAT * random.uniform(0.8, 1.2))
