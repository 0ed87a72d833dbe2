"""The API's description: a running cloud answers as its models say, errors too, and a client can be made from it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from cloud.web import errors
from cloud.web.models.base import Model
from cloud.web.models.events import SiteEvent
from cloud.web.models.problems import FormProblem, Problem
from contract.errors import BadInput, CannotBeDone
from contract.message import CATALOGUE, Text
from scripts.http_interfaces import application
from tests.web.asked import AFTER, API, BIN, FIRST, NOTE, PERIOD, ask, requests
from tests.web.drawn import replaced
from tests.web.year import SITE

pytestmark = pytest.mark.long
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("described")


@pytest.fixture(scope="module")
def home(folder: Path) -> Iterator[str]:
    with replaced(folder) as url:
        yield url


@pytest.fixture(scope="module")
def description(home: str) -> dict[str, Any]:
    return dict(httpx.get(f"{home}{API}/openapi.json").json())


def models() -> dict[tuple[str, str], Any]:
    """The model of each route that answers JSON, by method and path."""
    return {
        (method, str(route.path)): route.response_model
        for route in iter_route_contexts(application().routes)
        for method in route.methods or ()
        if getattr(route, "response_model", None) is not None
    }


def check(model: Any, body: bytes) -> None:
    """Raises ValidationError for a body that is not as its model says, strictly and without a key more."""
    TypeAdapter(model).validate_json(body, strict=True, extra="forbid")


def test_every_answer_is_as_its_model_says(home: str, folder: Path) -> None:
    known, seen = models(), set()
    for method, path, answer in requests(home, folder):
        assert answer.status_code == 200, (path, answer.text)
        check(known[method, path], answer.content)
        seen.add((method, path))
    assert seen == known.keys()


def test_an_event_is_as_its_model_says(home: str) -> None:
    with httpx.stream("GET", f"{home}{API}/sites/{SITE}/events", timeout=30) as stream:
        data = next(line for line in stream.iter_lines() if line.startswith("data: "))
    check(SiteEvent, data.removeprefix("data: ").encode())


WRONG: list[tuple[str, Any, dict[str, str], int, str]] = [
    ("/nothing", None, {}, 404, "cloud.web.not_found"),
    ("/sites/none/latest", None, {}, 404, "cloud.web.no_site"),
    (f"/sites/{SITE}/series?tag=none", None, {}, 404, "cloud.web.no_tag"),
    (f"/sites/{SITE}/series", None, {}, 400, "cloud.web.parameter_missing"),
    (f"/sites/{SITE}/series?tag=x&step=x", None, {}, 400, "cloud.web.parameter_no_number"),
    (f"/sites/{SITE}/series?tag=x&step=-1", None, {}, 400, "cloud.web.parameter_too_small"),
    (f"/sites/{SITE}/series?tag=x&step=99999999", None, {}, 400, "cloud.web.parameter_too_great"),
    (f"/sites/{SITE}/energy?by=week", None, {}, 400, "cloud.web.parameter_no_choice"),
    (f"/sites/{SITE}/desk/log?limit=x", None, {}, 400, "cloud.web.parameter_no_integer"),
    (f"/sites/{SITE}/figures?from=1234567890123&to=2024-01-01", None, {}, 400, "cloud.web.parameter_too_long"),
    (f"/sites/{SITE}/figures", None, {}, 400, "cloud.web.both"),
    (f"/sites/{SITE}/charts/none", None, {}, 404, "cloud.web.no_chart"),
    ("/figures/none", None, {}, 404, "cloud.web.no_figure"),
    ("/health", {}, {}, 405, "cloud.web.method_not_allowed"),
    ("/health", None, {"Host": "evil.example"}, 400, "cloud.web.foreign_name"),
    (f"/sites/{SITE}/summary?{PERIOD}", None, {}, 401, "cloud.auth.token_needed"),
    (f"/sites/{SITE}/desk/log", None, {"Authorization": "Bearer x"}, 401, "cloud.auth.no_desk_token"),
    (f"/sites/{SITE}/desk/log", None, {"Origin": "https://evil.example"}, 403, "cloud.auth.foreign_page"),
    (f"/sites/{SITE}/desk/note", {"by": "x" * 300_000}, {}, 413, "cloud.auth.body_too_large"),
    (f"/sites/{SITE}/desk/note", [], {}, 400, "cloud.auth.body_no_object"),
    (f"/sites/{SITE}/desk/note", NOTE, {"Content-Type": "text/plain"}, 415, "cloud.auth.body_not_of_json"),
    (f"/sites/{SITE}/desk/none", NOTE, {}, 404, "cloud.web.desk.no_kind"),
    (f"/sites/{SITE}/desk/note", {"by": "x", "fields": {}}, {}, 422, "cloud.web.desk.not_sealed"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "headers", "status", "code"),
    WRONG,
    ids=[f"{code}-{n}" for n, (*_, code) in enumerate(WRONG)],
)
def test_an_error_is_a_problem_with_its_message_as_data(
    home: str, path: str, body: Any, headers: dict[str, str], status: int, code: str
) -> None:
    between = "&" if "?" in path else "?"
    for lang in ("en", "zh"):
        answer = ask(home, f"{API}{path}{between}lang={lang}", body, **headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM), answer.text
        check(FormProblem if status == 422 else Problem, answer.content)
        found = answer.json()
        assert (found["status"], found["code"]) == (status, code)
        assert found["message"].isascii() and found["detail"].isascii() is (lang == "en")
        assert found["code"] in CATALOGUE
    if status in (401, 405):
        assert answer.headers["www-authenticate" if status == 401 else "allow"] in ("Bearer", "GET")


RAISED: list[tuple[Exception, int]] = [
    (HTTPException(429, "slow down"), 429), (HTTPException(404, Text("gone")), 404), (BadInput("no"), 400),
    (CannotBeDone("not now"), 503), (ZeroDivisionError("ours"), 500),
]  # fmt: skip


@pytest.mark.parametrize(("error", "status"), RAISED, ids=[str(status) for _, status in RAISED])
def test_whatever_a_route_raises_is_a_problem(error: Exception, status: int) -> None:
    app = FastAPI()
    errors.install(app)

    @app.get("/api/v1/broken")
    def broken() -> None:
        raise error

    answer = TestClient(app, raise_server_exceptions=False).get("/api/v1/broken")
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    check(Problem, answer.content)
    assert "ours" not in answer.text


def operations(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        yield from ((f"{method} {path}", operation) for method, operation in methods.items())


def test_the_description_has_a_schema_for_every_body_and_says_who_may_ask(
    description: dict[str, Any],
) -> None:
    assert description["openapi"].startswith("3.1")
    schemes = description["components"]["securitySchemes"]
    assert {name: (each["type"], each["scheme"]) for name, each in schemes.items()} == {
        "desk": ("http", "bearer"), "regulator": ("http", "bearer"),
    }  # fmt: skip
    for name, operation in operations(description):
        asked = [scheme for each in operation["security"] for scheme in each]
        wanted = "desk" if "/desk" in name or name.endswith("/import") else None
        wanted = (
            "regulator" if name.endswith(("summary", "pack", "t}/certificate")) and not wanted else wanted
        )
        assert asked == ([wanted] if wanted else []), name
        for answer in operation["responses"].values():
            assert all(each["schema"] for each in answer["content"].values()), name
        assert operation["responses"]["default"]["content"][PROBLEM]
    text = json.dumps(description)
    named = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= description["components"]["schemas"].keys() and "HTTPValidationError" not in text
    assert len({operation["operationId"] for _, operation in operations(description)}) == text.count(
        "operationId"
    )


def all_models(of: type[Model] = Model) -> Iterator[type[Model]]:
    for each in of.__subclasses__():
        yield each
        yield from all_models(each)


def test_every_example_is_what_its_field_takes() -> None:
    seen = 0
    for model in all_models():
        for field in model.model_fields.values():
            for example in field.examples or ():
                TypeAdapter(field.rebuild_annotation()).validate_python(example)
                seen += 1
    assert seen > 50


def test_the_page_of_interfaces_names_every_route() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "interfaces.md").read_text(encoding="utf-8")
    paths = {str(route.path) for route in iter_route_contexts(application().routes)}
    assert {"/", f"{API}/openapi.json", f"{API}/sites/{{site}}/events", "/static", "/v/{name}"} <= paths
    assert [path for path in paths if f"`GET {path}" not in page and f"`POST {path}`" not in page] == []


CONFIG = """\
package_name_override: steelyard_client
post_hooks: []
content_type_overrides: {application/zip: application/octet-stream}
"""
CLIENT = """
import json, sys
from steelyard_client import Client
from steelyard_client.api.v1 import figures, series
client = Client(base_url=sys.argv[1])
site, first, after = sys.argv[2:]
found = figures.sync(site, client=client, from_=first, to=after)
line = series.sync(site, client=client, tag="main.kwh", from_=first, to=after)
nothing = series.sync(site, client=client, tag="none")
print(json.dumps({
    "figures": {each.id: [each.kind, each.value, each.unit] for each in found.figures},
    "refused": [[each.kind, each.code] for each in found.refused],
    "points": line.points, "unit": line.unit, "code": nothing.code,
}))
"""


def test_a_client_that_is_generated_reads_figures_and_a_series(
    home: str, description: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(description), encoding="utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG)
    made = subprocess.run(
        [BIN / "openapi-python-client", "generate", "--path", "openapi.json", "--config", "config.yaml", "--meta",
         "none", "--output-path", "steelyard_client", "--fail-on-warning"],
        cwd=tmp_path, capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    answer = ask(home, f"{API}/sites/{SITE}/figures?{PERIOD}").json()
    done = subprocess.run(
        [sys.executable, "-c", CLIENT, home, SITE, FIRST, AFTER],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["figures"] == {e["id"]: [e["kind"], e["value"], e["unit"]] for e in answer["figures"]}
    assert found["refused"] == [[e["kind"], e["code"]] for e in answer["refused"]] and found["refused"]
    line = ask(home, f"{API}/sites/{SITE}/series?tag=main.kwh&{PERIOD}").json()
    assert (found["points"], found["unit"]) == (line["points"], "kW.h") and len(found["points"]) > 500
    assert found["code"] == "cloud.web.no_tag"
