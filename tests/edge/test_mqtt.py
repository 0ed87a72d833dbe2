"""The edge's link to a broker: a message that no client of ours would send must not end its thread."""

from __future__ import annotations

import paho.mqtt.client as paho

from edge.mqtt import Address, Link


def test_a_topic_that_is_no_text_is_no_end_of_the_link() -> None:
    found: list[bytes] = []
    link = Link("n", Address("127.0.0.1", 1), lambda up: None, found.append)
    message = paho.MQTTMessage(topic=b"steelyard/v1/down/n/\xff\xfe")
    message.payload = b"receipt"
    link._client.on_message(link._client, None, message)  # type: ignore[misc]
    assert found == [b"receipt"]
