"""steelyard-cloud import: counts that add up, nothing half in, nothing twice; and who may speak for a site."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from cloud.declarations import imports
from cloud.ledger import Ledger
from cloud.settings import load
from cloud.signing import deliver
from contract.fields import write_utc
from contract.imported import Row
from tests.cloud.edge_twin import Node, run
from tests.desk.bench import HEADER, SITE, Bench

DAY = 86400 * 10**9
MIXED = """\
2024-01-01,2024-01-02,main,electricity,1500,kWh
2024-01-01T16:00:00Z,2024-01-02T16:00:00Z,main,electricity,1.25,MWh
2024-01-01,2024-01-02,gas,natural_gas,80,m³
2024-01-01,2024-01-02,gas,natural_gas,80,m³
2024-01-01 12:00,2024-01-02 12:00,gas,natural_gas,80,m3
2024-01-02,2024-01-03,peat,raw_coal,80,t
2024-01-03,2024-01-04,gas,natural_gas,-1,m3

2024-01-02 08:00,,总排口,cod,60,mg/L
2024-01-02T00:00:00Z,,总排口,cod,60,mg/L
"unclosed
2024-01-04,2024-01-05,steam,heat,12,GJ
"""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_every_row_is_accepted_or_refused_by_its_line_and_a_second_import_changes_nothing(
    bench: Bench,
) -> None:
    done = bench.take(MIXED, code=1)
    refused = {item["line"]: item["message"] for item in done["refused"]}
    assert (done["in"], done["accepted"], done["new"]) == (11, 5, 5)
    assert done["accepted"] + len(refused) == done["in"]
    assert refused.keys() == {5, 6, 7, 8, 11, 12}
    assert refused[5] == "the same interval as line 4" and refused[6] == "overlaps line 4"
    assert refused[11] == "the same interval as line 10"  # the same moment, written with two offsets
    rows = bench.rows()
    assert [(row[0], row[1], row[4], row[5]) for row in rows] == [
        ("gas", "natural_gas", "80", "m3"), ("main", "electricity", "1500", "kW.h"),
        ("main", "electricity", "1.25", "MW.h"), ("steam", "heat", "12", "GJ"), ("总排口", "cod", "60", "mg/L"),
    ]  # fmt: skip
    size = bench.size()
    again = bench.take(MIXED, code=1)
    assert (again["in"], again["accepted"], again["new"], again["refused"]) == (11, 5, 0, done["refused"])
    assert (bench.size(), bench.rows()) == (size, rows)
    # Once its point is declared, the row of the same file that was refused is taken.
    bench.declare(SITE + "  - {id: peat}\n")
    third = bench.take(MIXED, code=1)
    assert (third["accepted"], third["new"]) == (6, 1) and len(bench.rows()) == 6
    assert bench.run("rebuild")["readings"] == 6
    assert {row[0] for row in bench.rows()} == {"gas", "main", "peat", "steam", "总排口"}
    bench.sound()


def test_another_value_or_an_overlap_with_the_ledger_is_refused_and_names_it(bench: Bench) -> None:
    assert bench.take("2024-01-01,2024-01-02,main,electricity,1500,kWh\n")["new"] == 1
    done = bench.take(
        "2024-01-01,2024-01-02,main,electricity,1501,kWh\n2024-01-01 08:00,2024-01-01 09:00,main,electricity,1,kWh\n",
        code=1,
    )
    assert done["accepted"] == 0 and [item["message"] for item in done["refused"]] == [
        "differs from the imported value 1500 kW.h",
        "overlaps what is imported for 2023-12-31T16:00:00Z to 2024-01-01T16:00:00Z",
    ]


def test_a_site_without_a_meter_tree_has_the_points_that_its_rows_name(tmp_path: Path) -> None:
    bench = Bench(tmp_path, SITE[: SITE.index("points:")])
    rows = (
        "2024-01-01,2024-01-02,一号表,electricity,1500,kWh\n2024-01-01,2024-01-02,no way,electricity,1,kWh\n"
    )
    done = bench.take(rows, code=1)
    assert (done["in"], done["accepted"], [item["line"] for item in done["refused"]]) == (2, 1, [3])
    assert "'no way' is no name of a point" in done["refused"][0]["message"]
    assert bench.take(rows, code=1)["new"] == 0
    assert [row[0] for row in bench.rows()] == ["一号表"]


def test_unusable_files_sites_and_points_end_with_2(bench: Bench) -> None:
    for data in (
        b"",
        b"a,b\n",
        HEADER.encode("utf-16"),
        HEADER.encode() + b"\xe9\n",
        HEADER.encode() + b"\0\n",
    ):
        assert set(bench.take(data, code=2)) == {"error"}
        assert len(bench.errors.splitlines()) == 1
    assert set(bench.take("", code=2, site="nowhere")) == {"error"}
    assert bench.take("")["in"] == 0


def cells(number: int, first: int = 0) -> str:
    """Rows of hours of the year 2024."""
    start = 1_704_067_200 * 10**9 + first * DAY
    hours = [write_utc(start + i * DAY // 24) for i in range(number + 1)]
    return "".join(
        f"{hours[i]},{hours[i + 1]},main,electricity,{(i * 7919) % 1000}.{i % 10},kWh\n"
        for i in range(number)
    )


def sealed(number: int) -> list[Row]:
    start = 1_704_067_200 * 10**9
    hour = DAY // 24
    from decimal import Decimal

    return [
        Row(start + i * hour, start + (i + 1) * hour, "main", "electricity", Decimal(i), "kW.h")
        for i in range(number)
    ]


def test_rows_count_once_all_parts_of_their_import_stand_in_one_incarnation(bench: Bench) -> None:
    settings = load(bench.folder / "cloud" / "cloud.yaml")
    head = {"site": "mill", "by": "p-000000000000", "note": ""}
    parts = list(imports.statements(sealed(2000), head))
    assert len(parts) > 2 and all(part.fields["parts"] == len(parts) for part in parts)
    deliver.write(settings, "desk-mill", "mill", parts[:-1])
    deliver.write(settings, "desk-mill", "mill", parts[-1:])
    assert bench.run("rebuild")["readings"] == 0
    deliver.write(settings, "desk-mill", "mill", parts[::-1])
    assert bench.run("rebuild")["readings"] == 2000
    deliver.write(settings, "desk-mill", "mill", parts)
    assert bench.run("rebuild")["readings"] == 2000
    bench.sound()


def test_nobody_but_the_desk_of_a_site_speaks_for_it(bench: Bench) -> None:
    head = {"site": "mill", "by": "p-000000000000", "note": ""}
    (statements,) = imports.statements(sealed(10), head)
    (site,) = bench.statements("site")
    edge, desk = Node().begin(), Node(name="desk-other").begin()
    for node in (edge, desk):
        node.say(statements.kind, **statements.fields)
        node.say(site.kind, **{**site.fields, "name_en": "Forged"})
    ledger = Ledger(bench.folder / "cloud" / "ledger")
    for data in edge.blocks + desk.blocks:
        ledger.append(1, data)
    ledger.sync()
    ledger.close()
    assert bench.run("rebuild") == {"declarations": 2, "readings": 0}


def test_a_part_fills_no_more_than_its_share_of_a_block() -> None:
    long = "x" * 128
    rows = [Row(0, i + 1, long, "electricity", i, "kW.h") for i in range(5000)]  # type: ignore[arg-type]
    statements = list(imports.statements(rows, {"site": "mill", "by": "p-000000000000", "note": "n" * 60}))
    from contract import statement

    assert max(len(statement.dump(item)) for item in statements) < 50_000
    assert sum(len(item.fields["rows"]) for item in statements) == 5000
    assert [item.fields["part"] for item in statements] == list(range(1, len(statements) + 1))


@pytest.mark.long
def test_a_hundred_thousand_rows_take_less_than_twenty_seconds(bench: Bench) -> None:
    begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = bench.take(cells(100_000))
    assert (done["in"], done["new"]) == (100_000, 100_000)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begun < 20
    assert "50000 of 100000 lines checked" in bench.errors
    assert len(bench.rows()) == 100_000


@pytest.mark.long
def test_a_ledger_that_nobody_answers_for_ends_with_3(bench: Bench) -> None:
    ledger = Ledger(bench.folder / "cloud" / "ledger")
    try:
        assert set(bench.take(cells(10), code=3)) == {"error"}
        assert "cloud.sock" in bench.errors
    finally:
        ledger.close()
    assert bench.take(cells(10))["new"] == 10
    assert run("example", "csv").returncode == 0
