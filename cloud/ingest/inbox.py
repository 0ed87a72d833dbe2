"""What came over MQTT and waits to be looked at: bounded; too much is dropped.

Dropping is allowed, the edge sends again what is not receipted; waiting in the client's thread is not.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One message: its topic, its bytes and when it came (UTC ns)."""

    topic: str
    data: bytes
    received_at: int


class Inbox:
    """Messages that wait to be looked at, bounded in number and bytes."""

    def __init__(self, most: int = 4096, most_bytes: int = 64 << 20) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._items: deque[Message] = deque()
        self._bytes = 0
        self._change = threading.Condition()
        self.dropped = 0

    def put(self, message: Message) -> None:
        """Add a message at once, or drop and count it when the inbox is full."""
        with self._change:
            full = len(self._items) >= self._most or self._bytes + len(message.data) > self._most_bytes
            if full:
                self.dropped += 1
                return
            self._items.append(message)
            self._bytes += len(message.data)
            self._change.notify()

    def receive(self, topic: str, data: bytes) -> None:
        """Add what comes now; for the client's thread."""
        self.put(Message(topic, data, time.time_ns()))

    def take(self, most: int, wait_s: float, gather_s: float) -> list[Message]:
        """Up to *most* messages that come within *gather_s* of the first, which is waited for *wait_s*."""
        with self._change:
            if not self._change.wait_for(lambda: self._items, wait_s):
                return []
            self._change.wait_for(lambda: len(self._items) >= most, gather_s)
            taken = [self._items.popleft() for _ in range(min(most, len(self._items)))]
            self._bytes -= sum(len(message.data) for message in taken)
            return taken
