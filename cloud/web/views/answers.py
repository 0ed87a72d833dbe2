"""A sentence of the catalogues as the first page says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answers:
    """A sentence of the catalogues with what is put into it; alarm: it is outside what is allowed or expected.

    why: a message's JSON that says more.
    """

    text: str
    alarm: bool = False
    names: tuple[tuple[str, str], ...] = ()
    why: dict[str, Any] | None = None
