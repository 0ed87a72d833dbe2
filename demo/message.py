"""A text for people as data: a sentence of a table in English and Chinese, with its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, TypeAlias

Param: TypeAlias = "str | int | Path | Message | tuple[str, ...]"
"""What may stand in a place; commas stand between the texts of a tuple."""


class Sentence(Enum):
    """The base of a table: its members are (English, Chinese); called with its parameters one makes a message."""

    @property
    def code(self) -> str:
        """Its name in JSON."""
        return f"demo.{self.name.lower()}"

    def __call__(self, **params: Param) -> Message:
        """The message with these parameters."""
        return Message(
            self, {name: str(each) if isinstance(each, Path) else each for name, each in params.items()}
        )


@dataclass(frozen=True)
class Message:
    """A sentence with its parameters; `str` is the English text."""

    sentence: Sentence
    params: Mapping[str, Any]

    def json(self) -> dict[str, Any]:
        """{"code", "params", "message"}; message is the English text."""
        params = {
            name: value.json() if isinstance(value, Message) else value for name, value in self.params.items()
        }
        return {"code": self.sentence.code, "params": params, "message": str(self)}

    def shown(self, language: str) -> str:
        """The text in zh or en."""
        values = {name: _shown(value, language) for name, value in self.params.items()}
        return str(self.sentence.value[language == "zh"]).format_map(values)

    def __str__(self) -> str:
        return self.shown("en")


def _shown(value: Any, language: str) -> str:
    if isinstance(value, Message):
        return value.shown(language)
    return ("、" if language == "zh" else ", ").join(value) if isinstance(value, tuple) else str(value)
