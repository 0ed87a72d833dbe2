"""Packs hold what docs/pack-format.md says, byte for byte the same each time; read here by hand from that page."""

from __future__ import annotations

import hashlib
import json
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from cloud.reports import files, pack, summary
from cloud.reports.summary import Summary
from tests.cloud.edge_twin import SECOND, T0, Node
from tests.reports.mill import SITE, Mill, book
from tests.reports.test_summary import YEAR

NAMES = ["manifest.json", "summary.json", "ledger.seg", "proofs.json", "README.txt"]


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    return Mill(tmp_path)


def write(mill: Mill, name: str, depth: str, made: Summary | None = None) -> Path:
    """A pack of the mill."""
    made = made or summary.make(mill.settings, SITE, YEAR, book)
    path = mill.folder / name
    pack.write(path, mill.settings.ledger_folder, made.survey, made.data, SITE, depth)
    return path


def read(path: Path) -> dict[str, bytes]:
    """The entries of a pack."""
    with zipfile.ZipFile(path) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist()}


def records(data: bytes) -> list[tuple[int, bytes]]:
    """Stamp and data of each record of a segment, CRC checked."""
    found, at = [], 0
    while at < len(data):
        mark, length, crc, stamp = struct.unpack_from("<4sIIq", data, at)
        body = data[at + 20 : at + 20 + length]
        assert mark == b"\xa7SY\x01" and len(body) == length
        assert zlib.crc32(struct.pack("<q", stamp) + body) == crc
        found.append((stamp, body))
        at += 20 + length
    return found


def header_of(data: bytes) -> bytes:
    """The header's bytes of a block."""
    return data[: struct.unpack_from("<H", data, 4)[0]]


def climb(leaf: bytes, index: int, size: int, path: list[str]) -> bytes:
    """Where an audit path leads, as the page says it."""
    fn, sn, r = index, size - 1, leaf
    for text in path:
        p = bytes.fromhex(text)
        assert sn
        if fn % 2 or fn == sn:
            r = hashlib.sha256(b"\1" + p + r).digest()
            while fn % 2 == 0 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\1" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    assert sn == 0
    return r


@pytest.mark.parametrize("depth", ["summary", "full"])
def test_the_zip_is_as_the_page_says(mill: Mill, depth: str) -> None:
    path = write(mill, "a.zip", depth)
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        assert [item.filename for item in entries] == NAMES
        assert archive.comment == b""
        for item in entries:
            assert item.date_time == (1980, 1, 1, 0, 0, 0)
            assert (item.compress_type, item.extra, item.comment, item.flag_bits) == (0, b"", b"", 0)
            assert (item.create_system, item.external_attr >> 16) == (3, 0o100644)
    found = read(path)
    manifest = json.loads(found["manifest.json"])
    assert (manifest["format"], manifest["depth"]) == ("steelyard-pack/1", depth)
    assert manifest["files"] == {name: hashlib.sha256(found[name]).hexdigest() for name in NAMES[1:]}
    for name in ("manifest.json", "summary.json", "proofs.json"):
        plain = json.dumps(json.loads(found[name]), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert found[name] == plain.encode()


def test_the_same_ledger_gives_the_same_bytes(mill: Mill) -> None:
    first, second = write(mill, "a.zip", "full"), write(mill, "b.zip", "full")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes() != write(mill, "c.zip", "summary").read_bytes()


def test_every_block_is_proven_to_be_where_it_was(mill: Mill) -> None:
    found = read(write(mill, "a.zip", "full"))
    tree = json.loads(found["summary.json"])["body"]["tree"]
    leaves = json.loads(found["proofs.json"])["leaves"]
    said = records(found["ledger.seg"])
    assert len(said) == len(leaves)
    indexes = []
    for stamp, data in said:
        digest = hashlib.sha256(header_of(data)).digest()
        proof = leaves[digest.hex()]
        leaf = hashlib.sha256(b"\0" + digest + struct.pack("<q", stamp)).digest()
        assert climb(leaf, proof["index"], tree["size"], proof["path"]).hex() == tree["root"]
        assert header_of(mill.order[proof["index"]]) == header_of(data)
        assert stamp == T0 + proof["index"] * SECOND + 7
        indexes.append(proof["index"])
    assert indexes == sorted(indexes)


def whole(mill: Mill, data: bytes) -> bool:
    """Whether a record holds a block that went in, whole; else it must be header and signature of one."""
    if data in mill.order:
        return True
    assert any(item.startswith(data) and len(data) == len(header_of(item)) + 64 for item in mill.order)
    return False


def of(found: list[tuple[int, bytes]], node: Node) -> list[bytes]:
    """The records of a node's blocks."""
    mine = {header_of(data) for data in node.blocks}
    return [data for _, data in found if header_of(data) in mine]


@pytest.mark.parametrize("depth", ["summary", "full"])
def test_which_blocks_each_depth_holds(mill: Mill, depth: str) -> None:
    found = records(read(write(mill, "a.zip", depth))["ledger.seg"])
    assert of(found, mill.desk) == mill.desk.blocks
    statements = [mill.edge.blocks[0], mill.edge.blocks[1], mill.edge.blocks[2]]
    assert of(found, mill.edge) == (mill.edge.blocks if depth == "full" else statements)
    assert of(found, mill.other) == []
    accounts = of(found, mill.accounts)
    assert [header_of(data) for data in accounts] == [header_of(data) for data in mill.accounts.blocks]
    # open, hours of this site, hours of the other one, hours of this site
    assert [whole(mill, data) for data in accounts] == [True, True, False, True]
    assert b"other-mill" not in b"".join(data for _, data in found)


def test_a_process_stream_stays_at_home(tmp_path: Path) -> None:
    mill = Mill(tmp_path)
    process = Node(name="mill-edge", incarnation=8, stream="process", key=mill.edge.key)
    process.say("open", node="mill-edge", site=SITE, previous=None, cause="start")
    mill.take(process.blocks, start=len(mill.order))
    found = read(write(mill, "a.zip", "full"))
    assert of(records(found["ledger.seg"]), process) == []
    heads = json.loads(found["summary.json"])["body"]["heads"]
    assert [head["stream"] for head in heads] == ["account", "account", "account", "process"]


def test_blocks_that_came_after_the_summary_stay_out(mill: Mill) -> None:
    made = summary.make(mill.settings, SITE, YEAR, book)
    before = write(mill, "a.zip", "full", made).read_bytes()
    mill.edge.reading(99)
    mill.take(mill.edge.blocks[-1:], start=len(mill.order))
    assert write(mill, "b.zip", "full", made).read_bytes() == before


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "f"
    with pytest.raises(RuntimeError), files.Whole(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    files.write(path, b"old")
    files.write(path, b"new")
    assert path.read_bytes() == b"new" and [item.name for item in tmp_path.iterdir()] == ["f"]


def test_empty_ledger(tmp_path: Path) -> None:
    mill = Mill(tmp_path)
    for segment in (tmp_path / "cloud" / "ledger").glob("*.seg"):
        segment.unlink()
    found = read(write(mill, "a.zip", "full"))
    body = json.loads(found["summary.json"])["body"]
    assert body["tree"] == {"size": 0, "root": hashlib.sha256(b"").hexdigest()}
    assert (body["as_of"], body["heads"], found["ledger.seg"]) == ("0", [], b"")
