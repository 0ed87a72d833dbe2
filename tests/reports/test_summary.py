"""Summaries: signed, deterministic, of the first blocks only, and true to the ledger; their CSV."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cloud.reports import envelope, summary, table
from cloud.reports.summary import Book, Period, Summary
from contract import block
from contract.downlink import RefusedSeq
from contract.errors import BadInput, BadSignature, CannotBeDone, Malformed
from journal.keyfiles import load_public
from tests.cloud.edge_twin import SECOND, T0, Node, raw
from tests.reports.mill import SITE, Mill, book, figure
from tests.reports.test_tree import mth

YEAR = Period("2023-01-01", "2024-01-01")


def make(mill: Mill, size: int | None = None, keep: Any = book) -> Summary:
    """The summary of the mill's year."""
    return summary.make(mill.settings, SITE, YEAR, keep, size)


@pytest.fixture
def mill(tmp_path: Path) -> Mill:
    return Mill(tmp_path)


def leaves(mill: Mill) -> list[bytes]:
    """The leaves, worked out from the blocks that went in."""
    found = []
    for number, data in enumerate(mill.order):
        header = data[: int.from_bytes(data[4:6], "little")]
        stamp = (T0 + number * SECOND + 7).to_bytes(8, "little", signed=True)
        found.append(hashlib.sha256(b"\0" + hashlib.sha256(header).digest() + stamp).digest())
    return found


def test_it_is_signed_by_the_cloud_and_canonical(mill: Mill) -> None:
    made = make(mill)
    key = load_public(mill.folder / "cloud" / "cloud.pub")
    assert envelope.open_(made.data, key) == made.body == json.loads(made.data)["body"]
    plain = json.dumps(json.loads(made.data), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert made.data == plain.encode()
    assert made.hash == hashlib.sha256(made.data).hexdigest()
    assert made.body["signer"] == key.public_bytes_raw().hex()
    assert made.key == hashlib.sha256(key.public_bytes_raw()).hexdigest() == json.loads(made.data)["key"]


def test_any_changed_byte_is_found(mill: Mill) -> None:
    made, key = make(mill), load_public(mill.folder / "cloud" / "cloud.pub")
    for at in range(0, len(made.data), 7):
        changed = made.data[:at] + bytes([made.data[at] ^ 1]) + made.data[at + 1 :]
        with pytest.raises(Malformed):
            envelope.open_(changed, key)
    other = Node().key.public_key()
    with pytest.raises(BadSignature):
        envelope.open_(made.data, other)


def test_it_names_tree_and_heads_as_they_are(mill: Mill) -> None:
    body = make(mill).body
    assert body["tree"] == {"size": len(mill.order), "root": mth(leaves(mill)).hex()}
    assert body["as_of"] == str(T0 + (len(mill.order) - 1) * SECOND + 7)
    mine = [mill.desk, mill.edge, mill.accounts]
    assert body["heads"] == [
        {
            "node": node.name, "stream": "account", "incarnation": f"{node.chain.incarnation:016x}",
            "blocks": len(node.blocks), "last": len(node.blocks) - 1, "hash": node.hashes[-1].hex(),
        }
        for node in mine
    ]  # fmt: skip
    raws = {node.name: node.key.public_key().public_bytes_raw().hex() for node in mine}
    assert body["keys"] == raws
    assert "meter" in body["not_proven"]["en"] and "计量表" in body["not_proven"]["zh"]


def test_the_same_ledger_gives_the_same_bytes(mill: Mill) -> None:
    assert make(mill).data == make(mill).data


def test_an_older_size_gives_the_older_summary_again(mill: Mill) -> None:
    before = make(mill)
    mill.edge.reading(99)
    mill.take(mill.edge.blocks[-1:], start=len(mill.order))
    after = make(mill)
    assert after.body["tree"]["size"] == before.body["tree"]["size"] + 1
    assert after.body["tree"]["root"] != before.body["tree"]["root"]
    assert make(mill, before.body["tree"]["size"]).data == before.data
    with pytest.raises(BadInput, match="has 25 blocks, not 26"):
        make(mill, 26)


def test_the_book_is_asked_for_the_ledger_that_the_tree_covers(mill: Mill) -> None:
    asked: list[int] = []

    def keep(end: int) -> Book:
        asked.append(end)
        mill.edge.reading(99)
        mill.take(mill.edge.blocks[-1:], start=len(mill.order))  # a block that comes while figures are made
        return book()

    made = make(mill, keep=keep)
    assert made.body["tree"]["size"] == len(mill.order)
    assert asked == [made.survey.end]


def test_refused_blocks_in_holes_are_named(mill: Mill) -> None:
    bad = raw(mill.edge, bytes(16) + b"not rows")
    digest, seq = mill.edge.hashes[-1], mill.edge.chain.seq - 1
    mill.edge.reading(50)
    from cloud.ledger import Ledger

    ledger = Ledger(mill.folder / "cloud" / "ledger")
    key = ("mill-edge", "account", 7)
    ledger.refuse(1, key, RefusedSeq(seq, digest.hex(), "does not decode"))
    ledger.refuse(1, key, RefusedSeq(seq + 5, "aa" * 32, "is behind the head, so no hole"))
    ledger.refuse(1, ("other-edge", "account", 9), RefusedSeq(0, "bb" * 32, "of another site"))
    ledger.append(T0, mill.edge.blocks[-1])
    ledger.sync()
    ledger.close()
    assert make(mill).body["not_taken"] == [
        {
            "node": "mill-edge", "stream": "account", "incarnation": f"{7:016x}",
            "seq": seq, "hash": digest.hex(), "reason": "does not decode",
        }
    ]  # fmt: skip
    assert block.parse(mill.edge.blocks[-1])[0].prev == digest
    assert hashlib.sha256(bad[: int.from_bytes(bad[4:6], "little")]).digest() == digest


def test_without_a_nodes_key_there_is_no_summary(mill: Mill) -> None:
    (mill.folder / "cloud" / "trust" / "mill-edge.pub").unlink()
    with pytest.raises(CannotBeDone, match=r"trust/mill-edge\.pub"):
        make(mill)


def test_a_float_never_gets_into_a_summary(mill: Mill) -> None:
    with pytest.raises(Malformed):
        make(mill, keep=lambda end: Book({}, "UTC", "00:00", [{"value": 1.5}], [], []))


def test_csv_has_a_line_for_each_figure_and_refusal(mill: Mill) -> None:
    made = make(mill)
    data = table.render(made.data, made.body)
    assert data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["kind"] for row in rows] == [
        item["kind"] for item in [*made.body["figures"], *made.body["refused"]]
    ]
    assert {row["summary_sha256"] for row in rows} == {made.hash}
    by_kind = {row["kind"]: row for row in rows}
    assert by_kind["energy_tce"]["value"] == "2131.653"
    assert (by_kind["energy_tce"]["name_zh"], by_kind["energy_tce"]["name_en"]) == (
        "综合能耗",
        "Total energy",
    )
    assert by_kind["unaccounted_kwh"]["value"] == "-12.50"
    saving = by_kind["saving_kwh"]
    assert (saving["interval_low"], saving["interval_high"]) == ("187000.00", "256000.00")
    assert by_kind["scope2_tco2"]["citations"] == "公告 2025年第47号"
    refused = by_kind["intensity_kwh_per_t"]
    assert (refused["value"], refused["refused"]) == ("", "no production on record for 2023")


def test_csv_holds_no_formula(mill: Mill) -> None:
    names = ["=1+1", "+cmd", "-1+2", "@SUM(A1)", "\tx"]
    figures = [figure("energy_tce", "1", "t", name) for name in names]
    made = make(mill, keep=lambda end: Book({}, "UTC", "00:00", figures, [], []))
    rows = list(
        csv.DictReader(io.StringIO(table.render(made.data, made.body).decode("utf-8-sig"), newline=""))
    )
    assert [row["point"] for row in rows] == [f"'{name}" for name in names]
