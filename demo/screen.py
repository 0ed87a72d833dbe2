"""The progress of a demo for people, on stderr in the language of the command."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.status import Status

from demo.language import language
from demo.message import Message
from demo.words import Text


class Screen:
    """Progress lines `seconds  who  what`, and on a terminal a last line that changes."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        self._status: Status | None = None

    def __enter__(self) -> Screen:
        if sys.stderr.isatty():
            self._status = self._console.status(Text.STARTING().shown(language()))
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def say(self, who: str, what: Message) -> None:
        """One line that stays."""
        passed = time.monotonic() - self._began
        self._console.print(
            f"{passed:7.1f} s  [bold]{escape(who):<7}[/bold] {escape(what.shown(language()))}"
        )

    def status(self, what: Message) -> None:
        """The line that changes; nothing where stderr is a file."""
        if self._status is not None:
            self._status.update(escape(what.shown(language())))
