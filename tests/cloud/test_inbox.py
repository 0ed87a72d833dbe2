"""The inbox of what comes over MQTT is bounded, and gathers what comes together."""

from __future__ import annotations

import threading
import time

from cloud.ingest.inbox import Inbox, Message


def message(text: str) -> Message:
    """A message with this text."""
    return Message("t", text.encode(), 1)


def test_the_inbox_is_bounded_in_number_and_bytes() -> None:
    inbox = Inbox(most=3, most_bytes=100)
    for text in ("a", "b", "c", "d"):
        inbox.put(message(text))
    assert inbox.dropped == 1
    assert [m.data for m in inbox.take(2, 0, 0)] == [b"a", b"b"]
    inbox.put(message("x" * 99))
    inbox.put(message("y"))
    assert inbox.dropped == 2
    assert [len(m.data) for m in inbox.take(9, 0, 0)] == [1, 99]
    inbox.put(message("y" * 100))
    assert [len(m.data) for m in inbox.take(9, 0, 0)] == [100]
    assert inbox.take(9, 0.01, 0) == []


def test_the_inbox_gathers_what_comes_shortly_after_the_first() -> None:
    inbox = Inbox()
    later = threading.Timer(0.05, lambda: inbox.put(message("b")))
    inbox.put(message("a"))
    later.start()
    begun = time.monotonic()
    assert [m.data for m in inbox.take(2, 1, 5)] == [b"a", b"b"]
    assert time.monotonic() - begun < 2
