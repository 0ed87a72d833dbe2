"""English sentences on a page that should have none: its texts that are neither code nor marked as English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

SENTENCE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")
"""Two English words in a row."""
VOID = frozenset(("meta", "link", "input", "img", "br", "hr", "wbr", "col"))
APART = frozenset(("script", "style", "code", "pre", "title"))


class Shown(HTMLParser):
    """The texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, tag in APART or ("lang", "en") in attrs))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(apart for _, apart in self._open):
            self.texts.append(data.strip())


def texts(page: str) -> list[str]:
    """What a page says in its own language."""
    shown = Shown()
    shown.feed(page)
    return shown.texts


def english(page: str, names: Sequence[str] = ()) -> list[str]:
    """Texts of a page that are English sentences. names: English words of the site's own, and of documents."""
    found = []
    for text in texts(page):
        bare = text
        for name in names:
            bare = bare.replace(name, "")
        if SENTENCE.search(bare):
            found.append(text)
    return found
