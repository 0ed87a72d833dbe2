"""What is wrong in a settings file, and where."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from contract.errors import BadInput


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: file, line (from 1), path of the key (may be empty) and a sentence."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: " + ": ".join(part for part in (self.path, self.message) if part)


class SettingsError(BadInput):
    """A settings file that can't be used; ``problems`` holds every reason, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(problems, key=lambda p: p.line))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the known word that *word* looks like, or an empty string."""
    known = list(known)
    plain = {item.replace(".", "").casefold(): item for item in known}
    same = plain.get(word.replace(".", "").casefold())
    close = [same] if same else difflib.get_close_matches(word, known, 1, 0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
