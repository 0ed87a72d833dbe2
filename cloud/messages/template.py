"""A sentence with named places: recognised by what stands between them, so that it can be said in another language.

A place is written `{name}` or, for a text that Python has quoted, `{name!r}`. What may stand in a place follows from
its name: one word, a list of words, a sentence of its own, or any text. No pattern repeats inside a repetition and none
has more than two places for any text, so that a hostile sentence costs at most the square of its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

QUOTED = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
WORD = r"\S{1,200}"
LIST = rf"{WORD}(?:(?:, | and | or ){WORD}){{0,200}}"
ANY = r".{1,2000}?"
NEAR = r"(?: \(did you mean .{1,100}\?\))?"
KNOWN = frozenset(("why",))
"""Places of a sentence that must be known itself, or else the whole is not."""
SAID = frozenset(("what", "said", "bound", "when"))
"""Places of words or of a sentence, in English where they are not known."""
TEXT = frozenset(("text", "rest", "path", "driver", "drivers"))
"""Places of any text, shown as it is but for single words that are known."""
POINTS = frozenset(("point", "parent"))
"""Places of the id of a point."""
LISTS = frozenset(("quantities", "kinds", "parts", "codes", "names", "numbers", "units"))
"""Places of words with commas, `and` or `or` between them."""
_FORMS = {"bound": rf"(?:[<>]=? {WORD}|in {WORD})", "when": rf"{WORD}(?: to {WORD})?", "near": NEAR}


@dataclass(frozen=True)
class Template:
    """A sentence. literal: how many of its characters are in no place; pattern: what recognises it."""

    said: str
    holes: tuple[str, ...]
    quoted: frozenset[str]
    literal: int
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, said: str) -> Template:
        """Read a sentence. Raises ValueError when it is not well formed."""
        holes, quoted = list[str](), set[str]()
        found, literal = "", 0
        for text, name, _, conversion in Formatter().parse(said):
            found, literal = found + re.escape(text), literal + len(text)
            if name is None:
                continue
            if not name.isidentifier() or name in holes:
                raise ValueError(f"{said!r}: {name!r} is no name of a place, or stands twice")
            holes.append(name)
            if conversion == "r":
                quoted.add(name)
            found += f"(?P<{name}>{QUOTED if conversion == 'r' else form(name)})"
        return cls(said, tuple(holes), frozenset(quoted), literal, re.compile(found, re.DOTALL))

    @staticmethod
    def parsed(said: str) -> Iterator[tuple[str, str | None, str | None, str | None]]:
        """Its literal texts, each with the name of the place behind it, its format and its conversion."""
        return iter(Formatter().parse(said))

    def read(self, sentence: str) -> dict[str, str] | None:
        """What stands in the places of a sentence; None when it is another one."""
        found = self.pattern.fullmatch(sentence)
        return None if found is None else found.groupdict()


def form(name: str) -> str:
    """The pattern of what may stand in a place of a name."""
    if name in _FORMS:
        return _FORMS[name]
    if name in KNOWN or name in SAID or name in TEXT:
        return ANY
    return LIST if name in LISTS else WORD


def shape(said: str) -> str:
    """A sentence whose places have lost their names: two of one shape are one sentence."""
    found = ""
    for text, name, _, conversion in Formatter().parse(said):
        found += text.replace("{", "{{").replace("}", "}}")
        found += "" if name is None else "{!r}" if conversion == "r" else "{}"
    return found
