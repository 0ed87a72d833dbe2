"""A message in a language, from its JSON: {"code", "params", "message"}, as of contract.message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contract.message import BETWEEN_LINES, LINES
from languages.catalogue import template

Json = Mapping[str, Any]
Word = Callable[[str, str], str | None]
"""(name of the place, what stands in it) -> what that is in Chinese; None: it stays as it is."""
CHINESE = "zh"
DEEPEST = 8
"""How deep messages may stand in messages; what is deeper, in a foreign file, stays English."""


def as_it_is(place: str, value: str) -> str | None:
    """No word is known."""
    return None


def plain(message: Json, language: str, word: Word = as_it_is) -> str:
    """The text in zh or, for every other language and for a code that no catalogue has, in English."""
    found = _chinese(message, word, DEEPEST) if language == CHINESE else None
    return str(message["message"]) if found is None else found


def _chinese(message: Json, word: Word, deeper: int) -> str | None:
    sentence = template(str(message.get("code", "")))
    params = message.get("params")
    if sentence is None or not isinstance(params, Mapping) or deeper == 0:
        return None
    try:
        return sentence.format_map({name: _value(name, each, word, deeper) for name, each in params.items()})
    except (KeyError, IndexError, ValueError):  # a foreign file's parameters do not fit the code
        return None


def _value(place: str, value: Any, word: Word, deeper: int) -> object:
    if isinstance(value, Mapping):
        found = _chinese(value, word, deeper - 1)
        return str(value.get("message", "")) if found is None else found
    if isinstance(value, list):
        between = "；" if any(isinstance(each, Mapping) for each in value) else "、"
        return _List([str(_value(place, each, word, deeper)) for each in value], between)
    return word(place, str(value)) or str(value)


class _List:
    """Texts of a list; the format `lines` puts them one a line."""

    def __init__(self, texts: list[str], between: str) -> None:
        self._texts, self._between = texts, between

    def __format__(self, spec: str) -> str:
        return (BETWEEN_LINES if spec == LINES else self._between).join(self._texts)

    def __str__(self) -> str:
        return format(self)
