"""MQTT topics. Only node and stream stand in a topic: both are plain ASCII, tag names never are part of one."""

from __future__ import annotations

import re

PREFIX = "steelyard/v1"
STREAMS = ("account", "process")
NODE = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")

_UP = re.compile(rf"{PREFIX}/up/({NODE.pattern})/(block|hello)")


def block(node: str) -> str:
    """Where a node publishes its blocks."""
    return f"{PREFIX}/up/{node}/block"


def hello(node: str) -> str:
    """Where a node publishes its hello."""
    return f"{PREFIX}/up/{node}/hello"


def receipt(node: str, stream: str) -> str:
    """Where the cloud publishes the receipts of one stream (retained)."""
    return f"{PREFIX}/down/{node}/{stream}"


def all_up() -> tuple[str, str]:
    """The two filters a cloud subscribes to."""
    return f"{PREFIX}/up/+/block", f"{PREFIX}/up/+/hello"


def all_down(node: str) -> str:
    """The filter a node subscribes to."""
    return f"{PREFIX}/down/{node}/+"


def parse_up(topic: str) -> tuple[str, str] | None:
    """(node, ``block`` | ``hello``) of an upward topic, or None when it is none."""
    found = _UP.fullmatch(topic)
    return (found.group(1), found.group(2)) if found else None
