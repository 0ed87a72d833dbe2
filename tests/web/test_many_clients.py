"""Two hundred pages open at once on a real cloud: what each costs in memory, and what one that never reads costs."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import psutil
import pytest

CLIENTS = 200
MOST_MB = 0.1
PATH = "/api/v1/sites/small-mill/events"


class Client:
    """One event stream by a plain socket; *arrived*: the monotonic time of each event."""

    def __init__(self, port: int, window: int | None = None) -> None:
        self.socket = socket.socket()
        if window is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", port))
        self.socket.sendall(f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        self.arrived: list[float] = []

    def read(self) -> None:
        """Take what is there."""
        data = self.socket.recv(1 << 20)
        assert data, "the cloud closed a stream"
        self.arrived += [time.monotonic()] * data.count(b"event: site")


@contextmanager
def opened(port: int, count: int, window: int | None = None) -> Iterator[list[Client]]:
    with ExitStack() as stack:
        clients = [Client(port, window) for _ in range(count)]
        for client in clients:
            stack.enter_context(client.socket)
        yield clients


def read(clients: list[Client], seconds: float) -> None:
    """Serve all clients for some seconds."""
    with selectors.DefaultSelector() as ready:
        for client in clients:
            ready.register(client.socket, selectors.EVENT_READ, client)
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            for key, _ in ready.select(left):
                key.data.read()


def lateness(clients: list[Client], periods: int) -> float:
    """The longest time between two events of any client, in seconds."""
    assert all(len(client.arrived) >= periods for client in clients), min(len(c.arrived) for c in clients)
    return max(b - a for c in clients for a, b in zip(c.arrived, c.arrived[1:], strict=False))


@pytest.mark.long
def test_two_hundred_open_pages_cost_at_most_a_tenth_of_a_megabyte_each(
    mill: Any, record_property: Any
) -> None:
    cloud = psutil.Process(mill.cloud.pid)
    with opened(mill.http_port, 5) as few:  # what is loaded at the first request is nobody's share
        read(few, 4)
    before = cloud.memory_info().rss
    with opened(mill.http_port, CLIENTS) as clients:
        read(clients, 12)
        each = (cloud.memory_info().rss - before) / CLIENTS / 1e6
        assert all(len(client.arrived) >= 6 for client in clients)
    record_property("megabytes_a_client", round(each, 4))
    print(f"{each:.4f} MB a client")
    assert each <= MOST_MB


@pytest.mark.long
def test_clients_that_never_read_slow_no_other(mill: Any) -> None:
    with opened(mill.http_port, 20) as readers:
        read(readers, 10)
        alone = lateness(readers, 6)
    with opened(mill.http_port, 20, window=2048), opened(mill.http_port, 20) as readers:
        read(readers, 10)
        beside = lateness(readers, 6)
    print(f"longest time between two events: {alone:.2f} s alone, {beside:.2f} s beside silent ones")
    assert beside <= max(2.5, 1.5 * alone)
