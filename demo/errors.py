"""Why a demo cannot go on; the exit code of the command goes with each."""

from __future__ import annotations


class DemoError(Exception):
    """One clear line for the person who started it."""

    exit_code = 3


class BadInput(DemoError):
    """An argument or a folder that cannot be used like this."""

    exit_code = 2


class CannotRun(DemoError):
    """Right in itself, but not here: a busy port, a missing program, a program that will not start."""


class Stopped(DemoError):
    """Ctrl-C or SIGTERM came before there was anything to judge."""
