"""Nobody hammers: waits before a new connection and before a new question grow, end at a cap, and are scattered."""

from __future__ import annotations

import heapq
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from contract import backoff, topics
from contract.backoff import Reconnects
from edge import agent, uplink
from journal.simulated import SimulatedFiles
from mqtt.link import Address, Link
from tests.cloud.edge_twin import until
from tests.edge import damaged
from tests.edge.damaged import Clock, Cloud, machine

__all__ = ["machine"]
CONNACK = b"\x20\x02\x00\x00"


class Gate:
    """A port that throws everybody out at once, after a CONNACK or without one, and notes when each came."""

    def __init__(self, welcome: bool) -> None:
        self.times: list[float] = []
        self._welcome = welcome
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            self.times.append(time.monotonic())
            with peer:
                if self._welcome:
                    peer.recv(1024)
                    peer.sendall(CONNACK)

    def close(self) -> None:
        self._server.close()


@pytest.mark.parametrize("welcome", [False, True])
def test_a_broker_that_throws_us_out_is_not_hammered(welcome: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses grow to the cap, though the broker says welcome each time."""
    monkeypatch.setattr("mqtt.link.random.random", lambda: 1.0)
    gate = Gate(welcome)
    link = Link(Address("127.0.0.1", gate.port), "n", ["t"], (0.1, 0.8), lambda topic, payload: None)
    link.start()
    try:
        until(lambda: len(gate.times) >= 7, 30)
    finally:
        link.stop()
        gate.close()
    pauses = [b - a for a, b in pairwise(gate.times)]
    for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.8, 0.8, 0.8), strict=False):
        assert pause >= 0.9 * least
    assert max(pauses[:6]) < 0.8 + 2.0, "the cap holds (and a busy machine)"


def test_the_wait_has_full_jitter_below_an_exponential_cap() -> None:
    chance = random.Random(0)
    for tries, most in enumerate((1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0)):
        waits = [backoff.wait(tries, 1.0, 30.0, chance.random()) for _ in range(4000)]
        assert 0 <= min(waits) < 0.01 * most and 0.99 * most < max(waits) <= most
        tenths = Counter(int(10 * w / most) for w in waits)
        assert all(300 < tenths[n] < 500 for n in range(10))
    assert backoff.most_wait(10**6, 1.0, 30.0) == 30.0


def test_a_connection_that_held_begins_anew_and_a_short_one_does_not() -> None:
    waits = Reconnects(1.0, 30.0)
    assert [waits.down(0.0, 1.0) for _ in range(3)] == [1.0, 2.0, 4.0]
    waits.up(100.0)
    assert waits.down(101.0, 1.0) == 8.0
    waits.up(200.0)
    assert waits.down(200.0 + backoff.STEADY, 1.0) == 1.0
    assert waits.down(1000.0, 0.0) == backoff.LEAST


def _all_back(edges: int, each_second: int, wait: Callable[[Reconnects, float], float]) -> tuple[float, int]:
    """When the last of *edges* is back (s), and the most attempts a second, at a broker that lets some in each second.

    They all lose it at 0; it is away for 5 s.
    """
    waits = [Reconnects(*agent.RECONNECT_S) for _ in range(edges)]
    queue = [(wait(item, 0.0), i) for i, item in enumerate(waits)]
    heapq.heapify(queue)
    served: Counter[int] = Counter()
    attempts: Counter[int] = Counter()
    last = 0.0
    while queue:
        now, i = heapq.heappop(queue)
        attempts[int(now)] += 1
        if now > 5.0 and served[int(now)] < each_second:
            served[int(now)] += 1
            last = now
        else:
            heapq.heappush(queue, (now + wait(waits[i], now), i))
    return last, max(n for second, n in attempts.items() if second >= 5)


def test_ten_thousand_edges_come_back_within_a_minute() -> None:
    """At 400 connections a second; without jitter they would stand at the door all at once."""
    chance = random.Random(7)
    last, most = _all_back(10_000, 400, lambda item, now: item.down(now, chance.random()))
    assert last <= 60.0, last
    assert most < 4000, most
    alike = _all_back(10_000, 400, lambda item, now: item.down(now, 1.0))
    assert alike[0] > 60.0 and alike[1] == 10_000


def test_hellos_to_a_silent_cloud_grow_rare_and_two_edges_do_not_keep_step(machine: Clock) -> None:
    times: list[list[int]] = []
    for seed in range(2):
        random.seed(seed)
        machine.begin()
        store, asked = damaged.start(SimulatedFiles(seed)), list[int]()
        sizes: Counter[int] = Counter()

        def publish(
            topic: str, payload: bytes, asked: list[int] = asked, sizes: Counter[int] = sizes
        ) -> bool:
            if topic == topics.hello("n"):
                asked.append(machine.now)
            else:
                sizes[machine.now // (60 * damaged.SECOND)] += len(payload)
            return True

        store.connected(publish)
        for _ in range(600):
            machine.now += damaged.SECOND
            store.step([])
        pauses = [b - a for a, b in pairwise(asked)]
        assert min(pauses) >= uplink.SILENCE
        assert max(pauses) <= uplink.SILENCE + uplink.SILENCE_MOST + damaged.SECOND
        assert 600 / 33 < len(asked) < 80
        times.append(pauses)
        store.close()
    assert times[0] != times[1]


def test_the_window_shrinks_while_nothing_comes_back_and_grows_again(machine: Clock, tmp_path: Path) -> None:
    """What one lane has under way at once: half with each hello in vain, more again with each receipt."""
    random.seed(3)
    store, cloud = damaged.start(SimulatedFiles(0)), Cloud(tmp_path)
    damaged.live(store, machine, None, 1000, seal_each=1)
    under_way: list[int] = []

    def lossy(topic: str, payload: bytes) -> bool:
        """Hellos arrive, blocks do not."""
        if topic == topics.hello("n"):
            under_way.append(0)
            return cloud.publish(topic, payload)
        under_way[-1] += len(payload)
        return True

    store.connected(lossy)
    for _ in range(120):
        machine.now += damaged.SECOND
        store.step([])
        damaged.answer(store, cloud)
    assert 200_000 < under_way[0] <= 1 << 18
    assert under_way[1] <= under_way[0] / 2
    assert max(under_way[2:]) <= uplink.LEAST_WINDOW
    store.connected(cloud.publish)
    assert damaged.settle(store, machine, cloud) == 0
    store.close()
    cloud.close()
