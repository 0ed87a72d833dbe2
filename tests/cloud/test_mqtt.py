"""The inbox, and the link to a real broker: a password, a broker that goes and comes back."""

from __future__ import annotations

import subprocess
import threading
import time
from pathlib import Path

import pytest

from cloud.ingest.mqtt import Inbox, Link, Message
from contract import topics
from tests.cloud.edge_twin import Client, free_port, mosquitto, until

pytestmark = pytest.mark.needs("mosquitto")


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


def round_trip(link: Link, inbox: Inbox, port: int) -> None:
    """A hello from a node arrives, a receipt goes out and is retained."""
    until(lambda: link.connected)
    client = Client("n1", port)
    begun = time.time_ns()

    def arrived() -> list[Message]:
        client.send(b"hi", "hello")  # the link's subscription may be a moment younger than its connection
        return inbox.take(1, 0.2, 0)

    (found,) = until(arrived)
    assert (found.topic, found.data) == (topics.hello("n1"), b"hi")
    assert begun <= found.received_at <= time.time_ns()
    link.publish(topics.receipt("n1", "account"), b"r", True)
    until(lambda: client.raw == [b"r"])
    late = Client("n1", port)
    until(lambda: late.raw == [b"r"])
    client.close()
    late.close()
    while inbox.take(9, 0, 0):
        pass


def test_messages_arrive_and_receipts_leave_again_after_the_broker_died(tmp_path: Path) -> None:
    port, inbox = free_port(), Inbox()
    link = Link(inbox, "127.0.0.1", port, None, None)
    link.start()
    time.sleep(0.3)
    assert not link.connected
    try:
        with mosquitto(tmp_path, port) as broker:
            round_trip(link, inbox, port)
            broker.kill()
            until(lambda: not link.connected)
        with mosquitto(tmp_path, port):
            round_trip(link, inbox, port)
    finally:
        link.stop()


def test_user_and_password(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "users").write_text("cloud:secret\n")
    subprocess.run(["mosquitto_passwd", "-U", str(tmp_path / "users")], check=True, capture_output=True)
    with mosquitto(tmp_path, port, "allow_anonymous false", f"password_file {tmp_path / 'users'}"):
        wrong = Link(Inbox(), "127.0.0.1", port, "cloud", "guess")
        right = Link(Inbox(), "127.0.0.1", port, "cloud", "secret")
        wrong.start()
        right.start()
        until(lambda: right.connected)
        time.sleep(0.5)
        assert not wrong.connected
        wrong.stop()
        right.stop()
