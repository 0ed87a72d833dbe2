"""The cloud's MQTT client: QoS 0, clean session. What arrives goes into a bounded inbox; too much is dropped.

Dropping is allowed, the edge sends again what is not receipted; waiting in the client's thread is not.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contract import backoff, topics

log = structlog.get_logger()
KEEPALIVE = 15
"""Seconds; a dead connection is noticed after one and a half of them."""
RECONNECT_FIRST, RECONNECT_MOST = 0.5, 10.0
"""Seconds: longest wait before the first attempt to connect again, and before any."""


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

    def take(self, most: int, wait_s: float, gather_s: float) -> list[Message]:
        """Up to *most* messages that come within *gather_s* of the first, which is waited for *wait_s*."""
        with self._change:
            if not self._change.wait_for(lambda: self._items, wait_s):
                return []
            self._change.wait_for(lambda: len(self._items) >= most, gather_s)
            taken = [self._items.popleft() for _ in range(min(most, len(self._items)))]
            self._bytes -= sum(len(message.data) for message in taken)
            return taken


class Link:
    """A connection to the broker that comes back by itself, with growing, scattered pauses."""

    def __init__(self, inbox: Inbox, host: str, port: int, user: str | None, password: str | None) -> None:
        self._inbox, self._host, self._port = inbox, host, port
        self._failed_before = False
        self._waits = backoff.Reconnects(RECONNECT_FIRST, RECONNECT_MOST)
        self.connected = False
        name = f"steelyard-cloud-{secrets.token_hex(4)}"
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=True)
        if user is not None:
            client.username_pw_set(user, password)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        self._client = client
        self._wait()  # before the second attempt; the first is made at once

    def start(self) -> None:
        """Connect in the background, for ever."""
        self._client.connect_async(self._host, self._port, KEEPALIVE)
        self._client.loop_start()

    def publish(self, topic: str, data: bytes, retain: bool) -> None:
        """Hand a message to the connection; without one it is lost, and a hello asks for it again."""
        self._client.publish(topic, data, qos=0, retain=retain)

    def stop(self) -> None:
        """Send what was handed over, then disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(
        self,
        client: paho.Client,
        userdata: Any,
        flags: Any,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        if reason.is_failure:
            self._warn("the broker refuses", str(reason))
            return
        self._failed_before, self.connected = False, True
        self._waits.up(time.monotonic())
        client.subscribe([(topic, 0) for topic in topics.all_up()])
        log.info("connected to the broker", host=self._host, port=self._port)

    def _on_connect_fail(self, client: paho.Client, userdata: Any) -> None:
        self._wait()
        self._warn("the broker can't be reached", "no connection")

    def _on_disconnect(
        self,
        client: paho.Client,
        userdata: Any,
        flags: Any,
        reason: ReasonCode,
        properties: Properties | None,
    ) -> None:
        self.connected = False
        self._wait()
        if reason.is_failure:
            self._warn("the broker is gone", str(reason))

    def _on_message(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""  # no topic of ours; an error raised here would end the client's thread
        self._inbox.put(Message(topic, bytes(message.payload), time.time_ns()))

    def _warn(self, event: str, why: str) -> None:
        """Log the first of a row of failures."""
        say = log.debug if self._failed_before else log.warning
        say(event, host=self._host, port=self._port, why=why)
        self._failed_before = True

    def _wait(self) -> None:
        """Set the pause before the next attempt. paho doubles one of its own between these two: both are this one."""
        pause = self._waits.down(time.monotonic(), random.random())
        self._client.reconnect_delay_set(pause, pause)  # type: ignore[arg-type]  # it takes any number of seconds
