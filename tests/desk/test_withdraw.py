"""Undo by another statement: what is withdrawn counts no more, what was before it counts again, in every reader."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cloud.declarations.declare import declare
from cloud.declarations.imports import take
from cloud.registry import Registry
from cloud.settings import load
from cloud.statements.replay import replay
from contract.imported import Row
from tests.desk.bench import HEADER, Bench
from verify.blocks.block import parse
from verify.blocks.records import records
from verify.evidence.ledger import Entry
from verify.formats import canonical_json
from verify.formats.findings import Findings
from verify.statements import effective as verifiers

TARIFF = "{currency: CNY, source: s, valid_from: 2024-01-01, bands: [{name: a, from: '00:00', to: '24:00', price: %s}]}"
PROJECT = (
    "{id: %s, name_zh: 换, name_en: %s, date: 2024-02-01, labour: {product_unit: t, person_year: 2000 h/a}}"
)
CORRECTION = "{from: '2024-01-%02dT16:00:00Z', to: '2024-01-%02dT16:00:00Z', point: main, quantity: electricity, " \
             "value: %s, unit: kW.h}"  # fmt: skip


class Mill:
    """A bench that is asked in this process; hashes: the hash of each statement of its desk, in order."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self.settings = load(self.bench.folder / "cloud" / "cloud.yaml")
        self.registry = Registry(self.settings)
        self.hashes: list[str] = []

    def say(self, text: str) -> str:
        """Declare something; the hash of its last statement."""
        file = Path(self.bench.file("more.yaml", f"site: mill\n{text}\n"))
        self.hashes += declare(self.settings, file, "王敏")["blocks"]
        return self.hashes[-1]

    def undo(self, name: str) -> str:
        return self.say(f"withdraw: {{statement: {name}, why: a slip}}")

    def take(self, rows: str) -> list[str]:
        """Import rows; the hashes of the parts."""
        before = set(self.registry.hashes("mill"))
        file = Path(self.bench.file("rows.csv", HEADER + rows))
        take(self.settings, "mill", file, "王敏", lambda text: None)
        self.registry.catch_up()
        new = sorted(set(self.registry.hashes("mill")) - before)
        self.hashes += new
        return new

    def now(self) -> dict[str, Any]:
        """What counts, as the registry and as a reader of the blocks have it; they must be of one mind."""
        self.registry.catch_up()
        effective = replay(self.settings, "mill").declared
        mine = {
            "tariffs": tuple(self.registry.tariffs("mill")), "points": self.registry.points("mill"),
            "permits": tuple(self.registry.permits("mill")), "site": self.registry.site("mill"),
            "replacements": tuple(self.registry.replacements("mill")),
            "rows": _sorted((one.row, one.hash) for one in self.registry.readings("mill")),
        }  # fmt: skip
        assert mine == {
            "tariffs": effective.tariffs, "points": effective.points, "permits": effective.permits,
            "site": effective.site,
            "replacements": tuple(one.declaration for one in effective.replacements),
            "rows": _sorted((one.row, one.block.hex()) for one in effective.rows),
        }  # fmt: skip
        return mine

    def values(self) -> list[str]:
        """Values of the imported rows that count, in order of time."""
        return [str(row.value) for row, _ in self.now()["rows"]]

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        with sqlite3.connect(self.bench.folder / "cloud" / "registry.db") as raw:
            names = ("declarations", "imports", "readings", "pending", "progress")
            found = {name: raw.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names}
        raw.close()
        return found


def _sorted(rows: Iterable[tuple[Row, str]]) -> list[tuple[Row, str]]:
    return sorted(rows, key=lambda item: (item[0].point, item[0].from_))


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    found = Mill(tmp_path)
    yield found
    found.registry.close()


def test_a_withdrawn_tariff_gives_way_to_the_one_before_and_comes_back_when_that_is_withdrawn(
    mill: Mill,
) -> None:
    def price() -> Decimal:
        return mill.now()["tariffs"][0].bands[0].price

    mill.say(f"tariff: {TARIFF % 1}")
    second = mill.say(f"tariff: {TARIFF % 2}")
    assert price() == 2
    undone = mill.undo(second)
    assert price() == 1
    mill.undo(undone)
    assert price() == 2
    again = mill.bench.declare(f"site: mill\nwithdraw: {{statement: {undone}, why: a slip}}\n")
    assert (again["sealed"], again["unchanged"]) == ([], ["withdraw"])


def test_site_points_and_projects_can_be_undone_as_well(mill: Mill) -> None:
    before = mill.now()
    name = mill.say("points: [{id: only}]")
    assert [point.id for point in mill.now()["points"].points] == ["only"]
    mill.undo(name)
    assert mill.now() == before
    mill.say(f"replacement: [{PROJECT % ('a', 'First')}, {PROJECT % ('b', 'Other')}]")
    later = mill.say(f"replacement: {PROJECT % ('a', 'Second')}")
    assert [one.name_en for one in mill.now()["replacements"]] == ["Second", "Other"]
    mill.undo(later)
    assert [one.name_en for one in mill.now()["replacements"]] == ["First", "Other"]


def test_a_corrected_row_has_its_new_value_from_the_corrections_block_until_it_is_undone(mill: Mill) -> None:
    mill.take(
        "2024-01-02,2024-01-03,main,electricity,1500,kWh\n2024-01-03,2024-01-04,main,electricity,1600,kWh\n"
    )
    first = mill.say(f"correction: {CORRECTION % (1, 2, 1400)}\nnote: read off the plate")
    assert mill.values() == ["1400", "1600"] and mill.now()["rows"][0][1] == first
    second = mill.say(f"correction: {CORRECTION % (1, 2, 1300)}\nnote: read again")
    assert mill.values() == ["1300", "1600"]
    mill.undo(second)
    assert mill.values() == ["1400", "1600"]
    mill.undo(first)
    assert mill.values() == ["1500", "1600"]
    assert mill.bench.refuse(f"site: mill\ncorrection: {CORRECTION % (8, 9, 1)}\nnote: x\n")[0].count(
        "no imported row"
    )


def test_an_import_that_is_withdrawn_may_be_imported_again_and_is_not_corrected_by_what_was_said_before(
    mill: Mill,
) -> None:
    rows = "2024-01-02,2024-01-03,main,electricity,1500,kWh\n"
    (name,) = mill.take(rows)
    mill.say(f"correction: {CORRECTION % (1, 2, 1400)}\nnote: x")
    mill.undo(name)
    assert mill.values() == []
    assert mill.bench.take(rows)["new"] == 1
    assert mill.values() == ["1500"]
    assert mill.bench.take(rows)["new"] == 0


def test_one_withdrawn_part_takes_the_rows_of_its_whole_file_away(mill: Mill) -> None:
    rows = "".join(
        f"2024-01-01T{n // 60 % 24:02d}:{n % 60:02d}:{n // 1440:02d}Z,,总排口,ph,7,[pH]\n"
        for n in range(2100)
    )
    parts = mill.take(rows)
    assert len(parts) > 1 and len(mill.values()) == 2100
    undone = mill.undo(parts[0])
    assert mill.values() == []
    mill.undo(undone)
    assert len(mill.values()) == 2100
    mill.undo(parts[1])
    assert len(mill.take(rows)) == len(parts) and len(mill.values()) == 2100


def test_what_nobody_said_can_not_be_withdrawn(mill: Mill) -> None:
    lines = mill.bench.refuse(f"site: mill\nwithdraw:\n  - {{statement: {'ab' * 32}, why: x}}\n")
    assert lines == [
        f"{mill.bench.folder}/site.yaml:3: withdraw[0].statement: "
        "no statement of this site's desk has the hash abababababab…"
    ]
    lines = mill.bench.refuse("site: mill\nwithdraw: {statement: 12, why: x}\nnotes: [{about: x}]\n")
    assert "64 hex digits" in lines[0] and "notes[0].text" in lines[1]


def test_a_correction_without_a_reason_is_refused(mill: Mill) -> None:
    mill.take("2024-01-02,2024-01-03,main,electricity,1500,kWh\n")
    lines = mill.bench.refuse(f"site: mill\ncorrection: {CORRECTION % (1, 2, 1400)}\n")
    assert "note" in lines[0] and "why" in lines[0]


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in (2, 3, 4))])
def test_registry_blocks_and_verifier_agree_after_any_sequence_and_after_a_rebuild(
    mill: Mill, seed: int
) -> None:
    chance = random.Random(seed)
    day = 1
    for _ in range(14):
        match chance.randrange(6):
            case 0:
                mill.say(f"tariff: {TARIFF % chance.randrange(1, 99)}")
            case 1 if day < 25:
                mill.take(
                    f"2024-01-{day + 1:02d},2024-01-{day + 2:02d},main,electricity,{chance.randrange(9)},kWh\n"
                )
                day += 1
            case 2 if rows := mill.now()["rows"]:
                at = int(chance.choice(rows)[0].from_ // (86_400 * 10**9)) - 19_722
                mill.say(f"correction: {CORRECTION % (at, at + 1, chance.randrange(100, 999))}\nnote: x")
            case 3:
                mill.say(f"replacement: {PROJECT % (chance.choice('ab'), f'n{chance.randrange(99)}')}")
            case _ if mill.hashes:
                mill.undo(chance.choice(mill.hashes))
        mill.now()
    before, tables = mill.now(), mill.tables()
    mill.bench.run("rebuild")
    assert mill.tables() == tables and mill.now() == before
    theirs, gone = _by_the_verifier(mill.bench.folder)
    assert gone == mill.registry.withdrawn("mill")
    assert {(row.point, row.from_, row.to, row.value, row.block.hex()) for row in theirs.rows} == {
        (row.point, row.from_, row.to, Fraction(row.value), name) for row, name in before["rows"]
    }
    assert {name: item.statement["name_en"] for name, item in theirs.replacements.items()} == {
        item.id: item.name_en for item in before["replacements"]
    }


def _by_the_verifier(folder: Path) -> tuple[Any, set[str]]:
    """What counts and the withdrawn hashes of the ledger, by the verifier's own reader."""
    entries: list[Entry] = []
    for path in sorted((folder / "cloud" / "ledger").glob("*.seg")):
        for record in records(path.read_bytes()):
            block = parse(record.data)
            said = (
                canonical_json.load(block.body[16:])
                if block.header.kind == 1 and block.body is not None
                else None
            )
            entries.append(Entry(record, block, len(entries), said))
    findings = Findings()
    found = verifiers.collect(entries, "mill", findings)
    return found, {name.hex() for name in verifiers.withdrawn(entries, "mill")}
