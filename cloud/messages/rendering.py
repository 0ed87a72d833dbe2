"""A message, or a sentence of a room that has no catalogue yet, in the language of a page, a PDF or a command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from cloud.messages import sentence_words, sentences
from contract.message import Text
from languages import render
from languages.catalogue import template

POINTS = frozenset(("point", "parent"))
"""Places of the id of a point."""
Said = str | Mapping[str, Any]
"""A sentence, or a message as JSON: {"code", "params", "message"}."""


def plain(said: Said, language: str) -> str:
    """The text in zh or en."""
    if isinstance(said, str) or said.get("code") == Text.CODE:
        return sentences.plain(_sentence(said), language)
    return render.plain(said, language, sentence_words.word)


def html(said: Said, language: str, called: Callable[[str], str] = str) -> Markup:
    """The same for a page: escaped, English in a Chinese page marked so. called: the name of a point's id."""
    if isinstance(said, str) or said.get("code") == Text.CODE:
        return sentences.html(_sentence(said), language, called)

    def word(place: str, value: str) -> str | None:
        return called(value) if place in POINTS else sentence_words.word(place, value)

    text = escape(render.plain(said, language, word))
    known = language != render.CHINESE or template(str(said.get("code"))) is not None
    return text if known else Markup('<span lang="en">{}</span>').format(text)


def _sentence(said: Said) -> str:
    return said if isinstance(said, str) else str(said["message"])
