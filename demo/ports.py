"""Ports on loopback: whether one is free, and free ones that nothing else drifts into."""

from __future__ import annotations

import random
import socket

# Below Linux's range for outgoing connections (from 32768 on): there a client that tries again and
# again while its server restarts can be given that very port and connect to itself.
_LOW, _HIGH = 30_000, 32_000  # the plant looks below


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now (connections of a dead one that still close don't count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def choose() -> int:
    """A free port; OSError if a thousand tries find none."""
    source = random.SystemRandom()
    for _ in range(1000):
        port = source.randrange(_LOW, _HIGH)
        if is_free(port):
            return port
    raise OSError(f"no free port between {_LOW} and {_HIGH}")


def answers(host: str, port: int, timeout: float = 0.2) -> bool:
    """Whether something accepts connections there."""
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False
