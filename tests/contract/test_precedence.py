"""Who wins for one time: a rule of values, never of the order in which they came."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contract.precedence import winners

Value = tuple[int, int, int, int]
EDGES = st.sampled_from([0, 1, 2, -(1 << 63), (1 << 63) - 1])
VALUES = st.lists(
    st.tuples(EDGES | st.integers(0, 5), st.integers(0, 4), st.integers(0, 14), st.integers(0, 3)),
    max_size=40,
    unique=True,
)


def found(values: list[Value]) -> list[Value]:
    """The winners among (time, origin, quality, rank of the block)."""
    columns = np.array(values, np.int64).reshape(-1, 4)
    picked = winners(
        columns[:, 0], columns[:, 1].astype(np.uint8), columns[:, 2].astype(np.uint8), columns[:, 3].copy()
    )
    return [values[i] for i in picked]


def twin(values: list[Value]) -> list[Value]:
    """Time by time, the lowest origin, then the smallest code, then the smallest hash."""
    best: dict[int, Value] = {}
    for value in values:
        held = best.get(value[0])
        if held is None or value[1:] < held[1:]:
            best[value[0]] = value
    return [best[time] for time in sorted(best)]


@settings(max_examples=200, deadline=None)
@given(VALUES, st.randoms(use_true_random=False))
@example([], None)
@example([(-(1 << 63), 0, 0, 0), ((1 << 63) - 1, 0, 0, 0)], None)
def test_winners_do_not_depend_on_the_order(values: list[Value], chance: object) -> None:
    wanted = twin(values)
    assert found(values) == wanted
    mixed = list(values)
    if chance is not None:
        chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert found(mixed) == wanted


def test_the_rule_in_words() -> None:
    live_bad, late_good = (7, 0, 13, 0), (7, 1, 0, 0)
    assert found([late_good, live_bad]) == [live_bad]
    assert found([(7, 0, 2, 0), (7, 0, 1, 9)]) == [(7, 0, 1, 9)]
    assert found([(7, 0, 1, 9), (7, 0, 1, 3)]) == [(7, 0, 1, 3)]
