"""Writing a schema: one statement where it fits, else pages and the list of them. Pure.

Which groups share a page depends on their ids, not on what stands in them: so a changed group changes its own page and
leaves the others as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contract import statement as statement_codec
from contract.errors import Malformed
from contract.schema import Schema, group_fields
from contract.schema_pages import FIRST_TAG, KIND, MOST_PAGES, PagePlace, check_size, page_hash
from contract.statement import MAX_BYTES, Statement
from contract.statement_messages import TooManyPages
from contract.tags import Group

PAGE_BYTES = 48 * 1024
"""Most bytes of groups on a page."""
_SHORTEST_TAG = len('{"name":"a","type":"bool","unit":"1"}')
_Part = tuple[dict[str, Any], int]
"""A group, or a part of its tags, as fields, and its bytes."""


@dataclass(frozen=True)
class WrittenPage:
    """hash: SHA-256 of the statement's bytes."""

    statement: Statement
    hash: bytes


def fits(schema: Schema) -> bool:
    """Whether a schema is one statement."""
    if sum(len(group.tags) for group in schema.groups) > MAX_BYTES // _SHORTEST_TAG:
        return False
    return len(_bytes({**schema.to_fields(), "kind": "schema"})) <= MAX_BYTES


def pages(schema: Schema) -> list[WrittenPage]:
    """The pages of a schema, in order; raises Malformed for a schema above the limits."""
    found = []
    for groups in packed(schema):
        statement = Statement(KIND, {"groups": groups})
        found.append(WrittenPage(statement, page_hash(statement_codec.dump(statement))))
    return found


def packed(schema: Schema) -> list[list[dict[str, Any]]]:
    """The groups of each page, as fields; raises Malformed for a schema above the limits."""
    check_size(len(schema.groups), sum(len(group.tags) for group in schema.groups))
    found = [[fields for fields, _ in parts] for parts in _packed(schema)]
    if len(found) > MOST_PAGES:
        raise Malformed(TooManyPages(len(found), MOST_PAGES))
    return found


def list_statement(schema: Schema, places: Sequence[PagePlace]) -> Statement:
    """The `schema` statement that lists pages."""
    listed = [[f"{place.incarnation:016x}", place.seq, place.hash.hex()] for place in places]
    fields = {"config": schema.config, "seal_after": str(schema.seal_after), "pages": listed}
    return Statement("schema", fields)


def _packed(schema: Schema) -> Iterator[list[_Part]]:
    """The parts of each page: a page ends where a group's id says so, and where it is full."""
    parts = [list(_parts(group)) for group in schema.groups]
    total = sum(size for some in parts for _, size in some)
    every = 1 << max(0, (PAGE_BYTES * len(parts) // total).bit_length() - 1)
    page: list[_Part] = []
    for group, some in zip(schema.groups, parts, strict=True):
        for part in some:
            goes_on, full = FIRST_TAG in part[0], sum(size for _, size in page) + part[1] > PAGE_BYTES
            if page and (goes_on or full or _begins_page(group.id, every)):
                yield page
                page = []
            page.append(part)
    if page:
        yield page


def _begins_page(id_: str, every: int) -> bool:
    """Whether a page begins with this group, as with one in *every* (a power of two)."""
    return int.from_bytes(hashlib.sha256(id_.encode()).digest()[:2]) % every == 0


def _parts(group: Group) -> Iterator[_Part]:
    """A group as one part where it fits on a page, else in parts of equal numbers of tags."""
    fields = group_fields(group)
    size = len(_bytes(fields))
    if size <= PAGE_BYTES or len(group.tags) == 1:
        yield fields, size
        return
    half = (len(group.tags) + 1) // 2
    yield from _parts(replace(group, tags=group.tags[:half]))
    for part, its in _parts(replace(group, tags=group.tags[half:])):
        first = half + part.get(FIRST_TAG, 0)
        yield part | {FIRST_TAG: first}, its + len(f',"{FIRST_TAG}":{first}')


def _bytes(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
