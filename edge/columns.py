"""Rows of text as columns on a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """One line a row, each column as wide as its widest cell; at least one row, all of the same number of cells."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(_padded, row, widths)).rstrip() for row in rows)
    return "\n".join(lines)


def printable(text: str) -> str:
    """The text with ? for what would move the cursor or colour the terminal."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese letter takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
