"""Everything that touches the edge's disk and decides what is sent. One thread owns it.

Order, each step durable before the next: gap statement, rows into the write-ahead log (accepted), block into the
journal, publish.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from contract import downlink
from contract.downlink import Receipt
from contract.errors import BadSignature, Malformed
from contract.quality import Origin
from contract.schema import Schema
from contract.sequence_gaps import SequenceGap
from contract.tags import Rows
from edge import clock
from edge.book import KEEP, Book
from edge.counts import Counts
from edge.history import History
from edge.node import Node
from edge.pieces import raw_size
from edge.scan import Fresh
from edge.sender import Publish, Sender
from edge.stream import Stream
from edge.trace import Trace
from journal.files import Files

log = structlog.get_logger()
CURSOR_EVERY = 2 * 10**9
"""Ns between two writes of the cursor while receipts come."""
CURSOR_AT_LEAST = 30 * 10**9
"""Ns between two writes of the cursor while none come; a start decodes the blocks behind the last write."""
AHEAD = 512 * 1024
"""Bytes of a stream that may be unreceipted while recorded rows are added: live rows wait behind no more."""


class EdgeStore:
    """Stores rows and blocks, sends blocks, frees them by receipts. Raises OSError when the disk does."""

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
        keep: int = KEEP,
    ) -> None:
        """window: bytes sent and not yet receipted; keep: bytes of blocks that stay after their receipt."""
        self._node, self._schema, self._folder, self._files = node, schema, folder, files
        self._trust = downlink.by_fingerprint(list(trust.values()))
        self._trace, self._history = trace, history if history is not None else History(())
        self.counts = Counts()
        self.book = Book(folder, files, keep)
        self.streams = {
            name: Stream(name, node, schema, self.book, folder, files, self._accepted)
            for name in sorted({group.stream for group in schema.groups})
        }
        names = sorted({stored.stream for stored in self.book.unreceipted.values()} | set(self.streams))
        self._sender = Sender(node, self.book, names, window, self.counts)
        self._saved = clock.boottime()

    def begin(self) -> None:
        """Open the new incarnations; rows that an earlier run left in the write-ahead logs are sealed first."""
        for stream in self.streams.values():
            stream.begin()
        self._flush_trace()
        self._history.resume(self.book.last.recorded)
        self._sender.load()
        self.book.save_cursor()

    def connected(self, publish: Publish | None) -> None:
        """The connection is up (its publish function) or down (None). A new one begins with a hello."""
        self._sender.connect(publish)

    def step(self, fresh: list[Fresh]) -> None:
        """Accept rows of the scan, seal the blocks that are due, send those that the window lets."""
        for item in fresh:
            stream = self.streams[item.stream]
            if item.gap is not None:
                stream.state_gap(item.gap)
            if item.rows is not None:
                stream.add(item.rows)
        for name in self.streams:
            self._add_recorded(name)
        for stream in self.streams.values():
            stream.sync()
        self._flush_trace()
        for name, stream in self.streams.items():
            waiting = bool(self._sender.lanes[name].queue)
            if stream.due(self._schema.seal_after, waiting):
                stream.seal()
        self._save_cursor(CURSOR_AT_LEAST)
        self._sender.pump()

    def seal_all(self) -> None:
        """Seal every accepted row, however young."""
        for stream in self.streams.values():
            stream.seal()
        self._sender.pump()

    def receive(self, payload: bytes) -> None:
        """Take a message from the cloud: free the blocks that its receipt names by hash."""
        try:
            message = downlink.read(payload, self._trust)
        except BadSignature as error:
            self.counts.unknown_keys += 1
            log.warning("a receipt with an unknown key or a bad signature", why=str(error))
            return
        except Malformed as error:
            self.counts.malformed += 1
            log.warning("a malformed receipt", why=str(error))
            return
        if isinstance(message, Receipt) and message.node == self._node.id:
            self._declare(self._sender.take(message))
            self._save_cursor(CURSOR_EVERY)
            self._sender.pump()

    def unreceipted(self) -> int:
        """Number of blocks that wait for a receipt."""
        return sum(len(lane.queue) for lane in self._sender.lanes.values())

    def close(self) -> None:
        """Close write-ahead logs and journal."""
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
            "connected": self._sender.connected,
            "accepted_rows": counts.accepted,
            "last_receipt": None if counts.last_receipt is None else str(counts.last_receipt),
            "unreceipted": self.unreceipted(),
            "unreceipted_bytes": self.book.size,
            "unknown_keys": counts.unknown_keys,
            "malformed": counts.malformed,
            "forks": counts.forks,
            "holes": counts.sequence_gaps,
            "relapses": counts.relapses,
            "refused": dict(counts.refused),
            "recorded_left": self._history.left,
            "seal_errors": sum(stream.seal_errors for stream in self.streams.values()),
        }

    def write_status(self, extra: dict[str, Any]) -> None:
        """Write the status into a file of the journal's folder; it need not survive a power cut."""
        path = self._folder / "status.json"
        partial = path.with_suffix(".tmp")
        partial.write_text(json.dumps(self.status() | extra))
        partial.replace(path)

    def _add_recorded(self, name: str) -> None:
        """Add recorded rows behind the live ones, as long as at most AHEAD bytes wait."""
        room = AHEAD - self.streams[name].size - sum(stored.size for stored in self._sender.lanes[name].queue)
        while room > 0 and (pieces := self._history.next(name)):
            for rows in pieces:
                self.streams[name].add(rows)
                room -= raw_size(rows)

    def _accepted(self, stream: str, first: int, rows: Rows) -> None:
        self.counts.accepted += len(rows)
        if self._trace is not None and rows.origin is not Origin.BACKFILL:
            self._trace.accepted(stream, first, rows)

    def _flush_trace(self) -> None:
        if self._trace is not None:
            self._trace.flush()

    def _save_cursor(self, every: int) -> None:
        now = clock.boottime()
        if now - self._saved > every:
            self._saved = now
            self.book.save_cursor()

    def _declare(self, gone: dict[str, list[SequenceGap]]) -> None:
        """Declare blocks that neither this edge nor the cloud has, so that the cloud takes those behind them."""
        for name, gaps in gone.items():
            stream = self.streams.get(name)
            for gap in gaps:
                chain = f"{gap.incarnation:016x}"
                log.error("blocks are gone", stream=name, incarnation=chain, first=gap.first, last=gap.last)
            if stream is not None:
                stream.declare(gaps)
                self.counts.sequence_gaps += len(gaps)
                self._sender.declared(name)
