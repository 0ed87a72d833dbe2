"""A message, or a text of a figure, in the language of a page, a PDF or a command."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from cloud.messages import place_words
from cloud.messages.fixed_texts import chinese
from contract.message import Text
from languages import render
from languages.catalogue import template

POINTS = frozenset(("point", "parent"))
"""Places of the id of a point."""
MessageOrText = str | Mapping[str, Any]
"""A text, or a message as JSON: {"code", "params", "message"}."""
LONGEST = 2000
"""Characters of a text whose language is looked at."""
_ENGLISH = re.compile(r"[A-Za-z]{2,}\b.*\b[A-Za-z]{2,}", re.DOTALL)
_CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def plain(message: MessageOrText, language: str) -> str:
    """The text in zh or en."""
    if isinstance(message, str) or message.get("code") == Text.CODE:
        return _shown(_text(message), language)
    return render.plain(message, language, place_words.word)


def html(message: MessageOrText, language: str, called: Callable[[str], str] = str) -> Markup:
    """The same for a page: escaped, English in a Chinese page marked so. called: the name of a point's id."""

    def word(place: str, value: str) -> str | None:
        return called(value) if place in POINTS else place_words.word(place, value)

    if isinstance(message, str) or message.get("code") == Text.CODE:
        text = _shown(_text(message), language)
        known = not _is_english(text)
    else:
        text = render.plain(message, language, word)
        known = template(str(message.get("code"))) is not None
    if known or language != render.CHINESE:
        return escape(text)
    return Markup('<span lang="en">{}</span>').format(text)


def named(path: str, language: str) -> str:
    """What an input of a declaration is called, by the path of its keys; nothing where the path itself says it."""
    return (place_words.word("input", path) if language == render.CHINESE else None) or ""


def _shown(text: str, language: str) -> str:
    return (chinese(text) if language == render.CHINESE else None) or text


def _text(message: MessageOrText) -> str:
    return message if isinstance(message, str) else str(message["message"])


def _is_english(text: str) -> bool:
    """Whether a text is English rather than Chinese or a name: it has two words, and Chinese is the lesser part."""
    begin = text[:LONGEST]
    return _ENGLISH.search(begin) is not None and 2 * len(_CHINESE.findall(begin)) < len(begin)
