"""One commit for several threads: messages of the broker, and blocks that a desk hands over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from cloud.ingest.commit import Commit, Outgoing
from cloud.ingest.inbox import Message
from cloud.ingest.messages import LedgerNotWritten, NotTaken, Stopping
from contract import block, message, topics
from contract.errors import CannotBeDone
from contract.opening import Head

STREAM = "account"
"""The one stream of a desk or of the accounts."""


class Channel(Protocol):
    """The way to the ledger's writer, wherever it runs."""

    def head(self, node: str) -> Head | None:
        """The last block of a node that the ledger has."""
        ...

    def take(self, node: str, head: Head | None, blocks: Sequence[bytes]) -> bool:
        """Take in blocks that follow *head*; True once they are on the disk, False when *head* is no longer last.

        Raises CannotBeDone.
        """
        ...


class Intake:
    """The commit of this process behind a lock. After a failed write nothing more is taken.

    failed: called with what a write raised, in whatever thread it was.
    """

    def __init__(self, commit: Commit, failed: Callable[[OSError], None]) -> None:
        self._commit, self._failed = commit, failed
        self._lock = threading.Lock()
        self._closed: message.Message | None = None

    def group(self, messages: Iterable[Message]) -> list[Outgoing]:
        """Commit a group; raises CannotBeDone when the ledger takes nothing more, OSError when the disk fails."""
        with self._lock:
            return self._group(messages)

    def head(self, node: str) -> Head | None:
        """The last block of a node that the ledger has."""
        with self._lock:
            return self._commit.head(node, STREAM)

    def take(self, node: str, head: Head | None, blocks: Sequence[bytes]) -> bool:
        """Commit blocks as one group; see Channel."""
        with self._lock:
            if self._commit.head(node, STREAM) != head:
                return False
            now = time.time_ns()
            try:
                self._group([Message(topics.block(node), data, now) for data in blocks])
            except OSError as error:
                raise CannotBeDone(LedgerNotWritten(str(error))) from error
            last = block.parse(blocks[-1])[0]
            whole = self._commit.have(node, STREAM, last.incarnation) == len(blocks) - 1
            after = self._commit.head(node, STREAM)
        if not whole or after is None or after.hash != last.hash:
            raise CannotBeDone(NotTaken(node))
        return True

    def close(self, why: message.Message | None = None) -> None:
        """Take nothing more; returns when no group is being written."""
        with self._lock:
            self._closed = self._closed or why or Stopping()

    def _group(self, messages: Iterable[Message]) -> list[Outgoing]:
        if self._closed is not None:
            raise CannotBeDone(self._closed)
        try:
            return self._commit.group(messages)
        except OSError as error:
            self._closed = LedgerNotWritten(str(error))
            self._failed(error)
            raise
