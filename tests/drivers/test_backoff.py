"""How long a driver waits before it tries again."""

from __future__ import annotations

from contract.message import Text
from drivers.backoff import FIRST_WAIT, LONGEST_WAIT, Backoff

GONE = Text("gone")


def test_a_fast_group_is_tried_as_often_as_it_was_read() -> None:
    backoff = Backoff(1.0, device="meter")
    waits = [backoff.failed(GONE) for _ in range(300)]
    assert min(waits) >= 0.75 and max(waits) <= 1.0


def test_a_slow_group_waits_longer_and_longer_up_to_its_interval() -> None:
    backoff = Backoff(10.0, device="meter")
    waits = [backoff.failed(GONE) for _ in range(50)]
    assert waits[0] <= 1.25 * FIRST_WAIT < waits[2] and 5.0 < max(waits) <= 10.0


def test_no_wait_is_longer_than_the_longest_and_back_to_back_is_no_hammering() -> None:
    slow, fast = Backoff(3600.0, device="meter"), Backoff(0.0, device="meter")
    assert max(slow.failed(GONE) for _ in range(50)) <= LONGEST_WAIT
    assert min(fast.failed(GONE) for _ in range(50)) >= 0.75 * FIRST_WAIT


def test_what_works_again_begins_with_the_first_wait() -> None:
    backoff = Backoff(device="meter")
    for _ in range(10):
        backoff.failed(GONE)
    backoff.succeeded()
    assert backoff.failed(GONE) <= 1.25 * FIRST_WAIT
