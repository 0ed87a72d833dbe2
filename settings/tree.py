"""A settings file's bytes -> plain values, and the line of every key. No schema is known here."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contract.message import Message
from settings.messages import FileEmpty, FileNotMapping, FileTooLong, NotUtf8, TabIndents
from settings.problem import Problem, SettingsError
from settings.yaml_reader import NOTHING, Path, Reader

MAX_BYTES = 1 << 23
"""Largest settings file in bytes."""


@dataclass
class Tree:
    """Plain values of a file (mappings as dict, lists as tuple) and the line of each path.

    problems: what is wrong whatever the schema.
    """

    file: str
    value: Any = None
    problems: list[Problem] = field(default_factory=list)
    text: str = ""

    @cached_property
    def lines(self) -> dict[Path, int]:
        """The line of each path; of a key that of the key itself. The file is read again: a good one needs none."""
        reader = Reader(self.text, {})
        reader.read()
        return reader.lines or {}

    def line(self, path: Path) -> int:
        """Line of *path*, or of the nearest thing that holds it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def add(self, path: Path, why: Message, line: int | None = None) -> None:
        """Note a problem at *path*."""
        self.problems.append(Problem(self.file, line or self.line(path), dotted(path), why))


def dotted(path: Path) -> str:
    """A path as a person writes it: ``devices[0].groups[1].id``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read(file: str, data: bytes) -> Tree:
    """The tree of a file's bytes; raises SettingsError when it is no plain YAML mapping in UTF-8."""
    tree = Tree(file)
    tree.text = _text(tree, data)
    if not tree.problems:
        reader = Reader(tree.text)
        reader.read()
        tree.problems += [Problem(file, line, dotted(path), why) for path, line, why in reader.problems]
        if isinstance(reader.value, dict):
            tree.value = reader.value
        elif not tree.problems:
            tree.add((), FileEmpty() if reader.value is NOTHING else FileNotMapping(), 1)
    if tree.value is None:
        raise SettingsError(tree.problems)
    return tree


def _text(tree: Tree, data: bytes) -> str:
    if len(data) > MAX_BYTES:
        tree.add((), FileTooLong(MAX_BYTES))
        return ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        tree.add((), NotUtf8(f"{data[error.start]:02x}", error.start), line)
        return ""
    for number, row in enumerate(text.split("\n") if "\t" in text else (), 1):
        if "\t" in row[: len(row) - len(row.lstrip())]:
            tree.add((), TabIndents(), number)
    return text
