"""What is wrong in a settings file, and where."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contract.errors import BadInput
from contract.message import Message
from settings.messages import AtKey, AtLine, DidYouMean, Problems


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: file, line (from 1), path of the key (may be empty) and what is wrong there."""

    file: str
    line: int
    path: str
    message: Message

    @property
    def whole(self) -> Message:
        """`file:line: path: message` as one message."""
        if self.path:
            return AtKey(self.file, self.line, self.path, self.message)
        return AtLine(self.file, self.line, self.message)

    def json(self) -> dict[str, Any]:
        """{file, line, path, code, params, message}."""
        return {"file": self.file, "line": self.line, "path": self.path, **self.message.json()}

    def __str__(self) -> str:
        return str(self.whole)


class SettingsError(BadInput):
    """A settings file that can't be used; ``problems`` holds every reason, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda p: p.line))
        super().__init__(Problems(tuple(problem.whole for problem in self.problems)))


def suggest(why: Message, word: str, known: Iterable[str]) -> Message:
    """*why* with the known word that *word* looks like, if there is one."""
    close = _closest(word, known)
    return why if close is None else DidYouMean(why, close)


def _closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that *word* looks like."""
    known = list(known)
    plain = {item.replace(".", "").casefold(): item for item in known}
    same = plain.get(word.replace(".", "").casefold())
    if same is not None:
        return same
    return next(iter(difflib.get_close_matches(word, known, 1, 0.6)), None)
