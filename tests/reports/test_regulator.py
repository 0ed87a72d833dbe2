"""Summary and pack over HTTP from a cloud that runs: only with the site's token, each access sealed."""

from __future__ import annotations

import hashlib
import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloud.reports import envelope
from cloud.settings import load
from journal.keyfiles import load_public
from tests.cloud.edge_twin import listening, until
from tests.desk.bench import Bench
from tests.desk.test_running_cloud import running
from tests.reports.printing import PRINTING
from tests.reports.test_commands import SITE, YEAR, filled, meter

PERIOD = "from=2023-01-01&to=2024-01-01"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A mill whose cloud runs with its web; no broker is there."""
    made = filled(tmp_path_factory.mktemp("mill"), meter())
    made.declare(SITE.replace("id: mill", "id: other").replace("mill-edge", "other-edge"))
    with running(made, "all"):
        until(lambda: listening(port(made)))
        yield made


def port(bench: Bench) -> int:
    """Where the cloud's web listens."""
    return load(bench.folder / "cloud" / "cloud.yaml").http.port


def token(bench: Bench, site: str = "mill") -> str:
    """A new token of a site."""
    return str(bench.run("token", "make", "--site", site, "--for", "生态环境局")["token"])


def get(bench: Bench, path: str, text: str | None) -> tuple[int, bytes, str]:
    """Status, body and type of an answer."""
    headers = {} if text is None else {"Authorization": f"Bearer {text}"}
    asked = urllib.request.Request(f"http://127.0.0.1:{port(bench)}/api/v1/{path}", headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read(), answer.headers["Content-Type"]
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers["Content-Type"]


def test_nobody_else_gets_anything(bench: Bench) -> None:
    other, before = token(bench, "other"), len(bench.statements("access"))
    for what in ("summary", "pack"):
        for text, status in ((None, 401), ("x", 401), (f"sy1.t-{'0' * 12}.{'0' * 64}", 401), (other, 403)):
            found = get(bench, f"sites/mill/{what}?{PERIOD}", text)
            assert found[0] == status and b"figures" not in found[1]
    assert len(bench.statements("hours")) == 0  # a stranger makes the cloud seal nothing
    assert len(bench.statements("access")) == before + 2  # the two of a token that opens another site


def test_the_summary_is_the_signed_file_and_the_access_is_sealed(bench: Bench) -> None:
    status, data, kind = get(bench, f"sites/mill/summary?{PERIOD}", token(bench))
    assert (status, kind) == (200, "application/json")
    body = envelope.open_(data, load_public(bench.folder / "cloud" / "cloud.pub"))
    assert (body["site"], body["from"], body["to"]) == ("mill", "2023-01-01", "2024-01-01")
    assert len(bench.statements("hours")) == 1
    last = bench.statements("access")[-1].fields
    assert (last["what"], last["status"]) == (f"/api/v1/sites/mill/summary?{PERIOD}", 200)
    bench.run("summary", *YEAR, "-o", str(bench.folder / "a.json"))  # beside the cloud that runs
    again = json.loads((bench.folder / "a.json").read_bytes())["body"]
    assert again["figures"] == body["figures"]
    assert again["tree"]["size"] > body["tree"]["size"]  # the access is in the ledger since then


@PRINTING
def test_views_and_packs(bench: Bench) -> None:
    text = token(bench)
    status, data, kind = get(bench, f"sites/mill/summary?{PERIOD}&format=pdf&lang=en", text)
    assert (status, kind, data[:5]) == (200, "application/pdf", b"%PDF-")
    status, data, kind = get(bench, f"sites/mill/summary?{PERIOD}&format=csv", text)
    assert (status, kind) == (200, "text/csv; charset=utf-8") and b"electricity_kwh" in data
    status, data, kind = get(bench, f"sites/mill/pack?{PERIOD}&depth=full", text)
    assert (status, kind) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["depth"] == "full"
        for name, mark in manifest["files"].items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == mark


def test_bad_questions(bench: Bench) -> None:
    text = token(bench)
    for query, status in (("from=2023-01-01", 400), ("from=x&to=y", 400), (f"{PERIOD}&format=doc", 400),
                          ("from=2024-01-01&to=2023-01-01", 400)):  # fmt: skip
        found = get(bench, f"sites/mill/summary?{query}", text)
        assert found[0] == status, found
    assert get(bench, f"sites/mill/pack?{PERIOD}&depth=all", text)[0] == 400


def test_no_part_of_a_pack_is_left_behind(bench: Bench, tmp_path: Path) -> None:
    import tempfile

    text, folder = token(bench), Path(tempfile.gettempdir())
    before = {path.name for path in folder.glob("*.zip")}
    assert get(bench, f"sites/mill/pack?{PERIOD}", text)[0] == 200
    until(lambda: {path.name for path in folder.glob("tmp*.zip")} <= before)
