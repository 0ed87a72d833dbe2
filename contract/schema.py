"""A schema, what a node reads, and its form in statements."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from functools import cached_property
from operator import attrgetter
from typing import Any

from contract.errors import Malformed
from contract.statement_messages import GroupTwice, NotSchema
from contract.tags import KINDS, MAX_TAGS, TAG_NAME, TIME_SOURCES, TYPES, Group, Layout, Tag, check_decimal
from contract.topics import STREAMS

_TAG_FIELDS = [
    (item.name, item.default) for item in fields(Tag)
]  # MISSING, which no value equals, without one
_TAG_NAMES = {name for name, _ in _TAG_FIELDS}
_TAG_VALUES = attrgetter(*(name for name, _ in _TAG_FIELDS))
_LAYOUTS = {layout.name.lower(): layout for layout in Layout}


@dataclass(frozen=True)
class Schema:
    """What a node reads: its groups, and the hash of the settings they came from.

    seal_after: nanoseconds after which a partial block is sealed.
    """

    config: str
    seal_after: int
    groups: tuple[Group, ...] = field(default_factory=tuple)

    @cached_property
    def index(self) -> dict[str, int]:
        """Index of each group by its id."""
        return {group.id: i for i, group in enumerate(self.groups)}

    def of_stream(self, stream: str) -> Schema:
        """The same schema with the groups of one stream only: each stream is self-contained."""
        return Schema(self.config, self.seal_after, tuple(g for g in self.groups if g.stream == stream))

    def to_fields(self) -> dict[str, Any]:
        """The schema as fields of a ``schema`` statement (strings, integers, lists)."""
        return {
            "config": self.config,
            "seal_after": str(self.seal_after),
            "groups": [group_fields(group) for group in self.groups],
        }

    @classmethod
    def from_fields(cls, statement: dict[str, Any]) -> Schema:
        """Read the fields of a ``schema`` statement; raises Malformed for anything that is not one."""
        try:
            groups = tuple(read_group(item) for item in _list(statement["groups"]))
            schema = cls(*read_head(statement), groups)
        except (KeyError, TypeError, ValueError) as error:
            raise Malformed(NotSchema(str(error)[:200])) from error
        if len(schema.index) != len(groups):
            raise Malformed(GroupTwice())
        return schema


def read_head(statement: dict[str, Any]) -> tuple[str, int]:
    """config and seal_after of a ``schema`` statement; raises KeyError or ValueError."""
    return _text(statement["config"]), _count(statement["seal_after"])


def group_fields(group: Group) -> dict[str, Any]:
    """A group as it stands in a statement."""
    return {
        "id": group.id,
        "device": group.device,
        "protocol": group.protocol,
        "stream": group.stream,
        "layout": group.layout.name.lower(),
        "every": str(group.every),
        "time_source": group.time_source,
        "tags": [_tag_fields(tag) for tag in group.tags],
    }


def _tag_fields(tag: Tag) -> dict[str, Any]:
    every = zip(_TAG_FIELDS, _TAG_VALUES(tag), strict=True)
    return {name: value for (name, default), value in every if value != default}


def read_group(statement: dict[str, Any]) -> Group:
    """The group in a statement; raises KeyError, TypeError or ValueError for what is none."""
    layout = _LAYOUTS[_text(statement["layout"])]
    tags = tuple(_tag(item) for item in _list(statement["tags"]))
    if not 0 < len(tags) <= MAX_TAGS:
        raise ValueError(f"{len(tags)} tags in a group")
    keys = ("id", "device", "protocol", "stream", "time_source")
    names = {key: _text(statement[key]) for key in keys}
    if names["stream"] not in STREAMS or names["time_source"] not in TIME_SOURCES:
        raise ValueError(f"unknown stream {names['stream']!r} or time source {names['time_source']!r}")
    group = Group(layout=layout, every=_count(statement["every"]), tags=tags, **names)
    if len(group.index) != len(tags):
        raise ValueError("a tag name stands twice in a group")
    return group


def _tag(statement: object) -> Tag:
    if not isinstance(statement, dict) or not statement.keys() <= _TAG_NAMES:
        raise ValueError(f"not a tag, or one with unknown keys: {str(statement)[:80]!r}")
    tag = Tag(**{key: _text(value) for key, value in statement.items()})
    if tag.type not in TYPES or tag.kind not in KINDS or not TAG_NAME.fullmatch(tag.name):
        raise ValueError(f"tag {tag.name!r}: type {tag.type!r}, kind {tag.kind!r}")
    for number in (tag.scale, tag.offset, tag.max_rate or "0"):
        check_decimal(number)
    return tag


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"a list expected, not {str(value)[:40]!r}")
    return value


def _count(value: object) -> int:
    """A number of nanoseconds, 0 or more, in decimal digits."""
    text = _text(value)
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", text):
        raise ValueError(f"{text[:40]!r} is not a number of nanoseconds")
    return int(text)


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 1024:
        raise ValueError(f"text expected, not {str(value)[:40]!r}")
    return value
