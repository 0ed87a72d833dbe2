"""One contract for every store, held against a plain list of values; InfluxDB is the real server."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from cloud.store.base import Column, Store, StoreDown, scaled
from cloud.store.influx import InfluxStore
from cloud.store.parquet import ParquetStore
from contract.quality import Quality
from contract.tags import TYPES, Tag
from tests.cloud.influx_server import TOKEN, Influxd, running

HOUR = 3600 * 10**9
START = 1_700_000_000_123_456_789 // HOUR * HOUR


@pytest.fixture(scope="module")
def server(influxd: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Influxd]:
    with running(influxd, tmp_path_factory.mktemp("influxd")) as found:
        yield found


@dataclass
class Case:
    """A store, and how to open it once more after its process died without a word."""

    store: Store
    again: Callable[[], Store]


@pytest.fixture(params=["parquet", "influx"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    opened: list[Store] = []

    def parquet() -> Store:
        opened.append(ParquetStore(tmp_path / "store"))
        return opened[-1]

    def influx() -> Store:
        opened.append(InfluxStore(server_.url, TOKEN, "steelyard", bucket))
        return opened[-1]

    if request.param == "influx":
        server_: Influxd = request.getfixturevalue("server")
        bucket = server_.bucket(f"b{time.time_ns()}")
        yield Case(influx(), influx)
    else:
        yield Case(parquet(), parquet)
    for store in opened:
        store.close()


def column(tag: Tag, times: Sequence[int], raws: Sequence[Any], status: int = 0, origin: int = 0) -> Column:
    n = len(times)
    return Column(
        "mill-edge", tag, np.array(times, np.int64), np.array(raws, TYPES[tag.type]),
        np.full(n, status, np.uint8), np.full(n, origin, np.uint8),
    )  # fmt: skip


def points(
    store: Store, tags: Sequence[str], from_: int, to: int, step: int = 0, how: Any = "mean"
) -> list[tuple]:
    table = store.series("mill", tags, from_, to, step, how)
    return [(row["node"], row["tag"], row["time"], row["value"]) for row in table.to_pylist()]


SPEED = Tag("染色机1.布速", "float64", "m/min")
POWER = Tag("main.kw", "int16", "kW", scale="0.1", offset="-5")
METER = Tag("main.kwh", "uint32", "kW.h", kind="counter", scale="0.01", max_rate="0.5")
BIG = Tag("big", "int64", "1")
RUNS = Tag("dye1.runs", "bool", "1", kind="state")


def test_every_value_comes_back_as_a_plain_list_has_it(case: Case) -> None:
    times = [START + i * 700_000_001 for i in range(200)]
    expected: list[tuple] = []
    for tag, raws in (
        (SPEED, [math.sin(i) * 1e3 for i in range(200)]),
        (POWER, [i * 7 - 600 for i in range(200)]),
        (METER, [2**32 - 100 + i if i < 100 else i for i in range(200)]),
        (RUNS, [i % 3 == 0 for i in range(200)]),
    ):
        case.store.write("mill", [column(tag, times, raws)])
        expected += [("mill-edge", tag.name, t, tag.value(r)) for t, r in zip(times, raws, strict=True)]
    names = [tag.name for tag in (SPEED, POWER, METER, RUNS)]
    assert points(case.store, names, START, START + HOUR) == sorted(expected)
    assert case.store.count() == len(expected)
    middle = [item for item in expected if times[50] <= item[2] < times[60] and item[1] == METER.name]
    assert points(case.store, [METER.name], times[50], times[60]) == middle
    assert points(case.store, ["absent"], START, START + HOUR) == []
    assert points(case.store, [], START, START + HOUR) == []


def test_written_twice_is_stored_once(case: Case) -> None:
    times = [START + i for i in range(1000)]  # one nanosecond apart
    one = column(SPEED, times, [float(i) for i in range(1000)])
    for part in (one, one, column(SPEED, times[500:], [float(i) for i in range(500, 1000)])):
        case.store.write("mill", [part])
    assert case.store.count() == 1000
    assert [value for *_, value in points(case.store, [SPEED.name], START, START + HOUR)] == list(range(1000))


def test_values_that_are_no_numbers_count_and_show_as_none(case: Case) -> None:
    raws = [1.0, math.nan, math.inf, -math.inf, -0.0, 5e-324]
    case.store.write("mill", [column(SPEED, [START + i for i in range(6)], raws)])
    found = [value for *_, value in points(case.store, [SPEED.name], START, START + HOUR)]
    assert found == [1.0, None, None, None, 0.0, 5e-324]
    assert math.copysign(1, found[4]) == -1
    assert case.store.count() == 6
    assert points(case.store, [SPEED.name], START, START + HOUR, HOUR) == [
        ("mill-edge", SPEED.name, START, 1 / 3)
    ]


def test_quality_is_kept_beside_the_value(case: Case) -> None:
    bad = [
        column(POWER, [START, START + 1], [70, 80], Quality.UNCERTAIN_CLOCK),
        column(SPEED, [START], [math.nan], 13),
    ]
    case.store.write("mill", bad)
    assert [value for *_, value in points(case.store, [POWER.name, SPEED.name], START, START + HOUR)] == [
        2.0,
        3.0,
        None,
    ]
    assert case.store.count() == 3


def test_another_winner_takes_the_place_of_the_one_before(case: Case) -> None:
    times = [START + i * 10**9 for i in range(10)]
    case.store.write("mill", [column(POWER, times, range(10), Quality.UNCERTAIN, origin=1)])
    other = replace(column(POWER, [START + HOUR], [99]), node="other-edge")
    case.store.write("mill", [other])
    case.store.rewrite(
        "mill", "mill-edge", START - 1, START + HOUR - 1, [column(POWER, times[:5], range(10, 15))]
    )
    assert case.store.count() == 6
    assert [value for *_, value in points(case.store, [POWER.name], START, START + 2 * HOUR)] == [
        -4.0, -3.9, -3.8, -3.7, -3.6, 4.9,
    ]  # fmt: skip


def test_steps_have_a_mean_or_a_last_and_none_where_nothing_was(case: Case) -> None:
    times = [START + i * 10**9 for i in (0, 1, 2, 59, 60, 185)]
    case.store.write("mill", [column(SPEED, times, [1.0, 2.0, 6.0, 7.0, 8.0, 9.0])])
    minute = 60 * 10**9
    mean = [(t - START, v) for _, _, t, v in points(case.store, [SPEED.name], START, START + HOUR, minute)]
    last = [
        (t - START, v) for _, _, t, v in points(case.store, [SPEED.name], START, START + HOUR, minute, "last")
    ]
    assert mean == [(0, 4.0), (minute, 8.0), (3 * minute, 9.0)]
    assert last == [(0, 7.0), (minute, 8.0), (3 * minute, 9.0)]


def test_what_was_settled_survives_and_late_values_open_it_again(case: Case) -> None:
    times = [START + i * 60 * 10**9 for i in range(180)]  # three hours
    case.store.write("mill", [column(POWER, times[::2], range(0, 180, 2))])
    case.store.settle("mill", START - 1, START + 3 * HOUR)
    again = case.again()
    assert again.count() == 90
    again.write("mill", [column(POWER, times[1:120:2], range(1, 120, 2))])
    assert again.count() == 150
    again.settle("mill", START - 1, START + 3 * HOUR)
    third = case.again()
    expected = [(t, POWER.value(i)) for i, t in enumerate(times) if i % 2 == 0 or i < 120]
    assert [(t, value) for _, _, t, value in points(third, [POWER.name], START, START + 3 * HOUR)] == expected


def test_a_big_integer_is_exact_in_parquet(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    store = ParquetStore(tmp_path)
    store.write(
        "mill", [column(BIG, [START, START + 1], [2**53 + 1, -(2**63)]), column(SPEED, [START], [1.5])]
    )
    store.flush()
    (path,) = tmp_path.glob("mill/*/*.parquet")
    rows = pq.read_table(path).to_pylist()
    assert [row["raw"] for row in rows] == [2**53 + 1, -(2**63), None]
    assert not list(tmp_path.rglob("*.tmp"))
    store.close()


def test_a_parquet_store_that_was_emptied_is_another_one(tmp_path: Path) -> None:
    store = ParquetStore(tmp_path / "s")
    first = store.identity()
    assert ParquetStore(tmp_path / "s").identity() == first
    shutil.rmtree(tmp_path / "s")
    assert ParquetStore(tmp_path / "s").identity() != first


def test_influx_keeps_integers_whole_and_time_to_the_nanosecond(server: Influxd) -> None:
    store = InfluxStore(server.url, TOKEN, "steelyard", server.bucket("whole"))
    store.write(
        "mill", [column(BIG, [START + 7, START + 8], [2**53 + 1, -(2**63)]), column(RUNS, [START], [1])]
    )
    query = (
        'from(bucket:"whole") |> range(start:0) |> filter(fn:(r)=>r._field=="n" or r._field=="b") |> group()'
    )
    headers = {
        "Authorization": f"Token {TOKEN}",
        "Content-Type": "application/vnd.flux",
        "Accept": "application/csv",
    }
    for flux, texts in (
        (query.replace(' or r._field=="b"', ""), [str(2**53 + 1), str(-(2**63)), "7Z,", "8Z,"]),
        (query.replace('r._field=="n" or ', ""), ["true", "tag", "dye1.runs"]),
    ):
        answer = httpx.post(f"{server.url}/api/v2/query?org=steelyard", content=flux, headers=headers).text
        assert all(text in answer for text in texts), answer
    store.close()


def test_influx_keeps_every_acknowledged_value_over_kill_9(server: Influxd) -> None:
    store = InfluxStore(server.url, TOKEN, "steelyard", server.bucket("killed"))
    times = [START + i for i in range(20_000)]
    store.write("mill", [column(SPEED, times, [i / 7 for i in range(20_000)])])
    server.kill()
    with pytest.raises(StoreDown, match="can't be reached"):
        store.write("mill", [column(SPEED, [START + HOUR], [1.0])])
    server.start()
    store.write("mill", [column(SPEED, [START + HOUR], [1.0])])
    assert store.count() == 20_001
    store.close()


@pytest.mark.parametrize(
    ("tag", "raws"),
    [
        (METER, [0, 1, 18_432_317, 2**32 - 1]),
        (Tag("a", "int64", "1", scale="0.001", offset="273.15"), [0, -1, 2**53 + 3, -(2**63), 2**63 - 1]),
        (Tag("a", "uint64", "1", scale="3", offset="-0.1"), [0, 2**64 - 1, 12345]),
        (Tag("a", "float32", "1", scale="0.1"), [0.1, -1e30, math.nan, math.inf, -math.inf, 1e-45]),
        (Tag("a", "float64", "1", scale="1e30", offset="7"), [1e300, 0.1, -0.0]),
        (Tag("a", "bool", "1"), [0, 1, 1]),
    ],
)
def test_scaling_rounds_once(tag: Tag, raws: list[Any]) -> None:
    raw = np.array(raws, TYPES[tag.type])

    def plain(value: int | float) -> float:
        try:
            return tag.value(value)
        except OverflowError:
            return math.copysign(math.inf, value)

    assert [repr(x) for x in scaled(tag, raw).tolist()] == [repr(plain(x)) for x in raw.tolist()]
