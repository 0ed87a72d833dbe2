"""What a page shows of messages and of texts that are none: in its language, escaped, English marked as such."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.permits import permits
from accounts.replacement.evaluate import CONFORMITY
from cloud.messages import fixed_texts, rendering
from contract.declared_messages import PointTwice
from contract.message import Text

HOSTILE = "<script>alert(1)</script>"


@given(st.text(max_size=200))
def test_any_text_is_shown_and_escaped(text: str) -> None:
    assert rendering.plain(text, "en") == text
    shown = rendering.html(text, "zh")
    assert "<" not in shown.replace('<span lang="en">', "").replace("</span>", "")


@pytest.mark.parametrize("said", ["nobody knows <this>", Text("nobody knows <this>").json()])
def test_an_unknown_text_stays_and_is_marked_as_english(said: rendering.MessageOrText) -> None:
    assert rendering.html(said, "zh") == '<span lang="en">nobody knows &lt;this&gt;</span>'
    assert rendering.html(said, "en") == "nobody knows &lt;this&gt;"


def test_a_message_shows_hostile_parameters_as_text_and_a_point_by_its_name() -> None:
    assert rendering.html(PointTwice(HOSTILE).json(), "zh") == (
        "计量点“&lt;script&gt;alert(1)&lt;/script&gt;”重复"
    )
    assert rendering.html(PointTwice("main").json(), "zh", {"main": "总表"}.__getitem__) == "计量点“总表”重复"


@pytest.mark.parametrize("said", [permits.EXAMPLE, permits.NO_LIMIT, CONFORMITY])
def test_the_texts_that_figures_carry_have_chinese(said: str) -> None:
    assert said in fixed_texts.WHOLE


def test_a_mark_behind_a_document_is_shown_in_chinese() -> None:
    assert rendering.plain("国家标准, GB/T 2589, 2020 (single source)", "zh") == (
        "国家标准, GB/T 2589, 2020（单一来源）"
    )
