"""What can go wrong in the plant; each error carries the exit code of the command that meets it."""

from __future__ import annotations


class PlantError(Exception):
    """One clear line for the person who started the command."""

    exit_code = 1


class BadInput(PlantError):
    """What was asked for is wrong: a setting, a file, an unknown device. Exit code 2."""

    exit_code = 2


class CannotRun(PlantError):
    """It cannot be done here: a busy port, a full disk, no plant running. Exit code 3."""

    exit_code = 3
