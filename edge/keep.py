"""The keeper: everything that touches the edge's disk and decides what is sent. One thread owns it.

Order, each step durable before the next: gap statement, rows into the tail (accepted), block into the journal, publish.
"""

from __future__ import annotations

import json
import random
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import downlink, topics
from contract.downlink import Head, Hello, Receipt
from contract.errors import BadSignature, Malformed
from contract.quality import Origin
from contract.tags import Rows, Schema
from edge import clock, uplink
from edge.book import Book, Kept
from edge.counts import Counts
from edge.history import History
from edge.pieces import raw_size
from edge.scan import Fresh
from edge.stream import Node, Stream
from edge.trace import Trace
from edge.uplink import Lane
from journal.files import Files

log = structlog.get_logger()
HEARTBEAT = 60 * 10**9
CURSOR_EVERY = 2 * 10**9
AHEAD = 512 * 1024
"""Bytes of a stream that may be unreceipted while recorded rows are handed over: what is live waits for no more."""
MOST_HEADS = 256
"""Incarnations that one hello names, so that it stays below the limit of an envelope."""

Publish = Callable[[str, bytes], bool]


class Keeper:
    """Keeps rows and blocks, sends blocks, frees them by receipts. Raises OSError when the disk does."""

    def __init__(
        self,
        folder: Path,
        node: Node,
        schema: Schema,
        trust: dict[str, Ed25519PublicKey],
        window: int,
        files: Files,
        trace: Trace | None = None,
        history: History | None = None,
    ) -> None:
        self._node, self._schema, self._folder, self._files = node, schema, folder, files
        self._trust = downlink.by_fingerprint(list(trust.values()))
        self._trace, self._history = trace, history if history is not None else History(())
        self.counts = Counts()
        self.book = Book(folder, files)
        self.streams = {
            name: Stream(name, node, schema, self.book, folder, files, self._accepted)
            for name in sorted({group.stream for group in schema.groups})
        }
        names = sorted({kept.stream for kept in self.book.unreceipted.values()} | set(self.streams))
        self._lanes = {name: Lane() for name in names}
        self._window = window // len(names)
        self._publish: Publish | None = None
        self._patience = uplink.SILENCE
        self._next_hello = self._next_cursor = 0

    def begin(self) -> None:
        """Open the new incarnations; what an earlier run left in the tails is sealed first."""
        for stream in self.streams.values():
            stream.begin()
        self._flush_trace()
        self._history.resume(self.book.last.recorded)
        self.book.take_fresh()
        for kept in sorted(self.book.unreceipted.values(), key=lambda k: k.position):
            self._lanes[kept.stream] = uplink.added(self._lanes[kept.stream], [kept])

    def connected(self, publish: Publish | None) -> None:
        """There is a connection now (its publish), or none. A new one begins with a hello."""
        self._publish = publish
        if publish is not None:
            self._patience = uplink.SILENCE
            self._ask()

    def step(self, fresh: list[Fresh]) -> None:
        """Take in what the scan brought, make it accepted, seal what is due, send what may go."""
        for item in fresh:
            stream = self.streams[item.stream]
            if item.gap is not None:
                stream.say_gap(item.gap)
            if item.rows is not None:
                stream.add(item.rows)
        for name in self.streams:
            self._hand_over(name)
        for stream in self.streams.values():
            stream.sync()
        self._flush_trace()
        for name, stream in self.streams.items():
            waiting = bool(self._lanes[name].queue)
            if stream.due(self._schema.seal_after, waiting):
                stream.seal()
        self._pump()

    def seal_all(self) -> None:
        """Seal every accepted row, however young."""
        for stream in self.streams.values():
            stream.seal()
        self._pump()

    def receive(self, payload: bytes) -> None:
        """A message from the cloud: free what its receipt names by hash."""
        try:
            message = downlink.read(payload, self._trust)
        except BadSignature as error:
            self.counts.unknown_keys += 1
            log.warning("a receipt was not believed", why=str(error))
            return
        except Malformed as error:
            self.counts.malformed += 1
            log.warning("a receipt was not understood", why=str(error))
            return
        if isinstance(message, Receipt) and message.node == self._node.id:
            self._receipt(message)
            self._pump()

    def unreceipted(self) -> int:
        """Number of blocks that wait for a receipt."""
        return sum(len(lane.queue) for lane in self._lanes.values())

    def close(self) -> None:
        """Close tails and journal."""
        for stream in self.streams.values():
            stream.close()
        self.book.close()

    def status(self) -> dict[str, Any]:
        """What `steelyard-edge status` shows."""
        counts = self.counts
        return {
            "node": self._node.id,
            "written": str(clock.utc()),
            "started": str(counts.started),
            "sealed_bytes": counts.sealed_bytes,
            "connected": self._publish is not None,
            "accepted_rows": counts.accepted,
            "last_receipt": None if counts.last_receipt is None else str(counts.last_receipt),
            "unreceipted": self.unreceipted(),
            "unreceipted_bytes": self.book.size,
            "unknown_keys": counts.unknown_keys,
            "malformed": counts.malformed,
            "forks": counts.forks,
            "refused": dict(counts.refused),
            "recorded_left": self._history.left,
            "seal_errors": sum(stream.seal_errors for stream in self.streams.values()),
        }

    def write_status(self, extra: dict[str, Any]) -> None:
        """Put the status in a file beside the journal, for readers; it need not survive a power cut."""
        path = self._folder / "status.json"
        partial = path.with_suffix(".tmp")
        partial.write_text(json.dumps(self.status() | extra))
        partial.replace(path)

    def _hand_over(self, name: str) -> None:
        """Add recorded rows behind what is live, as many as leave the way to the cloud short."""
        room = AHEAD - self.streams[name].size - sum(kept.size for kept in self._lanes[name].queue)
        while room > 0 and (found := self._history.next(name)):
            for rows in found:
                self.streams[name].add(rows)
                room -= raw_size(rows)

    def _accepted(self, stream: str, first: int, rows: Rows) -> None:
        self.counts.accepted += len(rows)
        if self._trace is not None and rows.origin is not Origin.BACKFILL:
            self._trace.accepted(stream, first, rows)

    def _flush_trace(self) -> None:
        if self._trace is not None:
            self._trace.flush()

    def _pump(self) -> None:
        """Queue new blocks, send within the window, ask after silence."""
        for kept in self.book.take_fresh():
            self.counts.sealed_bytes += kept.size
            self._lanes[kept.stream] = uplink.added(self._lanes[kept.stream], [kept])
        if self._publish is None:
            return
        now = clock.boottime()
        for name in self._lanes:
            self._lanes[name], blocks = uplink.to_send(self._lanes[name], now, self._window)
            for kept in blocks:
                self._publish(topics.block(self._node.id), self.book.read(kept))
                self.counts.sent += 1
        self._ask_if_silent(now)

    def _ask_if_silent(self, now: int) -> None:
        waiting = [uplink.silent_since(lane) for lane in self._lanes.values()]
        silent = any(since is not None and now - since > self._patience for since in waiting)
        asked = any(lane.asked for lane in self._lanes.values())
        if now > self._next_hello or (silent and not asked):
            if silent or asked:
                self._patience = min(2 * self._patience, uplink.SILENCE_MOST)
            self._ask()

    def _ask(self) -> None:
        """Say hello; the lanes that have something unreceipted wait for the answer."""
        if self._publish is None:
            return
        nonce = secrets.token_hex(8)
        most = MOST_HEADS // len(self._lanes)
        self._lanes = {name: uplink.asking(lane, nonce, most) for name, lane in self._lanes.items()}
        hello = Hello(self._node.id, nonce, tuple(self._heads()))
        self._publish(topics.hello(self._node.id), downlink.write(hello, self._node.key))
        waiting = any(lane.asked for lane in self._lanes.values())
        pause = self._patience if waiting else HEARTBEAT
        self._next_hello = clock.boottime() + int(pause * random.uniform(0.8, 1.2))

    def _heads(self) -> list[Head]:
        found: dict[tuple[str, int], list[Kept]] = {}
        for lane in self._lanes.values():
            for kept in lane.queue:
                if kept.incarnation in lane.asked:
                    found.setdefault((kept.stream, kept.incarnation), []).append(kept)
        return [
            Head(stream, f"{incarnation:016x}", items[0].seq, items[-1].seq, items[-1].hash.hex())
            for (stream, incarnation), items in found.items()
        ]

    def _receipt(self, receipt: Receipt) -> None:
        lane = self._lanes.get(receipt.stream)
        if lane is None:
            return
        now = clock.boottime()
        answer = uplink.received(lane, receipt, now)
        self._lanes[receipt.stream] = answer.lane
        self.counts.receipts += 1
        self.counts.last_receipt = clock.utc()
        for seq, reason in answer.refused.items():
            self.counts.refused[reason] += 1
            log.error(
                "the cloud refuses a block; it stays here", stream=receipt.stream, seq=seq, reason=reason
            )
        for seq in answer.forked:
            self.counts.forks += 1
            log.error("fork: the cloud has another block of this number", stream=receipt.stream, seq=seq)
        if answer.free:
            self._patience = uplink.SILENCE
            self.book.free(answer.free)
        if now > self._next_cursor:
            self._next_cursor = now + CURSOR_EVERY
            self.book.save_cursor()
