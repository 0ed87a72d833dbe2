"""What can go wrong in the plant; each error carries the exit code of the command that meets it."""

from __future__ import annotations

from plant.words import Message


class PlantError(Exception):
    """One message for the person who started the command; its `str` is the English text."""

    exit_code = 1

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class BadInput(PlantError):
    """What was asked for is wrong: a setting, a file, an unknown device. Exit code 2."""

    exit_code = 2


class CannotRun(PlantError):
    """It cannot be done here: a busy port, a full disk, no plant running. Exit code 3."""

    exit_code = 3
