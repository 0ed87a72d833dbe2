"""Recorded rows beside live ones: covered hours, days that are closed once all is there, progress in the health."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cloud.figures import compute, meter_energy
from cloud.hourly import records
from cloud.hourly.day_close import DayClose
from cloud.ingest import health
from cloud.ingest.commit import Commit, Trust
from cloud.ingest.health import IngestCounters
from cloud.ingest.inbox import Message
from cloud.ledger import Ledger
from cloud.projection.periods import By
from cloud.projection.projector import Projector
from cloud.registry.current_registry import CurrentRegistry
from cloud.settings import Settings, load
from cloud.statements.replay import replay
from contract import topics
from contract.quality import Origin
from contract.times import rfc3339
from journal.keyfiles import load_key
from tests.cloud.edge_twin import METER, SECOND, Node, table, workdir

QUARTER = 900 * SECOND
START = int(datetime(2024, 4, 30, 16, tzinfo=UTC).timestamp()) * SECOND
"""The beginning of 1 May 2024 in China."""
OWN_CLOCK = replace(METER, time_source="device")
DAYS = 4
HEAD = {"site": "demo-mill", "by": "p-0123456789ab", "at": "1", "note": ""}


def recorded(node: Node, first: int, last: int) -> None:
    """Quarters *first* to *last* (not included) as recorded rows, 25 steps each."""
    at = range(first, last)
    rows = table(
        OWN_CLOCK, [START + i * QUARTER for i in at], [25 * i for i in at], [1.0 for _ in at],
        origin=Origin.BACKFILL,
    )  # fmt: skip
    node.rows(rows)


def live(node: Node, second: int) -> None:
    """A live row some seconds after four days."""
    quarter = 96 * DAYS
    node.rows(table(OWN_CLOCK, [START + quarter * QUARTER + second * SECOND], [25 * quarter], [1.0]))


def desk() -> Node:
    node = Node(name="desk-demo-mill", incarnation=21)
    node.say("open", node=node.name, site="demo-mill", previous=None, cause="start")
    names = {"id": "demo-mill", "name_zh": "厂", "name_en": "Mill", "tz": "Asia/Shanghai", "province": "浙江"}
    node.say("site", **HEAD, **names, day_start="00:00")
    point = {"id": "main", "carrier": "electricity", "parent": None, "node": "mill-edge", "tag": "main.kwh"}
    node.say("points", **HEAD, points=[{**point, "zh": "点", "en": "Point"}])
    return node


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(workdir(tmp_path, 1, 8000) / "cloud" / "cloud.yaml")


def take(settings: Settings, *nodes: Node, since: int = 0) -> None:
    ledger = Ledger(settings.ledger_folder)
    for node in nodes:
        for data in node.blocks[since:]:
            ledger.append(1, data)
    ledger.close()


def test_quarters_of_a_device_that_stamps_its_rows_cover_the_time(settings: Settings) -> None:
    node = Node(OWN_CLOCK).begin()
    live(node, 0)
    recorded(node, 0, 96 * DAYS)
    take(settings, node, desk())
    first, after = date(2024, 5, 1), date(2024, 5, 1 + DAYS)
    records.seal(settings, "demo-mill", first, after)
    answer = compute.compute(settings, "demo-mill", first, after)
    found = next(item for item in answer.figures if item.kind == "electricity_kwh" and item.point == "main")
    assert (found.value, found.completeness) == ("96", "1.0000")  # 0.01 kWh a step
    classes = {label for item in replay(settings, "demo-mill").declared.facts for label in item.class_}
    assert classes == {"measured"}


def test_days_are_closed_when_the_past_has_come_to_rest_and_again_when_more_of_it_comes(
    settings: Settings,
) -> None:
    node, who = Node(OWN_CLOCK).begin(), desk()
    live(node, 0)
    recorded(node, 0, 130)
    take(settings, node, who)
    projector, closing = Projector(settings), DayClose(settings, CurrentRegistry(settings, lambda: 1))
    while projector.step():
        pass
    assert not closing.look(projector.state, 60.0)
    assert replay(settings, "demo-mill").declared.facts == ()
    assert closing.look(projector.state)
    assert {item.day.day for item in replay(settings, "demo-mill").declared.facts} == {30, 1, 2, 3, 4}
    had = len(node.blocks)
    recorded(node, 130, 96 * DAYS)
    take(settings, node, since=had)
    while projector.step():
        pass
    assert not closing.look(projector.state, 60.0)
    assert closing.look(projector.state)
    statements = replay(settings, "demo-mill")
    assert {(item.day.day, item.revision) for item in statements.declared.facts} == {
        (30, 0),
        (1, 0),
        (2, 1),
        (3, 1),
        (4, 1),
    }
    assert sum(sum(item.steps) for item in statements.declared.facts) == 25 * 96 * DAYS
    assert closing.look(projector.state, 60.0) and replay(settings, "demo-mill").size == statements.size
    projector.close()


def test_health_says_how_far_the_past_is_filled_also_after_a_restart(tmp_path: Path) -> None:
    node = Node(OWN_CLOCK).begin()
    settings = load(workdir(tmp_path, 1, 8000, node) / "cloud" / "cloud.yaml")
    ledger, counters = Ledger(settings.ledger_folder), IngestCounters()
    commit = Commit(ledger, Trust(settings.trust_folder), load_key(settings.key_file), counters)

    def after(since: int) -> dict[str, object]:
        commit.group(Message(topics.block(node.name), data, 1) for data in node.blocks[since:])
        found: dict[str, object] = health.report(settings, counters, 0, None, None)["history"]
        return found

    live(node, 0)
    assert after(0) == {}
    had = len(node.blocks)
    recorded(node, 0, 97)
    expected = {"from": rfc3339(START), "until": rfc3339(START + 96 * DAYS * QUARTER)}
    day = expected | {"to": rfc3339(START + 96 * QUARTER), "rows": 97, "share": "0.2500"}
    assert after(had) == {"demo-mill": day}
    had = len(node.blocks)
    recorded(node, 97, 96 * DAYS)
    last = START + (96 * DAYS - 1) * QUARTER
    whole = expected | {"to": rfc3339(last), "rows": 96 * DAYS, "share": "1.0000"}
    assert after(had) == {"demo-mill": whole}
    ledger.close()
    again, fresh = Ledger(settings.ledger_folder), IngestCounters()
    Commit(again, Trust(settings.trust_folder), load_key(settings.key_file), fresh)
    assert fresh.history() == {"demo-mill": whole}
    again.close()


def test_energy_of_a_few_periods_is_read_from_the_hours_around_them_and_the_same_as_from_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Node(OWN_CLOCK).begin()
    live(node, 0)
    recorded(node, 3, 100)
    recorded(node, 190, 96 * DAYS)  # a day is missing
    take(settings, node)
    projector = Projector(settings)
    while projector.step():
        pass
    now, site, zone = START + 96 * DAYS * QUARTER, settings.sites[0], settings.sites[0].zone
    chance, asked = random.Random(4), 0
    for _ in range(150):
        first = chance.randrange(-200, 96 * DAYS)
        last = first + chance.randrange(1, 300)
        begin, end = (
            datetime.fromtimestamp((START + i * QUARTER) // SECOND, zone).isoformat() for i in (first, last)
        )
        by: By = chance.choice(["hour", "day", "month"])
        some = meter_energy.answer(projector.state, site, begin, end, by, now)
        with monkeypatch.context() as patch:
            patch.setattr(meter_energy, "_MANY", 0)
            assert meter_energy.answer(projector.state, site, begin, end, by, now) == some
        asked += len(some["rows"])
    assert asked > 300
    projector.close()
