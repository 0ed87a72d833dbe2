"""The API over a real ledger and projector: shapes, zones, refusals, staleness, a year of a steel works."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from starlette.testclient import TestClient

from accounts.figure.messages import NoFactorDeclared
from cloud import settings
from cloud.ingest.channel import Channel
from cloud.ledger import Ledger
from cloud.projection.projector import Projector
from cloud.registry.current_registry import CurrentRegistry
from cloud.web.api import create_app
from cloud.web.models.base import Model
from cloud.web.models.energy import Energy
from cloud.web.models.factors import Factors
from cloud.web.models.sites import Sites
from cloud.web.models.values import Latest, Series
from contract.errors import CannotBeDone
from contract.tags import Group, Layout, Tag
from tests.cloud.edge_twin import SECOND, Node, events, table

HOUR = 3600 * SECOND
YAML = """sites:
  - {id: demo-mill, name_zh: 演示印染厂, name_en: Demo mill, tz: Asia/Shanghai, province: 浙江}
  - {id: other, name_zh: 另一厂, name_en: Other, tz: Europe/Berlin, province: 西藏, factor: national}
"""
KWH = Tag("main.kwh", "uint32", "kW.h", "counter", "0.01", max_rate="0.5", meter="main", carrier="electricity",
          zh="总表电量", en="Main energy")  # fmt: skip
KW = Tag("main.kw", "float32", "kW", meter="main", zh="总表功率", en="Main power")
STEAM = Tag("steam.t", "uint32", "t", "counter", "0.001", max_rate="1", meter="steam", carrier="steam")
READS = Tag("main.reads", "uint32", "{count}", "counter", max_rate="10")
SPEED = Tag("染色机1.布速", "float64", "m/min")
METERS = Group(
    "meters", "meters", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge", (KWH, KW, STEAM, READS)
)
DYEING = Group("dyeing", "dyeing", "opcua", "account", Layout.EVENTS, SECOND, "source", (SPEED,))

MODELS: dict[str, type[Model]] = {
    "sites": Sites,
    "factors": Factors,
    "latest": Latest,
    "energy": Energy,
    "series": Series,
}
"""The model of an answer by the end of its path."""


@dataclass
class Cloud:
    """What create_app needs of a service, around a real projector."""

    settings: settings.Settings
    projector: Projector | None = None

    def __post_init__(self) -> None:
        self.registry = CurrentRegistry(self.settings, lambda: 0)

    def health(self) -> dict[str, Any]:
        return {"status": "ok"}

    def way(self) -> Channel:
        raise CannotBeDone("no ledger here")


class World:
    """A folder with a ledger, its projector, and a client of the API."""

    def __init__(self, folder: Path, yaml: str = YAML) -> None:
        (folder / "cloud.yaml").write_text(yaml, encoding="utf-8")
        self.folder, self.cloud = folder, Cloud(settings.load(folder / "cloud.yaml"))
        self.client = TestClient(create_app(self.cloud), base_url="http://127.0.0.1:8000")

    def take(self, *nodes: Node) -> None:
        ledger = Ledger(self.folder / "ledger")
        for node in nodes:
            for data in node.blocks:
                ledger.append(1, data)
        ledger.close()
        self.cloud.projector = Projector(self.cloud.settings)
        while self.cloud.projector.step():
            pass

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        named = {name.rstrip("_"): value for name, value in query.items()}
        answer = self.client.get(f"/api/v1/{path}", params=named)
        assert answer.status_code == status, answer.text
        media = "application/json" if status == 200 else "application/problem+json"
        assert answer.headers["content-type"] == media
        if status == 200 and (model := MODELS.get(path.rpartition("/")[2])):
            model.model_validate_json(answer.content, strict=True, extra="forbid")
        return answer.json()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield World(tmp_path)


def second_by_second(start: int, stop: int, without: range = range(0), node: Node | None = None) -> Node:
    """Readings of the meters each second, UTC seconds start..stop: 1 step of 0.01 kWh a second."""
    node = node or Node(METERS, DYEING).begin()
    for low in range(start, stop, 900):
        at = [t for t in range(low, min(low + 900, stop)) if t not in without]
        if at:
            columns: list[list[Any]] = [
                [t % 2**32 for t in at],
                [t / 8 for t in at],
                [t // 2 for t in at],
                at,
            ]
            node.rows(table(METERS, [t * SECOND for t in at], *columns))
    return node


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def test_sites_factors_health_and_a_description(world: World) -> None:
    assert world.get("sites")["sites"] == [
        {
            "id": "demo-mill",
            "name_zh": "演示印染厂",
            "name_en": "Demo mill",
            "tz": "Asia/Shanghai",
            "province": "浙江",
        },
        {"id": "other", "name_zh": "另一厂", "name_en": "Other", "tz": "Europe/Berlin", "province": "西藏"},
    ]
    factors = {item["id"]: item for item in world.get("factors")["factors"]}
    assert len(factors) == 114
    assert factors["cn-grid-2023-zhejiang"]["value"] == "0.4974"
    assert "2025年第47号" in factors["cn-grid-2023-zhejiang"]["citation"]
    assert factors["cn-grid-2021-zhejiang"]["single_source"] is True
    assert world.get("health") == {"status": "ok"}
    paths = world.get("openapi.json")["paths"]
    assert {
        f"/api/v1/{path}" for path in ("health", "sites", "sites/{site}/latest", "sites/{site}/energy")
    } <= set(paths)
    assert not any(word in str(paths) for word in ("/parts", "/static"))


def test_hours_of_a_day_by_the_sites_clock(world: World) -> None:
    start = utc("2024-05-01T00:00:00+08:00")
    world.take(second_by_second(start, start + 3 * 3600 + 1))
    found = world.get("sites/demo-mill/energy", from_="2024-05-01", to="2024-05-02", by="hour")
    assert (found["site"], found["tz"], found["by"]) == ("demo-mill", "Asia/Shanghai", "hour")
    main = [row for row in found["rows"] if row["meter"] == "main"]
    assert [(row["from"], row["value"], row["class"]) for row in main[:3]] == [
        ("2024-05-01T00:00:00+08:00", "36.00", "measured"),
        ("2024-05-01T01:00:00+08:00", "36.00", "measured"),
        ("2024-05-01T02:00:00+08:00", "36.00", "measured"),
    ]
    assert {row["value"] for row in main[3:]} == {"0.00"} and {row["class"] for row in main[3:]} == {
        "provisional"
    }
    assert [row["completeness"] for row in main[:4]] == ["1.0000", "1.0000", "1.0000", "0.0000"]
    assert main[0]["unit"] == "kW.h" and main[0]["to"] == "2024-05-01T01:00:00+08:00"
    steam = [row for row in found["rows"] if row["meter"] == "steam"]
    assert steam[0]["tco2"] == {"refused": NoFactorDeclared().json()}
    assert (steam[0]["value"], steam[0]["unit"]) == ("1.800", "t")
    assert {row["meter"] for row in found["rows"]} == {"main", "steam"}
    day = world.get("sites/demo-mill/energy", from_="2024-05-01", to="2024-05-02", by="day")["rows"]
    assert [row["value"] for row in day] == ["108.00", "5.400"]
    carbon = day[0]["tco2"]
    assert (carbon["value"], carbon["unit"], carbon["factor"]["id"]) == (
        "0.054",
        "t",
        "cn-grid-2023-zhejiang",
    )
    assert carbon["by_default"] is True, "cloud.yaml chooses none"
    assert carbon["factor"]["year"] == 2023 and carbon["factor"]["unit"] == "kg{CO2}/kW.h"


def test_a_meter_that_stopped_five_minutes_is_less_complete_and_no_other_is(world: World) -> None:
    start = utc("2024-05-01T00:00:00+08:00")
    still = Group("still", "still", "modbus-tcp", "account", Layout.TABLE, SECOND, "edge",
                  (replace(KWH, name="still.kwh", meter="still"),))  # fmt: skip
    node = second_by_second(
        start, start + 2 * 3600 + 1, range(start + 600, start + 900), Node(METERS, still).begin()
    )
    for low in range(start, start + 2 * 3600 + 1, 1800):
        at = list(range(low, min(low + 1800, start + 2 * 3600 + 1)))
        node.rows(table(still, [t * SECOND for t in at], at))
    world.take(node)
    rows = world.get("sites/demo-mill/energy", from_="2024-05-01", to="2024-05-01T02:00:00+08:00", by="hour")[
        "rows"
    ]
    by_meter = {
        name: [Fraction(r["completeness"]) for r in rows if r["meter"] == name] for name in ("main", "still")
    }
    assert by_meter["still"] == [1, 1] and by_meter["main"][1] == 1
    assert abs(1 - by_meter["main"][0] - Fraction(5, 60)) <= Fraction(2, 3600)
    assert [row["value"] for row in rows if row["meter"] == "main"] == ["36.00", "36.00"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"from_": "yesterday"}, "from: 'yesterday'"),
        ({"from_": "2024-13-01"}, "from: '2024-13-01'"),
        ({"from_": "2024-05-01T00:00:00"}, "from: '2024-05-01T00:00:00'"),
        ({"from_": "2024-05-02", "to": "2024-05-01"}, "to must be later"),
        ({"from_": "2024-05-01T00:07:00Z", "to": "2024-05-02"}, "quarter of an hour"),
        ({"from_": "1701-01-01", "by": "hour"}, "more than"),
        ({"by": "week"}, "by: must be 'hour', 'day' or 'month'"),
        ({"from_": "9999-12-31"}, "out of range"),
        ({"from_": "0001-01-01"}, "out of range"),
        ({"from_": "2024-05-01T00:00:00+99:00"}, "from:"),
    ],
)
def test_what_can_not_be_asked_is_said_in_one_line(world: World, query: dict[str, Any], reason: str) -> None:
    start = utc("2024-05-01T00:00:00+08:00")
    world.take(second_by_second(start, start + 60))
    found = world.get("sites/demo-mill/energy", 400, **query)
    assert found["status"] == 400 and reason in found["error"] and "\n" not in found["error"]


def test_what_is_not_there_is_404_and_what_starts_is_503(world: World) -> None:
    assert world.get("sites/demo-mill/latest", 503)["error"].startswith("the cloud is starting")
    world.take(Node(METERS).begin())
    assert world.get("sites/nowhere/latest", 404)["error"] == "no site 'nowhere'"
    assert world.get("sites/nowhere/energy", 404)["error"] == "no site 'nowhere'"
    assert world.get("sites/demo-mill/series", 404, tag="x")["error"] == "site 'demo-mill' has no tag 'x'"
    assert world.get("sites/demo-mill/series", 400)["error"] == "tag: Field required"
    assert world.get("nothing", 404)["error"] == "Not Found"
    assert world.get("sites/other/energy")["rows"] == []


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:8000", 200), ("192.168.1.9:8000", 200),
     ("evil.example", 400), ("127.0.0.1.evil.example", 400), ("", 400)],
)  # fmt: skip
def test_only_known_names_are_answered_and_no_other_origin_is_let_in(
    world: World, host: str, status: int
) -> None:
    answer = world.client.get("/api/v1/sites", headers={"host": host, "origin": "http://evil.example"})
    assert answer.status_code == status
    assert "access-control-allow-origin" not in answer.headers


def test_days_of_a_zone_with_clock_changes_and_the_national_factor(world: World) -> None:
    zone = ZoneInfo("Europe/Berlin")
    begin, end = datetime(2024, 3, 30, tzinfo=zone), datetime(2024, 4, 2, tzinfo=zone)
    node = Node(replace(METERS, every=900 * SECOND), site="other").begin()
    at = [int(begin.timestamp()) + 900 * i for i in range(int((end - begin).total_seconds()) // 900 - 4 + 1)]
    node.rows(table(node.schema.groups[0], [t * SECOND for t in at], at, *[[0] * len(at)] * 3))
    world.take(node)
    days = world.get("sites/other/energy", from_="2024-03-30", to="2024-04-02", by="day")["rows"]
    main = [row for row in days if row["meter"] == "main"]
    assert [row["value"] for row in main] == ["864.00", "828.00", "864.00"]
    assert [row["completeness"] for row in main] == ["1.0000"] * 3
    assert main[1]["from"] == "2024-03-31T00:00:00+01:00" and main[1]["to"] == "2024-04-01T00:00:00+02:00"
    assert main[0]["tco2"]["factor"]["id"] == "cn-grid-2023" and main[0]["tco2"]["by_default"] is False
    hours = world.get("sites/other/energy", from_="2024-03-31", to="2024-04-01", by="hour")["rows"]
    assert len([row for row in hours if row["meter"] == "main"]) == 23
    month = world.get("sites/other/energy", from_="2024-03-01", to="2024-05-01", by="month")["rows"]
    assert (
        sum(Decimal(row["value"]) for row in month if row["meter"] == "main") == Decimal(at[-1] - at[0]) / 100
    )


def test_half_hour_zones_have_their_own_hours(tmp_path: Path) -> None:
    world = World(tmp_path, YAML.replace("Asia/Shanghai", "Asia/Kathmandu"))
    start = utc("2024-05-01T00:00:00+05:45")
    world.take(second_by_second(start - 10, start + 7201))
    rows = world.get("sites/demo-mill/energy", from_="2024-05-01", to="2024-05-01T02:00:00+05:45", by="hour")[
        "rows"
    ]
    assert [(row["from"], row["value"]) for row in rows if row["meter"] == "main"] == [
        ("2024-05-01T00:00:00+05:45", "36.00"), ("2024-05-01T01:00:00+05:45", "36.00"),
    ]  # fmt: skip


def test_latest_tells_age_by_the_rows_time_and_since_when_it_is_stale(world: World) -> None:
    now = time.time_ns()
    node = Node(METERS, DYEING).begin()
    node.rows(table(METERS, [now - 60 * SECOND], [12345], [0.5], [7], [1]))
    silent = events(DYEING, 0, [now - 600 * SECOND], [62.5])
    node.rows(
        silent, replace(silent, time=silent.time[:0], data=silent.data[:0], alive_until=now - 3 * SECOND)
    )
    world.take(node)
    found = world.get("sites/demo-mill/latest")
    rows = {row["tag"]: row for row in found["rows"]}
    main, speed = rows["main.kwh"], rows["染色机1.布速"]
    assert (main["value"], main["raw"], main["unit"], main["quality"]) == ("123.45", "12345", "kW.h", "good")
    assert (main["meter"], main["kind"], main["carrier"], main["every"]) == (
        "main",
        "counter",
        "electricity",
        1.0,
    )
    assert main["title"] == {"zh": "总表电量", "en": "Main energy"}
    assert main["stale"] is True and 60 <= main["age_s"] < 65
    assert main["stale_since"] == main["time"] and main["time"].endswith("Z") and len(main["time"]) == 30
    assert (rows["main.kw"]["value"], rows["main.kw"]["raw"]) == ("0.5", "0.5")
    assert speed["stale"] is False and speed["stale_since"] is None and 3 <= speed["age_s"] < 8
    assert speed["value"] == "62.5"
    assert world.get("sites/other/latest")["rows"] == []


def test_a_tag_without_any_value_says_so(world: World) -> None:
    world.take(Node(METERS).begin())
    row = world.get("sites/demo-mill/latest")["rows"][0]
    assert (row["value"], row["time"], row["age_s"]) == (None, None, None)
    assert (row["quality"], row["stale"], row["stale_since"]) == ("missing", True, None)


def test_series_show_holes_as_null(world: World) -> None:
    start = utc("2024-05-01T00:00:00+08:00")
    world.take(second_by_second(start, start + 600, range(start + 100, start + 200)))
    span: dict[str, Any] = {"from_": "2024-05-01", "to": "2024-05-01T00:10:00+08:00"}
    found = world.get("sites/demo-mill/series", tag="main.kw", **span)
    assert (found["tag"], found["unit"]) == ("main.kw", "kW")
    assert found["points"][0] == [start * 1000, float(np.float32(start / 8))]
    assert len(found["points"]) == 501
    assert [point[1] for point in found["points"][99:102]][1] is None
    minutes = world.get("sites/demo-mill/series", tag="main.kwh", step=60, **span)["points"]
    there = [point[0] for point in minutes if point[1] is not None]
    assert there == [(start + 60 * i) * 1000 for i in (0, 1, *range(3, 10))]
    assert minutes[0][1] == pytest.approx((start % 2**32 + 59) / 100)
    long: dict[str, Any] = {"from_": "1990-01-01", "tag": "main.kw", "step": 1}
    assert world.get("sites/demo-mill/series", 400, **long)["error"].startswith("step:")


def test_an_hour_that_a_counter_jumped_in_is_invalid(world: World) -> None:
    start = utc("2024-05-01T00:00:00+08:00")
    node = second_by_second(start, start + 1800)
    at = [start + 1800 + i for i in range(1801)]
    node.rows(table(METERS, [t * SECOND for t in at], [5 + i for i in range(1801)], *[[0] * 1801] * 3))
    world.take(node)
    rows = world.get("sites/demo-mill/energy", from_="2024-05-01", to="2024-05-01T01:00:00+08:00", by="hour")[
        "rows"
    ]
    assert [(row["class"], row["value"]) for row in rows if row["meter"] == "main"] == [
        ("invalid(counter)", "35.99")
    ]


def test_the_year_of_a_steel_works(steelyard_data: Path, tmp_path: Path) -> None:
    """35,040 quarter hours of the real column through blocks: months equal its sums exactly, 2018 has no factor."""
    data = np.load(steelyard_data / "energy_steel_15min.npz")
    register = [18_432_000, *data["register_cWh_u32"].tolist()]
    start = int(datetime(2017, 12, 31, 16, tzinfo=UTC).timestamp())
    tag = replace(KWH, max_rate="10")
    group = Group("steel", "steel", "modbus-tcp", "account", Layout.TABLE, 0, "device", (tag,))
    node = Node(group).begin()
    for low in range(0, len(register), 2000):
        part = register[low : low + 2000]
        node.rows(table(group, [(start + 900 * (low + i)) * SECOND for i in range(len(part))], part))
    world = World(tmp_path)
    world.take(node)
    year: dict[str, Any] = {"from_": "2018-01-01", "to": "2019-01-01"}
    begun = time.process_time()
    months = world.get("sites/demo-mill/energy", by="month", **year)["rows"]
    assert time.process_time() - begun < 0.3
    steps = np.rint(data["Usage_kWh"] * 100).astype(np.int64)
    first = datetime(2018, 1, 1)
    of = np.array([(first + timedelta(minutes=15 * i)).month for i in range(len(steps))])
    assert [row["value"] for row in months] == [
        f"{Decimal(int(steps[of == m].sum())) / 100:.2f}" for m in range(1, 13)
    ]
    assert sum(Decimal(row["value"]) for row in months) == Decimal(95_963_671) / 100
    assert {row["completeness"] for row in months} == {"1.0000"} and {row["class"] for row in months} == {
        "measured"
    }
    why = "no published grid factor for 浙江 for 2018: the first is for 2021"
    assert [row["tco2"]["refused"]["message"] for row in months] == [why] * 12
    hours = world.get("sites/demo-mill/energy", by="hour", **year)["rows"]
    assert len(hours) == 8760
    assert sum(Decimal(row["value"]) for row in hours) == Decimal(95_963_671) / 100
    named = World(tmp_path, YAML.replace("province: 浙江}", "province: 浙江, factor: cn-grid-2021-zhejiang}"))
    named.cloud.projector = world.cloud.projector
    assert (
        named.get("sites/demo-mill/energy", by="month", **year)["rows"][0]["tco2"]["factor"]["year"] == 2021
    )
