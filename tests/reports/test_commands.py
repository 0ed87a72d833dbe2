"""The commands `summary` and `pack` as a person types them, over ledgers that desks and nodes have really filled."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from cloud.ledger import Ledger
from cloud.reports import envelope
from journal.keyfiles import load_public
from tests.cloud.edge_twin import METER, SECOND, Node, run, table
from tests.desk.bench import Bench
from tests.reports.printing import PRINTING

SITE = """\
site: {id: mill, name_zh: 印染厂, name_en: Mill, tz: Asia/Shanghai, province: 浙江}
points:
  - {id: main, carrier: electricity, zh: 总表, en: Main}
  - {id: read, carrier: electricity, parent: main, node: mill-edge, tag: main.kwh, zh: 电表, en: Meter}
  - {id: gas, carrier: gas}
factors: {grid: national}
"""
YEAR = ("--site", "mill", "--from", "2023-01-01", "--to", "2024-01-01")
HOUR = 3600
NOON = 1_699_934_400
"""2023-11-14 04:00:00 UTC."""


def meter(blocks: int = 8, rows: int = 4) -> Node:
    """A node whose counter grows by 0.25 kWh each quarter of an hour, from 4 hours before NOON on."""
    node = Node(site="mill").begin()
    for number in range(blocks):
        times = [(NOON + (number * rows + row) * 900 - 4 * HOUR) * SECOND for row in range(rows)]
        counts = [1000 + 25 * (number * rows + row) for row in range(rows)]
        node.rows(table(METER, times, counts, [1.0] * rows))
    return node


def fill(bench: Bench, node: Node) -> None:
    """Let the ledger take a node's blocks."""
    node.trust(bench.folder / "cloud" / "trust")
    ledger = Ledger(bench.folder / "cloud" / "ledger")
    for number, data in enumerate(node.blocks):
        ledger.append((NOON + number) * SECOND, data)
    ledger.sync()
    ledger.close()


def filled(folder: Path, node: Node) -> Bench:
    """A cloud whose mill is declared, metered and imported."""
    made = Bench(folder, SITE)
    fill(made, node)
    made.take(
        "2023-01-01,2024-01-01,main,electricity,5000000,kWh\n2023-01-01,2024-01-01,gas,natural_gas,800000,m3\n"
    )
    return made


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One for all tests that add nothing to its ledger but what its first summary seals."""
    return filled(tmp_path_factory.mktemp("mill"), meter())


def body_of(path: Path) -> dict[str, Any]:
    """The body of a summary's file or of a pack."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            data = archive.read("summary.json")
    else:
        data = path.read_bytes()
    found: dict[str, Any] = json.loads(data)["body"]
    return found


def test_a_summary_says_what_figures_says_and_seals_hours_first(bench: Bench) -> None:
    out = bench.folder / "out" / "mill-2023.01"
    out.parent.mkdir()
    before = bench.run("figures", *YEAR)
    said = bench.run("summary", *YEAR, "-o", str(out))
    assert said["files"] == [f"{out}.json"]
    data = Path(f"{out}.json").read_bytes()
    assert said["hash"] == envelope.digest(data)
    key = load_public(bench.folder / "cloud" / "cloud.pub")
    body = envelope.open_(data, key)
    assert len(bench.statements("hours")) == 1
    shown = [{name: value for name, value in item.items() if name != "inputs"} for item in body["figures"]]
    assert shown == before["figures"] and body["refused"] == before["refused"]
    by_place = {(item["kind"], item["point"]): item["value"] for item in shown}
    assert by_place["electricity_kwh", "main"] == "5000000"
    assert by_place["electricity_kwh", "read"] == "7.75"  # 31 steps of 25 hundredths
    assert by_place["scope2_tco2", None] == "2653.000"
    ids = {name for item in body["figures"] for name in item["factors"]}
    assert [record["id"] for record in body["factors"]] == sorted(ids)
    assert body["names"] == {"zh": "印染厂", "en": "Mill"} and body["day_start"] == "00:00"
    assert {"id": "read", "zh": "电表", "en": "Meter"} in body["points"]
    assert {head["node"] for head in body["heads"]} == {"mill-edge", "desk-mill", "accounts"}


def test_the_second_time_nothing_is_sealed_and_the_bytes_are_the_same(bench: Bench) -> None:
    first, second = bench.folder / "a.zip", bench.folder / "b.zip"
    said = bench.run("pack", *YEAR, "-o", str(first), "--depth", "full")
    size = bench.size()
    again = bench.run("pack", *YEAR, "-o", str(second), "--depth", "full")
    assert bench.size() == size
    assert first.read_bytes() == second.read_bytes()
    assert {**said, "files": 0} == {**again, "files": 0}
    assert (said["depth"], said["bytes"]) == ("full", first.stat().st_size)


@PRINTING
@pytest.mark.needs("poppler-utils")
def test_views_stand_beside_the_json(bench: Bench) -> None:
    out = bench.folder / "mill.pdf"
    said = bench.run("summary", *YEAR, "-o", str(out), "--format", "csv")
    assert [Path(name).name for name in said["files"]] == ["mill.json", "mill.csv", "mill.pdf"]
    read = ["pdftotext", "-layout", str(out), "-"]
    text = subprocess.run(read, capture_output=True, text=True, timeout=60, check=True).stdout
    assert text.count(said["hash"]) == text.count("\f") >= 2
    assert "印染厂" in text and "Mill" in text and "2,653.000" in text
    assert f"steelyard-verify mill.zip --trust {said['key']}" in text
    assert said["hash"] in (bench.folder / "mill.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("depth", ["summary", "full"])
def test_the_verifier_agrees(bench: Bench, depth: str) -> None:
    out = bench.folder / "mill.zip"
    said = bench.run("pack", *YEAR, "-o", str(out), "--depth", depth)
    words = [Path(sys.executable).parent / "steelyard-verify", str(out), "--trust", said["key"], "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["anchored"] is True
    assert len(found["figures"]) == said["figures"]
    assert all(item["ok"] for item in found["figures"])


def test_late_rows_give_another_summary_and_the_old_facts_stay(tmp_path: Path) -> None:
    node = meter()
    bench, out = filled(tmp_path, node), tmp_path / "a.json"
    bench.run("summary", *YEAR, "-o", str(out))
    before = body_of(out)
    late = Node(site="mill", key=node.key, incarnation=11).begin(node)
    late.rows(
        table(METER, [(NOON + 4 * HOUR + i * 900) * SECOND for i in range(2)], [1800, 1825], [1.0, 1.0])
    )
    fill(bench, late)
    bench.run("summary", *YEAR, "-o", str(out))
    after = body_of(out)
    assert [item.fields["revision"] for item in bench.statements("hours")] == [0, 1]
    assert after["tree"]["size"] > before["tree"]["size"]
    values = [_value(body, "electricity_kwh", "read") for body in (before, after)]
    assert values == ["7.75", "8.25"]
    assert bench.sound()["duplicates"] == 0


def _value(body: dict[str, Any], kind: str, point: str | None) -> str:
    return next(
        str(item["value"]) for item in body["figures"] if (item["kind"], item["point"]) == (kind, point)
    )


def test_a_dropped_registry_and_store_change_nothing(bench: Bench) -> None:
    first, second = bench.folder / "a.zip", bench.folder / "b.zip"
    bench.run("pack", *YEAR, "-o", str(first))
    for path in (bench.folder / "cloud").glob("registry.db*"):
        path.unlink()
    bench.run("rebuild")
    bench.run("pack", *YEAR, "-o", str(second))
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (("summary", "--site", "nowhere", *YEAR[2:], "-o", "x.json"), 2, "nowhere"),
        (
            ("summary", *YEAR[:2], "--from", "2023-13-01", "--to", "2024-01-01", "-o", "x.json"),
            2,
            "2023-13-01",
        ),
        (("summary", *YEAR[:2], "--from", "2023-02-01", "--to", "2023-02-01", "-o", "x.json"), 2, "later"),
        (("summary", *YEAR, "-o", "x.json", "--format", "doc"), 2, "doc"),
        (("summary", *YEAR, "-o", "x.json", "--lang", "de"), 2, "de"),
        (("pack", *YEAR, "-o", "x.zip", "--depth", "all"), 2, "all"),
        (("pack", *YEAR, "-o", "/nowhere/x.zip"), 3, "/nowhere"),
    ],
)
def test_wrong_input_is_one_line(bench: Bench, words: tuple[str, ...], code: int, why: str) -> None:
    done = run(*words, "--workdir", str(bench.folder))
    assert done.returncode == code and why in done.stderr
    assert "Traceback" not in done.stderr and done.stdout == ""
    assert not (bench.folder / "x.json").exists()
