"""A page of the manager: where it is, what it is called, and where what it shows comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cloud.books import Books

Shown = dict[str, Any]


@dataclass(frozen=True)
class View:
    """title: a string of the catalogues. data(books, site, language code) gives what the template shows.

    data None: the page has routes of its own. needs_site: else data gets "" while there is none.
    """

    id: str
    url: str
    title: str
    template: str
    data: Callable[[Books, str, str], Shown] | None = None
    needs_site: bool = True
