"""Reading a schema that is too large for one statement: pages hold its groups, the `schema` statement lists the pages.

A page is a statement `schema-page` of the same node and stream that stands before the list, also in an earlier
incarnation. So who changes one group states one page and the list. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from contract.errors import Malformed
from contract.message import Message
from contract.schema import Schema, read_group, read_head
from contract.statement_messages import (
    GroupOnTwoPages,
    NotSchema,
    NotSchemaPage,
    PageAbsent,
    PageOfOtherHash,
    PageTwice,
    PartOfOtherGroup,
    PartOutOfOrder,
    TagOnTwoPages,
    TooManyGroups,
    TooManyPages,
    TooManyTags,
    TooManyTagsOfGroup,
)
from contract.tags import MAX_TAGS, Group, Tag

KIND = "schema-page"
MOST_PAGES, MOST_GROUPS, MOST_TAGS = 512, 4096, 32_768
"""Limits of one schema; a single group has at most contract.tags.MAX_TAGS tags."""
FIRST_TAG = "first_tag"
"""Field of a group whose tags begin on an earlier page: the index of the first one here."""
_HEX16, _HEX64 = re.compile(r"[0-9a-f]{16}"), re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Part:
    """A group on a page, with all of its tags or with those from number *first* on."""

    first: int
    group: Group


@dataclass(frozen=True)
class Page:
    """hash: SHA-256 of the statement."""

    hash: bytes
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class PagePlace:
    """A page as a schema lists it: the block in which it stands, by incarnation and seq, and its hash."""

    incarnation: int
    seq: int
    hash: bytes


@dataclass(frozen=True)
class PageList:
    """A `schema` statement that lists pages."""

    config: str
    seal_after: int
    places: tuple[PagePlace, ...]


class PagesAbsent(Malformed):
    """Pages that a schema lists are not there; *places* has them."""

    def __init__(self, message: Message, places: tuple[PagePlace, ...]) -> None:
        super().__init__(message)
        self.places = places


def page_hash(content: bytes) -> bytes:
    """The hash of a page: SHA-256 of the bytes of its statement, without the salt before them."""
    return hashlib.sha256(content).digest()


def is_list(fields: dict[str, Any]) -> bool:
    """Whether a `schema` statement lists pages."""
    return "pages" in fields


def read_page(fields: dict[str, Any], digest: bytes) -> Page:
    """The page in the fields of a `schema-page` statement with this hash; raises Malformed."""
    try:
        if set(fields) != {"groups"} or not isinstance(fields["groups"], list) or not fields["groups"]:
            raise ValueError(f"fields {sorted(fields)}")
        return Page(digest, tuple(_part(item) for item in fields["groups"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(NotSchemaPage(str(error)[:200])) from error


def read_list(fields: dict[str, Any]) -> PageList:
    """The list in the fields of a `schema` statement; raises Malformed."""
    try:
        if set(fields) != {"config", "seal_after", "pages"} or not isinstance(fields["pages"], list):
            raise ValueError(f"fields {sorted(fields)}")
        places = tuple(_place(*item) for item in fields["pages"])
        found = PageList(*read_head(fields), places)
    except (KeyError, TypeError, ValueError) as error:
        raise Malformed(NotSchema(str(error)[:200])) from error
    if len(places) > MOST_PAGES:
        raise Malformed(TooManyPages(len(places), MOST_PAGES))
    seen: set[bytes] = set()
    for number, place in enumerate(places, 1):
        if place.hash in seen:
            raise Malformed(PageTwice(number))
        seen.add(place.hash)
    return found


def join(listed: PageList, pages: Sequence[Page]) -> Schema:
    """The schema that its pages make, in the order of the list; raises Malformed."""
    check_size(
        len({part.group.id for page in pages for part in page.parts}),
        sum(len(part.group.tags) for page in pages for part in page.parts),
    )
    numbered = [(number, part) for number, page in enumerate(pages, 1) for part in page.parts]
    groups = tuple(_whole(list(parts)) for _, parts in groupby(numbered, lambda item: item[1].group.id))
    if twice := _twice(group.id for group in groups):
        raise Malformed(GroupOnTwoPages(twice))
    if twice := _twice(tag.name for group in groups for tag in group.tags):
        raise Malformed(TagOnTwoPages(twice))
    return Schema(listed.config, listed.seal_after, groups)


def check_size(groups: int, tags: int) -> None:
    """Raise Malformed for a schema of too many groups or tags."""
    if groups > MOST_GROUPS:
        raise Malformed(TooManyGroups(groups, MOST_GROUPS))
    if tags > MOST_TAGS:
        raise Malformed(TooManyTags(tags, MOST_TAGS))


class KnownPages:
    """The pages of all streams by their blocks; equal pages are one object. stream: node and stream, or the stream."""

    def __init__(self) -> None:
        self._pages: dict[tuple[object, int, int], Page] = {}
        self._same: dict[bytes, Page] = {}

    def read(self, fields: dict[str, Any], content: bytes) -> Page:
        """The page in a statement; notes nothing. content: its bytes. Raises Malformed."""
        digest = page_hash(content)
        return self._same.get(digest) or read_page(fields, digest)

    def add(self, stream: object, incarnation: int, seq: int, page: Page) -> None:
        """Note a page."""
        self._pages[stream, incarnation, seq] = self._same.setdefault(page.hash, page)

    def of(self, stream: object, listed: PageList) -> list[Page]:
        """The pages of a list. Raises PagesAbsent for those that are not there, Malformed for another one."""
        found = [self._pages.get((stream, place.incarnation, place.seq)) for place in listed.places]
        absent = tuple(place for place, page in zip(listed.places, found, strict=True) if page is None)
        for number, (place, page) in enumerate(zip(listed.places, found, strict=True), 1):
            where = number, f"{place.incarnation:016x}", place.seq
            if page is None:
                raise PagesAbsent(PageAbsent(*where), absent)
            if page.hash != place.hash:
                raise Malformed(PageOfOtherHash(*where))
        return [page for page in found if page is not None]


def _part(fields: object) -> Part:
    if not isinstance(fields, dict):
        raise ValueError(f"not a group: {str(fields)[:40]!r}")
    first = fields.get(FIRST_TAG, 0)
    if type(first) is not int or not 0 <= first < MAX_TAGS or (first == 0 and FIRST_TAG in fields):
        raise ValueError(f"{FIRST_TAG} {str(first)[:40]!r}")
    return Part(first, read_group(fields))


def _place(incarnation: object, seq: object, digest: object) -> PagePlace:
    if not (isinstance(incarnation, str) and _HEX16.fullmatch(incarnation)):
        raise ValueError(f"the incarnation {str(incarnation)[:40]!r} of a page")
    if type(seq) is not int or seq < 0 or not (isinstance(digest, str) and _HEX64.fullmatch(digest)):
        raise ValueError(f"the seq or the hash of a page in incarnation {incarnation}")
    return PagePlace(int(incarnation, 16), seq, bytes.fromhex(digest))


def _whole(parts: list[tuple[int, Part]]) -> Group:
    """One group of its parts, each with the number of its page; parts of one group on a single page are two groups."""
    tags: list[Tag] = []
    head = parts[0][1].group
    for at, (number, part) in enumerate(parts):
        if part.first != len(tags):
            raise Malformed(PartOutOfOrder(number, head.id, part.first, len(tags)))
        if replace(part.group, tags=head.tags) != head:
            raise Malformed(PartOfOtherGroup(number, head.id))
        if at and number == parts[at - 1][0]:
            raise Malformed(GroupOnTwoPages(head.id))
        tags += part.group.tags
    if len(tags) > MAX_TAGS:
        raise Malformed(TooManyTagsOfGroup(head.id, len(tags), MAX_TAGS))
    return head if len(parts) == 1 else replace(head, tags=tuple(tags))


def _twice(names: Iterable[str]) -> str | None:
    """The first name that stands twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
