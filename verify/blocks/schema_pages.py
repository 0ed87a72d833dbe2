"""The groups of a schema: in its statement, or on the pages that it lists (docs/block-format.md, Pages of a schema)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from verify.blocks.messages import (
    GroupsUnreadable,
    GroupTwice,
    PageAbsent,
    PageDiffers,
    PageTwice,
    PartUnfit,
    SchemaTooLarge,
    TagTwice,
)
from verify.formats.findings import Bad
from verify.formats.shape import digest, listed, members, number16, whole

MOST_PAGES, MOST_GROUPS, MOST_TAGS, MOST_GROUP = 512, 4096, 32_768, 4096
Groups = list[dict[str, Any]]
Place = tuple[str, str, int, int]
"""Node, stream, incarnation and seq of a block."""


@dataclass(frozen=True)
class Page:
    """A page statement: the SHA-256 of its bytes, and its groups."""

    hash: bytes
    groups: Groups


def page(statement: dict[str, Any], body: bytes) -> Page:
    """The page in a statement; body: that of its block. Raises Bad."""
    members(statement, "schema-page", "kind groups")
    return Page(hashlib.sha256(body[16:]).digest(), _groups(statement["groups"]))


def groups(statement: dict[str, Any], node: str, stream: str, known: Mapping[Place, Page]) -> Groups:
    """The groups that a schema statement has or lists, in order; known: the pages before it. Raises Bad."""
    if "pages" not in statement:
        return _groups(statement.get("groups"))
    members(statement, "schema", "kind config seal_after pages")
    entries = listed(statement["pages"], "schema")
    _most(len(entries), MOST_PAGES)
    found = [_found(number, entry, node, stream, known) for number, entry in enumerate(entries, 1)]
    if len({each.hash for each in found}) < len(found):
        raise Bad(PageTwice())
    return _joined(found)


def _found(number: int, entry: Any, node: str, stream: str, known: Mapping[Place, Page]) -> Page:
    where = f"schema: page {number}"
    if len(listed(entry, where)) != 3:
        raise Bad(GroupsUnreadable(), where)
    place = node, stream, number16(entry[0], where), whole(entry[1], where)
    due, found = digest(entry[2], where), known.get(place)
    if found is None:
        raise Bad(PageAbsent(number, f"{place[2]:016x}/{place[3]}"))
    if found.hash != due:
        raise Bad(PageDiffers(number, f"{place[2]:016x}/{place[3]}"))
    return found


def _joined(pages: Iterable[Page]) -> Groups:
    """The groups of the pages; one that goes on from the end of a page to the next is one group."""
    made: Groups = []
    for number, each in enumerate(pages, 1):
        for index, group in enumerate(each.groups):
            first = whole(group.get("first_tag", 0), f"schema: page {number}")
            if not first:
                made.append({**group, "tags": list(group["tags"])})
            elif index or not made or _head(made[-1]) != _head(group) or len(made[-1]["tags"]) != first:
                raise Bad(PartUnfit(number, str(group.get("id"))[:80], first))
            else:
                made[-1]["tags"] += group["tags"]
    _sizes(made)
    return made


def _sizes(made: Groups) -> None:
    """Refuse what is above a limit or stands twice."""
    names = [str(tag.get("name")) for group in made for tag in group["tags"]]
    _most(len(made), MOST_GROUPS)
    _most(len(names), MOST_TAGS)
    _most(max((len(group["tags"]) for group in made), default=0), MOST_GROUP)
    if twice := _twice(str(group.get("id")) for group in made):
        raise Bad(GroupTwice(twice))
    if twice := _twice(names):
        raise Bad(TagTwice(twice))


def _head(group: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in group.items() if key not in ("tags", "first_tag")}


def _groups(value: Any) -> Groups:
    found = listed(value, "schema: groups")
    if not all(isinstance(group, dict) and _tags(group.get("tags")) for group in found):
        raise Bad(GroupsUnreadable())
    return found


def _tags(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(tag, dict) for tag in value)


def _twice(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name[:80]
        seen.add(name)
    return None


def _most(count: int, most: int) -> None:
    if count > most:
        raise Bad(SchemaTooLarge(count, most))
