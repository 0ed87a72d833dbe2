"""An MQTT connection at QoS 0 with a clean session that comes back by itself.

The receipt of the cloud is the only acknowledgement: what is handed over while there is no connection is lost here and
sent again by the one who waits for the receipt.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contract.backoff import Reconnects

log = structlog.get_logger()
KEEPALIVE = 15
"""Seconds; a dead connection is noticed after one and a half of them."""


@dataclass(frozen=True)
class Address:
    """The broker, and our user name and password there."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None


class Link:
    """A connection under the name *client* that subscribes to *topics* each time it stands.

    pauses: seconds, the longest wait before the first attempt to connect again, and before any. connected(whether it
    stands) and message(topic, payload) run in the client's thread, must not block and must not raise; a topic that is
    no UTF-8 is given as "".
    """

    def __init__(
        self,
        address: Address,
        client: str,
        topics: Sequence[str],
        pauses: tuple[float, float],
        message: Callable[[str, bytes], None],
        connected: Callable[[bool], None] = lambda stands: None,
    ) -> None:
        self._address, self._topics = address, topics
        self._notify, self._message = connected, message
        self._waits = Reconnects(*pauses)
        self._failed_before = False
        self.connected = False
        self._client = self._made(client)
        self._wait()  # before the second attempt; the first is made at once

    def start(self) -> None:
        """Connect in the background, for ever."""
        self._client.connect_async(self._address.host, self._address.port, KEEPALIVE)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> bool:
        """Hand a message to the connection; False when there is none."""
        return self._client.publish(topic, payload, qos=0, retain=retain).rc == paho.MQTT_ERR_SUCCESS

    def stop(self) -> None:
        """Send what was handed over, then disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def _made(self, name: str) -> paho.Client:
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name, clean_session=True)
        if self._address.user is not None:
            client.username_pw_set(self._address.user, self._address.password)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

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
        client.subscribe([(topic, 0) for topic in self._topics])
        log.info("connected to the broker", host=self._address.host, port=self._address.port)
        self._notify(True)

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
        self._notify(False)
        self._wait()
        if reason.is_failure:
            self._warn("the broker is gone", str(reason))

    def _on_message(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""  # no topic of ours; an error raised here would end the client's thread
        self._message(topic, bytes(message.payload))

    def _warn(self, event: str, why: str) -> None:
        """Log the first of a row of failures as a warning, the others for who looks closely."""
        level = log.debug if self._failed_before else log.warning
        level(event, host=self._address.host, port=self._address.port, why=why)
        self._failed_before = True

    def _wait(self) -> None:
        """Set the pause before the next attempt. paho doubles one of its own between these two: both are this one."""
        pause = self._waits.down(time.monotonic(), random.random())
        self._client.reconnect_delay_set(pause, pause)  # type: ignore[arg-type]  # it takes any number of seconds
