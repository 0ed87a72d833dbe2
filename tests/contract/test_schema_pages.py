"""Schemas above one statement: pages make them again, a change touches its page alone, hostile ones are refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contract import schema_pages, schema_split, statement
from contract.errors import Malformed
from contract.schema import Schema
from contract.schema_pages import KnownPages, Page, PagePlace, PagesAbsent
from contract.tags import Group, Layout, Tag
from tests.contract import made


def group(name: str, tags: int, title: str = "Value") -> Group:
    """A group of tags as a plant has them."""
    every = tuple(
        Tag(f"{name}.v{i}", "float32", "kW", scale="0.1", en=title, source=f"holding:{i}")
        for i in range(tags)
    )
    return Group(name, name, "modbus-tcp", "account", Layout.TABLE, 10**9, "edge", every)


def plant(*sizes: int) -> Schema:
    return Schema("00" * 32, 2, tuple(group(f"line{i}", size) for i, size in enumerate(sizes)))


def hashes(schema: Schema) -> list[bytes]:
    return [page.hash for page in schema_split.pages(schema)]


def joined(schema: Schema) -> Schema:
    """The schema written and read again, each through its bytes."""
    known, places = KnownPages(), []
    for seq, page in enumerate(schema_split.pages(schema)):
        data = statement.dump(page.statement)
        assert hashlib.sha256(data).digest() == page.hash
        known.add("account", 7, seq, known.read(statement.load(data).fields, data))
        places.append(PagePlace(7, seq, page.hash))
    said = statement.load(statement.dump(schema_split.list_statement(schema, places)))
    listed = schema_pages.read_list(said.fields)
    return schema_pages.join(listed, known.of("account", listed))


@settings(max_examples=100, deadline=None)
@given(made.schemas())
def test_split_and_join_give_the_same_schema(schema: Schema) -> None:
    names = [tag.name for each in schema.groups for tag in each.tags]
    assume(len(set(names)) == len(names))
    assert joined(schema) == schema
    assert schema_split.fits(schema)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([1, 2, 40, 300, 1500]), min_size=1, max_size=40), st.integers(0))
def test_the_same_of_plants_and_no_statement_is_near_the_limit(sizes: list[int], chance: int) -> None:
    schema = plant(*sizes)
    assert joined(schema) == schema
    for page in schema_split.pages(schema):
        assert len(statement.dump(page.statement)) <= schema_split.PAGE_BYTES + 1024
    at = chance % len(sizes)
    other = tuple(
        group(each.id, len(each.tags), "Volts") if i == at else each for i, each in enumerate(schema.groups)
    )
    before = set(hashes(schema))
    new = [page for page in schema_split.pages(replace(schema, groups=other)) if page.hash not in before]
    alone = len(schema_split.pages(replace(schema, groups=other[at : at + 1])))
    assert 1 <= len(new) <= alone + 1


def test_twenty_thousand_tags_in_five_hundred_groups() -> None:
    schema = plant(*[40] * 500)
    pages = schema_split.pages(schema)
    assert not schema_split.fits(schema) and 20 < len(pages) < 150
    assert joined(schema) == schema
    changed = replace(
        schema, groups=(*schema.groups[:200], group("line200", 40, "Volts"), *schema.groups[201:])
    )
    assert len(set(hashes(changed)) - set(hashes(schema))) == 1
    longer = replace(schema, groups=(*schema.groups, group("more", 40)))
    assert len(set(hashes(longer)) - set(hashes(schema))) <= 2


def test_a_schema_fits_exactly_where_its_statement_does() -> None:
    for tags in range(600, 800, 7):
        schema = plant(tags)
        try:
            statement.dump(statement.Statement("schema", schema.to_fields()))
        except Malformed:
            assert not schema_split.fits(schema)
        else:
            assert schema_split.fits(schema)


@pytest.mark.parametrize(
    ("sizes", "what"), [([4096] * 9, "36864 tags"), ([1] * 4097, "4097 groups")], ids=["tags", "groups"]
)
def test_a_schema_above_the_limits_is_refused(sizes: list[int], what: str) -> None:
    with pytest.raises(Malformed, match=f"a schema of {what}; at most"):
        schema_split.pages(plant(*sizes))


BIG = plant(1500, 30, 30)
CHAIN = f"{7:016x}"
Change = Callable[[list[Any], list[dict[str, Any]]], None]
"""Changes the list (entries of `pages`) and the fields of the pages; hashes of the list are made anew before."""


def _forget(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    listed.append([CHAIN, 99, "ab" * 32])


def _other(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    listed[1][2] = "cd" * 32


def _double(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    listed.append(listed[0])


def _swap(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    listed[0], listed[1] = listed[1], listed[0]


def _skip(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    del listed[0]


def _group_again(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    pages[-1]["groups"].insert(0, pages[-1]["groups"][-1])


def _part_on_one_page(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    first, second = pages[0]["groups"][0], pages[1]["groups"][0]
    first["tags"], second["tags"], second["first_tag"] = first["tags"][:9], second["tags"][:9], 9
    pages[:] = [{"groups": [first, second]}]


def _part_of_other(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    pages[1]["groups"][0]["device"] = "another"


def _tag_in_other_part(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    pages[1]["groups"][0]["tags"][0]["name"] = "line0.v0"


def _tag_in_other_group(listed: list[Any], pages: list[dict[str, Any]]) -> None:
    pages[-1]["groups"][-1]["tags"][0]["name"] = "line0.v0"


LIES: list[tuple[Change, str]] = [
    (_forget, r"block 0000000000000007/99 of its stream, is not there"),
    (_other, r"page 2 of the schema, block 0000000000000007/1 of its stream, has another hash"),
    (_double, r"page \d of the schema is listed twice"),
    (_swap, r"page 1 of the schema goes on with group line0 at tag \d+; 0 is expected"),
    (_skip, r"page 1 of the schema goes on with group line0 at tag \d+; 0 is expected"),
    (_group_again, r"group line2 stands twice|goes on with group line2"),
    (_part_on_one_page, r"group line0 stands twice"),
    (_part_of_other, r"page 2 of the schema describes group line0 otherwise"),
    (_tag_in_other_part, r"tag line0.v0 stands twice"),
    (_tag_in_other_group, r"tag line0.v0 stands twice"),
]


def read(listed: list[Any], pages: list[dict[str, Any]]) -> Schema:
    known = KnownPages()
    for seq, fields in enumerate(pages):
        data = statement.dump(statement.Statement("schema-page", fields))
        known.add("account", 7, seq, known.read(fields, data))
    found = schema_pages.read_list({"config": "00", "seal_after": "1", "pages": listed})
    return schema_pages.join(found, known.of("account", found))


def written(schema: Schema) -> tuple[list[Any], list[dict[str, Any]]]:
    pages = [json.loads(statement.dump(page.statement)) for page in schema_split.pages(schema)]
    fields = [{"groups": page["groups"]} for page in pages]
    return listing(fields), fields


def listing(pages: list[dict[str, Any]]) -> list[Any]:
    data = [statement.dump(statement.Statement("schema-page", fields)) for fields in pages]
    return [[CHAIN, seq, hashlib.sha256(item).hexdigest()] for seq, item in enumerate(data)]


@pytest.mark.parametrize(("lie", "why"), LIES, ids=[lie.__name__ for lie, _ in LIES])
def test_a_hostile_page_or_list_is_refused_by_name(lie: Change, why: str) -> None:
    listed, pages = written(BIG)
    assert len(pages) >= 4 and read(listed, pages).groups == BIG.groups
    if lie in (_group_again, _part_on_one_page, _part_of_other, _tag_in_other_part, _tag_in_other_group):
        lie(listed, pages)
        listed = listing(pages)
    else:
        lie(listed, pages)
    with pytest.raises(Malformed, match=why):
        read(listed, pages)


def test_absent_pages_are_named_all() -> None:
    listed = schema_pages.read_list(
        {"config": "", "seal_after": "1", "pages": [[CHAIN, 2, "ab" * 32], [CHAIN, 3, "cd" * 32]]}
    )
    with pytest.raises(PagesAbsent) as found:
        KnownPages().of("account", listed)
    assert found.value.places == listed.places


def test_a_page_of_another_stream_is_absent() -> None:
    known, page = KnownPages(), Page(b"1" * 32, ())
    known.add("process", 1, 2, page)
    listed = schema_pages.PageList("", 1, (PagePlace(1, 2, b"1" * 32),))
    assert known.of("process", listed) == [page]
    with pytest.raises(PagesAbsent):
        known.of("account", listed)


@pytest.mark.parametrize(
    "fields",
    [
        {}, {"groups": []}, {"groups": {}}, {"groups": [1]}, {"groups": [{"id": "a"}]}, {"groups": "x", "more": 1},
        {"groups": [{**made_fields, "first_tag": 0} for made_fields in plant(2).to_fields()["groups"]]},
        {"groups": [{**made_fields, "first_tag": 4096} for made_fields in plant(2).to_fields()["groups"]]},
        {"groups": [{**made_fields, "first_tag": "1"} for made_fields in plant(2).to_fields()["groups"]]},
        {"groups": [{**made_fields, "first_tag": True} for made_fields in plant(2).to_fields()["groups"]]},
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="not a schema page"):
        schema_pages.read_page(fields, bytes(32))


@pytest.mark.parametrize(
    "pages",
    [
        {}, [1], [[]], [["7", 1, "ab" * 32]], [[CHAIN, "1", "ab" * 32]], [[CHAIN, True, "ab" * 32]],
        [[CHAIN, -1, "ab" * 32]], [[CHAIN, 1, "ab"]], [[CHAIN, 1, 5]], ["ab"],
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(pages: Any) -> None:
    with pytest.raises(Malformed, match="not a schema statement"):
        schema_pages.read_list({"config": "", "seal_after": "1", "pages": pages})


def test_too_many_pages_or_tags_are_not_joined() -> None:
    many = [[CHAIN, seq, f"{seq:064x}"] for seq in range(513)]
    with pytest.raises(Malformed, match="513 pages; at most 512"):
        schema_pages.read_list({"config": "", "seal_after": "1", "pages": many})
    page = Page(b"", tuple(schema_pages.Part(0, group(f"g{i}", 4096)) for i in range(9)))
    listed = schema_pages.PageList("", 1, ())
    with pytest.raises(Malformed, match="36864 tags; at most 32768"):
        schema_pages.join(listed, [page])
