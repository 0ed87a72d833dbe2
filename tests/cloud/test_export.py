"""Golden lines of the export: numbers as read, values rounded once, precedence, order, memory."""

from __future__ import annotations

import io
import math
import struct
import time
from decimal import Decimal, localcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.ledger import Ledger, columns
from contract.quality import Origin
from contract.tags import Group, Layout, Rows, Tag
from tests.cloud.edge_twin import DYEING, METER, SECOND, T0, Node, events, table


def keep(folder: Path, *nodes: Node) -> Path:
    """A ledger with the blocks of these nodes."""
    ledger = Ledger(folder)
    for node in nodes:
        for data in node.blocks:
            ledger.append(1, data)
    ledger.sync()
    ledger.close()
    return folder


def lines(folder: Path, tag: str | None = None, budget: int = columns.BUDGET) -> list[str]:
    """Lines of the export without the header."""
    out = io.StringIO()
    columns.write(folder, out, tag, budget)
    first, *rest = out.getvalue().split("\n")
    assert first == "time,tag,raw,value,quality" and rest.pop() == ""
    return rest


def one(name: str, type_: str, scale: str = "1", offset: str = "0") -> Group:
    """A table group of one tag."""
    return Group(
        name, name, "x", "account", Layout.TABLE, 1, "edge", (Tag(name, type_, "1", "gauge", scale, offset),)
    )


GOLDEN = [
    ("int64", "1", "0", 2**53 + 1, "9007199254740993", "9007199254740992.0"),
    ("int64", "0.1", "0", 2**53 + 1, "9007199254740993", "900719925474099.2"),
    ("int64", "1", "-9007199254740993", 2**53 + 1, "9007199254740993", "0.0"),
    ("int64", "1", "0", -(2**63), "-9223372036854775808", "-9.223372036854776e+18"),
    ("uint64", "1", "0", 2**64 - 1, "18446744073709551615", "1.8446744073709552e+19"),
    ("uint16", "0.1", "0", 3, "3", "0.3"),
    ("int16", "0.1", "-40", -3, "-3", "-40.3"),
    ("uint32", "0.01", "0", 4294967295, "4294967295", "42949672.95"),
    ("bool", "1", "0", 1, "1", "1.0"),
    ("bool", "1", "0", 0, "0", "0.0"),
    ("float64", "1", "0", -0.0, "-0.0", "0.0"),
    ("float64", "1", "0", math.nan, "nan", "nan"),
    ("float64", "0.1", "5", math.inf, "inf", "inf"),
    ("float64", "0.1", "5", -math.inf, "-inf", "-inf"),
    ("float64", "0.1", "0", 3.0, "3.0", "0.3"),
    ("float64", "10", "0", 1.7e308, "1.7e+308", "inf"),
    ("float64", "-10", "0", 1.7e308, "1.7e+308", "-inf"),
    ("float64", "1", "0", 5e-324, "5e-324", "5e-324"),
    ("float32", "1", "0", 0.1, "0.10000000149011612", "0.10000000149011612"),
    ("float32", "1", "0", math.nan, "nan", "nan"),
]


@pytest.mark.parametrize(("type_", "scale", "offset", "number", "raw", "value"), GOLDEN)
def test_golden_numbers(
    tmp_path: Path, type_: str, scale: str, offset: str, number: float, raw: str, value: str
) -> None:
    group = one("x", type_, scale, offset)
    node = Node(group).begin()
    node.rows(table(group, [1_700_000_000_123_456_789], [number]))
    assert lines(keep(tmp_path, node)) == [f"2023-11-14T22:13:20.123456789Z,x,{raw},{value},good"]


def test_a_negative_zero_is_read_as_it_was(tmp_path: Path) -> None:
    group = one("x", "float64")
    node = Node(group).begin()
    node.rows(table(group, [1, 2, 3], [-0.0, math.nan, 0.0]))
    found = [line.split(",")[2:4] for line in lines(keep(tmp_path, node))]
    assert found == [["-0.0", "0.0"], ["nan", "nan"], ["0.0", "0.0"]]


@given(
    st.sampled_from(["0.01", "0.1", "1", "-2.5", "0.001", "1e-9", "3", "1e6"]),
    st.sampled_from(["0", "-40", "0.05", "273.15"]),
    st.one_of(st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False, allow_infinity=False, width=64)),
)
def test_values_are_exact_and_rounded_once(scale: str, offset: str, raw: int | float) -> None:
    """Decimal with 2,500 digits is exact here; Python's float() of its text rounds once."""
    with localcontext() as context:
        context.prec = 2500
        exact = Decimal(raw) * Decimal(scale) + Decimal(offset)
        expected = float(str(exact))
    (found,) = columns.values(Tag("x", "float64", "1", "gauge", scale, offset), [raw])
    assert struct.pack("<d", found + 0.0) == struct.pack("<d", expected + 0.0)


def test_tags_then_times_then_the_missing_left_out(tmp_path: Path) -> None:
    node = Node(METER, DYEING).begin()
    node.rows(
        table(METER, [T0 + SECOND, T0], [2, 1], [None, 0.5]),
        events(DYEING, 0, [T0 + 1], [41.5]),
    )
    assert lines(keep(tmp_path, node)) == [
        "2023-11-14T22:13:20.000000000Z,main.kw,0.5,0.5,good",
        "2023-11-14T22:13:20.000000000Z,main.kwh,1,0.01,good",
        "2023-11-14T22:13:21.000000000Z,main.kwh,2,0.02,good",
        "2023-11-14T22:13:20.000000001Z,染色机1.布速,41.5,41.5,good",
    ]
    assert lines(tmp_path, "染色机1.布速") == ["2023-11-14T22:13:20.000000001Z,染色机1.布速,41.5,41.5,good"]
    assert lines(tmp_path, "nothing") == []
    out = io.StringIO()
    assert not columns.write(tmp_path, out, "nothing").known
    assert columns.write(tmp_path, out, "main.kw").known


def with_status(rows: Rows, *codes: int) -> Rows:
    """The same rows of a one-tag group with these quality codes."""
    return Rows(
        rows.group, rows.time, rows.data, np.array(codes, np.uint8).reshape(-1, 1), origin=rows.origin
    )


def test_precedence_is_origin_then_quality_then_hash_in_any_order(tmp_path: Path) -> None:
    group = one("x", "int16")
    node = Node(group).begin()
    node.rows(table(group, [1, 2, 3], [10, 20, 30], origin=Origin.BACKFILL))
    node.rows(with_status(table(group, [1, 2], [11, 21]), 3, 13))
    node.rows(with_status(table(group, [2], [22]), 2))
    node.rows(table(group, [3], [31], origin=Origin.REPLAY))
    node.rows(table(group, [4], [40]))
    node.rows(table(group, [4], [41]))
    smaller = min((node.hashes[-2], "40"), (node.hashes[-1], "41"))[1]
    expected = [("11", "uncertain:clock"), ("22", "uncertain"), ("30", "good"), (smaller, "good")]
    found = [line.split(",") for line in lines(keep(tmp_path / "a", node))]
    assert [(row[2], row[4]) for row in found] == expected
    node.blocks[2:] = node.blocks[:1:-1]
    assert [line.split(",") for line in lines(keep(tmp_path / "b", node))] == found


def test_two_nodes_may_use_one_tag_name(tmp_path: Path) -> None:
    group = one("x", "int16")
    a, b = Node(group, name="a").begin(), Node(group, name="b").begin()
    a.rows(table(group, [1, 3], [1, 3]))
    b.rows(table(group, [1, 2], [10, 20]))
    assert [line.split(",")[2] for line in lines(keep(tmp_path, b, a))] == ["1", "10", "20", "3"]


def test_a_small_budget_gives_the_same_lines_in_more_passes(tmp_path: Path) -> None:
    node = Node(METER, DYEING).begin()
    for number in range(20):
        node.reading(number)
        node.rows(events(DYEING, 0, [T0 + number], [float(number)]))
    folder = keep(tmp_path, node)
    whole = lines(folder)
    assert len(whole) == 60
    for budget in (1, 25, 45):
        assert lines(folder, budget=budget) == whole


def test_a_year_of_quarter_hours_is_written_in_two_seconds(tmp_path: Path) -> None:
    group = one("steel.kwh", "uint32", "0.01")
    node = Node(group).begin()
    rng = np.random.default_rng(1)
    counter = np.cumsum(rng.integers(0, 5000, 35_040))
    times = T0 + np.arange(35_040) * 900 * SECOND
    for start in range(0, 35_040, 1024):
        part = slice(start, start + 1024)
        node.rows(table(group, times[part].tolist(), counter[part].tolist()))
    folder = keep(tmp_path, node)
    begun = time.perf_counter()
    found = lines(folder)
    took = time.perf_counter() - begun
    assert [int(line.split(",")[2]) for line in found] == counter.tolist()
    assert [line.split(",")[3] for line in found] == [repr(int(c) / 100) for c in counter]
    assert took < 2
