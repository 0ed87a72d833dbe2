"""A settings file's bytes -> plain values, and the line of every key. No schema is known here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from contract.message import Message
from settings.messages import (
    Alias,
    Anchor,
    FileEmpty,
    FileNotMapping,
    FileTooLong,
    KeyNotWord,
    KeyTwice,
    MergeKey,
    NotUtf8,
    NotYaml,
    SecondDocument,
    TabIndents,
    Tag,
    TooDeep,
)
from settings.problem import Problem, SettingsError

MAX_BYTES = 1 << 20
"""Largest settings file in bytes."""
MAX_DEPTH = 32
"""Deepest nesting of lists and mappings."""

Path = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?(0|[1-9]\d{0,39})|0x[0-9a-fA-F]{1,16}", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,3})?", re.ASCII)
_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
_NON_FINITE = {".inf": float("inf"), "+.inf": float("inf"), "-.inf": float("-inf"), ".nan": float("nan")}


@dataclass
class Tree:
    """Plain values of a file (mappings as dict, lists as tuple) and the line of each path.

    The line of a key's path is the line of the key itself. problems: what is wrong whatever the schema.
    """

    file: str
    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

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
    text = _text(tree, data)
    if not tree.problems:
        _refuse_beyond_plain(tree, text)
    if not tree.problems:
        node = _parsed(tree, text)
        if isinstance(node, yaml.MappingNode):
            tree.value = _build(tree, (), node)
        elif not tree.problems:
            tree.add((), FileEmpty() if node is None else FileNotMapping())
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
    for number, row in enumerate(text.split("\n"), 1):
        if "\t" in row[: len(row) - len(row.lstrip())]:
            tree.add((), TabIndents(), number)
    return text


def _refuse_beyond_plain(tree: Tree, text: str) -> None:
    """Refuse what plain data does not need: anchors, aliases, tags, several documents, deep nesting."""
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            mark: Any = event.start_mark
            line = mark.line + 1
            anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
            if isinstance(event, yaml.AliasEvent):
                tree.add((), Alias(str(anchor)), line)
            elif anchor:
                tree.add((), Anchor(anchor), line)
            if tag:
                tree.add((), Tag(tag), line)
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH or documents > 1:
                tree.add((), SecondDocument() if documents > 1 else TooDeep(MAX_DEPTH), line)
                return
    except yaml.YAMLError as error:
        _add_yaml_error(tree, text, error)


def _parsed(tree: Tree, text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        _add_yaml_error(tree, text, error)
        return None


def _add_yaml_error(tree: Tree, text: str, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
    position = getattr(error, "position", None)
    if mark is not None:
        line = mark.line + 1
    else:
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 1
    context = getattr(error, "context", None)
    tree.add((), NotYaml(f"{problem} ({context})" if context else str(problem)), line)


def _build(tree: Tree, path: Path, node: yaml.Node) -> Any:
    tree.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(tree, path, node)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_build(tree, (*path, i), item) for i, item in enumerate(node.value))
    assert isinstance(node, yaml.ScalarNode)
    return node.value if node.style else _scalar(node.value)


def _mapping(tree: Tree, path: Path, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            tree.add(path, KeyNotWord(), line)
        elif key.value == "<<" and not key.style:
            tree.add(path, MergeKey(), line)
        elif key.value in found:
            tree.add((*path, key.value), KeyTwice(tree.lines[(*path, key.value)]), line)
        else:
            tree.lines[(*path, key.value)] = line
            found[key.value] = _build(tree, (*path, key.value), value)
    return found


def _scalar(text: str) -> Any:
    """A plain word as null, true/false, integer, float or else text; no dates, octals, ``yes`` or base 60."""
    word = text.lower()
    if word in _WORDS:
        return _WORDS[word]
    if _INT.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and not re.match(r"[-+]?0\d", text):
        return float(text)
    return _NON_FINITE.get(word, text)
