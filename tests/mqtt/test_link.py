"""The link of both ends to a real broker: a password, a broker that goes and comes back, a topic that is no text."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import paho.mqtt.client as paho
import pytest

from cloud.ingest.inbox import Inbox, Message
from contract import topics
from mqtt.link import Address, Link
from tests.cloud.edge_twin import Client, free_port, mosquitto, until

needs_broker = pytest.mark.needs("mosquitto")


def cloud(inbox: Inbox, port: int, user: str | None = None, password: str | None = None) -> Link:
    """The link of a cloud."""
    return Link(
        Address("127.0.0.1", port, user, password),
        f"cloud-{password}",
        topics.all_up(),
        (0.5, 1.0),
        inbox.receive,
    )


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


@needs_broker
def test_messages_arrive_and_receipts_leave_again_after_the_broker_died(tmp_path: Path) -> None:
    port, inbox = free_port(), Inbox()
    link = cloud(inbox, port)
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


@needs_broker
def test_user_and_password(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "users").write_text("cloud:secret\n")
    subprocess.run(["mosquitto_passwd", "-U", str(tmp_path / "users")], check=True, capture_output=True)
    with mosquitto(tmp_path, port, "allow_anonymous false", f"password_file {tmp_path / 'users'}"):
        wrong = cloud(Inbox(), port, "cloud", "guess")
        right = cloud(Inbox(), port, "cloud", "secret")
        wrong.start()
        right.start()
        until(lambda: right.connected)
        time.sleep(0.5)
        assert not wrong.connected
        wrong.stop()
        right.stop()


def test_a_topic_that_is_no_text_is_no_end_of_the_link() -> None:
    found: list[tuple[str, bytes]] = []
    link = Link(Address("127.0.0.1", 1), "n", ["t"], (1.0, 1.0), lambda *message: found.append(message))
    message = paho.MQTTMessage(topic=b"steelyard/v1/down/n/\xff\xfe")
    message.payload = b"receipt"
    link._client.on_message(link._client, None, message)  # type: ignore[misc]
    assert found == [("", b"receipt")]
