"""Which language the plant speaks: `--lang` anywhere on its command line, else that of the locale."""

from __future__ import annotations

import os
from contextvars import ContextVar
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

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
    if value is not None:
        _CHOSEN.set(value)


Lang = Annotated[
    str | None,
    typer.Option(
        help="language of what a person reads, zh or en; by default that of the locale",
        callback=_choose, expose_value=False, is_eager=True,
    ),
]  # fmt: skip
"""The option, in the signature of the group's callback."""


class Commands(TyperGroup):
    """A group whose commands take its `--lang` too."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command with the option."""
        command: Any = super().get_command(ctx, cmd_name)
        if command is not None and not any("--lang" in option.opts for option in command.params):
            command.params += [option for option in self.params if "--lang" in option.opts]
        return command
