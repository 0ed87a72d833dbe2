"""Topics: read back as written; nothing that is not ours is taken for ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import topics

NODES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,62}", fullmatch=True)


@given(NODES)
def test_topics_are_read_back(node: str) -> None:
    assert topics.parse_up(topics.block(node)) == (node, "block")
    assert topics.parse_up(topics.hello(node)) == (node, "hello")
    assert topics.receipt(node, "account") == f"steelyard/v1/down/{node}/account"
    assert all(topics.parse_up(filter_) is None for filter_ in topics.all_up())
    assert topics.all_down(node) == f"steelyard/v1/down/{node}/+"


@pytest.mark.parametrize(
    "topic",
    [
        "",
        "steelyard/v1/up/mill/blocks",
        "steelyard/v1/up//block",
        "steelyard/v1/up/a/b/block",
        "steelyard/v1/up/Mill/block",
        "steelyard/v1/up/-mill/block",
        "steelyard/v1/up/mill/block\n",
        "steelyard/v2/up/mill/block",
        "steelyardXv1/up/mill/block",
        "xsteelyard/v1/up/mill/block",
        "steelyard/v1/down/mill/account",
        f"steelyard/v1/up/{'m' * 64}/block",
        "steelyard/v1/up/染/block",
    ],
)
def test_other_topics_are_not_ours(topic: str) -> None:
    assert topics.parse_up(topic) is None
