"""YAML text -> plain values in one pass; what plain data does not need is refused."""

from __future__ import annotations

import re
from typing import Any

import yaml

from contract.message import Message
from settings.messages import (
    Alias,
    Anchor,
    KeyNotWord,
    KeyTwice,
    MergeKey,
    NotYaml,
    SecondDocument,
    Tag,
    TooDeep,
)

MAX_DEPTH = 32
"""Deepest nesting of lists and mappings."""
NOTHING = object()
"""The value of a file that holds none."""
Path = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9]\d{0,39})|0x[0-9a-fA-F]{1,16}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,3})?", re.ASCII)
_BEGINS_NUMBER = frozenset("+-.0123456789")
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_NON_FINITE = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}


class _Over(Exception):
    """The rest of the file is not read."""


class Reader:
    """problems: (path, line, what is wrong there). lines: the line of each path, where a dict is given to fill."""

    def __init__(self, text: str, lines: dict[Path, int] | None = None) -> None:
        self.value: Any = NOTHING
        self.problems: list[tuple[Path, int, Message]] = []
        self.lines = lines
        self._refused: list[tuple[Path, int, Message]] = []
        self._text, self._events = text, yaml.parse(text, Loader=_LOADER)

    def read(self) -> None:
        """Read the whole text; a text that is refused as YAML has no value."""
        documents = 0
        try:
            for event in self._events:
                documents += isinstance(event, yaml.DocumentStartEvent)
                if documents > 1:
                    self._refuse(event, SecondDocument())
                    break
                if isinstance(event, yaml.NodeEvent):
                    self.value = self._node(event, ())
        except _Over:
            pass
        except yaml.YAMLError as error:
            self._yaml_error(error)
        if self._refused:
            self.value, self.problems = None, self._refused

    def _node(self, event: Any, path: Path) -> Any:
        """The value that begins with an event."""
        if self.lines is not None:
            self.lines.setdefault(path, _line(event))
        if type(event) is yaml.ScalarEvent and not event.anchor and not event.tag:
            return event.value if event.style else scalar(event.value)
        if isinstance(event, yaml.AliasEvent):
            return self._refuse(event, Alias(str(event.anchor)))
        if event.anchor:
            self._refuse(event, Anchor(event.anchor))
        if event.tag:
            self._refuse(event, Tag(event.tag))
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else scalar(event.value)
        if len(path) >= MAX_DEPTH:
            self._refuse(event, TooDeep(MAX_DEPTH))
            raise _Over
        return self._list(path) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(path)

    def _list(self, path: Path) -> tuple[Any, ...]:
        found: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._node(event, (*path, len(found))))
        return tuple(found)

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        first: dict[str, Any] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            name = self._key(key, path, first)
            at = (*path, "?" if name is None else name)
            if self.lines is not None and name is not None:
                self.lines[at] = _line(key)
            known = len(self.problems)
            value = self._node(next(self._events), at)
            if name is None:
                del self.problems[known:]
            else:
                found[name] = value
        return found

    def _key(self, event: Any, path: Path, first: dict[str, Any]) -> str | None:
        """The name of a key, None for one that is refused. first: the event of each key of the mapping."""
        if not isinstance(event, yaml.ScalarEvent):
            known = len(self.problems)
            self._node(event, (*path, "?"))
            del self.problems[known:]
            self.problems.append((path, _line(event), KeyNotWord()))
            return None
        if event.anchor or event.tag:
            self._node(event, (*path, "?"))
        name = event.value
        if name == "<<" and not event.style:
            self.problems.append((path, _line(event), MergeKey()))
            return None
        if name in first:
            self.problems.append(((*path, name), _line(event), KeyTwice(_line(first[name]))))
            return None
        first[name] = event
        return str(name)

    def _refuse(self, event: Any, why: Message) -> None:
        self._refused.append(((), _line(event), why))

    def _yaml_error(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        position = getattr(error, "position", None)
        if mark is not None:
            line = mark.line + 1
        else:
            line = self._text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
        context = getattr(error, "context", None)
        self._refused.append(((), line, NotYaml(f"{problem} ({context})" if context else str(problem))))


def scalar(text: str) -> Any:
    """A plain word as null, true/false, integer, float or else text; no dates, octals, ``yes`` or base 60."""
    word = text.lower()
    if word in _WORDS:
        return _WORDS[word]
    if text[0] not in _BEGINS_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not re.match(r"[-+]?0\d", text):
        return float(text)
    return _NON_FINITE.get(word, text)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
