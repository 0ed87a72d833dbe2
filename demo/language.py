"""Which language the demo speaks: `--lang`, or else that of the locale."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Annotated

import typer

LANGUAGES = ("zh", "en")
_CHOSEN: ContextVar[str | None] = ContextVar("chosen", default=None)


def language() -> str:
    """zh or en: the option, else zh where LC_ALL, LC_MESSAGES or LANG (the first that is set) begins with zh."""
    locale = next(
        (os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), ""
    )
    return _CHOSEN.get() or ("zh" if locale.lower().startswith("zh") else "en")


def _choose(value: str | None) -> None:
    if value is not None and value not in LANGUAGES:
        raise typer.BadParameter(f"must be one of {', '.join(LANGUAGES)}")
    _CHOSEN.set(value)


Lang = Annotated[
    str | None,
    typer.Option(
        help="Language of what a person reads, zh or en; by default that of the locale.",
        callback=_choose, expose_value=False, is_eager=True,
    ),
]  # fmt: skip
