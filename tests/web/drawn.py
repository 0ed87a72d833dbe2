"""A mill with a replacement and a day without readings, and its pages once their charts are drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.web.test_views_savings import declaration, declare
from tests.web.year import SITE, served

OFF = 9
"""The dyeing meter was off on the day so many days ago."""
PHONE = {"width": 375, "height": 812}
CHART = "document.querySelector('[data-plot]').lines"
"""The chart of a page, for scripts of the tests."""


@contextmanager
def replaced(folder: Path) -> Iterator[str]:
    """The address of the mill; its replacement stands half-way through its past."""
    with served(folder, days=120, gap=OFF) as url:
        project = folder / "project.yaml"
        project.write_text(json.dumps(declaration()), encoding="utf-8")
        declare(folder, project)
        yield url


def opened(mill: str, visit: Any, page: str, lang: str = "en", **more: Any) -> Any:
    """A page whose chart is drawn."""
    found = visit(f"{mill}/v/{page}?site={SITE}&lang={lang}", **more).page
    found.wait_for_selector("[data-drawn]")
    return found
