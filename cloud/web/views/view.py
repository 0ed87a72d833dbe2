"""A page of the manager: where it is, what it is called, and where what it shows comes from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cloud.read_models.read_model import ReadModel
from cloud.web.navigation import Entry

Shown = dict[str, Any]


@dataclass(frozen=True)
class View:
    """entry: where the frame leads to it. data(books, site, language code) gives what the template shows.

    data None: the page has routes of its own. needs_site: else data gets "" while there is none.
    """

    entry: Entry
    template: str
    data: Callable[[ReadModel, str, str], Shown] | None = None
    needs_site: bool = True
