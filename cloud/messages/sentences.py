"""What the code says in English, said in Chinese where a person reads it: pages, PDFs, answers of forms.

The code says warnings and refusals in English, and so do JSON, signed files and commands. Here a sentence is recognised
by its template, the msgid of a catalogue in this folder, and rendered with the parts that were put into it. One that is
not known stays English and is marked so; none is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from babel.messages.pofile import read_po
from markupsafe import Markup, escape

from cloud.messages import sentence_words
from cloud.messages.template import KNOWN, LISTS, POINTS, SAID, Template

HERE = Path(__file__).parent
LANGUAGE = "zh"
"""The language that is not the code's own."""
LONGEST = 2000
"""Characters of a sentence beyond which it is not looked at."""
MOST = 24
"""Most sentences in one text."""
DEEP = 4
"""How often a sentence may stand in another one."""
_ENGLISH = re.compile(r"[A-Za-z]{2,}\b.*\b[A-Za-z]{2,}", re.DOTALL)
_CHINESE = re.compile("[\u3000-\u9fff\uff00-\uffef]")
_BETWEEN = re.compile(", | and | or ")


class Piece(NamedTuple):
    """A part of a text. known: it is in the language that was asked for, or in none; point: it is a point's id."""

    text: str
    known: bool = True
    point: bool = False


class Rendered(NamedTuple):
    """A sentence in Chinese. told: how many characters of the English one are literal text of templates."""

    pieces: tuple[Piece, ...]
    told: int


@cache
def catalogue() -> tuple[tuple[Template, str], ...]:
    """Every template with its Chinese, the one with most literal text first. Raises OSError, ValueError when broken."""
    found: dict[str, str] = {}
    for path in sorted((HERE / "zh_CN").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_CN", abort_invalid=True):
                if message.id in found:
                    raise ValueError(f"{path.name}: {message.id!r} stands twice")
                if message.id:
                    found[str(message.id)] = str(message.string)
    if not found:
        raise FileNotFoundError(f"no catalogue of sentences in {HERE}")
    made = [(Template.of(said), shown) for said, shown in found.items()]
    return tuple(sorted(made, key=lambda item: -item[0].literal))


def pieces(text: str, language: str) -> tuple[Piece, ...]:
    """A text of one sentence or of several with semicolons between them, in a language (zh or en)."""
    return _whole(text) if language == LANGUAGE else (Piece(text),)


def plain(text: str, language: str) -> str:
    """The same as one string."""
    return "".join(piece.text for piece in pieces(text, language))


def html(text: str, language: str, called: Callable[[str], str] = str) -> Markup:
    """The same for a page: escaped, and what is English in a Chinese page marked as English.

    called: what the point of an id is called.
    """
    if language != LANGUAGE:
        return escape(text)
    return Markup("").join(_shown(piece, called) for piece in pieces(text, language))


def named(path: str, language: str) -> str:
    """What an input of a declaration is called, by the path of its keys; nothing where the path itself says it."""
    return (sentence_words.word("input", path) if language == LANGUAGE else None) or ""


def _shown(piece: Piece, called: Callable[[str], str]) -> Markup:
    if piece.point:
        return escape(called(piece.text))
    return escape(piece.text) if piece.known else Markup('<span lang="en">{}</span>').format(piece.text)


@lru_cache(maxsize=1024)
def _whole(text: str) -> tuple[Piece, ...]:
    """The sentences of a text: of all ways to part it at semicolons the one whose templates tell most of it."""
    parts = text.split("; ")
    if len(parts) > MOST:
        parts = [text]
    best = [Rendered((), 0)]
    for end in range(1, len(parts) + 1):
        ways = [(best[start], _one("; ".join(parts[start:end]))) for start in range(end)]
        best.append(max((_joined(*way) for way in ways), key=lambda way: way.told))
    return _merged(best[-1].pieces)


def _joined(before: Rendered, more: Rendered) -> Rendered:
    between = (Piece("；"),) if before.pieces else ()
    return Rendered((*before.pieces, *between, *more.pieces), before.told + more.told)


def _one(text: str) -> Rendered:
    return _sentence(text, 0) or Rendered((Piece(text, not _is_english(text)),), 0)


def _sentence(text: str, depth: int) -> Rendered | None:
    """A known sentence in Chinese, by the template that tells most of it; None for another one."""
    if depth > DEEP or not 0 < len(text) <= LONGEST:
        return None
    best: Rendered | None = None
    for template, shown in catalogue():
        values = template.read(text)
        if values is None:
            continue
        parts = {name: _part(name, name in template.quoted, value, depth) for name, value in values.items()}
        known = {name: part for name, part in parts.items() if part is not None}
        told = template.literal + sum(part.told for part in known.values())
        if len(known) == len(parts) and (best is None or told > best.told):
            best = Rendered(tuple(_filled(shown, known)), told)
    return best


def _filled(shown: str, parts: dict[str, Rendered]) -> Iterator[Piece]:
    for text, name, _, _ in Template.parsed(shown):
        yield Piece(text)
        if name is not None:
            yield from parts[name].pieces


def _merged(found: Iterable[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one language as one piece."""
    return tuple(
        Piece("".join(piece.text for piece in each), known, point)
        for (known, point), each in groupby(found, lambda piece: (piece.known, piece.point))
    )


def _part(name: str, quoted: bool, value: str, depth: int) -> Rendered | None:
    """What stands in a place; None when it has to be a known sentence and is none."""
    if quoted and name in POINTS:
        return Rendered((Piece(value[1:-1], True, True),), 0)
    if quoted:
        return _text(sentence_words.word(name, value[1:-1]) or value[1:-1])
    if name in LISTS:
        return _text("、".join(sentence_words.word(name, each) or each for each in _listed(value)))
    if name in KNOWN:
        return _sentence(value, depth + 1)
    found = sentence_words.word(name, value)
    if found is not None:
        return _text(found, len(value))
    sentence = _sentence(value, depth + 1) if name in SAID else None
    return sentence or Rendered((Piece(value, name not in SAID or not _is_english(value)),), 0)


def _text(text: str, told: int = 0) -> Rendered:
    return Rendered((Piece(text),), told)


def _is_english(text: str) -> bool:
    """Whether a text is English rather than Chinese or a name: it has two words, and Chinese is the lesser part."""
    begin = text[:LONGEST]
    return _ENGLISH.search(begin) is not None and 2 * len(_CHINESE.findall(begin)) < len(begin)


def _listed(value: str) -> Iterable[str]:
    return _BETWEEN.split(value)
