"""The projector against plain dictionaries: any order, repeats, late blocks, kills, a store that is down."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from accounts.metering.hours import Class, hours
from cloud import settings
from cloud.ledger import Decoder, Ledger
from cloud.ledger.tag_catalogue import SiteNode
from cloud.projection import eviction
from cloud.projection import projector as module
from cloud.projection.counter_bins import register
from cloud.projection.projector import Projector, cursor
from cloud.store import Column, StoreDown, StoreRefuses
from cloud.store.base import How, StoreLost
from cloud.store.series import SERIES
from contract.quality import Origin
from contract.tags import Group, Layout, Tag, from_bits
from tests.cloud.edge_twin import DYEING, KWH, METER, SECOND, SPEED, T0, Node, events, table
from tests.cloud.influx_server import TOKEN, running

HOUR = 3600 * SECOND
SITE = "demo-mill"
YAML = """sites:
  - {id: demo-mill, name_zh: 演示印染厂, name_en: Demo mill, tz: Asia/Shanghai, province: 浙江}
"""


def configured(folder: Path) -> settings.Settings:
    (folder / "cloud.yaml").write_text(YAML, encoding="utf-8")
    return settings.load(folder / "cloud.yaml")


@dataclass
class Memory:
    """A store in a dictionary, which can be down or refuse. Named values: (site, node, tag, time) -> (raw, status)."""

    rows: dict[tuple[str, str, str, int], tuple[Any, int]] = field(default_factory=dict)
    error: Exception | None = None
    volatile: bool = False
    writes: int = 0

    def identity(self) -> str:
        return "memory"

    def write(self, site: str, columns: Sequence[Column]) -> None:
        self._may()
        for column in columns:
            for i, at in enumerate(column.time.tolist()):
                self.rows[site, column.node, column.tag.name, at] = (
                    column.raw[i].item(),
                    int(column.status[i]),
                )

    def rewrite(self, site: str, node: str, from_: int, to: int, columns: Sequence[Column]) -> None:
        self._may()
        for key in [key for key in self.rows if key[:2] == (site, node) and from_ < key[3] <= to]:
            del self.rows[key]
        self.write(site, columns)

    def settle(self, site: str, from_: int, to: int) -> None:
        pass

    def tidy(self) -> bool:
        return False

    def series(self, site: str, tags: Sequence[str], from_: int, to: int, step: int, how: How) -> pa.Table:
        return SERIES.empty_table()

    def count(self) -> int:
        return len(self.rows)

    def clear(self) -> None:
        self.rows.clear()

    def close(self) -> None:
        pass

    def _may(self) -> None:
        self.writes += 1
        if self.error is not None:
            raise self.error


def append(folder: Path, blocks: Sequence[bytes]) -> None:
    ledger = Ledger(folder / "ledger", limit=20_000)
    for data in blocks:
        ledger.append(T0, data)
    ledger.sync()
    ledger.close()


def drain(projector: Projector) -> Projector:
    while projector.step():
        pass
    return projector


def expected_values(blocks: Sequence[bytes]) -> dict[tuple[str, str, str, int], tuple[Any, int]]:
    """What won for each (site, node, tag, time), value by value, from the contract's rule in words."""
    decoder, best = Decoder(), dict[tuple[str, str, str, int], tuple[int, int, bytes, Any]]()
    for data in blocks:
        decoded = decoder.feed(data)
        for rows in decoded.rows or ():
            for i in range(len(rows)):
                for j, tag in enumerate(rows.group.tags):
                    if rows.group.layout is Layout.TABLE:
                        status = 0 if rows.status is None else int(rows.status[i, j])
                        raw = rows.data[f"f{j}"][i].item()
                    elif rows.data["tag"][i] == j:
                        status = 0 if rows.status is None else int(rows.status[i])
                        raw = from_bits(rows.data["value"][i : i + 1], tag.dtype)[0].item()
                    else:
                        continue
                    key = (SITE, decoded.header.node, tag.name, int(rows.time[i]))
                    rank = (int(rows.origin), status, decoded.hash, raw)
                    if status != 14:
                        best[key] = min(best.get(key, rank), rank)
    return {key: (rank[3], rank[1]) for key, rank in best.items()}


def facts(projector: Projector, tag: str, group: Group) -> list[tuple[int, int, int]]:
    place = SiteNode(SITE, "mill-edge")
    state = projector.state
    known = state.catalogue.tags(place)[tag]
    bins = state.hours.bins(place, tag, state.chunks.get(place, {}), state.catalogue)
    from accounts.metering.hours import join

    edges = np.arange(T0 // HOUR - 1, T0 // HOUR + 8) * HOUR
    found = join(bins, register(known.tag, known.group), edges, state.catalogue.gaps(place, group.id))
    return list(zip(found.steps.tolist(), found.covered.tolist(), found.class_.tolist(), strict=True))


def wanted(
    rows: dict[tuple[str, str, str, int], tuple[Any, int]], tag: Tag, group: Group, gaps: Any
) -> list[Any]:
    """The same facts, from the pure function over all winners at once."""
    mine = sorted((key[3], raw) for key, (raw, status) in rows.items() if key[2] == tag.name and status <= 4)
    edges = np.arange(T0 // HOUR - 1, T0 // HOUR + 8) * HOUR
    time, raw = np.array([t for t, _ in mine], np.int64), np.array([r for _, r in mine], np.uint64)
    found = hours(time, raw, register(tag, group), edges, gaps)
    return list(zip(found.steps.tolist(), found.covered.tolist(), found.class_.tolist(), strict=True))


def history(chance: random.Random) -> tuple[list[bytes], list[bytes]]:
    """Statements, and blocks of rows in no order: live and backfill of the same times, holes, a rollover, a gap."""
    node = Node(METER).begin()
    statements = len(node.blocks)
    raw, at = 2**32 - 3000, 0
    for _ in range(60):
        n = chance.randint(1, 40)
        times = [T0 + (at + i) * 5 * SECOND for i in range(n)]
        kwh = [(raw + i * 3) % 2**32 for i in range(n)]
        part = table(METER, times, kwh, [chance.random() for _ in times])
        node.rows(part)
        if chance.random() < 0.3:  # the same times again, from the device's memory
            node.rows(table(METER, times, [k ^ 1 for k in kwh], [None] * n, origin=Origin.BACKFILL))
        at, raw = at + n + chance.choice([0, 0, 5, 300]), raw + n * 3
        if chance.random() < 0.1:
            from_, to = T0 + (at - 3) * 5 * SECOND, T0 + (at + 4) * 5 * SECOND
            node.say(
                "gap", group="meter", device="meter", **{"from": str(from_), "to": str(to)}, cause="test"
            )
    rest = node.blocks[statements:]
    chance.shuffle(rest)
    return node.blocks[:statements], rest


@pytest.mark.parametrize("seed", range(12))
def test_any_order_any_kills_and_closed_hours_give_what_one_look_gives(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    monkeypatch.setattr(eviction, "BUDGET", chance.choice([50, 500, 10**6]))
    monkeypatch.setattr(module, "SAVE_S", chance.choice([0, 10**6]))
    monkeypatch.setattr(module, "BATCH", chance.choice([1, 7, 256]))
    begin, rest = history(chance)
    blocks = [*begin, *rest, *chance.sample(rest, 5)]
    config, store = configured(tmp_path), Memory()
    projector = Projector(config, store)
    at = 0
    while at < len(blocks):
        n = chance.randint(1, 12)
        append(tmp_path, blocks[at : at + n])
        at += n
        if chance.random() < 0.3:
            projector.step()
        else:
            drain(projector)
        if chance.random() < 0.2:
            projector.save()
        if chance.random() < 0.25:
            projector = Projector(config, store)  # the one before is gone as if by kill -9
    drain(projector)
    assert store.rows == expected_values(blocks)
    gaps = projector.state.catalogue.gaps(SiteNode(SITE, "mill-edge"), "meter")
    assert facts(projector, "main.kwh", METER) == wanted(store.rows, KWH, METER, gaps)
    newest = max(key[3] for key in store.rows if key[2] == KWH.name)
    latest = projector.state.latest.values[SiteNode(SITE, "mill-edge"), KWH.name][0]
    assert (int(latest["time"]), int(latest["bits"])) == (
        newest,
        store.rows[SITE, "mill-edge", KWH.name, newest][0],
    )
    projector.save()
    again = Projector(config, store)
    assert facts(again, "main.kwh", METER) == facts(projector, "main.kwh", METER)
    assert again.step() is False and again.lag_blocks == 0


@pytest.mark.parametrize("budget", [100, 10**6])
def test_the_parquet_store_after_kills_is_that_of_an_undisturbed_run(
    budget: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eviction, "BUDGET", budget)
    begin, rest = history(random.Random(99))
    config = configured(tmp_path)
    for i in range(0, len(rest), 9):
        append(tmp_path, [*begin, *rest[:9]] if i == 0 else rest[i : i + 9])
        projector = drain(Projector(config))
        if i % 2:
            projector.save()
    expected = expected_values([*begin, *rest])
    assert projector.values == len(expected)
    assert len(list(tmp_path.glob("store/parquet/*/*/*.parquet"))) >= (5 if budget == 100 else 0)
    table_ = projector.store.series(SITE, ["main.kwh", "main.kw"], T0 - HOUR, T0 + 9 * HOUR, 0, "last")
    found = {(row["tag"], row["time"]): row["value"] for row in table_.to_pylist()}
    tags = {tag.name: tag for tag in METER.tags}
    assert found == {(key[2], key[3]): tags[key[2]].value(raw) for key, (raw, _) in expected.items()}


def test_a_parquet_file_that_is_damaged_makes_the_store_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eviction, "BUDGET", 100)
    begin, rest = history(random.Random(3))
    append(tmp_path, begin + rest[:-1])
    projector = drain(Projector(configured(tmp_path)))
    projector.save()
    for path in tmp_path.glob("store/parquet/*/*/*.parquet"):
        path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StoreLost, match="can't be read"):
        Projector(configured(tmp_path))
    append(tmp_path, rest[-1:])
    again = drain(Projector(configured(tmp_path)))
    assert again.values == len(expected_values(begin + rest))


def test_influxdb_that_is_killed_and_comes_back_has_everything(
    influxd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.projection.store_sync.RETRY_S", 0.0)
    monkeypatch.setattr(eviction, "BUDGET", 300)
    begin, rest = history(random.Random(12))
    with running(influxd, tmp_path / "influx") as server:
        (tmp_path / "influx.token").write_text(TOKEN)
        (tmp_path / "influx.token").chmod(0o600)
        (tmp_path / "cloud.yaml").write_text(
            f"{YAML}store: {{kind: influx, url: {server.url}, bucket: mill, token_file: influx.token}}\n"
        )
        server.bucket("mill")
        config = settings.load(tmp_path / "cloud.yaml")
        append(tmp_path, begin + rest[:20])
        drain(Projector(config))  # never saved: as if killed
        projector = drain(Projector(config))
        server.kill()
        append(tmp_path, rest[20:])
        drain(projector)
        assert projector.lag_blocks > 0 and "can't be reached" in str(projector.problem)
        server.start()
        projector._feed._retry_at = 0
        drain(projector)
        assert (projector.lag_blocks, projector.problem) == (0, None)
        expected = expected_values(begin + rest)
        assert projector.store.count() == len(expected)
        found = projector.store.series(SITE, ["main.kwh"], T0 - HOUR, T0 + 9 * HOUR, 0, "last").to_pylist()
        assert {row["time"]: row["value"] for row in found} == {
            key[3]: KWH.value(raw) for key, (raw, _) in expected.items() if key[2] == KWH.name
        }
        projector.close()


def test_a_store_that_is_down_delays_nothing_and_gets_everything_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloud.projection.store_sync.RETRY_S", 0.0)
    begin, rest = history(random.Random(5))
    append(tmp_path, begin + rest[:10])
    store = Memory(error=StoreDown("no answer"))
    projector = drain(Projector(configured(tmp_path), store))
    assert (projector.lag_blocks > 0, projector.problem, store.rows) == (True, "no answer", {})
    append(tmp_path, rest[10:])
    drain(projector)
    gaps = projector.state.catalogue.gaps(SiteNode(SITE, "mill-edge"), "meter")
    assert facts(projector, "main.kwh", METER) == wanted(expected_values(begin + rest), KWH, METER, gaps)
    projector.save()
    projector = Projector(configured(tmp_path), store)  # killed while the store is down
    store.error = None
    projector._feed._retry_at = 0
    drain(projector)
    assert store.rows == expected_values(begin + rest)
    assert (projector.lag_blocks, projector.problem) == (0, None)
    projector._feed._count_at = 0
    projector.step()
    assert projector.values == len(store.rows)


def test_pauses_between_tries_grow(tmp_path: Path) -> None:
    begin, rest = history(random.Random(6))
    append(tmp_path, begin + rest)
    store = Memory(error=StoreRefuses("field type conflict"))
    projector = drain(Projector(configured(tmp_path), store))
    tries = store.writes
    for _ in range(50):
        projector.step()
    assert store.writes == tries
    pauses = []
    for _ in range(8):
        projector._feed._retry_at = 0
        before = time.monotonic()
        projector.step()
        pauses.append(round(projector._feed._retry_at - before))
    assert pauses == sorted(pauses) and pauses[-1] == 30


def test_another_ledger_another_store_or_damage_begin_anew(tmp_path: Path) -> None:
    begin, rest = history(random.Random(7))
    append(tmp_path, begin + rest)
    config = configured(tmp_path)
    projector = drain(Projector(config, Memory()))
    projector.save()
    assert cursor(config) == projector._progress.cursor > 0
    state = tmp_path / "store" / "projector" / "state.npz"
    whole = state.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", whole[:100] + b"\xff" * 50 + whole[150:]):
        state.write_bytes(damaged)
        store = Memory()
        assert drain(Projector(config, store)).state.catalogue.places(SITE)
        assert store.rows == expected_values(begin + rest)
    for path in (tmp_path / "ledger").glob("*.seg"):
        path.unlink()
    append(tmp_path, begin + rest[:3])
    drain(Projector(config, Memory())).save()
    store = Memory()
    assert drain(Projector(config, store)).lag_blocks == 0
    assert store.rows == {}  # it was told before, and the state says so


def test_a_site_that_the_settings_do_not_know_is_kept_apart(tmp_path: Path) -> None:
    other = Node(METER, name="other-edge", site="elsewhere").begin()
    other.reading(1)
    evil = Node(METER, name="evil-edge", site="../../up").begin()
    evil.reading(1)
    append(tmp_path, [*other.blocks, *evil.blocks])
    store = Memory()
    projector = drain(Projector(configured(tmp_path), store))
    assert {key[0] for key in store.rows} == {"elsewhere"}
    assert projector.state.homeless == 1


def test_silence_of_a_living_subscription_is_covered(tmp_path: Path) -> None:
    from dataclasses import replace

    node = Node(DYEING).begin()
    node.rows(events(DYEING, 1, [T0], [100]), events(DYEING, 0, [T0], [1.5]))
    empty = events(DYEING, 0, [], [])
    for i in range(1, 15):
        node.rows(replace(empty, alive_until=T0 + i * 600 * SECOND))
    append(tmp_path, node.blocks)
    projector = drain(Projector(configured(tmp_path), Memory()))
    found = facts(projector, KWH.name, DYEING)
    second = (T0 // HOUR + 2) * HOUR - T0
    assert [covered for _, covered, _ in found[1:4]] == [
        second - HOUR,
        HOUR,
        2 * HOUR + 20 * 60 * SECOND - second,
    ]
    assert found[2][2] == Class.ESTIMATED and found[2][0] == 0
    assert projector.state.latest.alive[SiteNode(SITE, "mill-edge"), "dyeing"] == T0 + 8400 * SECOND
    assert SPEED.name in {tag for _, tag in projector.state.latest.values}


def test_run_ends_when_told_and_saves(tmp_path: Path) -> None:
    config = configured(tmp_path)
    stop, wake = threading.Event(), threading.Event()
    projector = Projector(config)
    thread = threading.Thread(target=projector.run, args=(stop, wake))
    thread.start()
    node = Node(METER).begin()
    node.reading(1)
    append(tmp_path, node.blocks)
    wake.set()
    for _ in range(200):
        if projector.values == 2:
            break
        time.sleep(0.01)
    stop.set()
    wake.set()
    thread.join(5)
    assert (projector.values, projector.lag_blocks) == (2, 0)
    assert cursor(config) == projector._progress.cursor > 0


def test_an_hour_of_the_demo_is_there_again_in_two_seconds(tmp_path: Path) -> None:
    tags = tuple(Tag(f"t{i}", "float32", "kW") for i in range(82))
    group = Group("wide", "wide", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge", (KWH, *tags))
    node = Node(group).begin()
    for i in range(0, 3600, 20):
        times = [T0 + (i + j) * SECOND for j in range(20)]
        node.rows(
            table(
                group, times, [i + j for j in range(20)], *[[i * k / 7 for _ in range(20)] for k in range(82)]
            )
        )
    append(tmp_path, node.blocks)
    config = configured(tmp_path)
    drain(Projector(config)).save()
    begun = time.process_time()
    again = drain(Projector(config))
    assert again.values == 3600 * 83
    assert time.process_time() - begun < 2
