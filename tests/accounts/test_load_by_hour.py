"""How an hour stands to the greatest one."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from accounts.energy.load_by_hour import greatest, level

VALUES = st.fractions(min_value=0, max_value=10**6)


@given(st.lists(VALUES, min_size=1), st.integers(1, 20))
def test_a_level_is_the_part_of_the_greatest_in_which_a_value_lies(
    values: list[Fraction], levels: int
) -> None:
    most = greatest([list(values)])
    for value in values:
        found = level(value, most, levels)
        assert found is not None
        assert most * found / levels <= value
        assert value < most * (found + 1) / levels or (value == most and found == levels - 1)


def test_what_nobody_knows_has_no_level_and_nothing_has_a_greatest() -> None:
    assert level(None, Fraction(5), 8) is None
    assert greatest([[None, Fraction(0)], []]) == 1
