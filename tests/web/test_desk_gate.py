"""Who may write by the web: nobody but a page of this cloud on its own machine, or the holder of a desk token."""

from __future__ import annotations

import http.client
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.auth.gate import MAX_BODY
from cloud.ledger import Decoder, read
from tests.web.emptied import BIN, ask, empty_cloud

SITE = {"id": "mill", "name_zh": "厂", "name_en": "Mill", "tz": "Asia/Shanghai", "province": "浙江"}
NOTE = {"by": "王芳", "note": "", "fields": {"about": "main", "text": "changed"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gate")


@pytest.fixture(scope="module")
def home(folder: Path) -> Iterator[str]:
    with empty_cloud(folder) as url:
        assert ask(f"{url}/api/v1/desk/sites", {"by": "王芳", "site": SITE})[0] == 200
        yield url


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A cloud that listens on every address."""
    made = tmp_path_factory.mktemp("wide")
    with empty_cloud(made, host="0.0.0.0") as url:
        yield url, made


def kinds(folder: Path) -> list[str]:
    """The kinds of all statements in a ledger, in order."""
    decoder = Decoder()
    found = [decoder.feed(record.data).statement for record in read(folder / "ledger")]
    return [item.kind for item in found if item is not None]


def token(folder: Path, *words: str, site: str = "mill") -> str:
    made = subprocess.run(
        [BIN / "steelyard-cloud", "token", "make", "--config", folder / "cloud.yaml", "--site", site, "--for",
         "Li Ming", *words],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return made.stdout.strip()


FOREIGN: list[tuple[dict[str, str], int]] = [
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://127.0.0.1:1"}, 403),
    ({"Origin": ""}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "none"}, 403),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
    ({"Content-Type": ""}, 415),
    ({"Authorization": "Bearer nothing"}, 401),
    ({"Authorization": "Basic eDp5"}, 401),
    ({"X-Forwarded-For": "203.0.113.7"}, 401),
    ({"Forwarded": "for=203.0.113.7"}, 401),
    ({"Host": "203.0.113.7", "Origin": "http://203.0.113.7"}, 401),
    ({"Host": "evil.example", "Origin": "http://evil.example"}, 400),
]


@pytest.mark.parametrize(("headers", "status"), FOREIGN, ids=[f"{k}" for k in range(len(FOREIGN))])
@pytest.mark.parametrize("path", ["/sites/mill/desk/note", "/sites/mill/import", "/desk/sites"])
def test_whoever_is_not_the_page_itself_is_refused(
    home: str, folder: Path, headers: dict[str, str], status: int, path: str
) -> None:
    before = kinds(folder)
    found, answer = ask(f"{home}/api/v1{path}", NOTE, headers)
    assert (found, answer["status"]) == (status, status) and "faults" not in answer
    assert kinds(folder) == before


def test_the_page_itself_may(home: str, folder: Path) -> None:
    assert ask(f"{home}/api/v1/sites/mill/desk/note", NOTE)[0] == 200
    assert kinds(folder)[-1] == "note"


def test_a_preflight_of_a_foreign_page_is_allowed_nothing(home: str) -> None:
    connection = http.client.HTTPConnection(home.split("//")[1], timeout=10)
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "content-type"}  # fmt: skip
    connection.request("OPTIONS", "/api/v1/sites/mill/desk/note", headers=asked)
    answer = connection.getresponse()
    assert answer.status == 405
    assert not [name for name, _ in answer.getheaders() if name.lower().startswith("access-control")]
    connection.close()


def test_names_of_people_are_told_to_nobody_else(home: str) -> None:
    log = f"{home}/api/v1/sites/mill/desk/log"
    assert {item["by"] for item in ask(log)[1]["statements"]} == {"王芳"}
    assert ask(log, headers={"Origin": "", "Sec-Fetch-Site": ""})[0] == 403
    assert ask(log, headers={"Origin": "", "Sec-Fetch-Site": "cross-site"})[0] == 403
    assert ask(log, headers={"X-Forwarded-For": "203.0.113.7"})[0] == 401


def test_more_than_a_desk_says_is_refused_before_it_is_kept(home: str) -> None:
    large = b'{"by": "' + b"x" * MAX_BODY + b'"}'
    assert ask(f"{home}/api/v1/sites/mill/desk/note", raw=large)[0] == 413
    connection = http.client.HTTPConnection(home.split("//")[1], timeout=10)
    own = {"Content-Type": "application/json", "Origin": home}
    pieces = (large[at : at + 5000] for at in range(0, len(large), 5000))
    connection.request("POST", "/api/v1/sites/mill/desk/note", body=pieces, headers=own, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400), (b"{", 400), (b"[]", 400), (b"null", 400), (b'"x"', 400), (b'{"by": NaN}', 400), (b"\xff\xfe", 400),
        (b'{"by": "\\ud800"}', 400), (b"[" * 100_000, 400), (b'{"a":' * 900 + b"1" + b"}" * 900, 400),
        (b'{"by": "x", "fields": {"about": "a", "text": true}}', 422), (b'{"by": "x", "fields": {}}', 422),
        (b'{"by": "x", "fields": []}', 400), (b'{"by": 7, "fields": {"about": "a", "text": "t"}}', 422),
        (b'{"by": "a\\nb", "fields": {"about": "a", "text": "t"}}', 422),
        (b'{"by": "x", "note": 5, "fields": {"about": "a", "text": "t"}}', 422),
        (b'{"by": "x", "more": 5, "fields": {"about": "a", "text": "t"}}', 400),
        (b'{"by": "x", "fields": {"about": "a", "text": {"x": {"x": {"x": {}}}}}}', 422),
        (b'{"by": "x", "fields": {"about": "a", "text": "t", "site": "other"}}', 422),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_form_is_refused_with_why(home: str, folder: Path, raw: bytes, status: int) -> None:
    before = kinds(folder)
    found, answer = ask(f"{home}/api/v1/sites/mill/desk/note", raw=raw)
    assert found == status and answer["error"]
    assert "faults" not in answer or all(item["code"] and item["detail"] for item in answer["faults"])
    assert kinds(folder) == before


def test_faults_name_their_fields_in_the_language_asked_for(home: str) -> None:
    url = f"{home}/api/v1/sites/mill/desk/tariff"
    bands = [{"name": "a", "from": "00:00", "to": "8", "price": "x"}]
    fields = {"currency": "CNY", "source": "s", "valid_from": "2024-13-01", "bands": bands}
    found, answer = ask(url, {"by": "x", "fields": fields})
    paths = {item["path"] for item in answer["faults"]}
    assert (found, paths) == (422, {"valid_from", "bands[0].to", "bands[0].price"})
    zh = {
        item["path"]: item["detail"]
        for item in ask(f"{url}?lang=zh", {"by": "x", "fields": fields})[1]["faults"]
    }
    assert zh["bands[0].price"].startswith("须为十进制数，现为 ")


def test_no_site_no_kind_no_second_site(home: str) -> None:
    for lang, detail in (("", "no site 'none'"), ("?lang=zh", "没有厂区“none”")):
        found, answer = ask(f"{home}/api/v1/sites/none/desk/note{lang}", NOTE)
        assert (found, answer["detail"], answer["error"]) == (404, detail, detail)
        assert (answer["code"], answer["params"]) == ("cloud.web.no_site", {"site": "none"})
        assert answer["message"] == "no site 'none'"
    assert ask(f"{home}/api/v1/sites/mill/desk/access", NOTE)[0] == 404
    assert ask(f"{home}/api/v1/sites/mill/desk/import", NOTE)[0] == 404
    found, answer = ask(f"{home}/api/v1/desk/sites", {"by": "x", "site": SITE})
    assert (found, answer["faults"][0]["path"]) == (422, "site.id")
    other = {"by": "x", "fields": {**SITE, "id": "other"}}
    assert ask(f"{home}/api/v1/sites/mill/desk/site", other)[0] == 422


def test_beyond_loopback_only_a_desk_token_of_the_site_writes(wide: tuple[str, Path]) -> None:
    home, folder = wide
    make = {"by": "Somebody Else", "site": SITE}
    assert ask(f"{home}/api/v1/desk/sites", make)[0] == 401
    bearer = {"Authorization": f"Bearer {token(folder, '--desk')}", "Origin": "", "Sec-Fetch-Site": ""}
    assert ask(f"{home}/api/v1/desk/sites", {**make, "site": {**SITE, "id": "mill-2"}}, bearer)[0] == 422
    assert ask(f"{home}/api/v1/desk/sites", make, bearer)[0] == 200
    assert ask(f"{home}/api/v1/sites/mill/desk/note", NOTE, bearer)[0] == 200
    log = f"{home}/api/v1/sites/mill/desk/log"
    assert ask(log)[0] == 401
    assert {item["by"] for item in ask(log, headers=bearer)[1]["statements"]} == {"Li Ming"}
    reading = {"Authorization": f"Bearer {token(folder)}"}
    assert ask(f"{home}/api/v1/sites/mill/desk/note", NOTE, reading)[0] == 401
    other = {"Authorization": f"Bearer {token(folder, '--desk', site='other')}"}
    assert ask(f"{home}/api/v1/sites/mill/desk/note", NOTE, other)[0] == 403
    pack = f"{home}/api/v1/sites/mill/summary?from=2024-01-01&to=2024-02-01"
    assert ask(pack, headers=bearer)[0] == 401


def test_every_route_that_is_not_a_question_stands_behind_the_gate(home: str, folder: Path) -> None:
    before = kinds(folder)
    paths = ask(f"{home}/api/v1/openapi.json")[1]["paths"]
    writing = {path for path, found in paths.items() if set(found) - {"get", "head", "parameters"}}
    assert len(writing) == 3
    for path in writing:
        url = home + path.format(site="mill", kind="note")
        assert ask(url, NOTE, {"Origin": "https://evil.example"})[0] == 403
    pages = ("/", "/v/desk", "/v/wizard", "/v/report", "/parts/site", "/static/desk.js")
    for path in (*sorted(set(paths) - writing), *pages):
        url = home + re.sub(r"\{\w+\}", "points", path.replace("{site}", "mill"))
        assert ask(url, NOTE)[0] in (404, 405), path
    assert kinds(folder) == before
