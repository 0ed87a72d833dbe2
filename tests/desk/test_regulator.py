"""A regulator's routes: closed to everybody without a token of the site, and every access of a token is sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient

from cloud.auth.access import routes
from cloud.ingest.channel import Intake
from cloud.ingest.commit import Commit, Trust
from cloud.ingest.health import IngestCounters
from cloud.ledger import Ledger
from cloud.registry.current_registry import CurrentRegistry
from cloud.settings import load
from cloud.signing import deliver
from cloud.web import errors
from contract.errors import BadInput, CannotBeDone
from contract.message import Text
from journal.keyfiles import load_key
from tests.desk.bench import SITE, Bench


class Cloud:
    """What the routes need of a running cloud, around a real ledger."""

    def __init__(self, bench: Bench) -> None:
        self.settings = load(bench.folder / "cloud" / "cloud.yaml")
        self.counters = IngestCounters()
        self.ledger = Ledger(self.settings.ledger_folder)
        key, trust = load_key(self.settings.key_file), Trust(self.settings.trust_folder)
        self.intake = Intake(Commit(self.ledger, trust, key, self.counters), lambda error: None)
        self.registry = CurrentRegistry(self.settings, lambda: self.counters.declared)

    def way(self) -> Intake:
        return self.intake

    def close(self) -> None:
        self.registry.close()
        self.intake.close()
        self.ledger.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    made = Bench(tmp_path_factory.mktemp("mill"))
    made.declare(SITE.replace("id: mill", "id: other").replace("Mill", "Other"))
    return made


@pytest.fixture
def world(bench: Bench) -> Iterator[tuple[Cloud, TestClient]]:
    cloud = Cloud(bench)
    app, router = FastAPI(), routes(cloud)

    @router.get("/sites/{site}/report")
    def report(site: str, number: int = 0) -> dict[str, Any]:
        if number == 1:
            raise HTTPException(404, "no such report")
        if number == 2:
            raise BadInput("a bad period")
        if number == 3:
            raise CannotBeDone("not now")
        return {"site": site}

    app.include_router(router)
    errors.install(app)
    with TestClient(app) as client:
        yield cloud, client
    cloud.close()


def token(bench: Bench, site: str = "mill") -> tuple[str, str]:
    made = bench.run("token", "make", "--site", site, "--for", "生态环境局")
    return made["id"], made["token"]


def accesses(bench: Bench) -> list[tuple[str, str, str, int]]:
    access_fields = [item.fields for item in bench.statements("access")]
    return [(item["site"], item["who"], item["what"], item["status"]) for item in access_fields]


def get(client: TestClient, path: str, text: str | None) -> tuple[int, Any]:
    answer = client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {text}"} if text else {})
    found = answer.json()
    if answer.status_code == 401:
        assert answer.headers["www-authenticate"] == "Bearer"
    return answer.status_code, found if answer.status_code == 200 else found["detail"]


def test_each_access_by_a_token_is_in_the_ledger_with_its_status(
    bench: Bench, world: tuple[Cloud, TestClient]
) -> None:
    client = world[1]
    name, text = token(bench)
    before = len(accesses(bench))
    for number, status in ((0, 200), (1, 404), (2, 400), (3, 503)):
        assert get(client, f"sites/mill/report?number={number}", text)[0] == status
        assert len(accesses(bench)) == before + number + 1  # durable before the answer is here
    assert get(client, "sites/mill/report?number=x", text)[0] == 400
    path = "/api/v1/sites/mill/report?number="
    found = accesses(bench)[before:]
    assert found[:4] == [
        ("mill", name, f"{path}{n}", status) for n, status in enumerate((200, 404, 400, 503))
    ]
    assert len(found) == 5 and found[4][3] == 400
    assert {item.fields["by"][:2] for item in bench.statements("access")} == {"p-"}


def test_another_site_is_closed_and_the_attempt_is_sealed_by_the_token_s_own_desk(
    bench: Bench, world: tuple[Cloud, TestClient]
) -> None:
    name, text = token(bench)
    before = len(accesses(bench))
    assert get(world[1], "sites/other/report", text) == (403, "the token opens another site")
    assert accesses(bench)[before:] == [("mill", name, "/api/v1/sites/other/report", 403)]


@pytest.mark.parametrize(
    "kind", ["none", "junk", "other secret", "other id", "upper", "revoked", "hash", "basic"]
)
def test_what_is_no_valid_token_opens_nothing(
    bench: Bench, world: tuple[Cloud, TestClient], kind: str
) -> None:
    name, text = token(bench)
    with sqlite3.connect(bench.folder / "cloud" / "registry.db") as database:
        (kept,) = database.execute("SELECT hash FROM tokens WHERE id = ?", (name,)).fetchone()
    database.close()
    secret = text.rpartition(".")[2]
    assert (
        secret not in (bench.folder / "cloud" / "registry.db").read_bytes().decode("latin-1")
        and kept != secret
    )
    if kind == "revoked":
        assert get(world[1], "sites/mill/report", text)[0] == 200
        bench.run("token", "revoke", name)
        assert bench.run("token", "list", "--site", "mill")["tokens"][-1]["revoked"] is True
        bench.run("token", "revoke", name, code=2)
    wrong = {
        "none": None, "junk": "sy1.x.y", "other secret": f"sy1.{name}.{'0' * 64}", "upper": text.upper(),
        "other id": f"sy1.t-000000000000.{secret}", "revoked": text, "hash": f"sy1.{name}.{kept}",
    }  # fmt: skip
    before = len(accesses(bench))
    if kind == "basic":
        answer = world[1].get("/api/v1/sites/mill/report", headers={"Authorization": f"Basic {text}"})
        assert answer.status_code == 401
    else:
        assert get(world[1], "sites/mill/report", wrong[kind])[0] == 401
    assert len(accesses(bench)) == before


def test_an_access_that_can_not_be_sealed_is_not_answered(
    bench: Bench, world: tuple[Cloud, TestClient]
) -> None:
    cloud, client = world
    _, text = token(bench)
    cloud.intake.close(Text("the disk is full"))
    assert get(client, "sites/mill/report", text) == (503, "the disk is full")


def test_a_regulator_s_route_only_reads(world: tuple[Cloud, TestClient]) -> None:
    cloud, client = world
    router = routes(cloud)
    with pytest.raises(ValueError, match="only reads"):
        router.post("/sites/{site}/report")(lambda site: None)
    assert client.post("/api/v1/sites/mill/report").status_code == 405


def test_a_desk_and_the_cloud_write_as_one_node_in_turns(
    bench: Bench, world: tuple[Cloud, TestClient]
) -> None:
    """The cloud's own writing between a desk's look at the head and its delivery makes the desk try again."""
    cloud, client = world
    _, text = token(bench)
    head = cloud.intake.head(deliver.node_of("mill"))
    assert get(client, "sites/mill/report", text)[0] == 200
    assert cloud.intake.take("desk-mill", head, [b"stale"]) is False
    bench.sound()
