"""Sentences of the code said in Chinese: none is missing, none is lost, no hostile text gets through or costs much."""

from __future__ import annotations

import string
import time
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloud.messages import sentence_words, sentences
from cloud.messages.template import ANY, KNOWN, LISTS, Template, form, shape
from contract.message import CATALOGUE
from tests.web.sentence_templates import Said, collected, of

COMPOSED = {
    "{} line {}": ("the same interval as line {}", "overlaps line {}"),
    "overlaps what is imported for {}{}": (
        "overlaps what is imported for {}", "overlaps what is imported for {} to {}",
    ),
    "citation of factor {}": ("no citation of factor {} is given",),
    "{} of {} {}s: {}": ("{} and {} more gaps", "{} of {} {}s: {}"),
    "{} ({})": ("{} (example, not a legal limit)", "{} (single source)"),
    "unknown key{}": ("unknown key{}", "unknown key; known here: {}"),
}  # fmt: skip
"""Sentences that the code puts together from one and another, and the whole ones that stand in the catalogue."""
FRAGMENTS = {
    "the same interval as": "of the one above",
    "no such question: {!r}": "an error of the program",
    "citation of factor ": "the beginning of a path",
    "no limit": "what comes after an exceedance, a word of the pages",
}
"""Texts that are no sentence by themselves, with why."""
TEMPLATES = [template for template, _ in sentences.catalogue()]
SHAPES = {shape(template.said) for template in TEMPLATES}


def lacking(found: list[Said]) -> list[str]:
    """What of the code stands in no catalogue."""
    wanted = [
        (each, needed)
        for each in found
        if each.shape not in FRAGMENTS
        for needed in COMPOSED.get(each.shape, (each.shape,))
    ]
    return [f"{each.at}: {needed}" for each, needed in wanted if needed not in SHAPES]


def test_every_sentence_of_the_code_is_in_the_catalogue() -> None:
    found = collected()
    assert len(found) > 150, "the code is read"
    assert lacking(found) == []


def test_a_sentence_that_nobody_put_into_the_catalogue_is_found(tmp_path: Path) -> None:
    source = (
        'def f(x):\n    raise Lacking(f"a planted {x!r} of {x}" if x else "another planted one")\n'
        'def g(book, x):\n    book.warn("some: " + f"thing {x} planted")\n'
        'def h():\n    """A docstring is no sentence."""\n    log.info("nor is the log")\n'
    )
    planted = sorted(of(tmp_path / "planted.py", source, False), key=lambda each: each.shape)
    assert [each.shape for each in planted] == [
        "a planted {!r} of {}", "another planted one", "some: thing {} planted",
    ]  # fmt: skip
    assert len(lacking(planted)) == 3


def test_the_catalogue_has_no_sentence_that_the_code_no_longer_says() -> None:
    messages = {shape(each.TEXT) for each in CATALOGUE.values()}  # such as one that a sentence quotes
    said = (
        messages
        | {each.shape for each in collected()}
        | {whole for wholes in COMPOSED.values() for whole in wholes}
    )
    assert sorted(each for each in SHAPES - said if any(letter.isalpha() for letter in each)) == []


@pytest.mark.parametrize(
    ("template", "shown"), sentences.catalogue(), ids=lambda item: getattr(item, "said", "")
)
def test_an_entry_is_well_formed(template: Template, shown: str) -> None:
    assert sorted(name for _, name, _, _ in Formatter().parse(shown) if name) == sorted(template.holes)
    assert any("\u3000" <= letter <= "\uffef" for letter in shown), "it is Chinese"
    free = [name for name in template.holes if name not in template.quoted and form(name) == ANY]
    assert len(free) <= 2, "at most two places for any text: no pattern costs more than the square"


def test_two_entries_of_one_shape_would_be_one_sentence() -> None:
    assert len(SHAPES) == len(TEMPLATES)


PLAIN = st.text(string.ascii_lowercase + string.digits + "<&'\"", min_size=1, max_size=12).map(
    lambda text: f"Q{text}"
)


def value(name: str) -> st.SearchStrategy[str]:
    """What may stand in a place, as the code would put it there."""
    if name in KNOWN:
        return st.just("overlaps line 7")
    if name == "near":
        return PLAIN.map(lambda text: f" (did you mean {text!r}?)")
    if name == "bound":
        return PLAIN.map(lambda text: f">= {text}")
    if name in LISTS:
        return st.lists(PLAIN, min_size=1, max_size=4).map(", ".join)
    return PLAIN


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_rendered_sentence_holds_everything_that_was_put_into_it(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from(TEMPLATES))
    values = {name: data.draw(value(name), label=name) for name in template.holes}
    said = "".join(
        text + ("" if name is None else repr(values[name]) if conversion == "r" else values[name])
        for text, name, _, conversion in Formatter().parse(template.said)
    )
    shown = sentences.plain(said, "zh")
    assert any("\u3000" <= letter <= "\uffef" for letter in shown), "it was recognised"
    for name, each in values.items():
        bare = repr(each)[1:-1] if name in template.quoted else each
        for part in bare.split(", ") if name in LISTS else [bare]:
            expected = sentence_words.word(name, part)
            assert (part if expected is None else expected) in shown or name in KNOWN


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_shown_and_escaped(text: str) -> None:
    assert sentences.plain(text, "en") == text
    shown = sentences.html(text, "zh")
    assert "<" not in shown.replace('<span lang="en">', "").replace("</span>", "")


def test_an_unknown_sentence_stays_and_is_marked_as_english() -> None:
    assert sentences.html("nobody knows <this>", "zh") == '<span lang="en">nobody knows &lt;this&gt;</span>'
    assert sentences.html("nobody knows <this>", "en") == "nobody knows &lt;this&gt;"


def test_a_known_sentence_shows_hostile_parts_as_text() -> None:
    shown = sentences.html("point '<script>alert(1)</script>' stands twice", "zh")
    assert shown == "计量点“&lt;script&gt;alert(1)&lt;/script&gt;”重复"


def test_of_two_templates_the_one_that_tells_more_wins() -> None:
    assert sentences.plain("overlaps what is imported for 08:00", "zh") == "与已导入的 08:00 重叠"
    long = "overlaps what is imported for 08:00 to 09:00"
    assert sentences.plain(long, "zh") == "与已导入的 08:00 至 09:00 重叠"


@pytest.mark.parametrize(
    "bait", ["no rows of ", ": a, required ", " and ", "'\\", "; ", " (did you mean ", "x"]
)
def test_a_hostile_sentence_costs_little(bait: str) -> None:
    text = (bait * sentences.LONGEST)[: sentences.LONGEST]
    began = time.perf_counter()
    sentences.plain(f"point {text}", "zh")
    assert time.perf_counter() - began < 2.0, "seconds"
