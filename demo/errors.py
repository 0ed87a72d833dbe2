"""Why a demo cannot go on; the exit code of the command goes with each."""

from __future__ import annotations

from demo.message import Message


class DemoError(Exception):
    """One message for the person who started it; its `str` is the English text."""

    exit_code = 3

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class BadInput(DemoError):
    """An argument or a folder that cannot be used like this."""

    exit_code = 2


class CannotRun(DemoError):
    """Right in itself, but not here: a busy port, a missing program, a program that will not start."""


class Stopped(DemoError):
    """Ctrl-C or SIGTERM came before there was anything to judge."""
