"""A reader is let in between two turns of a writer that never rests."""

from __future__ import annotations

import threading
import time

import pytest

from cloud.projection.fair_lock import FairLock


def test_who_waits_is_let_in_before_the_one_who_just_had_it() -> None:
    lock, stop, turns = FairLock(), threading.Event(), [0]

    def project() -> None:
        while not stop.is_set():
            with lock:
                turns[0] += 1
                time.sleep(0.001)

    writer = threading.Thread(target=project)
    writer.start()
    try:
        for _ in range(50):
            time.sleep(0.002)
            before = turns[0]
            with lock:
                assert (
                    turns[0] - before <= 3
                )  # the one under way, the next that already waits, the one just counted
    finally:
        stop.set()
        writer.join()


def test_an_error_inside_lets_the_lock_go() -> None:
    lock, entered = FairLock(), threading.Event()
    with pytest.raises(ValueError, match="inside"), lock:
        raise ValueError("inside")

    def enter() -> None:
        with lock:
            entered.set()

    threading.Thread(target=enter, daemon=True).start()
    assert entered.wait(5)
