"""Figures by id after a restart, bounded for whoever guesses; and each page is of one state of the ledger."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from cloud import settings
from cloud.figures.index import Question
from cloud.ledger import Ledger
from cloud.projection.projector import Projector
from cloud.read_models import questions, snapshot_cache
from cloud.read_models.read_model import PinnedSnapshot, ReadModel
from cloud.read_models.snapshot import Snapshot
from cloud.read_models.snapshot_cache import SnapshotCache
from cloud.registry.current_registry import CurrentRegistry
from cloud.settings import Settings
from cloud.web.api import create_app
from tests.cloud.edge_twin import Node
from tests.web.test_views_savings import DAYS, declaration, declare
from tests.web.year import SITE, build

PAGES = ("/parts/standing", "/v/replacement", "/v/exceedances", "/v/report", "/v/completeness", "/v/scatter")
CHARTS = ("completeness", "load", "scatter", "cusum")
UNKNOWN = 404


class Service:
    """What the web needs of a running cloud, without a projector."""

    def __init__(self, of: Settings) -> None:
        self.settings, self.registry = of, CurrentRegistry(of, lambda: 1)
        self.projector: Projector | None = None

    def health(self) -> dict[str, Any]:
        return {}

    def way(self) -> Any:
        raise AssertionError("nobody writes here")


class Mill:
    """A mill with a past and a replacement; each start of its web remembers nothing but files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = settings.load(folder / "cloud.yaml")

    def start(self) -> TestClient:
        return TestClient(create_app(Service(self.settings)), base_url="http://127.0.0.1:8000")

    def forget_ids(self) -> None:
        (self.settings.store_folder / "figures.jsonl").unlink(missing_ok=True)

    def grow(self, number: int = 0) -> None:
        """One block more, of a node that reads no meter of the site."""
        log = Ledger(self.settings.ledger_folder)
        log.append(1, Node(name=f"other-{number}").begin().blocks[0])
        log.close()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    build(folder, days=DAYS, gap=100)
    (folder / "project.json").write_text(json.dumps(declaration()), encoding="utf-8")
    declare(folder, folder / "project.json")
    return folder


@pytest.fixture
def mill(built: Path, tmp_path: Path) -> Iterator[Mill]:
    yield Mill(Path(shutil.copytree(built, tmp_path / "mill")))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Snapshot, Question]]:
    """Every question that is worked out, with the edition that it is asked of."""
    found: list[tuple[Snapshot, Question]] = []
    ask = questions.ask

    def note(snapshot: Snapshot, question: Question) -> Any:
        found.append((snapshot, question))
        return ask(snapshot, question)

    monkeypatch.setattr(questions, "ask", note)
    return found


def shown(client: TestClient, page: str) -> set[str]:
    return set(re.findall(r'data-figure="([0-9a-f]{16})"', client.get(f"{page}?site={SITE}&lang=en").text))


def test_a_figure_that_no_page_has_shown_since_the_restart_is_known(mill: Mill) -> None:
    first = mill.start()
    names = shown(first, "/parts/standing") | shown(first, "/v/replacement")
    said = {name: first.get(f"/api/v1/figures/{name}").json() for name in names}
    kinds = {figure["kind"] for figure in said.values()}
    assert {"expected_kwh", "expected_cost_yuan"} < kinds and any(
        kind.startswith("replacement.") for kind in kinds
    )
    again = mill.start()
    assert {name: again.get(f"/api/v1/figures/{name}").json() for name in names} == said
    mill.forget_ids()
    bare = mill.start()
    for name, figure in said.items():
        if figure["kind"].startswith(("expected_", "replacement.")):
            assert bare.get(f"/api/v1/figures/{name}").json() == figure, figure["kind"]
            assert bare.get(f"/v/provenance/{name}").status_code == 200


def test_what_was_declared_a_moment_ago_is_found_by_its_id(mill: Mill) -> None:
    client = mill.start()
    before = shown(client, "/v/replacement")
    said = declaration()
    said["replacement"][0] |= {"id": "again"}
    (mill.folder / "more.json").write_text(json.dumps(said), encoding="utf-8")
    declare(mill.folder, mill.folder / "more.json")
    mill.forget_ids()
    other = mill.start()
    names = [name for name in shown(other, "/v/replacement") - before if _declared(other, name)]
    mill.forget_ids()
    assert len(names) > 10
    assert all(_declared(client, name) for name in names)


def _declared(client: TestClient, name: str) -> bool:
    """Whether a figure is one of a replacement."""
    return bool(client.get(f"/api/v1/figures/{name}").json().get("kind", "").startswith("replacement."))


def test_guessing_ids_costs_one_look_for_each_state_of_the_ledger(
    mill: Mill, asked: list[tuple[Snapshot, Question]]
) -> None:
    client = mill.start()
    for name in ("x", "0123456789ABCDEF", "0" * 17, "..%2f..%2fkey"):
        assert client.get(f"/api/v1/figures/{name}").status_code == UNKNOWN
    assert asked == []
    counts = []
    for state in range(3):
        for number in range(20):
            answer = client.get(f"/api/v1/figures/{state:08x}{number:08x}")
            assert answer.status_code == UNKNOWN and "no figure" in answer.json()["error"]
        counts.append(len(asked))
        mill.grow(state)
    assert counts[0] > 0
    assert counts == [counts[0], 2 * counts[0], 3 * counts[0]]
    assert len({id(snapshot) for snapshot, _ in asked}) == 3


def test_pages_and_api_say_one_number_until_the_hold_is_over(
    mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_model = mill.start().app.state.read_model  # type: ignore[attr-defined]
    size = read_model.statements(SITE).size
    mill.grow(0)
    monkeypatch.setattr(snapshot_cache, "REST", 0.0)
    assert 0 < read_model.rest(SITE) <= snapshot_cache.HOLD_S
    assert read_model.statements(SITE).size == read_model.pinned().statements(SITE).size == size
    monkeypatch.setattr(snapshot_cache, "HOLD_S", 0.0)
    assert read_model.rest(SITE) == 0
    assert read_model.statements(SITE).size == size + 1, (
        "whoever comes after the hold sees what is new, not what was"
    )


def test_a_statement_of_the_desk_ends_the_hold(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_cache, "REST", 0.0)
    monkeypatch.setattr(snapshot_cache, "LEAST_S", 0.0)
    said = [1]
    read_model = ReadModel.of(mill.settings, statement_count=lambda: said[0])
    size = read_model.statements(SITE).size
    mill.grow(0)
    assert read_model.statements(SITE).size == size
    said[0] += 1
    assert read_model.statements(SITE).size == size + 1
    mill.grow(1)
    assert read_model.statements(SITE).size == size + 1, "it was heard once"


def restless(mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger grows, and a new edition is there, each time that anybody asks for one."""
    count = iter(range(10**6))

    def snapshot(cache: SnapshotCache, site: str) -> Snapshot:
        mill.grow(next(count))
        return cache.newest(site)

    monkeypatch.setattr(SnapshotCache, "snapshot", snapshot)


def mixed(mill: Mill, asked: list[tuple[Snapshot, Question]]) -> list[str]:
    """The pages and charts that rest on more than one state of the ledger."""
    client, found = mill.start(), []
    for page in (*PAGES, *(f"/api/v1/sites/{SITE}/charts/{name}" for name in CHARTS)):
        asked.clear()
        assert client.get(f"{page}?site={SITE}&lang=en").status_code == 200, page
        if len({snapshot.statements.size for snapshot, _ in asked}) > 1:
            found.append(page)
    return found


def test_a_page_never_mixes_two_states_of_the_ledger(
    mill: Mill, asked: list[tuple[Snapshot, Question]], monkeypatch: pytest.MonkeyPatch
) -> None:
    restless(mill, monkeypatch)
    assert mixed(mill, asked) == []


def test_a_chart_is_of_the_state_of_the_page_that_shows_it(
    mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    snapshot = PinnedSnapshot.snapshot

    def note(self: PinnedSnapshot, site: str) -> Snapshot:
        found = snapshot(self, site)
        seen.append(found.statements.size)
        return found

    monkeypatch.setattr(PinnedSnapshot, "snapshot", note)
    monkeypatch.setattr(SnapshotCache, "snapshot", SnapshotCache.newest)
    client = mill.start()
    page = client.get(f"/v/load?site={SITE}&lang=en").text
    size = int(re.findall(r'data-at="(\d+)"', page)[0])
    mill.grow(0)
    for at, wanted in (
        (f"?at={size}", size),
        ("", size + 1),
        (f"?at={size + 9}", size + 1),
        ("?at=x", size + 1),
    ):
        seen.clear()
        assert client.get(f"/api/v1/sites/{SITE}/charts/load{at}").status_code == 200
        assert set(seen) == {wanted}


def test_pages_that_mix_two_states_are_caught(
    mill: Mill, asked: list[tuple[Snapshot, Question]], monkeypatch: pytest.MonkeyPatch
) -> None:
    restless(mill, monkeypatch)
    monkeypatch.setattr(ReadModel, "pinned", lambda self, size=None: self)
    assert "/parts/standing" in mixed(mill, asked)
