"""Figures from a real ledger: readings, declarations, imports; sealed hour facts; the API; whatever cut the rows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cloud import settings
from cloud.figures import compute
from cloud.hourly import records
from cloud.hourly.day_close import DayClose
from cloud.ledger import Ledger
from cloud.projection.projector import Projector
from cloud.projection.state import State
from cloud.registry.current_registry import CurrentRegistry
from cloud.settings import Settings
from cloud.statements.replay import replay
from cloud.web.api import create_app
from contract.statement import canonical
from tests.cloud.edge_twin import METER, SECOND, Node, command, run, table

HOUR = 3_600 * SECOND
SITE = {"id": "demo-mill", "name_zh": "厂", "name_en": "Mill", "tz": "Asia/Shanghai", "province": "浙江"}
HEAD = {"site": "demo-mill", "by": "p-0123456789ab", "at": "1", "note": ""}
POINTS: list[dict[str, Any]] = [
    {"id": "main", "carrier": "electricity", "node": "mill-edge", "tag": "main.kwh"},
    {"id": "gas", "carrier": "gas", "node": None, "tag": None},
]
START = int(datetime.fromisoformat("2024-05-01T00:00:00+08:00").timestamp())
DAYS = (date(2024, 5, 1), date(2024, 5, 3))


def desk() -> Node:
    """The desk of the mill, which has declared its site, points and factors."""
    desk_ = Node(name="desk-demo-mill", incarnation=21)
    desk_.say("open", node=desk_.name, site="demo-mill", previous=None, cause="start")
    desk_.say("site", **HEAD, **{key: SITE[key] for key in SITE}, day_start="00:00")
    desk_.say(
        "points", **HEAD, points=[{**item, "parent": None, "zh": "点", "en": "Point"} for item in POINTS]
    )
    desk_.say("factors", **HEAD, grid="province", heat=None, named={})
    return desk_


def minutes(count: int, skip: range = range(0)) -> list[tuple[int, int]]:
    """(second, register) of a reading a minute; the register runs 7 steps a minute and rolls over."""
    return [(START + 60 * i, (2**32 - 1000 + 7 * i) % 2**32) for i in range(count) if i not in skip]


def edge(rows: list[tuple[int, int]], cut: int = 600, incarnation: int = 7) -> Node:
    """An edge that has read the meter, its rows cut into blocks of *cut*."""
    node = Node(METER, incarnation=incarnation).begin()
    for at in range(0, len(rows), cut):
        some = rows[at : at + cut]
        node.rows(table(METER, [t * SECOND for t, _ in some], [raw for _, raw in some], [0.5 for _ in some]))
    return node


class Mill:
    """A cloud's folder whose ledger takes what a test gives it."""

    def __init__(self, folder: Path) -> None:
        assert run("init", "--workdir", str(folder)).returncode == 0
        self.folder = folder
        self.settings: Settings = settings.load(folder / "cloud" / "cloud.yaml")

    def take(self, *blocks: bytes) -> None:
        ledger = Ledger(self.settings.ledger_folder)
        for data in blocks:
            ledger.append(1, data)
        ledger.close()

    def report(self) -> bytes:
        return json.dumps(compute.compute(self.settings, "demo-mill", *DAYS).report()).encode()

    def value(self, kind: str, point: str | None = None, **more: Any) -> Any:
        answer = compute.compute(self.settings, "demo-mill", *DAYS, **more)
        return next((item for item in answer.figures if (item.kind, item.point) == (kind, point)), None)


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Mill]:
    yield Mill(tmp_path)


def test_two_days_of_readings_are_last_less_first(mill: Mill) -> None:
    mill.take(*edge(minutes(2 * 1440 + 1)).blocks, *desk().blocks)
    found = mill.value("electricity_kwh", "main")
    assert (found.value, found.completeness) == (
        "201.6",
        "0.0000",
    )  # 60 s apart where the group reads each second
    tonnes = round(Fraction("201.6") * Fraction("0.4974") / 1000, 3)
    assert Fraction(mill.value("scope2_tco2").value) == tonnes


def test_what_is_sealed_is_what_the_readings_give(mill: Mill) -> None:
    mill.take(*edge(minutes(2 * 1440 + 1)).blocks, *desk().blocks)
    first = records.seal(mill.settings, "demo-mill", *DAYS)
    again = records.seal(mill.settings, "demo-mill", *DAYS)
    assert (first.new, first.revised, first.same) == (2, 0, 0)
    assert (again.new, again.revised, again.same) == (0, 0, 2)
    sealed = compute.compute(mill.settings, "demo-mill", *DAYS, sealed=True)
    fresh = compute.compute(mill.settings, "demo-mill", *DAYS)
    assert [item.fields() for item in sealed.figures] == [item.fields() for item in fresh.figures]
    kept = replay(mill.settings, "demo-mill").declared.facts
    assert [len(item.steps) for item in kept] == [24, 24]
    assert {item.size for item in kept} == {len(edge(minutes(2 * 1440 + 1)).blocks) + 4}
    done = run("blocks", "--workdir", str(mill.folder), "--json")
    assert "accounts" in [item["node"] for item in json.loads(done.stdout)["streams"]]


def test_late_data_make_a_revision_of_the_hours_they_touch(mill: Mill) -> None:
    rows = minutes(1441)
    late = [row for row in rows if 120 <= (row[0] - START) // 60 <= 180]
    mill.take(*edge([row for row in rows if row not in late]).blocks, *desk().blocks)
    records.seal(mill.settings, "demo-mill", *DAYS)
    before = replay(mill.settings, "demo-mill").declared.facts[0]
    mill.take(*edge(late, incarnation=8).blocks)
    done = records.seal(mill.settings, "demo-mill", *DAYS)
    after = replay(mill.settings, "demo-mill").declared.facts[0]
    assert (done.new, done.revised) == (0, 1)
    assert (after.revision, after.cause) == (1, "late data")
    changed = [i for i in range(24) if before.inputs[i] != after.inputs[i]]
    assert changed == [1, 2, 3]
    assert sum(before.steps) == sum(after.steps) == 7 * 1440
    assert before.class_[2] == "estimated"
    assert after.class_[2] == "measured"


@pytest.mark.parametrize("seed", range(4))
def test_the_report_is_the_same_however_rows_were_cut_doubled_and_mixed(tmp_path: Path, seed: int) -> None:
    """As after kills: other blocks, blocks twice, parts of rows in two incarnations, sealed facts in between."""
    rows, chance = minutes(1500), random.Random(seed)
    calm, shaken = Mill(tmp_path / "calm"), Mill(tmp_path / "shaken")
    calm.take(*edge(rows).blocks, *desk().blocks)
    at = chance.randrange(200, 1300)
    one, two = edge(rows[: at + 50], chance.randrange(20, 300)), edge(rows[at:], chance.randrange(20, 300), 8)
    shaken.take(*one.blocks, *desk().blocks, *chance.choices(one.blocks[2:], k=5))
    records.seal(shaken.settings, "demo-mill", *DAYS)
    shaken.take(*two.blocks[:2], *chance.sample(two.blocks[2:], len(two.blocks) - 2))
    records.seal(shaken.settings, "demo-mill", *DAYS)
    assert calm.report() == shaken.report()


def test_days_of_the_page_are_the_days_of_the_figures(mill: Mill) -> None:
    """The projector's bins and the facts of the ledger are two ways to the same numbers."""
    mill.take(*edge(minutes(2000, range(700, 790))).blocks, *desk().blocks)
    client = TestClient(create_app(Service(mill.settings)), base_url="http://127.0.0.1:8000")
    answer = client.get(
        "/api/v1/sites/demo-mill/energy", params={"from": "2024-05-01", "to": "2024-05-03", "by": "hour"}
    )
    hours = {row["from"]: row for row in answer.json()["rows"]}
    found = records.facts(
        mill.settings, replay(mill.settings, "demo-mill"), [date(2024, 5, 1), date(2024, 5, 2)]
    )
    seen = 0
    for day in found:
        for i, (start, _) in enumerate(day.hours()):
            row = hours.get(datetime.fromtimestamp(start / SECOND, settings.Site(**SITE).zone).isoformat())
            if row is None:
                assert day.steps[i] == 0
                continue
            assert Fraction(row["value"]) == day.steps[i] * Fraction(day.scale)
            assert (row["class"], row["completeness"]) == (day.class_[i], day.completeness[i])
            seen += 1
    assert seen == 48


class Service:
    """What the API needs of a running cloud."""

    def __init__(self, of: Settings) -> None:
        self.settings, self.registry = of, CurrentRegistry(of, lambda: 1)
        self.projector: Projector | None = None
        self.state = self.step()

    def step(self) -> State:
        """Project what the ledger has."""
        self.projector = self.projector or Projector(self.settings)
        while self.projector.step():
            pass
        return self.projector.state

    def health(self) -> dict[str, Any]:
        return {}

    def way(self) -> Any:
        raise AssertionError("nobody writes here")


def test_the_api_gives_the_figures_and_each_by_its_id_after_a_restart(mill: Mill) -> None:
    mill.take(*edge(minutes(1500)).blocks, *desk().blocks)
    client = TestClient(create_app(Service(mill.settings)), base_url="http://127.0.0.1:8000")
    query = {"from": "2024-05-01", "to": "2024-05-03"}
    answer = client.get("/api/v1/sites/demo-mill/figures", params=query).json()
    assert answer == json.loads(mill.report())
    again = TestClient(create_app(Service(mill.settings)), base_url="http://127.0.0.1:8000")
    for figure in answer["figures"]:
        assert again.get(f"/api/v1/figures/{figure['id']}").json() == figure
    named = {item["id"]: item for item in again.get("/api/v1/factors").json()["coefficients"]}
    assert named["cn-ce-electricity"]["value"] == "0.1229"
    assert all(item["citation"] and item["trust"] in ("V", "R", "R1") for item in named.values())
    missing = again.get("/api/v1/figures/0123456789abcdef")
    assert (missing.status_code, "no figure" in missing.json()["error"]) == (404, True)
    assert again.get("/api/v1/sites/nobody/figures", params=query).status_code == 404
    assert (
        again.get("/api/v1/sites/demo-mill/figures", params=query | {"to": "2024-05-01"}).status_code == 400
    )
    assert again.get("/api/v1/sites/demo-mill/figures", params=query | {"to": "soon"}).status_code == 400
    mill.take(*edge(minutes(2881), incarnation=9).blocks)
    later = again.get("/api/v1/sites/demo-mill/figures", params=query).json()
    assert [f["value"] for f in later["figures"] if f["kind"] == "electricity_kwh"] == ["201.6", "201.6"]


def import_of(node: Node, rows: list[list[str]], part: int, parts: int, file: str = "0" * 64) -> None:
    node.say("import", **HEAD, file=file, part=part, parts=parts, rows=rows)


def test_an_import_counts_once_it_is_whole_and_only_once(mill: Mill) -> None:
    first = ["2024-04-30T16:00:00Z", "2024-05-01T16:00:00Z", "gas", "natural_gas", "10", "m3"]
    second = ["2024-05-01T16:00:00Z", "2024-05-02T16:00:00Z", "gas", "natural_gas", "5", "m3"]
    killed = desk()
    import_of(killed, [first], 1, 2)
    whole = Node(name="desk-demo-mill", incarnation=22, key=killed.key)
    whole.say("open", node=whole.name, site="demo-mill", previous=None, cause="start")
    import_of(whole, [second], 2, 2)
    mill.take(*edge(minutes(2881)).blocks, *killed.blocks, *whole.blocks)
    assert mill.value("natural_gas_m3", "gas") is None
    import_of(whole, [first], 1, 2)
    mill.take(whole.blocks[-1])
    found = mill.value("natural_gas_m3", "gas")
    assert found.value == "15"
    hashes = sorted((whole.hashes[-1], whole.hashes[-2]))
    assert found.inputs == sha256(b"".join(hashes)).hexdigest()
    mill.take(*whole.blocks)
    assert mill.value("natural_gas_m3", "gas") == found


def test_only_the_sites_own_desk_and_the_accounts_are_heard(mill: Mill) -> None:
    mill.take(*edge(minutes(2881)).blocks, *desk().blocks)
    calm = mill.report()
    records.seal(mill.settings, "demo-mill", *DAYS)
    stranger = Node(name="desk-other", incarnation=31)
    stranger.say("open", node="desk-other", site="other", previous=None, cause="start")
    stranger.say("factors", **HEAD, grid="national", heat=None, named={})
    forged = replay(mill.settings, "demo-mill").declared.facts[0].statement()
    liar = Node(name="liar", incarnation=32)
    liar.say("open", node="liar", site="demo-mill", previous=None, cause="start")
    liar.say("hours", **{**forged.fields, "steps": [9] * 24, "revision": 7})
    mill.take(*stranger.blocks, *liar.blocks)
    assert mill.report() == calm
    sealed = compute.compute(mill.settings, "demo-mill", *DAYS, sealed=True)
    assert json.dumps(sealed.report()).encode() == calm


def test_an_earlier_end_of_the_ledger_gives_what_was_known_then(mill: Mill) -> None:
    mill.take(*edge(minutes(1441)).blocks, *desk().blocks)
    end = replay(mill.settings, "demo-mill").end
    then = mill.value("electricity_kwh", "main")
    mill.take(*edge(minutes(2881), incarnation=9).blocks)
    assert mill.value("electricity_kwh", "main") != then
    assert mill.value("electricity_kwh", "main", end=end) == then


def test_a_days_facts_are_sealed_once_its_streams_have_passed_it(mill: Mill) -> None:
    mill.take(*edge(minutes(1430, range(1))).blocks, *desk().blocks)
    service = Service(mill.settings)
    closing = DayClose(mill.settings, service.registry)
    closing.look(service.state)
    assert replay(mill.settings, "demo-mill").declared.facts == ()
    mill.take(*edge(minutes(1445, range(1)), incarnation=9).blocks)
    service.step()
    closing.look(service.state)
    (day,) = replay(mill.settings, "demo-mill").declared.facts
    assert (day.day, day.class_[0], set(day.class_[2:])) == (date(2024, 5, 1), "partial", {"measured"})
    size = replay(mill.settings, "demo-mill").size
    closing.look(service.state)
    assert replay(mill.settings, "demo-mill").size == size


def test_the_command_answers_with_the_promised_keys(tmp_path: Path) -> None:
    import subprocess

    work = str(tmp_path)
    assert run("init", "--workdir", work).returncode == 0
    for what in ("site", "csv"):
        text = subprocess.run(command("example", what), capture_output=True, text=True, check=True).stdout
        (tmp_path / what).write_text(text, encoding="utf-8")
    assert run("declare", str(tmp_path / "site"), "--by", "王敏", "--workdir", work).returncode == 0
    done = run("import", "--site", "my-mill", str(tmp_path / "csv"), "--by", "王敏", "--workdir", work)
    assert done.returncode == 0, done.stderr
    ask = ("figures", "--workdir", work, "--site", "my-mill", "--from", "2023-01-01", "--to", "2024-01-01")
    found = run(*ask, "--json")
    answer = json.loads(found.stdout)
    assert set(answer) >= {"figures", "refused"}
    keys = {
        "id",
        "kind",
        "point",
        "from",
        "to",
        "value",
        "unit",
        "completeness",
        "substituted",
        "factors",
        "citations",
    }
    assert all(set(figure) >= keys for figure in answer["figures"])
    values = {(f["kind"], f["point"]): f["value"] for f in answer["figures"]}
    assert values["energy_tce", None] == "2131.653"
    assert values["scope1_tco2e", None] == "1822.628"
    assert values["scope2_tco2", None] == "3973.000"
    assert (values["cod_kg", "outfall"], values["cod_mean_mg_l", "outfall"]) == ("13.5", "62.5")
    assert [item["kind"] for item in answer["refused"]] == ["cost_yuan"]
    assert canonical(answer)  # numbers are text: it has a canonical form
    assert run(*ask, "--json").stdout == found.stdout
    assert run(*ask[:-1], "2022-01-01").returncode == 2
    assert (
        run(
            "figures", "--workdir", work, "--site", "x", "--from", "2023-01-01", "--to", "2024-01-01"
        ).returncode
        == 2
    )
