"""The base of every settings model, and how a check names the key it finds wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, PrivateAttr, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from contract.message import Message

Fault = tuple[tuple[str | int, ...], Message]
"""Path of a key below the model that is checked, and what is wrong with it."""


class Model(BaseModel):
    """Frozen, strict (no text taken for a number), unknown keys refused. Lists are ``tuple[X, ...]``."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Root(Model):
    """The model of a whole file: it knows which file it came from."""

    _file: Path = PrivateAttr(default=Path())
    _digest: str = PrivateAttr(default=hashlib.sha256(b"").hexdigest())

    @property
    def file(self) -> Path:
        """The file that was loaded."""
        return self._file

    @property
    def digest(self) -> str:
        """SHA-256 of the file's bytes, hex."""
        return self._digest

    def beside(self, name: str) -> Path:
        """The path *name*, taken from the folder of the file when it is relative."""
        return self._file.parent / name

    @classmethod
    def cross(cls, data: dict[str, Any]) -> Iterator[Fault]:
        """Checks across the whole file, on its plain values: they run even where parts do not fit the model.

        Whatever is not of the expected shape is passed over in silence: the model reports it.
        """
        yield from ()


def fault(path: str | int, why: Message) -> Fault:
    """A fault of one key right below the model."""
    return (path,), why


def faults(title: str, found: Iterable[Fault]) -> None:
    """Raise the faults that an ``after`` validator found, each at its own key; does nothing without any."""
    details = [
        InitErrorDetails(type=PydanticCustomError("check", "{why}", {"why": why}), loc=path, input=None)
        for path, why in found
    ]
    if details:
        raise ValidationError.from_exception_data(title, details)
