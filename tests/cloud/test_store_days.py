"""Days that are over become one file each; nothing is lost or doubled, whatever comes late or kills it when."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from cloud.store.base import Column
from cloud.store.parquet import ParquetStore
from contract.tags import Tag

HOUR = 3_600 * 10**9
FIRST = 1_700_006_400 * 10**9 // HOUR  # the beginning of a UTC day
HOURS = 24
POWER = Tag("main.kw", "int32", "kW", scale="0.1")
TAGS = (POWER, Tag("dye.runs", "bool", "1", kind="state"), Tag("speed", "float64", "m/min"))
Plain = dict[tuple[str, int], float]


def column(tag: Tag, rows: dict[int, int]) -> Column:
    times = np.array(sorted(rows), np.int64)
    raw = np.array([rows[at] for at in sorted(rows)]).astype(tag.dtype)
    return Column("edge", tag, times, raw, np.zeros(len(rows), np.uint8), np.zeros(len(rows), np.uint8))


def write(store: ParquetStore, plain: Plain, hour: int, seed: int, tag: Tag = POWER) -> None:
    """Four values of an hour, or others in their place."""
    most = 2 if tag.type == "bool" else 100
    rows = {hour * HOUR + 1 + i * HOUR // 4: (seed * 7 + i) % most for i in range(4)}
    store.write("mill", [column(tag, rows)])
    plain.update({(tag.name, at): tag.value(raw) for at, raw in rows.items()})


def settle(store: ParquetStore, first: int, last: int) -> None:
    """As the projector does: these hours, each without its first and with the next one's first moment."""
    store.settle("mill", first * HOUR, (last + 1) * HOUR)


def held(store: ParquetStore, step: int = 0) -> Plain:
    table = store.series("mill", [tag.name for tag in TAGS], 0, 2**62, step, "last")
    return {(row["tag"], row["time"]): row["value"] for row in table.to_pylist()}


def same(store: ParquetStore, plain: Plain) -> None:
    assert held(store) == plain
    assert store.count() == len(plain)
    middle = (FIRST + 20) * HOUR + 7, (FIRST + 30) * HOUR
    some = store.series("mill", [POWER.name], *middle, 0, "last").to_pylist()
    wanted = sorted(
        (at, v) for (tag, at), v in plain.items() if tag == POWER.name and middle[0] <= at < middle[1]
    )
    assert [(row["time"], row["value"]) for row in some] == wanted


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))


def days_of(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for path in sorted((folder / "mill").iterdir()):
        yield path.name, sorted(file.name for file in path.iterdir())


@pytest.fixture
def old(tmp_path: Path) -> tuple[Path, Plain]:
    """A store as it was written before: every hour of three days a file, and one more."""
    store, plain = ParquetStore(tmp_path / "store"), Plain()
    for hour in range(FIRST, FIRST + 3 * HOURS + 1):
        for tag in TAGS:
            write(store, plain, hour, hour, tag)
    store.flush()
    store.close()
    return tmp_path / "store", plain


def test_a_past_that_is_settled_in_one_go_is_one_file_a_day(tmp_path: Path) -> None:
    store, plain = ParquetStore(tmp_path), Plain()
    for hour in range(FIRST, FIRST + 10 * HOURS + 5):
        write(store, plain, hour, hour)
    settle(store, FIRST, FIRST + 10 * HOURS + 4)
    same(store, plain)
    found = list(days_of(tmp_path))
    assert [names for _, names in found[:-1]] == [["day.parquet"]] * 10
    assert found[-1][1] == ["00.parquet", "01.parquet", "02.parquet", "03.parquet", "04.parquet"]
    same(ParquetStore(tmp_path), plain)


def test_a_live_day_is_by_hour_until_it_is_over(tmp_path: Path) -> None:
    store, plain = ParquetStore(tmp_path), Plain()
    for hour in range(FIRST, FIRST + HOURS):
        write(store, plain, hour, 1)
        settle(store, hour - 1, hour - 1)
    assert next(days_of(tmp_path))[1] == [f"{n:02d}.parquet" for n in range(24)]
    write(store, plain, FIRST + HOURS, 1)
    settle(store, FIRST + HOURS - 1, FIRST + HOURS - 1)
    same(store, plain)
    while store.tidy():
        same(store, plain)
    assert [names for _, names in days_of(tmp_path)] == [["day.parquet"], ["00.parquet"]]
    same(ParquetStore(tmp_path), plain)


def test_an_old_store_is_read_and_becomes_days(old: tuple[Path, Plain]) -> None:
    folder, plain = old
    assert len(files(folder)) == 3 * HOURS + 1
    store = ParquetStore(folder)
    same(store, plain)
    write(store, plain, FIRST + 30, 5)
    settle(store, FIRST + 30, FIRST + 30)
    same(store, plain)
    assert sum(store.tidy() for _ in range(9)) == 2  # the day of the late values is one file already
    same(store, plain)
    assert [names for _, names in days_of(folder)] == [["day.parquet"]] * 3 + [["00.parquet"]]
    same(ParquetStore(folder), plain)


def test_series_by_steps_are_the_same_from_hours_and_from_days(old: tuple[Path, Plain]) -> None:
    folder, _ = old
    store = ParquetStore(folder)
    before = {step: held(store, step) for step in (HOUR // 2, 5 * HOUR, 24 * HOUR)}
    while store.tidy():
        pass
    assert {step: held(store, step) for step in before} == before


@pytest.mark.parametrize("seed", range(6))
def test_whatever_comes_in_whatever_order_the_store_is_a_plain_table(tmp_path: Path, seed: int) -> None:
    chance, plain = random.Random(seed), Plain()
    store = ParquetStore(tmp_path)
    for number in range(40):
        hour = FIRST + min(int(chance.expovariate(0.03)), 5 * HOURS)
        match chance.choice(("write", "write", "write", "rewrite", "settle", "tidy", "again")):
            case "write":
                write(store, plain, hour, number, chance.choice(TAGS))
            case "rewrite":
                begin, end = hour * HOUR + HOUR // 3, (hour + 1) * HOUR
                kept = {begin + 5: number % 50}
                gone = [key for key in plain if begin < key[1] <= end]
                plain = {key: value for key, value in plain.items() if key not in gone}
                plain.update({(POWER.name, at): POWER.value(raw) for at, raw in kept.items()})
                store.rewrite("mill", "edge", begin, end, [column(POWER, kept)])
            case "settle":
                settle(store, hour, hour + chance.randrange(60))
            case "tidy":
                store.tidy()
            case "again":
                store.settle("mill", 0, 2**62)
                store.close()
                store = ParquetStore(tmp_path)
        same(store, plain)


def die(folder: Path, at: int, *planted: str) -> tuple[int, bool]:
    """Write, settle and tidy in a process that is killed at a change of the disk: its exit, and whether it settled."""
    command = [sys.executable, "-m", "tests.cloud.dying_store", str(folder), str(at), *planted]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, "settled" in done.stdout


@pytest.mark.long
def test_a_kill_between_any_two_changes_of_the_disk_loses_and_doubles_nothing(
    old: tuple[Path, Plain], tmp_path: Path
) -> None:
    folder, before = old
    late = ParquetStore(Path(shutil.copytree(folder, tmp_path / "late")))
    after = dict(before)
    write(late, after, FIRST + 30, 5)
    kept: list[bool] = []
    for at in (*range(12), *range(13, 32, 6), 45, 59, 60, 61, 999):  # the first day, then some of the others
        killed = Path(shutil.copytree(folder, tmp_path / f"killed-{at}"))
        code, done = die(killed, at)
        store = ParquetStore(killed)
        found = held(store)
        assert found == after or (not done and found == before), at
        assert store.count() == len(found)
        while store.tidy():
            assert held(store) == found
        assert len(files(killed)) == 4
        kept.append(found == after)
        store.close()
    assert code == 0 and not kept[0] and kept[-1] and not all(kept[:4])


def test_files_of_hours_that_go_before_the_days_file_is_there_are_caught(old: tuple[Path, Plain]) -> None:
    folder, before = old
    die(folder, 12, "planted")
    store = ParquetStore(folder)
    assert len(before.keys() - held(store).keys()) == 9 * 4 * len(TAGS)
