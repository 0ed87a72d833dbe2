"""The edge's MQTT client: QoS 0, clean session; the cloud's receipt is the only acknowledgement."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
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

RECONNECT_FIRST, RECONNECT_MOST = 1.0, 30.0
"""Seconds: longest wait before the first attempt to connect again, and before any."""


@dataclass(frozen=True)
class Address:
    """The broker, and the user name and password of this node there."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None


class Link:
    """A connection that reconnects by itself. The callbacks run in the client's thread and must not block."""

    def __init__(
        self,
        node: str,
        address: Address,
        connected: Callable[[bool], None],
        message: Callable[[bytes], None],
    ) -> None:
        self._node, self._address = node, address
        self._connected, self._message = connected, message
        self._warned = False
        self._waits = backoff.Reconnects(RECONNECT_FIRST, RECONNECT_MOST)
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"steelyard-{node}", clean_session=True)
        if address.user is not None:
            client.username_pw_set(address.user, address.password)
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        self._client = client
        self._wait()  # before the second attempt; the first is made at once

    def start(self) -> None:
        """Connect in the background, for ever."""
        self._client.connect_async(self._address.host, self._address.port, KEEPALIVE)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes) -> bool:
        """Hand a message to the connection; False when there is none."""
        return self._client.publish(topic, payload, qos=0).rc == paho.MQTT_ERR_SUCCESS

    def stop(self) -> None:
        """Disconnect."""
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
        self._warned = False
        self._waits.up(time.monotonic())
        log.info("connected to the broker", host=self._address.host, port=self._address.port)
        client.subscribe(topics.all_down(self._node), qos=0)
        self._connected(True)

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
        self._connected(False)
        self._wait()
        if reason.is_failure:
            self._warn("the broker is gone", str(reason))

    def _on_message(self, client: paho.Client, userdata: Any, message: paho.MQTTMessage) -> None:
        # message.topic is not read: one that is no UTF-8 would raise here and end the client's thread.
        self._message(bytes(message.payload))

    def _wait(self) -> None:
        """Set the pause before the next attempt. paho doubles one of its own between these two: both are this one."""
        pause = self._waits.down(time.monotonic(), random.random())
        self._client.reconnect_delay_set(pause, pause)  # type: ignore[arg-type]  # it takes any number of seconds

    def _warn(self, event: str, why: str) -> None:
        level = log.debug if self._warned else log.warning
        level(event, host=self._address.host, port=self._address.port, why=why)
        self._warned = True
