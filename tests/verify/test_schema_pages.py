"""Schemas by pages from the edge's store through ledger and pack: the verifier reads them, and finds false ones."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from cloud import ledger
from cloud.ledger import Decoder
from cloud.ledger.tag_catalogue import Catalogue, SiteNode
from contract import schema_split
from journal.files import REAL
from tests.edge import wide
from tests.edge.damaged import SECOND, Clock, Cloud, machine
from tests.verify import real_site, sealing
from tests.verify.real_site import SITE, T0, run
from tests.verify.sealing import Chain, Log, key_of
from verify.blocks.block import parse
from verify.blocks.records import records
from verify.check import VERIFIED, Report, verify
from verify.evidence.ledger import Entry
from verify.evidence.schemas import Schemas, check
from verify.formats import canonical_json
from verify.formats.findings import Findings
from verify.keys.trust import trusted

__all__ = ["machine"]
SITE_YAML = f"""\
site: {{id: {SITE}, name_zh: 测试厂, name_en: Test mill, tz: Asia/Shanghai, province: 浙江, day_start: "00:00"}}
points:
  - {{id: main, carrier: electricity, node: n, tag: line0.kwh, zh: 总表, en: Main meter}}
factors: {{grid: province}}
"""


def faults(found: Report) -> list[str]:
    return [f"{each.name} {each.where}: {each.why}" for each in found.findings.checks if not each.ok]


@pytest.mark.parametrize(
    ("groups", "tags"), [(25, 40), pytest.param(500, 40, marks=pytest.mark.long)], ids=["1,000", "20,000"]
)
def test_a_node_of_many_tags_verifies_end_to_end(
    groups: int, tags: int, machine: Clock, tmp_path: Path
) -> None:
    """Two starts of a real edge, the second with one group changed; two days of its meter."""
    run("init", "--workdir", str(tmp_path))
    schema, cloud = wide.plant(groups, tags), Cloud(tmp_path / "cloud")
    machine.now = T0
    for start in (schema, wide.changed(schema, groups // 2)):
        store = wide.start(start, REAL, folder=tmp_path / "journal", site=SITE)
        for hour in range(25):
            machine.now += 3600 * SECOND
            wide.add(store, 0, machine.now, hour + 1 + 25 * (start is not schema))
            wide.add(store, groups // 2, machine.now, hour)
            store.seal_all()
        wide.deliver(store, cloud, machine)
        store.close()
    cloud.close()
    first, second = wide.kinds([record.data for record in ledger.read(tmp_path / "cloud" / "ledger")])
    assert first.count("schema-page") > 2 and second == ["open", "schema-page", "schema"]
    _catalogued(tmp_path, groups, tags)
    (tmp_path / "site.yaml").write_text(SITE_YAML, encoding="utf-8")
    run("declare", str(tmp_path / "site.yaml"), "--workdir", str(tmp_path))
    days = ("2024-02-29", "2024-03-02")
    run("seal-hours", "--workdir", str(tmp_path), "--site", SITE, "--from", days[0], "--to", days[1])
    for depth in ("summary", "full"):
        data = real_site.packed(tmp_path, depth, days)
        found = verify(data, {trusted(str(tmp_path / "cloud" / "cloud.pub"))})
        assert faults(found) == [] and found.verdict == VERIFIED
        assert any(
            item.kind == "electricity_kwh" and float(str(item.published)) > 0 for item in found.figures
        )
        with zipfile.ZipFile(BytesIO(data)) as archive:
            assert archive.read("ledger.seg").count(b'"kind":"schema-page"') == first.count("schema-page") + 1


def _catalogued(folder: Path, groups: int, tags: int) -> None:
    decoder, catalogue = Decoder(), Catalogue()
    for record in ledger.read(folder / "cloud" / "ledger"):
        catalogue.learn(decoder.feed(record.data))
    known = catalogue.tags(SiteNode(SITE, "n"))
    assert len(known) == groups * tags
    assert {item.tag.unit for item in known.values()} == {"kW", "kW.h", "V"}


def group(name: str, first: int, count: int) -> dict[str, Any]:
    """A group with tags from a number on, as it stands on a page."""
    tags = [{"name": f"{name}.v{i}", "type": "int16", "unit": "kW"} for i in range(first, first + count)]
    head = {"id": name, "device": name, "protocol": "modbus-tcp", "stream": "account", "layout": "table"}
    return {
        **head,
        "every": "1",
        "time_source": "edge",
        "tags": tags,
        **({"first_tag": first} if first else {}),
    }


class Pages:
    """A chain that states pages and the list of them, as the page docs/block-format.md has it."""

    def __init__(self) -> None:
        self.chain, self.log, self.listed = Chain("mill-edge", key_of("edge")), Log(), list[list[Any]]()
        self.log.add(self.chain.opened("mill", 1), 1)

    def page(self, *groups: dict[str, Any]) -> None:
        said = {"kind": "schema-page", "groups": list(groups)}
        where = [f"{self.chain.incarnation:016x}", self.chain.seq]
        self.listed.append([*where, hashlib.sha256(sealing.canonical(said)).hexdigest()])
        self.log.add(self.chain.seal(said, 1), 1)

    def list_pages(self) -> None:
        said = {"kind": "schema", "config": "00" * 32, "seal_after": "1", "pages": self.listed}
        self.log.add(self.chain.seal(said, 1), 1)

    def entries(self) -> list[Entry]:
        found = []
        for index, record in enumerate(records(self.log.segment())):
            block = parse(record.data)
            assert block.body is not None
            found.append(Entry(record, block, index, canonical_json.load(block.body[16:])))
        return found


def pages(turned: Callable[[Pages], None] = lambda made: None) -> list[str]:
    """What the verifier says of three pages, two of them with parts of one group, after something was done to them."""
    made = Pages()
    made.page(group("a", 0, 3))
    made.page(group("a", 3, 2), group("b", 0, 2))
    made.page(group("c", 0, 1))
    turned(made)
    made.list_pages()
    findings = Findings()
    check(made.entries(), findings)
    return [each.why for each in findings.checks if not each.ok]


def test_pages_are_joined_as_the_document_says() -> None:
    assert pages() == []
    made = Pages()
    made.page(group("a", 0, 3))
    made.page(group("a", 3, 2), group("b", 0, 2))
    made.list_pages()
    schemas = Schemas()
    (groups,) = [found for entry in made.entries() if (found := schemas.take(entry, entry.statement or {}))]
    assert [(each["id"], [tag["name"] for tag in each["tags"]]) for each in groups] == [
        ("a", ["a.v0", "a.v1", "a.v2", "a.v3", "a.v4"]), ("b", ["b.v0", "b.v1"]),
    ]  # fmt: skip


def _swapped(made: Pages) -> None:
    made.listed[0], made.listed[1] = made.listed[1], made.listed[0]


def _other(made: Pages) -> None:
    made.listed[2][2] = made.listed[1][2]


def _again(made: Pages) -> None:
    made.listed.append(made.listed[2])


def _absent(made: Pages) -> None:
    made.listed[2][1] = 99


def _group_twice(made: Pages) -> None:
    made.page(group("c", 0, 2))


def _tag_twice(made: Pages) -> None:
    made.page({**group("c", 0, 1), "id": "d"})


def _too_many(made: Pages) -> None:
    made.listed.extend(made.listed * 200)


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (_swapped, "page 1 of the schema goes on with group a at tag 3, which does not follow"),
        (_other, "page 3 of the schema, block 1122334455667788/3 of its stream, has another hash"),
        (_again, "the schema lists a page twice"),
        (_absent, "page 3 of the schema, block 1122334455667788/99 of its stream, does not stand before it"),
        (_group_twice, "group c stands twice on the pages of the schema"),
        (_tag_twice, "tag c.v0 stands twice on the pages of the schema"),
        (_too_many, "a schema with 603 pages, groups or tags, at most 512 can be read"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_a_false_list_or_page_is_found(lie: Callable[[Pages], None], why: str) -> None:
    assert pages(lie) == [why]


def test_a_swapped_page_that_edge_and_cloud_sign_is_found(
    machine: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The edge lists two pages in the other's place, the cloud takes it all the same, and signs the pack."""
    real = schema_split.list_statement

    def swapped(schema: Any, places: Any) -> Any:
        return real(schema, [places[1], places[0], *places[2:]])

    run("init", "--workdir", str(tmp_path))
    cloud = Cloud(tmp_path / "cloud")
    machine.now = T0
    monkeypatch.setattr(schema_split, "list_statement", swapped)
    store = wide.start(wide.plant(1, 2000), REAL, folder=tmp_path / "journal", site=SITE)
    held = [store.book.read(stored) for stored in store.book.index.held("account")]
    cloud.close()
    real_site.append(tmp_path, [(T0, data) for data in held if data is not None])
    (tmp_path / "site.yaml").write_text(SITE_YAML.replace("line0.kwh", "line0.v1"), encoding="utf-8")
    run("declare", str(tmp_path / "site.yaml"), "--workdir", str(tmp_path), ok=(0, 2))
    data = real_site.packed(tmp_path, "summary", ("2024-02-29", "2024-03-02"))
    found = verify(data, {trusted(str(tmp_path / "cloud" / "cloud.pub"))})
    assert found.anchored and found.exit == 1
    assert any("page 1 of the schema goes on with group line0" in line for line in faults(found))
    store.close()
