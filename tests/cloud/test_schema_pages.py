"""Schemas of many pages on their way into the ledger: they decode there, wait for pages, and are refused by name."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from cloud.ingest import validation
from cloud.ingest.validation import Accepted, RefusedBlock
from cloud.ledger import Decoder, columns
from cloud.ledger.heads import Heads, key_of
from cloud.ledger.tag_catalogue import Catalogue, SiteNode
from cloud.projection.projector import Projector
from contract import block, schema_split
from contract.downlink import RefusedSeq
from contract.errors import Malformed
from contract.schema_pages import PagePlace
from contract.sequence_gaps import SequenceGap
from contract.tags import Group, Layout, Tag
from tests.cloud.edge_twin import SECOND, T0, Node, table
from tests.cloud.test_projector import append, configured, drain


def group(number: int, tags: int, unit: str = "kW") -> Group:
    every = tuple(Tag(f"line{number}.v{i}", "int16", unit, en="Value of a line") for i in range(tags))
    return Group(
        f"line{number}", f"line{number}", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge", every
    )


LINES = tuple(group(number, 40) for number in range(50))


def paged(node: Node, known: dict[bytes, PagePlace] | None = None) -> dict[bytes, PagePlace]:
    """Seal the schema of the node by pages, those that are not known; the places of all."""
    places = dict(known or {})
    pages = schema_split.pages(node.schema)
    for page in pages:
        if page.hash not in places:
            sealed = node.say("schema-page", **page.statement.fields)
            places[page.hash] = PagePlace(node.chain.incarnation, sealed.header.seq, page.hash)
    listed = schema_split.list_statement(node.schema, [places[page.hash] for page in pages])
    node.say("schema", **listed.fields)
    return places


def begun(
    incarnation: int = 7, groups: tuple[Group, ...] = LINES, known: dict[bytes, PagePlace] | None = None
) -> tuple[Node, dict[bytes, PagePlace]]:
    """A node of one key that has opened and stated its schema."""
    node = Node(*groups, incarnation=incarnation, key=KEY)
    node.say("open", node=node.name, site=node.site, previous=None, cause="start")
    return node, paged(node, known)


KEY = Node().key


def reading(node: Node, number: int) -> bytes:
    line = node.schema.groups[number]
    return node.rows(table(line, [T0], *([number] for _ in line.tags))).data


class Door:
    """Takes blocks in as the ledger's writer does."""

    def __init__(self) -> None:
        self.heads, self.decoder, self.catalogue = Heads(), Decoder(), Catalogue()

    def verdict(self, data: bytes) -> validation.Verdict:
        found = validation.check(data, "mill-edge", {"mill-edge": KEY.public_key()}, self.heads, self.decoder)
        if isinstance(found, Accepted):
            self.heads.note(key_of(found.decoded.header)).add(found.decoded.header, found.decoded.hash)
            self.decoder.learn(found.decoded)
            self.catalogue.learn(found.decoded)
        elif isinstance(found, RefusedBlock):
            item = RefusedSeq(found.header.seq, found.hash.hex(), str(found.why))
            self.heads.note(key_of(found.header)).refuse(item)
        return found

    def all(self, blocks: list[bytes]) -> list[str]:
        return [type(self.verdict(data)).__name__ for data in blocks]


def test_rows_decode_under_a_schema_of_pages_and_the_catalogue_has_every_tag() -> None:
    node, _ = begun()
    reading(node, 49)
    door = Door()
    assert set(door.all(node.blocks)) == {"Accepted"} and len(node.blocks) > 6
    tags = door.catalogue.tags(SiteNode("demo-mill", "mill-edge"))
    assert len(tags) == 2000 and tags["line49.v39"].group == LINES[49]
    decoder = Decoder()
    rows = [decoder.feed(data) for data in node.blocks][-1].rows
    assert rows is not None and rows[0].group == LINES[49] and rows[0].data["f39"].tolist() == [49]


def test_a_change_of_one_group_states_one_page_and_a_later_incarnation_names_the_others() -> None:
    first, places = begun()
    second, _ = begun(8, (*LINES[:20], group(20, 40, "V"), *LINES[21:]), places)
    assert len(second.blocks) == 3  # open, one page, the list
    reading(second, 20)
    door = Door()
    assert set(door.all(first.blocks + second.blocks)) == {"Accepted"}
    known = door.catalogue.tags(SiteNode("demo-mill", "mill-edge"))
    assert known["line20.v0"].tag.unit == "V" and known["line21.v0"].tag.unit == "kW"


def test_equal_schemas_of_pages_are_one_object() -> None:
    first, places = begun()
    decoder, seen = Decoder(), set()
    for node in (first, begun(8, LINES, places)[0], begun(9)[0]):
        seen |= {id(found.schema) for found in map(decoder.feed, node.blocks) if found.schema is not None}
    assert len(seen) == 1


def test_a_schema_waits_for_pages_that_are_on_their_way() -> None:
    first, places = begun()
    second, _ = begun(8, LINES, places)
    reading(second, 1)
    door = Door()
    assert door.all(second.blocks) == ["Accepted", "Unlinked", "Unlinked"]
    door.all(first.blocks[:3])
    assert door.all(second.blocks[1:]) == ["Unlinked", "Unlinked"]
    assert set(door.all(first.blocks[3:] + second.blocks[1:])) == {"Accepted"}


@pytest.mark.parametrize("why", ["refused", "declared gone"])
def test_a_schema_whose_page_cannot_come_any_more_is_refused(why: str) -> None:
    first, places = begun()
    second, _ = begun(8, LINES, places)
    door = Door()
    door.all(first.blocks[:2])
    key, digest = ("mill-edge", "account", 7), first.hashes[2]
    if why == "refused":
        door.heads.note(key).refuse(RefusedSeq(2, digest.hex(), "because"))
    else:
        door.heads.declare(key, SequenceGap(7, 2, 2, digest, "damaged"))
    door.all(first.blocks[3:-1])
    door.verdict(second.blocks[0])
    found = door.verdict(second.blocks[1])
    assert isinstance(found, RefusedBlock) and "block 0000000000000007/2 of its stream" in str(found.why)


def test_a_page_that_should_stand_in_the_same_incarnation_is_not_waited_for() -> None:
    node = Node(*LINES, key=KEY)
    node.say("open", node=node.name, site=node.site, previous=None, cause="start")
    listed = schema_split.list_statement(node.schema, [PagePlace(7, 5, b"x" * 32)])
    node.say("schema", **listed.fields)
    door = Door()
    assert door.all(node.blocks) == ["Accepted", "RefusedBlock"]


def test_a_page_with_groups_of_another_stream_does_not_decode() -> None:
    node = Node(*LINES, key=KEY, stream="process")
    data = node.say("schema-page", **schema_split.pages(node.schema)[0].statement.fields).data
    with pytest.raises(Malformed, match="another stream"):
        Decoder().feed(data)


def test_pages_of_one_node_are_not_those_of_another() -> None:
    node, _ = begun()
    decoder = Decoder()
    for data in node.blocks:
        decoder.feed(data)
    header, _, body = block.parse(node.blocks[-1])
    with pytest.raises(Malformed, match="is not there"):
        decoder.decode(replace(header, node="other-edge"), header.hash, body)


def test_the_projector_goes_on_from_its_state_under_pages_and_the_export_has_the_values(
    tmp_path: Path,
) -> None:
    first, places = begun()
    second, _ = begun(8, LINES, places)
    append(tmp_path, first.blocks)
    projector = drain(Projector(configured(tmp_path)))
    projector.save()
    projector.close()
    reading(second, 30)
    append(tmp_path, second.blocks)
    again = drain(Projector(configured(tmp_path)))
    assert again.values == 40 and len(again.state.catalogue.tags(SiteNode("demo-mill", "mill-edge"))) == 2000
    again.close()
    out = StringIO()
    done = columns.write(tmp_path / "ledger", out, "line30.v7")
    assert (done.rows, done.unread, done.known) == (1, 0, True)
    assert ",line30.v7,30,30.0,good" in out.getvalue()
    assert columns.write(tmp_path / "ledger", StringIO(), "line30.v99").known is False
