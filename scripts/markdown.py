"""Tables of the pages that are made from code."""

from __future__ import annotations

from collections.abc import Sequence


def cell(value: object) -> str:
    """Text that is safe inside a table's cell and on one line."""
    return " ".join(str(value).split()).replace("|", "\\|")


def table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table with a line break at its end."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines) + "\n"
